/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-catalog-rows"

#include "config.h"

#include "schema/tide-catalog-rows.h"
#include "schema/tide-schema-builder.h"

static const char *const cell_names[TIDE_N_CELLS] = {
  [TIDE_CELL_OID] = "oid",
  [TIDE_CELL_SCHEMA] = "schema",
  [TIDE_CELL_NAME] = "name",
  [TIDE_CELL_SIGNATURE] = "signature",
  [TIDE_CELL_PARENT] = "parent",
  [TIDE_CELL_PARENT_POSITION] = "parent_position",
  [TIDE_CELL_POSITION] = "position",
  [TIDE_CELL_RANK] = "rank",
  [TIDE_CELL_OWNER] = "owner",
  [TIDE_CELL_ALIAS] = "alias",
};

/* Below 0: what is for complete(), and what identifies */
#define CELL_OTHER (-1)
#define CELL_OF_HEAD(cell) (-2 - (int) (cell))

static int
classify_column (TideObjectKind  kind,
                 const char     *name)
{
  int attribute;

  for (guint cell = 0; cell < TIDE_N_CELLS; cell++)
    if (g_str_equal (name, cell_names[cell]))
      return CELL_OF_HEAD (cell);
  attribute = tide_object_kind_find_attribute (kind, name);
  return attribute < 0 ? CELL_OTHER : attribute;
}

static gboolean
may_vanish (TideObjectKind kind,
            int            cell)
{
  return cell == CELL_OTHER
         || (cell >= 0 && (tide_object_kind_get_attribute (kind, cell)->flags
                           & (TIDE_ATTRIBUTE_EXPRESSION | TIDE_ATTRIBUTE_TYPE)) != 0);
}

void
tide_catalog_rows_init (TideCatalogRows *self,
                        TideObjectKind   kind,
                        TideResult      *result)
{
  self->kind = kind;
  self->result = result;
  self->n_columns = tide_result_get_n_columns (result);
  self->cells = g_new (int, self->n_columns);
  self->is_checked = g_new (gboolean, self->n_columns);
  self->values = g_new0 (const char *, self->n_columns);
  for (guint c = 0; c < self->n_columns; c++)
    {
      self->cells[c] = classify_column (kind, tide_result_get_column_name (result, c));
      self->is_checked[c] = may_vanish (kind, self->cells[c]);
    }
}

void
tide_catalog_rows_clear (TideCatalogRows *self)
{
  g_clear_pointer (&self->cells, g_free);
  g_clear_pointer (&self->is_checked, g_free);
  g_clear_pointer (&self->values, g_free);
}

void
tide_catalog_rows_read (TideCatalogRows *self,
                        guint            row)
{
  tide_result_get_row (self->result, row, self->values);
  for (guint c = 0; c < self->n_columns; c++)
    if (self->cells[c] < CELL_OTHER)
      self->head[CELL_OF_HEAD (self->cells[c])] = self->values[c];
}

guint32
tide_catalog_rows_get_number (const TideCatalogRows *self,
                              TideCell               cell)
{
  const char *text = self->head[cell];

  return text == NULL ? 0 : (guint32) g_ascii_strtoll (text, NULL, 10);
}

gboolean
tide_catalog_rows_is_vanished (const TideCatalogRows *self)
{
  for (guint c = 0; c < self->n_columns; c++)
    if (self->is_checked[c] && self->values[c] != NULL && g_str_has_suffix (self->values[c], TIDE_VALUE_VANISHED))
      return TRUE;
  return FALSE;
}

/* A row by what puts it into order */
typedef struct
{
  guint32     parent;
  guint32     rank;
  const char *schema;
  const char *name;
  guint       row;
} Place;

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const Place *first = a;
  const Place *second = b;
  int order;

  if (first->parent != second->parent)
    return first->parent < second->parent ? -1 : 1;
  if (first->rank != second->rank)
    return first->rank < second->rank ? -1 : 1;
  order = first->schema == second->schema ? 0 : g_strcmp0 (first->schema, second->schema);
  if (order == 0)
    order = g_strcmp0 (first->name, second->name);
  return order != 0 ? order : first->row < second->row ? -1 : 1;
}

/* A part of a table stands in the schema of that. */
static Place
find_place (TideCatalogRows   *self,
            TideSchemaBuilder *builder,
            TideRowOrder       order,
            guint              row)
{
  Place place = { 0, 0, self->head[TIDE_CELL_SCHEMA], self->head[TIDE_CELL_NAME], row };
  guint32 parent = tide_catalog_rows_get_number (self, TIDE_CELL_PARENT);
  const TideSchemaObject *table;

  if (order == TIDE_ROWS_BY_PARENT)
    {
      place.parent = parent;
      place.rank = tide_catalog_rows_get_number (self, TIDE_CELL_POSITION)
                   + tide_catalog_rows_get_number (self, TIDE_CELL_PARENT_POSITION)
                   + tide_catalog_rows_get_number (self, TIDE_CELL_RANK);
      return place;
    }
  table = parent == 0 ? NULL : tide_schema_builder_find (builder, 1259, parent, 0);
  if (table != NULL)
    place.schema = tide_schema_object_get_namespace (table);
  return place;
}

guint *
tide_catalog_rows_order (TideCatalogRows   *self,
                         TideSchemaBuilder *builder)
{
  TideRowOrder order = tide_object_kind_get_info (self->kind)->order;
  guint n_rows = tide_result_get_n_rows (self->result);
  guint *rows = g_new (guint, n_rows + 1);
  g_autofree Place *places = order == TIDE_ROWS_AS_THEY_COME ? NULL : g_new (Place, n_rows + 1);

  for (guint row = 0; row < n_rows; row++)
    {
      rows[row] = row;
      if (places == NULL)
        continue;
      tide_catalog_rows_read (self, row);
      places[row] = find_place (self, builder, order, row);
    }
  if (places == NULL)
    return rows;
  qsort (places, n_rows, sizeof (Place), compare_places);
  for (guint i = 0; i < n_rows; i++)
    rows[i] = places[i].row;
  return rows;
}
