/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/kinds/tide-table-parents.h"
#include "schema/tide-plan.h"

/* Checks that a table has as its own and from a parent as well: one for the server, which goes from the table only when the
 * parent has lost it */

static gboolean
is_check (const TideSchemaObject *object)
{
  return tide_schema_object_get_kind (object) == TIDE_OBJECT_CONSTRAINT
         && g_strcmp0 (tide_schema_object_get (object, "type"), "check") == 0 && !tide_schema_object_is (object, "no_inherit");
}

/* (nullable): the check of the name of @check that @parent gives */
static const TideSchemaObject *
find_given (const TideSchemaObject *check,
            const TideSchemaObject *parent)
{
  const TideSchemaObject *child = tide_schema_object_get_first_child (parent);

  while (child != NULL && (!is_check (child) || !g_str_equal (tide_schema_object_get_name (child), tide_schema_object_get_name (check))))
    child = tide_schema_object_get_next (child);
  return child;
}

typedef void (*GivenFunc) (TidePlan               *self,
                           const TideSchemaObject *check,
                           const TideSchemaObject *given);

/* Calls @func for each check of a parent that @check of base, which is dropped from a table that stays with it, is one with */
static void
foreach_given (TidePlan               *self,
               const TideSchemaObject *check,
               GivenFunc               func)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (check);
  const TideSchemaObject *to;
  guint n;
  const TideSchemaObject *const *on;

  if (!is_check (check) || (self->from[tide_schema_object_get_index (check)] & TIDE_PLAN_DROP) == 0
      || tide_schema_object_get_kind (table) != TIDE_OBJECT_TABLE
      || (self->from[tide_schema_object_get_index (table)] & TIDE_PLAN_DROP) != 0)
    return;
  to = self->diff->to_of[tide_schema_object_get_index (table)];
  if (to == NULL || tide_plan_leaves_whole (self, table) || tide_table_changes_parents (table, to))
    return;
  on = tide_schema_get_dependencies (self->diff->base, table, &n);
  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *given = tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_TABLE ? find_given (check, on[i]) : NULL;

      if (given != NULL)
        func (self, check, given);
    }
}

static void
rebuild_given (TidePlan               *self,
               const TideSchemaObject *check,
               const TideSchemaObject *given)
{
  tide_plan_rebuild (self, given);
  foreach_given (self, given, rebuild_given);
}

void
tide_plan_rebuild_given_checks (TidePlan               *self,
                                const TideSchemaObject *check)
{
  foreach_given (self, check, rebuild_given);
}

static void
add_edge (TidePlan               *self,
          const TideSchemaObject *check,
          const TideSchemaObject *given)
{
  guint parent = tide_schema_object_get_index (tide_schema_object_get_parent (given));
  guint step = self->step_of_from[tide_schema_object_get_index (given)];

  if (step != self->step_of_from[parent])
    tide_plan_add_edge (self, step, self->step_of_from[tide_schema_object_get_index (check)]);
}

void
tide_plan_add_edges_of_given_checks (TidePlan               *self,
                                     const TideSchemaObject *check)
{
  foreach_given (self, check, add_edge);
}
