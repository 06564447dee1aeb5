/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-tree"

#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>
#include <pg_query.h>

#include "sql/tide-sql-tree.h"

/* Members may be absent: the tree leaves out what is false, zero or empty. */

static JsonObject *
get_object (JsonObject *object,
            const char *member)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonObject *
get_element (JsonObject *object,
             const char *member,
             guint       index)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || index >= json_array_get_length (array))
    return NULL;
  node = json_array_get_element (array, index);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_string (JsonObject *object,
            const char *member)
{
  return object ? json_object_get_string_member_with_default (object, member, "") : "";
}

/* The option @name of a list of DefElem; NULL: not given */
static JsonObject *
find_option (JsonObject *statement,
             const char *list,
             const char *name)
{
  JsonObject *element;

  for (guint i = 0; (element = get_element (statement, list, i)) != NULL; i++)
    {
      JsonObject *option = get_object (element, "DefElem");

      if (g_ascii_strcasecmp (get_string (option, "defname"), name) == 0)
        return option;
    }
  return NULL;
}

/* A boolean option as defGetBoolean() reads it: bare means true */
static gboolean
is_true (JsonObject *option)
{
  JsonObject *argument = get_object (option, "arg");
  const char *word;

  if (argument == NULL)
    return TRUE;
  if (json_object_has_member (argument, "Integer"))
    return json_object_get_int_member_with_default (get_object (argument, "Integer"), "ival", 0) != 0;
  if (json_object_has_member (argument, "Boolean"))
    return json_object_get_boolean_member_with_default (get_object (argument, "Boolean"), "boolval", FALSE);
  word = json_object_has_member (argument, "TypeName")
         ? get_string (get_object (get_element (get_object (argument, "TypeName"), "names", 0), "String"), "sval")
         : get_string (get_object (argument, "String"), "sval");
  return g_ascii_strcasecmp (word, "false") != 0 && g_ascii_strcasecmp (word, "off") != 0;
}

static gboolean
get_option (JsonObject *statement,
            const char *list,
            const char *name,
            gboolean    fallback)
{
  JsonObject *option = find_option (statement, list, name);

  return option ? is_true (option) : fallback;
}

static gboolean
reindex_refuses (JsonObject *statement)
{
  const char *kind = get_string (statement, "kind");

  return g_str_equal (kind, "REINDEX_OBJECT_SCHEMA") || g_str_equal (kind, "REINDEX_OBJECT_SYSTEM")
         || g_str_equal (kind, "REINDEX_OBJECT_DATABASE") || get_option (statement, "params", "concurrently", FALSE);
}

static gboolean
alter_table_refuses (JsonObject *statement)
{
  JsonObject *element;

  for (guint i = 0; (element = get_element (statement, "cmds", i)) != NULL; i++)
    {
      JsonObject *definition = get_object (get_object (element, "AlterTableCmd"), "def");
      JsonObject *partition = get_object (definition, "PartitionCmd");

      if (partition != NULL && json_object_get_boolean_member_with_default (partition, "concurrent", FALSE))
        return TRUE;
    }
  return FALSE;
}

/* CREATE SUBSCRIPTION makes a slot on the publisher, unless it does not connect or is told not to */
static gboolean
create_subscription_refuses (JsonObject *statement)
{
  gboolean connects = get_option (statement, "options", "connect", TRUE);

  return get_option (statement, "options", "create_slot", connects);
}

static gboolean
alter_subscription_refuses (JsonObject *statement)
{
  const char *kind = get_string (statement, "kind");

  if (g_str_equal (kind, "ALTER_SUBSCRIPTION_REFRESH"))
    return TRUE;
  return g_str_has_suffix (kind, "_PUBLICATION") && get_option (statement, "options", "refresh", TRUE);
}

/* By the calls of PreventInTransactionBlock() in PostgreSQL's source */
static gboolean
statement_refuses (JsonObject *tree)
{
  JsonObject *statement;

  if ((statement = get_object (tree, "ClusterStmt")) != NULL)
    return !json_object_has_member (statement, "relation");
  if ((statement = get_object (tree, "ReindexStmt")) != NULL)
    return reindex_refuses (statement);
  if ((statement = get_object (tree, "AlterTableStmt")) != NULL)
    return alter_table_refuses (statement);
  if ((statement = get_object (tree, "AlterDatabaseStmt")) != NULL)
    return find_option (statement, "options", "tablespace") != NULL;
  if ((statement = get_object (tree, "CreateSubscriptionStmt")) != NULL)
    return create_subscription_refuses (statement);
  if ((statement = get_object (tree, "AlterSubscriptionStmt")) != NULL)
    return alter_subscription_refuses (statement);
  return FALSE;
}

gboolean
tide_sql_tree_refuses_transaction (const char *statement,
                                   gboolean    fallback)
{
  PgQueryParseResult result = pg_query_parse (statement);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  gboolean refuses = fallback;

  if (result.error == NULL && json_parser_load_from_data (parser, result.parse_tree, -1, NULL))
    {
      JsonObject *root = json_node_get_object (json_parser_get_root (parser));
      JsonObject *tree = get_object (get_element (root, "stmts", 0), "stmt");

      if (tree != NULL)
        refuses = statement_refuses (tree);
    }
  pg_query_free_parse_result (result);
  return refuses;
}
