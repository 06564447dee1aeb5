/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/tide-plan.h"

/* Tables that become logged, or unlogged: what is logged may refer only to what is logged, at any time */

void
tide_plan_add_edges_of_persistence (TidePlan               *self,
                                    const TideSchemaObject *table)
{
  const TideSchemaObject *base = self->diff->base_of[tide_schema_object_get_index (table)];
  guint step = self->step_of_to[tide_schema_object_get_index (table)];

  if (tide_schema_object_get_kind (table) != TIDE_OBJECT_TABLE || base == NULL
      || tide_schema_object_is (table, "unlogged") == tide_schema_object_is (base, "unlogged"))
    return;
  for (const TideSchemaObject *key = tide_schema_object_get_first_child (table); key != NULL; key = tide_schema_object_get_next (key))
    {
      const TideSchemaObject *other = tide_plan_find_referenced (key);
      guint others_step = other == NULL ? TIDE_PLAN_NO_STEP : self->step_of_to[tide_schema_object_get_index (other)];

      if ((self->to[tide_schema_object_get_index (key)] & TIDE_PLAN_MAKE) != 0)
        tide_plan_add_edge (self, others_step, self->step_of_to[tide_schema_object_get_index (key)]);
      else if (tide_schema_object_is (table, "unlogged"))
        tide_plan_add_edge (self, step, others_step);
      else
        tide_plan_add_edge (self, others_step, step);
    }
}

gboolean
tide_plan_rebuild_key (TidePlan               *self,
                       const TideSchemaObject *table,
                       const guint            *circle)
{
  guint step = self->step_of_to[tide_schema_object_get_index (table)];

  for (const TideSchemaObject *key = tide_schema_object_get_first_child (table); key != NULL; key = tide_schema_object_get_next (key))
    {
      guint index = tide_schema_object_get_index (key);
      const TideSchemaObject *other = tide_plan_find_referenced (key);
      guint others_step = other == NULL ? TIDE_PLAN_NO_STEP : self->step_of_to[tide_schema_object_get_index (other)];

      if (others_step == TIDE_PLAN_NO_STEP || circle[others_step] != circle[step] || self->diff->base_of[index] == NULL
          || (self->to[index] & TIDE_PLAN_MAKE) != 0)
        continue;
      tide_plan_rebuild (self, self->diff->base_of[index]);
      return TRUE;
    }
  return FALSE;
}
