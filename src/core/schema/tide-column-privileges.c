/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-column-privileges"

#include "config.h"

#include <string.h>

#include "schema/tide-array.h"
#include "schema/tide-column-privileges.h"
#include "schema/tide-entries.h"
#include "schema/tide-privileges.h"

/* `{"a={x=r/o}"}` as `a "x"=r` */
char *
tide_column_privileges_normalise (const char *array,
                                  const char *owner)
{
  g_autoptr (GPtrArray) columns = NULL;
  GString *text;

  if (array == NULL)
    return NULL;
  columns = tide_array_parse (array);
  text = g_string_new (NULL);
  for (guint i = 0; i < columns->len; i++)
    {
      const char *column = g_ptr_array_index (columns, i);
      gsize length = tide_entries_get_name_length (column);
      g_autofree char *acl = tide_privileges_normalise (TIDE_OBJECT_COLUMN, column + length + 1, owner);
      g_auto (GStrv) lines = g_strsplit (acl == NULL ? "" : acl, "\n", -1);

      for (guint j = 0; lines[j] != NULL; j++)
        g_string_append_printf (text, "%s%.*s %s", text->len == 0 ? "" : "\n", (int) length, column, lines[j]);
    }
  return g_string_free (text, text->len == 0);
}

/* The lines of @text about @column, without its name */
static char *
dup_grants_of (const char *text,
               const char *column)
{
  g_auto (GStrv) lines = g_strsplit (text == NULL ? "" : text, "\n", -1);
  GString *grants = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize length = tide_entries_get_name_length (lines[i]);

      if (lines[i][0] != '\0' && length == strlen (column) && strncmp (lines[i], column, length) == 0)
        g_string_append_printf (grants, "%s%s", grants->len == 0 ? "" : "\n", lines[i] + length + 1);
    }
  return g_string_free (grants, FALSE);
}

static GPtrArray *
list_columns (const char *from,
              const char *to)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *both = g_strconcat (from == NULL ? "" : from, "\n", to, NULL);
  g_auto (GStrv) lines = g_strsplit (both, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *column = g_strndup (lines[i], tide_entries_get_name_length (lines[i]));

      if (*column != '\0' && !g_ptr_array_find_with_equal_func (columns, column, g_str_equal, NULL))
        g_ptr_array_add (columns, g_steal_pointer (&column));
    }
  return columns;
}

/* Late: what is revoked from the whole relation goes from its columns too. */
void
tide_column_privileges_write (TideDdl    *ddl,
                              const char *name,
                              const char *owner,
                              const char *from,
                              const char *to)
{
  g_autofree char *object = g_strconcat ("TABLE ", name, NULL);
  g_autoptr (GPtrArray) columns = list_columns (from, to);

  for (guint i = 0; i < columns->len; i++)
    {
      const char *column = g_ptr_array_index (columns, i);
      g_autofree char *old = dup_grants_of (from, column);
      g_autofree char *new = dup_grants_of (to, column);
      TideGrantTarget target = { "", object, column, owner, tide_privileges_get_all (TIDE_OBJECT_COLUMN), TIDE_DDL_LATE };

      tide_privileges_write_change (ddl, &target, old, old, new);
    }
}
