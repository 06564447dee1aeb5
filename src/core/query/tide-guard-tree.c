/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-guard"

#include "config.h"

#include <string.h>

#include <pg_query.h>

#include "query/tide-guard-private.h"
#include "tide-json.h"

/* Members may be absent: the tree leaves out what is false, zero or empty. */

static void visit_node (TideGuard *self,
                        JsonNode  *node);

static JsonObject *
get_object (JsonObject *object,
            const char *member)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object,
           const char *member)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
get_element (JsonArray *array,
             guint      index,
             const char *type)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? get_object (json_node_get_object (node), type) : NULL;
}

static const char *
get_string (JsonObject *object,
            const char *member)
{
  return object ? json_object_get_string_member_with_default (object, member, "") : "";
}

/* Whether a list of transaction modes asks for READ WRITE */
static gboolean
asks_to_write (JsonArray *modes)
{
  for (guint i = 0; modes != NULL && i < json_array_get_length (modes); i++)
    {
      JsonObject *mode = get_element (modes, i, "DefElem");
      JsonObject *value = get_object (get_object (get_object (mode, "arg"), "A_Const"), "ival");

      if (g_str_equal (get_string (mode, "defname"), "transaction_read_only")
          && (value == NULL || json_object_get_int_member_with_default (value, "ival", 0) == 0))
        return TRUE;
    }
  return FALSE;
}

static void
check_transaction (TideGuard  *self,
                   JsonObject *statement)
{
  const char *kind = get_string (statement, "kind");

  if (asks_to_write (get_array (statement, "options")))
    tide_guard_refuse (self, "\"READ WRITE\" would allow this session to write");
  else if (strstr (kind, "PREPARE") != NULL)
    tide_guard_refuse (self, "prepared transactions outlive this session");
}

static void
check_set (TideGuard  *self,
           JsonObject *statement)
{
  const char *kind = get_string (statement, "kind");
  const char *name = get_string (statement, "name");
  const char *why = tide_guard_explain_setting (name);

  if (g_str_equal (kind, "VAR_RESET_ALL"))
    tide_guard_refuse (self, "\"RESET ALL\" would allow this session to write");
  else if (asks_to_write (get_array (statement, "args")))
    tide_guard_refuse (self, "\"READ WRITE\" would allow this session to write");
  else if (why != NULL)
    tide_guard_refuse (self, "\"%s\" %s", name, why);
}

static void
check_copy (TideGuard  *self,
            JsonObject *statement)
{
  if (json_object_get_boolean_member_with_default (statement, "is_from", FALSE))
    tide_guard_refuse (self, "\"COPY ... FROM\" changes data");
  else if (json_object_get_boolean_member_with_default (statement, "is_program", FALSE))
    tide_guard_refuse (self, "\"COPY ... TO PROGRAM\" runs a program on the server");
  else if (json_object_has_member (statement, "filename"))
    tide_guard_refuse (self, "\"COPY ... TO\" writes a file on the server");
}

static void
check_call (TideGuard  *self,
            JsonObject *call)
{
  JsonArray *names = get_array (call, "funcname");
  const char *name;
  const char *why;

  if (names == NULL || json_array_get_length (names) == 0)
    return;
  name = get_string (get_element (names, json_array_get_length (names) - 1, "String"), "sval");
  why = tide_guard_explain_function (name);
  if (why != NULL)
    tide_guard_refuse (self, "\"%s()\" %s", name, why);
}

static gboolean
is_constant (JsonObject *node)
{
  JsonObject *expression = get_object (node, "A_Expr");

  if (expression != NULL)
    return is_constant (get_object (expression, "lexpr")) && is_constant (get_object (expression, "rexpr"));
  if (get_object (node, "TypeCast") != NULL)
    return is_constant (get_object (get_object (node, "TypeCast"), "arg"));
  return get_object (node, "A_Const") != NULL;
}

static void
check_where (TideGuard        *self,
             JsonObject       *statement,
             TideGuardDangers  danger)
{
  JsonObject *where = get_object (statement, "whereClause");

  if (where == NULL || is_constant (where))
    self->dangers |= danger;
}

static void
check_alter_table (TideGuard  *self,
                   JsonObject *statement)
{
  JsonArray *commands = get_array (statement, "cmds");

  for (guint i = 0; commands != NULL && i < json_array_get_length (commands); i++)
    if (g_str_equal (get_string (get_element (commands, i, "AlterTableCmd"), "subtype"), "AT_DropColumn"))
      self->dangers |= TIDE_GUARD_DANGER_DROP;
}

static void
find_danger (TideGuard  *self,
             const char *type,
             JsonObject *statement)
{
  if (g_str_equal (type, "DeleteStmt"))
    check_where (self, statement, TIDE_GUARD_DANGER_DELETE_ALL);
  else if (g_str_equal (type, "UpdateStmt"))
    check_where (self, statement, TIDE_GUARD_DANGER_UPDATE_ALL);
  else if (g_str_equal (type, "TruncateStmt"))
    self->dangers |= TIDE_GUARD_DANGER_TRUNCATE;
  else if (g_str_equal (type, "AlterTableStmt"))
    check_alter_table (self, statement);
  else if (g_str_has_prefix (type, "Drop"))
    self->dangers |= TIDE_GUARD_DANGER_DROP;
}

/* What reads, whatever is in it: that is looked at by itself */
static gboolean
is_reading (const char *type)
{
  static const char * const types[] = {
    "SelectStmt", "VariableShowStmt", "DeclareCursorStmt", "FetchStmt", "ClosePortalStmt", "PrepareStmt", "DeallocateStmt",
    "ListenStmt", "UnlistenStmt", "ExplainStmt", "TransactionStmt", "VariableSetStmt", "CopyStmt",
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i], type))
      return TRUE;
  return FALSE;
}

/* "AlterTableStmt": "ALTER TABLE" */
static char *
dup_words (const char *type)
{
  GString *words = g_string_new (NULL);

  for (const char *c = type; *c != '\0' && !g_str_equal (c, "Stmt"); c++)
    {
      if (g_ascii_isupper (*c) && words->len > 0)
        g_string_append_c (words, ' ');
      g_string_append_c (words, g_ascii_toupper (*c));
    }
  return g_string_free (words, FALSE);
}

static void
check_statement (TideGuard  *self,
                 const char *type,
                 JsonObject *statement)
{
  g_autofree char *words = NULL;

  find_danger (self, type, statement);
  if (g_str_equal (type, "TransactionStmt"))
    check_transaction (self, statement);
  else if (g_str_equal (type, "VariableSetStmt"))
    check_set (self, statement);
  else if (g_str_equal (type, "CopyStmt"))
    check_copy (self, statement);
  if (is_reading (type))
    return;
  words = dup_words (type);
  tide_guard_refuse (self, "\"%s\" is more than reading", words);
}

static gboolean
is_explained_only (JsonObject *explain)
{
  JsonArray *options = get_array (explain, "options");

  for (guint i = 0; options != NULL && i < json_array_get_length (options); i++)
    if (g_ascii_strcasecmp (get_string (get_element (options, i, "DefElem"), "defname"), "analyze") == 0)
      return FALSE;
  return TRUE;
}

static void
visit_member (JsonObject *object,
              const char *name,
              JsonNode   *node,
              gpointer    data)
{
  TideGuard *self = data;
  JsonObject *child = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (child != NULL && g_str_has_suffix (name, "Stmt"))
    check_statement (self, name, child);
  if (child != NULL && g_str_equal (name, "FuncCall"))
    check_call (self, child);
  if (g_str_equal (name, "intoClause"))
    tide_guard_refuse (self, "\"SELECT ... INTO\" makes a table");
  if (g_str_equal (name, "lockingClause"))
    tide_guard_refuse (self, "\"SELECT ... FOR UPDATE\" locks rows");
  /* What is only explained is not run. What a new function or rule will do is not done now. */
  if (child != NULL && g_str_equal (name, "ExplainStmt") && is_explained_only (child))
    return;
  if (g_str_equal (name, "CreateFunctionStmt") || g_str_equal (name, "RuleStmt"))
    return;
  visit_node (self, node);
}

static void
visit_node (TideGuard *self,
            JsonNode  *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_foreach_member (json_node_get_object (node), visit_member, self);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      visit_node (self, json_array_get_element (json_node_get_array (node), i));
}

gboolean
tide_guard_check_tree (TideGuard  *self,
                       const char *statement)
{
  PgQueryParseResult result = pg_query_parse (statement);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  JsonArray *statements;
  gboolean known = FALSE;

  if (result.error == NULL && tide_json_load (parser, result.parse_tree, strlen (result.parse_tree), NULL))
    {
      statements = get_array (json_node_get_object (json_parser_get_root (parser)), "stmts");
      known = statements != NULL && json_array_get_length (statements) == 1;
      if (known)
        visit_node (self, json_parser_get_root (parser));
      else if (statements == NULL || json_array_get_length (statements) == 0)
        known = TRUE; /* comments alone do nothing */
    }
  pg_query_free_parse_result (result);
  return known;
}
