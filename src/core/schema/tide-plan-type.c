/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/kinds/tide-table-type.h"
#include "schema/tide-plan.h"

/* Tables of a type, which leave it before it changes and come back when all their columns are there */

/* What is done to a type would be done to the tables that are of it. */
static void
add_edges_of_leaving_tables (TidePlan               *self,
                             guint                   step,
                             const TideSchemaObject *type)
{
  guint n;
  const TideSchemaObject *const *users = tide_schema_get_dependents (self->diff->base, type, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (users[i])];

      if (to != NULL && tide_schema_object_get_kind (to) == TIDE_OBJECT_TABLE
          && (self->to[tide_schema_object_get_index (to)] & TIDE_PLAN_ALTER) != 0 && tide_table_leaves_type (users[i], to))
        tide_plan_add_edge (self, self->step_of_to[tide_schema_object_get_index (to)], step);
    }
}

/* The columns of a table that comes to a type are made in the order of that. */
static void
add_edges_of_places (TidePlan               *self,
                     guint                   step,
                     const TideSchemaObject *column)
{
  const TideSchemaObject *parent = tide_schema_object_get_parent (column);
  const TideSchemaObject *table = self->diff->base_of[tide_schema_object_get_index (parent)];

  if (table == NULL || !tide_table_joins_type (table, parent))
    return;
  for (column = tide_schema_object_get_next (column); column != NULL; column = tide_schema_object_get_next (column))
    if (tide_schema_object_get_kind (column) == TIDE_OBJECT_COLUMN && (self->to[tide_schema_object_get_index (column)] & TIDE_PLAN_MAKE) != 0)
      tide_plan_add_edge (self, step, self->step_of_to[tide_schema_object_get_index (column)]);
}

void
tide_plan_add_edges_of_type (TidePlan               *self,
                             const TideSchemaObject *object)
{
  TideObjectKind kind = tide_schema_object_get_kind (object);
  guint index = tide_schema_object_get_index (object);
  gboolean is_made = (self->to[index] & TIDE_PLAN_MAKE) != 0;

  if (kind == TIDE_OBJECT_COMPOSITE && !is_made)
    add_edges_of_leaving_tables (self, self->step_of_to[index], self->diff->base_of[index]);
  else if (kind == TIDE_OBJECT_COLUMN && is_made)
    add_edges_of_places (self, self->step_of_to[index], object);
}
