/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-aliases"

#include "config.h"

#include <string.h>

#include "schema/tide-expression-private.h"
#include "schema/tide-row-aliases.h"

/* What can read from a function */
static const TideObjectKind readers[] = {
  TIDE_OBJECT_FUNCTION, TIDE_OBJECT_VIEW, TIDE_OBJECT_MATERIALIZED_VIEW, TIDE_OBJECT_RULE, TIDE_OBJECT_POLICY,
};

/* (nullable): what stands behind the name of @object, its schema before it, that @text begins with */
static const char *
skip_object (const char             *text,
             const TideSchemaObject *object)
{
  const char *end = tide_expression_skip_name (text, tide_schema_object_get_namespace (object));

  return end == NULL || *end != '.' ? NULL : tide_expression_skip_name (end + 1, tide_schema_object_get_name (object));
}

/* --- texts --- */

typedef struct
{
  const TideSchemaObject *function;
  GPtrArray              *columns;  /* (element-type utf8): of the table whose rows it returns */
} Rows;

/* (nullable): what stands behind the list `(a, b)` that @text begins with, if it holds the first of @columns, which may be followed
 * by @last. It has none of what came after its reader. */
static const char *
skip_list (const char *text,
           GPtrArray  *columns,
           const char *last)
{
  gboolean is_at_end = FALSE;

  for (guint i = 0; *text != ')'; i++)
    {
      const char *end = NULL;

      if (is_at_end || !g_str_has_prefix (text, i == 0 ? "(" : ", "))
        return NULL;
      text += i == 0 ? 1 : 2;
      end = i == columns->len ? NULL : tide_expression_skip_name (text, g_ptr_array_index (columns, i));
      is_at_end = end == NULL;
      text = is_at_end && last != NULL ? tide_expression_skip_name (text, last) : end;
      if (text == NULL)
        return NULL;
    }
  return last == NULL || is_at_end ? text + 1 : NULL;
}

/* (nullable): where the list of @columns begins behind the call whose bracket is closed at @close: `) f(a, b)` or
 * `) WITH ORDINALITY f(a, b, ordinality)`. @end: (out): what stands behind it */
static const char *
find_list (const char  *close,
           GPtrArray   *columns,
           const char **end)
{
  gboolean has_number = g_str_has_prefix (close, ") WITH ORDINALITY ");
  const char *alias = close + strlen (has_number ? ") WITH ORDINALITY " : ") ");
  const char *list = g_str_has_prefix (close, ") ") ? tide_expression_skip_token (alias) : NULL;

  *end = list == NULL ? NULL : skip_list (list, columns, has_number ? "ordinality" : NULL);
  return *end == NULL ? NULL : list;
}

static void
append_stripped (GString    *stripped,
                 const char *at,
                 const char *end,
                 const Rows *rows)
{
  while (at < end)
    {
      const char *bracket = skip_object (at, rows->function);
      const char *close = bracket == NULL || *bracket != '(' ? NULL : tide_expression_find_close (bracket);
      const char *next = NULL;
      const char *list = close == NULL ? NULL : find_list (close, rows->columns, &next);

      if (list != NULL)
        {
          g_string_append_len (stripped, at, bracket + 1 - at);
          append_stripped (stripped, bracket + 1, close, rows);
          g_string_append_len (stripped, close, list - close);
        }
      else
        {
          next = tide_expression_skip_token (at);
          g_string_append_len (stripped, at, next - at);
        }
      at = next;
    }
}

static char *
dup_stripped (const char *text,
              const Rows *rows)
{
  GString *stripped = g_string_sized_new (strlen (text));

  append_stripped (stripped, text, text + strlen (text), rows);
  return g_string_free (stripped, FALSE);
}

/* --- objects --- */

/* (nullable): the table whose rows @function returns */
static const TideSchemaObject *
find_table (const TideSchema       *schema,
            const TideSchemaObject *function)
{
  const char *result
    = tide_schema_object_get_value (function, tide_object_kind_find_attribute (TIDE_OBJECT_FUNCTION, "result"));
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (schema, function, &n);

  if (result == NULL)
    return NULL;
  if (g_str_has_prefix (result, "SETOF "))
    result += strlen ("SETOF ");
  for (guint i = 0; i < n; i++)
    {
      const char *end = tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_TABLE ? skip_object (result, on[i]) : NULL;

      if (end != NULL && *end == '\0')
        return on[i];
    }
  return NULL;
}

/* (transfer container) (element-type utf8) */
static GPtrArray *
list_columns (const TideSchemaObject *table)
{
  GPtrArray *names = g_ptr_array_new ();

  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL;
       child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN)
      g_ptr_array_add (names, (gpointer) tide_schema_object_get_name (child));
  return names;
}

static void
strip (TideSchemaBuilder      *builder,
       TideSchemaObject       *reader,
       const TideSchemaObject *function,
       const TideSchemaObject *table)
{
  const TideObjectKindInfo *info = tide_object_kind_get_info (tide_schema_object_get_kind (reader));
  g_autoptr (GPtrArray) columns = list_columns (table);
  const Rows rows = { function, columns };

  for (guint i = 0; i < info->n_attributes; i++)
    {
      guint attribute = TIDE_N_COMMON_ATTRIBUTES + i;
      const char *text = tide_schema_object_get_value (reader, attribute);

      if (text != NULL && (info->attributes[i].flags & TIDE_ATTRIBUTE_EXPRESSION) != 0)
        tide_schema_builder_set_value (builder, reader, attribute,
                                       tide_schema_builder_take (builder, dup_stripped (text, &rows)));
    }
}

static void
strip_object (TideSchemaBuilder *builder,
              const TideSchema  *schema,
              TideSchemaObject  *reader)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (schema, reader, &n);

  for (guint i = 0; i < n; i++)
    {
      gboolean is_function = tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_FUNCTION;
      const TideSchemaObject *table = is_function ? find_table (schema, on[i]) : NULL;

      if (table != NULL)
        strip (builder, reader, on[i], table);
    }
}

void
tide_row_aliases_strip (TideSchemaBuilder *builder,
                        const TideSchema  *schema)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (readers); kind++)
    {
      guint first;
      guint end;

      tide_schema_get_range (schema, readers[kind], &first, &end);
      for (guint i = first; i < end; i++)
        strip_object (builder, schema, tide_schema_builder_get_object (builder, i));
    }
}
