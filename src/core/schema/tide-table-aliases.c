/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-table-aliases"

#include "config.h"

#include <string.h>

#include "schema/tide-expression-private.h"
#include "schema/tide-expression.h"
#include "schema/tide-table-aliases.h"

/* Whether @text may have a list of aliases: `t x(p, q)` */
static gboolean
may_have_list (const char *text)
{
  for (const char *bracket = strchr (text, '('); bracket != NULL; bracket = strchr (bracket + 1, '('))
    {
      const char *word = bracket;

      while (word > text && !g_ascii_isspace (word[-1]) && word[-1] != '(')
        word--;
      if (word < bracket && word - 1 > text && word[-1] == ' ' && (g_ascii_isalnum (word[-2]) || strchr ("_\"$", word[-2]) != NULL))
        return TRUE;
    }
  return FALSE;
}

/* (transfer container) (element-type TideSchemaObject): the tables that @reader reads from */
static GPtrArray *
list_tables (const TideSchemaObject *reader)
{
  GPtrArray *tables = g_ptr_array_new ();
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (reader), reader, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *table = tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_COLUMN ? tide_schema_object_get_parent (on[i])
                                                                                                : on[i];

      if (tide_schema_object_get_kind (table) == TIDE_OBJECT_TABLE && !g_ptr_array_find (tables, table, NULL))
        g_ptr_array_add (tables, (gpointer) table);
    }
  return tables;
}

static guint
count_columns (const TideSchemaObject *table)
{
  guint n = 0;

  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL;
       child = tide_schema_object_get_next (child))
    n += tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN;
  return n;
}

/* (nullable): the bracket of the list behind the name of @table and an alias, which @at begins with */
static const char *
find_list (const char             *at,
           const TideSchemaObject *table)
{
  const char *end = tide_expression_skip_name (at, tide_schema_object_get_namespace (table));

  end = end == NULL || *end != '.' ? NULL : tide_expression_skip_name (end + 1, tide_schema_object_get_name (table));
  if (end == NULL || *end != ' ')
    return NULL;
  end = tide_expression_skip_token (end + 1);
  return *end == '(' ? end : NULL;
}

/* (transfer full) (nullable): the names between @bracket and @close, divided by commas; %NULL: something else is there */
static GPtrArray *
split_names (const char *bracket,
             const char *close)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (const char *at = bracket; at < close;)
    {
      const char *name = at + (at == bracket ? strlen ("(") : strlen (", "));
      const char *end = tide_expression_skip_token (name);

      if ((at != bracket && !g_str_has_prefix (at, ", ")) || end > close)
        return NULL;
      g_ptr_array_add (names, g_strndup (name, end - name));
      at = end;
    }
  return g_steal_pointer (&names);
}

/* Returns: (nullable): where the list behind a table that @at begins with is closed; it was written to @text then */
static const char *
take_list (GString              *text,
           const char           *at,
           GPtrArray            *tables,
           TideTableAliasesFunc  write,
           gpointer              user_data)
{
  for (guint i = 0; i < tables->len; i++)
    {
      const TideSchemaObject *table = g_ptr_array_index (tables, i);
      const char *bracket = find_list (at, table);
      const char *close = bracket == NULL ? NULL : tide_expression_find_close (bracket);
      g_autoptr (GPtrArray) names = close == NULL ? NULL : split_names (bracket, close);

      if (names == NULL || names->len != count_columns (table))
        continue;
      g_string_append_len (text, at, bracket + 1 - at);
      write (text, table, names, user_data);
      return close;
    }
  return NULL;
}

char *
tide_table_aliases_dup (const char             *text,
                        const TideSchemaObject *reader,
                        TideTableAliasesFunc    write,
                        gpointer                user_data)
{
  g_autoptr (GPtrArray) tables = may_have_list (text) ? list_tables (reader) : NULL;
  g_autoptr (GString) written = NULL;
  gboolean any = FALSE;

  if (tables == NULL || tables->len == 0)
    return NULL;
  written = g_string_new (NULL);
  for (const char *at = text; *at != '\0';)
    {
      const char *next = take_list (written, at, tables, write, user_data);

      if (next != NULL)
        {
          any = TRUE;
          at = next;
          continue;
        }
      next = tide_expression_skip_dollars (at);
      next = next == at ? tide_expression_skip_token (at) : next;
      g_string_append_len (written, at, next - at);
      at = next;
    }
  return any ? g_string_free (g_steal_pointer (&written), FALSE) : NULL;
}

/* --- comparing --- */

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* `a p, b q`, in the order of the names of the columns */
static void
write_by_name (GString                *list,
               const TideSchemaObject *table,
               GPtrArray              *aliases,
               gpointer                user_data)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;

  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL;
       child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN)
      g_ptr_array_add (pairs, g_strconcat (tide_schema_object_get_name (child), " ",
                                           (char *) g_ptr_array_index (aliases, pairs->len), NULL));
  g_ptr_array_sort (pairs, compare_texts);
  g_ptr_array_add (pairs, NULL);
  joined = g_strjoinv (", ", (char **) pairs->pdata);
  g_string_append (list, joined);
}

gboolean
tide_table_aliases_equal (const char             *left,
                          const TideSchemaObject *from,
                          const char             *right,
                          const TideSchemaObject *to,
                          gboolean               *other)
{
  g_autofree char *by_name = tide_table_aliases_dup (left, from, write_by_name, NULL);
  g_autofree char *others = by_name == NULL ? NULL : tide_table_aliases_dup (right, to, write_by_name, NULL);
  gboolean equal = others != NULL && (g_str_equal (by_name, others) || tide_expression_equal (by_name, others));

  *other = others != NULL && !equal;
  return equal;
}
