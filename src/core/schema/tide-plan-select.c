/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/tide-plan.h"

/* What is asked for, and what that cannot do without: what comes needs what it stands on, what goes takes what stands on it. */
typedef struct
{
  TidePlan   *plan;
  GHashTable *gone;   /* all that is not in to, by name */
  GPtrArray  *todo;   /* (element-type TideSchemaObject): of base and of to, just chosen */
} Selector;

static void
choose_from (Selector               *self,
             const TideSchemaObject *object)
{
  guint index = tide_schema_object_get_index (object);

  if (self->plan->diff->out[0][index] || (self->plan->from[index] & TIDE_PLAN_REMOVE) != 0)
    return;
  self->plan->from[index] |= TIDE_PLAN_REMOVE;
  g_ptr_array_add (self->todo, (gpointer) object);
}

static void
choose_to (Selector               *self,
           const TideSchemaObject *object)
{
  TideSchemaDiff *diff = self->plan->diff;
  guint index = tide_schema_object_get_index (object);

  if (diff->out[1][index] || (self->plan->to[index] & TIDE_PLAN_WANT) != 0
      || (diff->base_of[index] != NULL && diff->changed[index] == 0))
    return;
  self->plan->to[index] |= TIDE_PLAN_WANT;
  g_ptr_array_add (self->todo, (gpointer) object);
}

static void
choose_in_the_way (const TideSchemaObject *object,
                   const TideSchemaObject *other,
                   gpointer                user_data)
{
  choose_from (user_data, other);
}

static void
follow_to (Selector               *self,
           const TideSchemaObject *object)
{
  TideSchemaDiff *diff = self->plan->diff;
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);
  const TideSchemaObject *child;
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (diff->to, object, &n);

  for (guint i = 0; i < n; i++)
    {
      gboolean outer = on[i] == parent || tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_SCHEMA;

      if (!outer || diff->base_of[tide_schema_object_get_index (on[i])] == NULL)
        choose_to (self, on[i]);
    }
  if (diff->base_of[tide_schema_object_get_index (object)] != NULL)
    return;
  for (child = tide_schema_object_get_first_child (object); child != NULL; child = tide_schema_object_get_next (child))
    choose_to (self, child);
  tide_plan_names_foreach (self->gone, object, FALSE, choose_in_the_way, self);
}

static void
follow_from (Selector               *self,
             const TideSchemaObject *object)
{
  TideSchemaDiff *diff = self->plan->diff;
  guint n;
  const TideSchemaObject *const *dependents = tide_schema_get_dependents (diff->base, object, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *to = diff->to_of[tide_schema_object_get_index (dependents[i])];

      if (to == NULL)
        choose_from (self, dependents[i]);
      else
        choose_to (self, to);
    }
}

/* The change of a column tells of its default too. */
static void
choose (Selector               *self,
        const TideSchemaChange *change)
{
  TideSchemaDiff *diff = self->plan->diff;

  if (change->type == TIDE_CHANGE_REMOVED)
    choose_from (self, tide_schema_get_object (diff->base, tide_schema_object_get_index (change->from)));
  else
    choose_to (self, change->to);
  if (change->has_default_change && change->default_to != NULL)
    choose_to (self, change->default_to);
  else if (change->has_default_change)
    choose_from (self, tide_schema_get_object (diff->base, tide_schema_object_get_index (change->default_from)));
}

static GHashTable *
find_gone (TideSchemaDiff *diff)
{
  GHashTable *gone = tide_plan_names_new ();
  guint n = tide_schema_get_n_objects (diff->base);

  for (guint i = 0; i < n; i++)
    if (diff->to_of[i] == NULL)
      tide_plan_names_add (gone, tide_schema_get_object (diff->base, i));
  return gone;
}

void
tide_plan_select (TidePlan  *self,
                  GPtrArray *only)
{
  GPtrArray *changes = only != NULL ? only : self->diff->changes;
  g_autoptr (GHashTable) gone = find_gone (self->diff);
  g_autoptr (GPtrArray) todo = g_ptr_array_new ();
  Selector selector = { self, gone, todo };

  for (guint i = 0; i < changes->len; i++)
    choose (&selector, g_ptr_array_index (changes, i));
  while (todo->len > 0)
    {
      const TideSchemaObject *object = g_ptr_array_steal_index_fast (todo, todo->len - 1);

      if (tide_schema_object_get_schema (object) == self->diff->base)
        follow_from (&selector, object);
      else
        follow_to (&selector, object);
    }
}
