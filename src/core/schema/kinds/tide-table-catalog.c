/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-table-catalog"

#include "config.h"

#include "schema/kinds/tide-table-catalog.h"
#include "schema/tide-schema.h"
#include "wire/tide-session.h"

void
tide_numbers_parse (TideNumbers *self,
                    const char  *text)
{
  const char *at = text == NULL ? "" : text;
  guint allocated = 0;

  self->numbers = NULL;
  self->n = 0;
  while (*at != '\0')
    {
      char *end;
      gint64 number;

      if (*at != '-' && !g_ascii_isdigit (*at))
        {
          at++;
          continue;
        }
      number = g_ascii_strtoll (at, &end, 10);
      if (self->n == allocated)
        {
          allocated = allocated == 0 ? 4 : allocated * 2;
          self->numbers = g_renew (int, self->numbers, allocated);
        }
      self->numbers[self->n++] = (int) number;
      at = MAX (end, at + 1);
    }
}

void
tide_numbers_clear (TideNumbers *self)
{
  g_clear_pointer (&self->numbers, g_free);
  self->n = 0;
}

TideSchemaObject *
tide_table_find_column (TideSchemaBuilder *builder,
                        guint32            table,
                        int                number)
{
  TideSchemaObject *column = number <= 0 ? NULL : tide_schema_builder_find (builder, 1259, table, number);

  return column != NULL && tide_schema_object_get_kind (column) == TIDE_OBJECT_COLUMN ? column : NULL;
}

char *
tide_table_dup_columns (TideSchemaBuilder *builder,
                        guint32            table,
                        const TideNumbers *numbers,
                        guint              first,
                        guint              end)
{
  g_autoptr (GString) list = g_string_new (NULL);

  if (first >= MIN (end, numbers->n))
    return NULL;
  for (guint i = first; i < MIN (end, numbers->n); i++)
    {
      TideSchemaObject *column = tide_table_find_column (builder, table, numbers->numbers[i]);
      g_autofree char *name = NULL;

      if (column == NULL)
        return NULL;
      name = tide_quote_identifier (tide_schema_object_get_name (column));
      if (list->len > 0)
        g_string_append (list, ", ");
      g_string_append (list, name);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/* An index that a constraint stands on is known as that one, and of the same name. */
void
tide_table_complete_part (TideSchemaBuilder    *builder,
                          TideSchemaObject     *object,
                          guint                 attribute,
                          const TideCatalogRow *row)
{
  guint32 oid = tide_catalog_row_get_number (row, "whole");
  TideSchemaObject *whole = oid == 0 ? NULL : tide_schema_builder_find (builder, 1259, oid, 0);
  g_autofree char *schema = NULL;
  g_autofree char *name = NULL;

  if (whole == NULL || tide_schema_object_get_namespace (whole) == NULL)
    return;
  schema = tide_quote_identifier (tide_schema_object_get_namespace (whole));
  name = tide_quote_identifier (tide_schema_object_get_name (whole));
  tide_schema_builder_set_value (builder, object, attribute,
                                 tide_schema_builder_take (builder, g_strconcat (schema, ".", name, NULL)));
}

guint32
tide_catalog_row_get_number (const TideCatalogRow *row,
                             const char           *column)
{
  const char *text = tide_catalog_row_get (row, column);

  return text == NULL ? 0 : (guint32) g_ascii_strtoull (text, NULL, 10);
}
