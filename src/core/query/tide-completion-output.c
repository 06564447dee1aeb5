/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-completion-output"

#include "config.h"

#include <json-glib/json-glib.h>
#include <pg_query.h>

#include "query/tide-completion-private.h"

/* What the columns of a query are called. Each entry of its list is read by libpg_query, where it parses. */

static JsonObject *
get_object (JsonObject *object,
            const char *member)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* @index: from the front, or -1: the last */
static JsonObject *
get_element (JsonObject *object,
             const char *member,
             int         index)
{
  JsonNode *node = object ? json_object_get_member (object, member) : NULL;
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  int n = array ? (int) json_array_get_length (array) : 0;

  if (index < 0)
    index += n;
  if (index < 0 || index >= n)
    return NULL;
  node = json_array_get_element (array, (guint) index);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_string (JsonObject *object)
{
  JsonObject *string = get_object (object, "String");

  return string ? json_object_get_string_member_with_default (string, "sval", "") : NULL;
}

/* As FigureColname() in PostgreSQL's parse_target.c; NULL: "?column?" */
static const char *
name_of_value (JsonObject *value)
{
  JsonObject *node;
  const char *name = NULL;

  if (value == NULL)
    return NULL;
  if ((node = get_object (value, "ColumnRef")) != NULL)
    return get_string (get_element (node, "fields", -1));
  if ((node = get_object (value, "FuncCall")) != NULL)
    return get_string (get_element (node, "funcname", -1));
  if ((node = get_object (value, "TypeCast")) != NULL)
    {
      name = name_of_value (get_object (node, "arg"));
      return name ? name : get_string (get_element (get_object (node, "typeName"), "names", -1));
    }
  if ((node = get_object (value, "CaseExpr")) != NULL)
    {
      name = name_of_value (get_object (node, "defresult"));
      return name ? name : "case";
    }
  if ((node = get_object (value, "SubLink")) != NULL)
    {
      JsonObject *select = get_object (get_object (node, "subselect"), "SelectStmt");
      JsonObject *first = get_object (get_element (select, "targetList", 0), "ResTarget");

      if (g_str_equal (json_object_get_string_member_with_default (node, "subLinkType", ""), "EXISTS_SUBLINK"))
        return "exists";
      name = first ? json_object_get_string_member_with_default (first, "name", NULL) : NULL;
      return name ? name : name_of_value (get_object (first, "val"));
    }
  if (json_object_has_member (value, "CoalesceExpr"))
    return "coalesce";
  if (json_object_has_member (value, "A_ArrayExpr"))
    return "array";
  if (json_object_has_member (value, "RowExpr"))
    return "row";
  return NULL;
}

static void
add_star (const TideScope *scope,
          const char      *qualifier,
          GPtrArray       *columns)
{
  for (guint i = 0; i < scope->items->len; i++)
    {
      TideScopeItem *item = g_ptr_array_index (scope->items, i);

      if (qualifier != NULL && g_strcmp0 (tide_scope_item_get_label (item), qualifier) != 0)
        continue;
      for (guint j = 0; j < item->columns->len; j++)
        {
          TideScopeColumn *column = g_ptr_array_index (item->columns, j);

          tide_scope_add_column (columns, column->name, column->type);
        }
    }
}

static const char *
find_type (const TideScope *scope,
           const char      *name)
{
  for (guint i = 0; i < scope->items->len; i++)
    {
      TideScopeItem *item = g_ptr_array_index (scope->items, i);

      for (guint j = 0; j < item->columns->len; j++)
        {
          TideScopeColumn *column = g_ptr_array_index (item->columns, j);

          if (g_strcmp0 (column->name, name) == 0)
            return column->type;
        }
    }
  return "";
}

/* FALSE: @tree is no SELECT of one value */
static gboolean
add_parsed (const TideScope *scope,
            JsonObject      *tree,
            GPtrArray       *columns)
{
  JsonObject *select = get_object (get_object (get_element (tree, "stmts", 0), "stmt"), "SelectStmt");
  JsonObject *target = get_object (get_element (select, "targetList", 0), "ResTarget");
  JsonObject *value = get_object (target, "val");
  JsonObject *column = get_object (value, "ColumnRef");
  const char *name;

  if (target == NULL)
    return FALSE;
  if (column != NULL && json_object_has_member (get_element (column, "fields", -1), "A_Star"))
    {
      add_star (scope, get_string (get_element (column, "fields", -2)), columns);
      return TRUE;
    }
  name = json_object_get_string_member_with_default (target, "name", NULL);
  if (name == NULL)
    name = name_of_value (value);
  if (name != NULL)
    tide_scope_add_column (columns, name, column ? find_type (scope, get_string (get_element (column, "fields", -1))) : "");
  return TRUE;
}

/* One entry of the list, in the tokens from @first to @end */
static void
add_entry (const TideScope *scope,
           guint            first,
           guint            end,
           GPtrArray       *columns)
{
  const TideTokens *tokens = scope->tokens;
  const TideSqlToken *last;
  g_autofree char *text = NULL;
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  PgQueryParseResult result;
  gboolean done;

  if (first >= end)
    return;
  last = &tokens->tokens[end - 1];
  text = g_strdup_printf ("SELECT %.*s", (int) (last->start + last->length - tokens->tokens[first].start),
                          tokens->text + tokens->tokens[first].start);
  result = pg_query_parse (text);
  done = result.error == NULL && json_parser_load_from_data (parser, result.parse_tree, -1, NULL)
         && add_parsed (scope, json_node_get_object (json_parser_get_root (parser)), columns);
  pg_query_free_parse_result (result);
  if (!done && tide_tokens_is_name (tokens, end - 1))
    {
      g_autofree char *name = tide_tokens_dup_name (tokens, end - 1);

      tide_scope_add_column (columns, name, "");
    }
}

/* The entries of the list that begins at @first, up to a word that ends it */
static void
add_list (const TideScope *scope,
          guint            first,
          guint            end,
          GPtrArray       *columns)
{
  static const char *const ends[] = {
    "from", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for", "union", "intersect", "except",
    "into", NULL
  };
  const TideTokens *tokens = scope->tokens;
  guint entry, i;

  if (tide_tokens_is (tokens, first, "distinct"))
    {
      first++;
      if (tide_tokens_is (tokens, first, "on"))
        first = tide_tokens_skip_parens (tokens, first + 1, end);
    }
  else if (tide_tokens_is (tokens, first, "all"))
    first++;
  for (i = entry = first; i < end && !tide_tokens_is_one_of (tokens, i, ends);)
    {
      if (tide_tokens_is_sign (tokens, i, "("))
        i = tide_tokens_skip_parens (tokens, i, end);
      else if (tide_tokens_is_sign (tokens, i, ","))
        {
          add_entry (scope, entry, i, columns);
          entry = ++i;
        }
      else
        i++;
    }
  add_entry (scope, entry, i, columns);
}

static void
add_values (const TideTokens *tokens,
            guint             row,
            guint             end,
            GPtrArray        *columns)
{
  guint next = tide_tokens_skip_parens (tokens, row, end);
  guint n = 1;

  for (guint i = row + 1; i < next; i = tide_tokens_is_sign (tokens, i, "(") ? tide_tokens_skip_parens (tokens, i, next) : i + 1)
    n += tide_tokens_is_sign (tokens, i, ",");
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *name = g_strdup_printf ("column%u", i);

      tide_scope_add_column (columns, name, "");
    }
}

/* The first part of a UNION names the columns of all */
static guint
find_part_end (const TideTokens *tokens,
               guint             first,
               guint             end)
{
  static const char *const words[] = { "union", "intersect", "except", NULL };
  guint i = first;

  while (i < end && !tide_tokens_is_one_of (tokens, i, words))
    i = tide_tokens_is_sign (tokens, i, "(") ? tide_tokens_skip_parens (tokens, i, end) : i + 1;
  return i;
}

GPtrArray *
tide_scope_list_output (const TideScope *self,
                        guint            first,
                        guint            end)
{
  static const char *const changes[] = { "insert", "update", "delete", NULL };
  const TideTokens *tokens = self->tokens;
  gboolean is_change = tide_tokens_is_one_of (tokens, first, changes);
  GPtrArray *columns = tide_scope_columns_new ();
  guint n_ctes = self->ctes->len;
  guint part_end = find_part_end (tokens, first, end);
  TideScope inner;

  if (tide_tokens_opens_query (tokens, first) && tide_tokens_skip_parens (tokens, first, end) == part_end)
    {
      g_ptr_array_unref (columns);
      return tide_scope_list_output (self, first + 1, part_end - 1);
    }
  tide_scope_init (&inner, self->outline, tokens);
  g_ptr_array_unref (inner.ctes);
  inner.ctes = g_ptr_array_ref (self->ctes);
  tide_scope_read (&inner, first, part_end, TIDE_NO_TOKEN);
  for (guint i = first; i < part_end;)
    {
      if (tide_tokens_is_sign (tokens, i, "("))
        {
          i = tide_tokens_skip_parens (tokens, i, part_end);
          continue;
        }
      if (tide_tokens_is (tokens, i, is_change ? "returning" : "select") || tide_tokens_is (tokens, i, "returning"))
        {
          add_list (&inner, i + 1, part_end, columns);
          break;
        }
      if (tide_tokens_is (tokens, i, "values") && i == first && tide_tokens_is_sign (tokens, i + 1, "("))
        {
          add_values (tokens, i + 1, part_end, columns);
          break;
        }
      i++;
    }
  tide_scope_clear (&inner);
  g_ptr_array_set_size (self->ctes, (int) n_ctes);
  return columns;
}
