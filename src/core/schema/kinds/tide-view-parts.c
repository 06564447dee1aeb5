/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-view-parts"

#include "config.h"

#include <string.h>

#include "schema/kinds/tide-view-parts.h"
#include "schema/tide-array.h"
#include "schema/tide-entries.h"
#include "schema/tide-privileges.h"
#include "wire/tide-session.h"

static const char *
get (const TideSchemaObject *object,
     guint                   attribute)
{
  return object == NULL ? NULL : tide_schema_object_get_value (object, attribute);
}

/* How long the quoted name is that @text begins with */
static gsize
get_name_length (const char *text)
{
  gboolean is_quoted = FALSE;
  const char *p;

  for (p = text; *p != '\0' && (is_quoted || (*p != '=' && *p != ' ')); p++)
    if (*p == '"')
      is_quoted = !is_quoted;
  return p - text;
}

/* `{"a={x=r/o}"}` as `a "x"=r` */
static char *
dup_column_privileges (const char *array,
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
      gsize length = get_name_length (column);
      g_autofree char *acl = tide_privileges_normalise (TIDE_OBJECT_COLUMN, column + length + 1, owner);
      g_auto (GStrv) lines = g_strsplit (acl == NULL ? "" : acl, "\n", -1);

      for (guint j = 0; lines[j] != NULL; j++)
        g_string_append_printf (text, "%s%.*s %s", text->len == 0 ? "" : "\n", (int) length, column, lines[j]);
    }
  return g_string_free (text, text->len == 0);
}

void
tide_view_complete (TideSchemaBuilder    *builder,
                    TideSchemaObject     *object,
                    const TideCatalogRow *row)
{
  char *options = tide_entries_from_options (tide_catalog_row_get (row, "raw_options"));
  char *privileges = dup_column_privileges (tide_catalog_row_get (row, "raw_column_privileges"),
                                            tide_catalog_row_get (row, "owner_name"));

  tide_schema_builder_set_value (builder, object, TIDE_VIEW_GIVEN_OPTIONS, tide_schema_builder_take (builder, options));
  tide_schema_builder_set_value (builder, object, TIDE_VIEW_OPTIONS,
                                 tide_schema_builder_take (builder, tide_entries_sort (options)));
  tide_schema_builder_set_value (builder, object, TIDE_VIEW_COLUMN_PRIVILEGES,
                                 tide_schema_builder_take (builder, privileges));
}

char *
tide_view_dup_stand_in (const TideSchemaObject *object)
{
  const char *columns = get (object, TIDE_VIEW_COLUMNS);
  g_auto (GStrv) lines = g_strsplit (columns == NULL ? "" : columns, "\n", -1);
  GString *text = g_string_new ("SELECT");

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize length = get_name_length (lines[i]);

      g_string_append_printf (text, "%s NULL::%s AS %.*s", i == 0 ? "" : ",", lines[i] + length + 1, (int) length, lines[i]);
    }
  return g_string_free (text, FALSE);
}

char *
tide_view_dup_options (const TideSchemaObject *object)
{
  g_autofree char *options = tide_entries_join (get (object, TIDE_VIEW_GIVEN_OPTIONS), ", ");

  return *options == '\0' ? g_strdup ("") : g_strdup_printf ("WITH (%s) ", options);
}

typedef struct
{
  TideDdl    *ddl;
  const char *keyword;
  const char *name;
} Writer;

static void
write_option (const char *key,
              const char *old,
              const char *value,
              gpointer    user_data)
{
  const Writer *self = user_data;

  if (value == NULL)
    tide_ddl_add (self->ddl, TIDE_HAZARD_LOCK, "ALTER %s %s RESET (%s)", self->keyword, self->name, key);
  else
    tide_ddl_add (self->ddl, TIDE_HAZARD_LOCK, "ALTER %s %s SET (%s=%s)", self->keyword, self->name, key, value);
}

static void
write_comment (const char *key,
               const char *old,
               const char *value,
               gpointer    user_data)
{
  const Writer *self = user_data;

  tide_ddl_add (self->ddl, TIDE_HAZARD_NONE, "COMMENT ON COLUMN %s.%s IS %s", self->name, key,
                value == NULL ? "NULL" : value);
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
      gsize length = get_name_length (lines[i]);

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
      g_autofree char *column = g_strndup (lines[i], get_name_length (lines[i]));

      if (*column != '\0' && !g_ptr_array_find_with_equal_func (columns, column, g_str_equal, NULL))
        g_ptr_array_add (columns, g_steal_pointer (&column));
    }
  return columns;
}

/* Late: what is revoked from the whole view goes from its columns too */
static void
write_privileges (TideDdl                *ddl,
                  const char             *name,
                  const TideSchemaObject *from,
                  const TideSchemaObject *to)
{
  const char *before = get (from, TIDE_VIEW_COLUMN_PRIVILEGES);
  const char *after = get (to, TIDE_VIEW_COLUMN_PRIVILEGES);
  g_autofree char *object = g_strconcat ("TABLE ", name, NULL);
  g_autofree char *owner = tide_privileges_dup_owner (from, to);
  g_autoptr (GPtrArray) columns = NULL;

  if (g_strcmp0 (before, after) == 0)
    return;
  columns = list_columns (before, after);
  for (guint i = 0; i < columns->len; i++)
    {
      const char *column = g_ptr_array_index (columns, i);
      g_autofree char *old = dup_grants_of (before, column);
      g_autofree char *new = dup_grants_of (after, column);
      TideGrantTarget target = { "", object, column, owner, tide_privileges_get_all (TIDE_OBJECT_COLUMN),
                                 TIDE_DDL_LATE };

      tide_privileges_write_change (ddl, &target, old, old, new);
    }
}

void
tide_view_write_options (TideDdl                *ddl,
                         const char             *keyword,
                         const TideSchemaObject *from,
                         const TideSchemaObject *to)
{
  g_autofree char *name = tide_schema_object_dup_quoted (to);
  Writer writer = { ddl, keyword, name };

  tide_entries_compare (get (from, TIDE_VIEW_GIVEN_OPTIONS), get (to, TIDE_VIEW_GIVEN_OPTIONS), write_option, &writer);
}

void
tide_view_write_columns (TideDdl                *ddl,
                         const TideSchemaObject *from,
                         const TideSchemaObject *to)
{
  g_autofree char *name = tide_schema_object_dup_quoted (to);
  Writer writer = { ddl, NULL, name };

  tide_entries_compare (get (from, TIDE_VIEW_COLUMN_COMMENTS), get (to, TIDE_VIEW_COLUMN_COMMENTS), write_comment, &writer);
  write_privileges (ddl, name, from, to);
}
