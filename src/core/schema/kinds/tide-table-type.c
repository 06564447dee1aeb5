/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-table-type"

#include "config.h"

#include "schema/kinds/tide-table-type.h"

static const char *
get_type (const TideSchemaObject *table)
{
  return tide_schema_object_get (table, "of_type");
}

/* (nullable): the fields of the type that @table is of */
static const char *
get_fields (const TideSchemaObject *table)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (table), table, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_COMPOSITE)
      return tide_schema_object_get (on[i], "fields");
  return NULL;
}

gboolean
tide_table_leaves_type (const TideSchemaObject *from,
                        const TideSchemaObject *to)
{
  if (get_type (from) == NULL)
    return FALSE;
  return g_strcmp0 (get_type (from), get_type (to)) != 0 || g_strcmp0 (get_fields (from), get_fields (to)) != 0;
}

gboolean
tide_table_joins_type (const TideSchemaObject *from,
                       const TideSchemaObject *to)
{
  return get_type (to) != NULL && (get_type (from) == NULL || tide_table_leaves_type (from, to));
}

/* Where it stands among the columns of its table */
static guint
get_place (const TideSchemaObject *column)
{
  const TideSchemaObject *other = tide_schema_object_get_first_child (tide_schema_object_get_parent (column));
  guint place = 0;

  for (; other != column; other = tide_schema_object_get_next (other))
    place++;
  return place;
}

gboolean
tide_column_is_before_its_place (const TideSchemaObject *from,
                                 const TideSchemaObject *to)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (from);
  const TideSchemaObject *column = tide_schema_object_get_first_child (tide_schema_object_get_parent (to));
  guint next = 0;

  if (!tide_table_joins_type (table, tide_schema_object_get_parent (to)))
    return FALSE;
  for (; column != to; column = tide_schema_object_get_next (column))
    {
      const TideSchemaObject *old = NULL;

      if (tide_schema_object_get_kind (column) != TIDE_OBJECT_COLUMN)
        continue;
      old = tide_schema_object_find_column (table, tide_schema_object_get_name (column));
      if (old == NULL || get_place (old) < next)
        return TRUE;
      next = get_place (old);
    }
  return get_place (from) < next;
}
