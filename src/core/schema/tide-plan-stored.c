/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/tide-plan.h"

/* Tables whose rows others store as values: the server rewrites no such table. Their values are JSON while it does. */

typedef void (*StoringFunc) (TidePlan               *self,
                             const TideSchemaObject *storing,
                             GPtrArray              *rewritten);

static guint64
get_bit (const TideSchemaObject *object,
         const char             *attribute)
{
  return G_GUINT64_CONSTANT (1) << tide_object_kind_find_attribute (tide_schema_object_get_kind (object), attribute);
}

/* Whether @column of to comes with values, or has others than before */
static gboolean
has_new_values (const TidePlan         *self,
                const TideSchemaObject *column)
{
  guint index = tide_schema_object_get_index (column);
  guint n;
  const TideSchemaObject *const *on;

  if ((self->to[index] & TIDE_PLAN_ALTER) != 0)
    return (self->changed[index] & (get_bit (column, "type") | get_bit (column, "collation"))) != 0;
  if ((self->to[index] & TIDE_PLAN_MAKE) == 0)
    return FALSE;
  if (tide_schema_object_find_default (column) != NULL || tide_schema_object_get (column, "generated") != NULL
      || tide_schema_object_get (column, "identity") != NULL)
    return TRUE;
  on = tide_schema_get_dependencies (self->diff->to, column, &n);
  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_DOMAIN)
      return TRUE;
  return FALSE;
}

/* (transfer container) (element-type TideSchemaObject): what the server rewrites @table of to for: itself and columns */
static GPtrArray *
find_rewritten (const TidePlan         *self,
                const TideSchemaObject *table)
{
  GPtrArray *rewritten = g_ptr_array_new ();

  if ((self->changed[tide_schema_object_get_index (table)] & (get_bit (table, "unlogged") | get_bit (table, "access_method"))) != 0)
    g_ptr_array_add (rewritten, (gpointer) table);
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL;
       child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN && has_new_values (self, child))
      g_ptr_array_add (rewritten, (gpointer) child);
  return rewritten;
}

/* Calls @func for what of @schema stores rows of @row_type, also inside of other types */
static void
foreach_storing (TidePlan               *self,
                 TideSchema             *schema,
                 const TideSchemaObject *row_type,
                 StoringFunc             func,
                 GPtrArray              *rewritten)
{
  guint n;
  const TideSchemaObject *const *users = tide_schema_get_dependents (schema, row_type, &n);

  for (guint i = 0; i < n; i++)
    switch (tide_schema_object_get_kind (users[i]))
      {
      case TIDE_OBJECT_COLUMN:
        if (tide_schema_object_get_parent (users[i]) != row_type)
          func (self, users[i], rewritten);
        break;
      case TIDE_OBJECT_MATERIALIZED_VIEW:
        func (self, users[i], rewritten);
        break;
      case TIDE_OBJECT_COMPOSITE:
      case TIDE_OBJECT_DOMAIN:
        foreach_storing (self, schema, users[i], func, rewritten);
        break;
      default:
        break;
      }
}

static void
foreach_rewritten (TidePlan   *self,
                   gboolean    is_base,
                   StoringFunc func)
{
  TideSchema *to = self->diff->to;
  guint first, end;

  tide_schema_get_range (to, TIDE_OBJECT_TABLE, &first, &end);
  for (guint i = first; i < end; i++)
    {
      g_autoptr (GPtrArray) rewritten = NULL;

      if (self->diff->base_of[i] == NULL || (self->to[i] & TIDE_PLAN_MAKE) != 0)
        continue;
      rewritten = find_rewritten (self, tide_schema_get_object (to, i));
      if (rewritten->len > 0)
        foreach_storing (self, is_base ? self->diff->base : to, is_base ? self->diff->base_of[i] : tide_schema_get_object (to, i),
                         func, rewritten);
    }
}

static gboolean
stores (const TideSchemaObject *object,
        const TideSchemaObject *row_type)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    if (on[i] == row_type
        || ((tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_COMPOSITE || tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_DOMAIN)
            && stores (on[i], row_type)))
      return TRUE;
  return FALSE;
}

/* Whether what stores rows is altered, and stores them no more then */
static gboolean
lets_go (const TidePlan         *self,
         const TideSchemaObject *storing,
         GPtrArray              *rewritten)
{
  const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (storing)];
  const TideSchemaObject *first = g_ptr_array_index (rewritten, 0);
  const TideSchemaObject *parent = tide_schema_object_get_parent (first);

  return to != NULL && (self->to[tide_schema_object_get_index (to)] & TIDE_PLAN_ALTER) != 0 && !stores (to, parent == NULL ? first : parent);
}

/* What stores the rows is JSON for a while, or made anew */
static void
park (TidePlan               *self,
      const TideSchemaObject *storing,
      GPtrArray              *rewritten)
{
  static const TideObjectKind in_the_way[] = { TIDE_OBJECT_INDEX, TIDE_OBJECT_CONSTRAINT, TIDE_OBJECT_STATISTICS, TIDE_OBJECT_DEFAULT };
  guint index = tide_schema_object_get_index (storing);
  TideDdl *ddl;

  if ((self->from[index] & (TIDE_PLAN_DROP | TIDE_PLAN_PARK)) != 0 || self->diff->to_of[index] == NULL
      || lets_go (self, storing, rewritten))
    return;
  if (tide_schema_object_get_kind (storing) != TIDE_OBJECT_COLUMN || !tide_plan_retype (self, storing))
    {
      tide_plan_rebuild (self, storing);
      return;
    }
  self->from[index] |= TIDE_PLAN_PARK;
  ddl = self->alters[tide_schema_object_get_index (self->diff->to_of[index])];
  for (guint i = 0; i < G_N_ELEMENTS (in_the_way); i++)
    tide_ddl_disturbs (ddl, in_the_way[i]);
}

void
tide_plan_park_stored_rows (TidePlan *self)
{
  foreach_rewritten (self, TRUE, park);
}

/* Adds an edge between @step and each of @rewritten, and what that is inherited from */
static void
add_edges (TidePlan  *self,
           guint      step,
           gboolean   is_before,
           GPtrArray *rewritten)
{
  for (guint i = 0; i < rewritten->len; i++)
    for (const TideSchemaObject *at = g_ptr_array_index (rewritten, i); at != NULL; at = tide_plan_find_parents_column (at))
      {
        guint other = self->step_of_to[tide_schema_object_get_index (at)];

        tide_plan_add_edge (self, is_before ? step : other, is_before ? other : step);
      }
}

static void
add_edges_before (TidePlan               *self,
                  const TideSchemaObject *storing,
                  GPtrArray              *rewritten)
{
  guint index = tide_schema_object_get_index (storing);
  const TideSchemaObject *parents = tide_plan_find_parents_column (storing);

  add_edges (self, self->step_of_from[index], TRUE, rewritten);
  add_edges (self, self->aside_of_from[index], TRUE, rewritten);
  if (lets_go (self, storing, rewritten))
    add_edges (self, self->step_of_to[tide_schema_object_get_index (self->diff->to_of[index])], TRUE, rewritten);
  if (parents != NULL)
    tide_plan_add_edge (self, self->aside_of_from[index], self->aside_of_from[tide_schema_object_get_index (parents)]);
}

static void
add_edges_after (TidePlan               *self,
                 const TideSchemaObject *storing,
                 GPtrArray              *rewritten)
{
  add_edges (self, self->step_of_to[tide_schema_object_get_index (storing)], FALSE, rewritten);
}

void
tide_plan_add_edges_of_stored_rows (TidePlan *self)
{
  foreach_rewritten (self, TRUE, add_edges_before);
  foreach_rewritten (self, FALSE, add_edges_after);
}
