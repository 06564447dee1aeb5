/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-dump-columns"

#include "config.h"

#include <string.h>

#include "schema/tide-dump-columns.h"

#define NAME "(?:\"(?:[^\"]|\"\")*\"|[^\"(),. ]+)"
#define ALIASES "(" NAME "\\." NAME ")( " NAME ")\\((" NAME "(?:, " NAME ")*)\\)"
#define HEAD "^CREATE (?:UNLOGGED |FOREIGN )?TABLE (" NAME "\\." NAME ") \\($"
#define COLUMN "^    (" NAME ") "

struct _TideDumpColumns
{
  GHashTable *tables;  /* (element-type utf8 GPtrArray(utf8)): as the dump quotes them */
  GPtrArray  *current; /* (nullable) (element-type utf8): of the table that is being read; Borrowed */
  GRegex     *aliases;
  GRegex     *head;
  GRegex     *column;
};

TideDumpColumns *
tide_dump_columns_new (void)
{
  TideDumpColumns *self = g_new0 (TideDumpColumns, 1);

  self->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->aliases = g_regex_new (ALIASES, G_REGEX_OPTIMIZE, 0, NULL);
  self->head = g_regex_new (HEAD, G_REGEX_OPTIMIZE, 0, NULL);
  self->column = g_regex_new (COLUMN, G_REGEX_OPTIMIZE, 0, NULL);
  return self;
}

void
tide_dump_columns_free (TideDumpColumns *self)
{
  g_hash_table_unref (self->tables);
  g_regex_unref (self->aliases);
  g_regex_unref (self->head);
  g_regex_unref (self->column);
  g_free (self);
}

static void
learn_column (TideDumpColumns *self,
              const char      *line)
{
  g_autoptr(GMatchInfo) match = NULL;

  if (!g_str_has_prefix (line, "    "))
    self->current = NULL;
  else if (!g_str_has_prefix (line, "    CONSTRAINT ") && g_regex_match (self->column, line, 0, &match))
    g_ptr_array_add (self->current, g_match_info_fetch (match, 1));
}

void
tide_dump_columns_learn (TideDumpColumns *self,
                         const char      *line)
{
  g_autoptr(GMatchInfo) match = NULL;

  if (self->current != NULL)
    learn_column (self, line);
  if (g_str_has_prefix (line, "CREATE ") && g_regex_match (self->head, line, 0, &match))
    {
      self->current = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (self->tables, g_match_info_fetch (match, 1), self->current);
    }
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
dup_pairs (GPtrArray *columns,
           char     **aliases)
{
  g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < columns->len; i++)
    g_ptr_array_add (pairs, g_strdup_printf ("%s %s", (char *) g_ptr_array_index (columns, i), aliases[i]));
  g_ptr_array_sort (pairs, compare_texts);
  g_ptr_array_add (pairs, NULL);
  return g_strjoinv (", ", (char **) pairs->pdata);
}

static gboolean
append_by_name (const GMatchInfo *match,
                GString          *line,
                gpointer          data)
{
  TideDumpColumns *self = data;
  g_autofree char *table = g_match_info_fetch (match, 1);
  g_autofree char *alias = g_match_info_fetch (match, 2);
  g_autofree char *list = g_match_info_fetch (match, 3);
  g_auto(GStrv) aliases = g_strsplit (list, ", ", -1);
  GPtrArray *columns = g_hash_table_lookup (self->tables, table);
  g_autofree char *pairs = columns != NULL && columns->len == g_strv_length (aliases) ? dup_pairs (columns, aliases) : NULL;

  g_string_append_printf (line, "%s%s(%s)", table, alias, pairs == NULL ? list : pairs);
  return FALSE;
}

char *
tide_dump_columns_dup_line (TideDumpColumns *self,
                            const char      *line)
{
  if (!g_str_has_prefix (line, " ") || strchr (line, '(') == NULL || strchr (line, '.') == NULL)
    return NULL;
  return g_regex_replace_eval (self->aliases, line, -1, 0, 0, append_by_name, self, NULL);
}
