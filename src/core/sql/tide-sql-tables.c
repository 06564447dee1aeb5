/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-tables"

#include "config.h"

#include <pg_query.h>

#include "sql/tide-sql-tables.h"
#include "tide-json.h"
#include "wire/tide-session.h"

static void
add_name (GPtrArray  *tables,
          const char *schema,
          const char *name)
{
  g_autofree char *quoted_schema = schema ? tide_quote_identifier (schema) : NULL;
  g_autofree char *quoted = tide_quote_identifier (name);
  char *full = schema ? g_strconcat (quoted_schema, ".", quoted, NULL) : g_strdup (quoted);

  if (g_ptr_array_find_with_equal_func (tables, full, g_str_equal, NULL))
    g_free (full);
  else
    g_ptr_array_add (tables, full);
}

static const char *
get_text (JsonObject *object,
          const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

/* DROP names what goes as lists of words. */
static void
add_dropped (GPtrArray  *tables,
             JsonObject *list)
{
  JsonNode *node = json_object_get_member (list, "items");
  JsonArray *items = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = items ? json_array_get_length (items) : 0;
  const char *words[2] = { NULL, NULL };

  for (guint i = n > 2 ? n - 2 : 0; i < n; i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);
      JsonObject *string = item && json_object_has_member (item, "String") ? json_object_get_object_member (item, "String") : NULL;

      words[0] = words[1];
      words[1] = string ? get_text (string, json_object_has_member (string, "sval") ? "sval" : "str") : NULL;
    }
  if (words[1] != NULL)
    add_name (tables, words[0], words[1]);
}

static void walk (JsonNode  *node,
                  gboolean   in_drop,
                  GPtrArray *tables);

static void
walk_object (JsonObject *object,
             gboolean    in_drop,
             GPtrArray  *tables)
{
  g_autoptr(GList) members = json_object_get_members (object);
  const char *type = get_text (object, "removeType");

  if (get_text (object, "relname") != NULL)
    add_name (tables, get_text (object, "schemaname"), get_text (object, "relname"));
  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *member = json_object_get_member (object, l->data);

      if (in_drop && g_str_equal (l->data, "List") && JSON_NODE_HOLDS_OBJECT (member))
        add_dropped (tables, json_node_get_object (member));
      else
        walk (member, type ? g_str_equal (type, "OBJECT_TABLE") : in_drop, tables);
    }
}

static void
walk (JsonNode  *node,
      gboolean   in_drop,
      GPtrArray *tables)
{
  JsonArray *array;

  if (JSON_NODE_HOLDS_OBJECT (node))
    walk_object (json_node_get_object (node), in_drop, tables);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    walk (json_array_get_element (array, i), in_drop, tables);
}

GPtrArray *
tide_sql_list_tables (const char *sql)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func (g_free);
  PgQueryParseResult result = pg_query_parse (sql);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();

  if (result.error == NULL && tide_json_load (parser, result.parse_tree, strlen (result.parse_tree), NULL)
      && json_parser_get_root (parser) != NULL)
    walk (json_parser_get_root (parser), FALSE, tables);
  pg_query_free_parse_result (result);
  return tables;
}
