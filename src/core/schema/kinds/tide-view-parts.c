/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-view-parts"

#include "config.h"

#include "schema/kinds/tide-view-parts.h"
#include "schema/tide-column-privileges.h"
#include "schema/tide-entries.h"
#include "schema/tide-privileges.h"
#include "wire/tide-session.h"

static const char *
get (const TideSchemaObject *object,
     guint                   attribute)
{
  return object == NULL ? NULL : tide_schema_object_get_value (object, attribute);
}

void
tide_view_complete (TideSchemaBuilder    *builder,
                    TideSchemaObject     *object,
                    const TideCatalogRow *row)
{
  char *options = tide_entries_from_options (tide_catalog_row_get (row, "raw_options"));
  char *privileges = tide_column_privileges_normalise (tide_catalog_row_get (row, "raw_column_privileges"),
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
      gsize length = tide_entries_get_name_length (lines[i]);

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
  g_autofree char *owner = tide_privileges_dup_owner (from, to);
  Writer writer = { ddl, NULL, name };

  tide_entries_compare (get (from, TIDE_VIEW_COLUMN_COMMENTS), get (to, TIDE_VIEW_COLUMN_COMMENTS), write_comment, &writer);
  tide_column_privileges_write (ddl, name, owner, get (from, TIDE_VIEW_COLUMN_PRIVILEGES),
                                get (to, TIDE_VIEW_COLUMN_PRIVILEGES));
}
