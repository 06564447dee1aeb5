/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/kinds/tide-table-parents.h"
#include "schema/tide-plan.h"

static guint
add_step (TidePlan               *self,
          TideStepType            type,
          const TideSchemaObject *object)
{
  TideStep step = { type, object };

  g_array_append_val (self->steps, step);
  return self->steps->len - 1;
}

void
tide_plan_add_edge (TidePlan *self,
                    guint     before,
                    guint     after)
{
  TidePlanEdge edge = { before, after };

  if (before != TIDE_PLAN_NO_STEP && after != TIDE_PLAN_NO_STEP && before != after)
    g_array_append_val (self->edges, edge);
}

/* --- what goes --- */

static gboolean
is_dropped (const TidePlan         *self,
            const TideSchemaObject *object)
{
  return (self->from[tide_schema_object_get_index (object)] & TIDE_PLAN_DROP) != 0;
}

const TideSchemaObject *
tide_plan_find_owning_column (const TideSchemaObject *sequence)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (sequence), sequence, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_COLUMN)
      return on[i];
  return NULL;
}

/* (nullable): whose DROP takes @object along */
static const TideSchemaObject *
find_taker (const TidePlan         *self,
            const TideSchemaObject *object)
{
  guint index = tide_schema_object_get_index (object);
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);
  const TideSchemaObject *taker = NULL;

  if (self->goes_with[index] != 0)
    return tide_schema_get_object (self->diff->base, self->goes_with[index] - 1);
  if ((self->from[index] & TIDE_PLAN_EXPLICIT) != 0)
    return NULL;
  if (parent != NULL && is_dropped (self, parent))
    return parent;
  switch (tide_schema_object_get_kind (object))
    {
    case TIDE_OBJECT_SEQUENCE:
      taker = tide_plan_find_owning_column (object);
      break;
    case TIDE_OBJECT_INDEX:
    case TIDE_OBJECT_CONSTRAINT:
    case TIDE_OBJECT_TRIGGER:
      if (!tide_plan_leaves_whole (self, parent))
        taker = tide_plan_find_inherited (object);
      break;
    default:
      break;
    }
  return taker != NULL && is_dropped (self, taker) ? taker : NULL;
}

static guint
get_drop_step (TidePlan               *self,
               const TideSchemaObject *object)
{
  guint index = tide_schema_object_get_index (object);
  const TideSchemaObject *taker;

  if (!is_dropped (self, object))
    return TIDE_PLAN_NO_STEP;
  if (self->step_of_from[index] != TIDE_PLAN_NO_STEP)
    return self->step_of_from[index];
  taker = find_taker (self, object);
  self->step_of_from[index] = taker != NULL ? get_drop_step (self, taker) : add_step (self, TIDE_STEP_DROP, object);
  return self->step_of_from[index];
}

static void
add_steps_of_from (TidePlan *self)
{
  guint n = tide_schema_get_n_objects (self->diff->base);

  for (guint i = 0; i < n; i++)
    self->step_of_from[i] = self->aside_of_from[i] = TIDE_PLAN_NO_STEP;
  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (self->diff->base, i);

      if ((self->from[i] & TIDE_PLAN_DROP) == 0)
        {
          if ((self->from[i] & TIDE_PLAN_PARK) != 0)
            self->aside_of_from[i] = add_step (self, TIDE_STEP_PARK, object);
          continue;
        }
      get_drop_step (self, object);
      if ((self->from[i] & TIDE_PLAN_ASIDE) == 0
          || (tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN && is_dropped (self, tide_schema_object_get_parent (object))))
        continue;
      self->aside_of_from[i] = add_step (self, TIDE_STEP_ASIDE, object);
      /* It goes by the name that it has got. */
      tide_plan_add_edge (self, self->aside_of_from[i], self->step_of_from[i]);
    }
  /* What goes with another is told by the names that it has still */
  for (guint i = 0; self->takes_along && i < n; i++)
    if (self->goes_with[i] != 0)
      tide_plan_add_edge (self, self->aside_of_from[i], self->aside_of_from[self->goes_with[i] - 1]);
}

/* --- what comes --- */

/* Whether @object stands inside the CREATE of its parent */
static gboolean
stands_inside (TidePlan               *self,
               const TideSchemaObject *object)
{
  guint index = tide_schema_object_get_index (object);
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);
  const TideObjectKindInfo *info = tide_object_kind_get_info (tide_schema_object_get_kind (object));

  if (parent == NULL || info->inline_element == NULL || (self->to[index] & TIDE_PLAN_OUTLINE) != 0
      || (self->to[tide_schema_object_get_index (parent)] & TIDE_PLAN_MAKE) == 0)
    return FALSE;
  if (self->elements[index] == NULL)
    self->elements[index] = info->inline_element (object);
  return self->elements[index] != NULL;
}

static void
add_steps_of_to (TidePlan *self)
{
  guint n = tide_schema_get_n_objects (self->diff->to);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (self->diff->to, i);

      self->step_of_to[i] = self->stub_of_to[i] = TIDE_PLAN_NO_STEP;
      if ((self->to[i] & TIDE_PLAN_STUB) != 0)
        self->stub_of_to[i] = add_step (self, TIDE_STEP_STUB, object);
      if ((self->to[i] & TIDE_PLAN_MAKE) == 0)
        self->step_of_to[i] = (self->to[i] & TIDE_PLAN_ALTER) == 0 ? TIDE_PLAN_NO_STEP
                                                                  : add_step (self, TIDE_STEP_ALTER, object);
      else if (stands_inside (self, object))
        self->step_of_to[i] = self->step_of_to[tide_schema_object_get_index (tide_schema_object_get_parent (object))];
      else
        self->step_of_to[i] = add_step (self, TIDE_STEP_MAKE, object);
    }
}

/* --- what before what --- */

/* (nullable): the parents' columns that @column, which its table has as its own too, is merged with; those that have steps of
 * their own in @steps */
static GPtrArray *
find_merged (const TideSchemaObject *column,
             const guint            *steps)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (column);
  GPtrArray *merged;
  guint n;
  const TideSchemaObject *const *on;

  if (tide_schema_object_get_kind (column) != TIDE_OBJECT_COLUMN || !tide_schema_object_is (column, "has_parent")
      || tide_schema_object_is (column, "inherited") || tide_schema_object_get (table, "partition_of") != NULL
      || steps[tide_schema_object_get_index (column)] == steps[tide_schema_object_get_index (table)])
    return NULL;
  merged = g_ptr_array_new ();
  on = tide_schema_get_dependencies (tide_schema_object_get_schema (column), table, &n);
  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *other = NULL;

      if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_TABLE)
        other = tide_schema_object_find_column (on[i], tide_schema_object_get_name (column));
      if (other != NULL && steps[tide_schema_object_get_index (other)] != steps[tide_schema_object_get_index (on[i])])
        g_ptr_array_add (merged, (gpointer) other);
    }
  return merged;
}

static guint
get_alter_step (const TidePlan         *self,
                const TideSchemaObject *from)
{
  const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (from)];

  if (to == NULL || (self->to[tide_schema_object_get_index (to)] & TIDE_PLAN_ALTER) == 0)
    return TIDE_PLAN_NO_STEP;
  return self->step_of_to[tide_schema_object_get_index (to)];
}

/* A table that leaves one that inherits from @table, or that itself, keeps the columns as they are then. */
static void
add_edges_of_leaving_heirs (TidePlan               *self,
                            guint                   step,
                            const TideSchemaObject *table)
{
  guint n;
  const TideSchemaObject *const *heirs = tide_schema_get_dependents (self->diff->base, table, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (heirs[i])];

      if (tide_schema_object_get_kind (heirs[i]) != TIDE_OBJECT_TABLE
          || (tide_schema_object_get (heirs[i], "inherits") == NULL && tide_schema_object_get (heirs[i], "partition_of") == NULL))
        continue;
      if (to != NULL && (tide_table_changes_parents (heirs[i], to) || tide_plan_leaves_whole (self, heirs[i])))
        tide_plan_add_edge (self, get_alter_step (self, heirs[i]), step);
      add_edges_of_leaving_heirs (self, step, heirs[i]);
    }
}

/* A column that is set aside is its table's own by then. It is there until its values are taken over; an index, until there is another. */
static void
add_edges_of_part_gone (TidePlan               *self,
                        const TideSchemaObject *part)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (part);
  guint index = tide_schema_object_get_index (part);

  if (tide_schema_object_get_kind (part) == TIDE_OBJECT_COLUMN)
    add_edges_of_leaving_heirs (self, self->step_of_from[index], table);
  if (self->aside_of_from[index] == TIDE_PLAN_NO_STEP || table == NULL)
    return;
  tide_plan_add_edge (self, get_alter_step (self, table), self->aside_of_from[index]);
  tide_plan_add_edge (self, self->step_of_to[tide_schema_object_get_index (self->diff->to_of[index])], self->step_of_from[index]);
}

/* When @object of base has left its name to another */
static guint
get_gone_step (const TidePlan         *self,
               const TideSchemaObject *object)
{
  guint index = tide_schema_object_get_index (object);

  if (self->aside_of_from[index] != TIDE_PLAN_NO_STEP)
    return self->aside_of_from[index];
  if (tide_plan_goes_by_types (tide_schema_object_get_kind (object)) && self->goes_with[index] != 0
      && self->aside_of_from[self->goes_with[index] - 1] != TIDE_PLAN_NO_STEP)
    return self->aside_of_from[self->goes_with[index] - 1];
  return self->step_of_from[index];
}

/* The parents' columns go first: until then it cannot be dropped. */
static void
add_edges_of_dropped_merged (TidePlan               *self,
                             const TideSchemaObject *column)
{
  g_autoptr (GPtrArray) merged = find_merged (column, self->step_of_from);
  guint step = self->step_of_from[tide_schema_object_get_index (column)];

  for (guint i = 0; merged != NULL && i < merged->len; i++)
    tide_plan_add_edge (self, self->step_of_from[tide_schema_object_get_index (g_ptr_array_index (merged, i))], step);
}

/* The parents' columns come later, and are merged into it: it could not be added beside them. One that only a parent gives is
 * there then. */
static void
add_edges_of_made_merged (TidePlan               *self,
                          const TideSchemaObject *column)
{
  g_autoptr (GPtrArray) merged = find_merged (column, self->step_of_to);
  guint step = self->step_of_to[tide_schema_object_get_index (column)];
  const TideSchemaObject *parents = merged == NULL ? tide_plan_find_parents_column (column) : NULL;

  if (parents != NULL && step != self->step_of_to[tide_schema_object_get_index (tide_schema_object_get_parent (column))])
    tide_plan_add_edge (self, self->step_of_to[tide_schema_object_get_index (parents)], step);
  for (guint i = 0; merged != NULL && i < merged->len; i++)
    {
      guint index = tide_schema_object_get_index (g_ptr_array_index (merged, i));

      if ((self->to[index] & TIDE_PLAN_MAKE) != 0)
        tide_plan_add_edge (self, step, self->step_of_to[index]);
    }
}

/* What stands on an inherited column that is altered goes before the parent's is: that changes both. */
static void
add_edges_of_parents_column (TidePlan               *self,
                             guint                   step,
                             const TideSchemaObject *column)
{
  if (get_alter_step (self, column) == TIDE_PLAN_NO_STEP)
    return;
  for (column = tide_plan_find_parents_column (column); column != NULL; column = tide_plan_find_parents_column (column))
    tide_plan_add_edge (self, step, get_alter_step (self, column));
}

/* The sequence of an identity comes and goes with what its column says. */
static gboolean
is_of_identity (const TideSchemaObject *sequence)
{
  return tide_schema_object_is (sequence, "identity");
}

/* A column that owns a sequence is told so last: it is no reason to come first. */
static gboolean
is_ownership (const TideSchemaObject *object,
              const TideSchemaObject *on)
{
  return tide_schema_object_get_kind (object) == TIDE_OBJECT_SEQUENCE
         && tide_schema_object_get_kind (on) == TIDE_OBJECT_COLUMN && !is_of_identity (object);
}

/* Members come into a publication that is there in a later phase. */
static gboolean
is_late_member (const TidePlan         *self,
                const TideSchemaObject *object)
{
  return tide_schema_object_get_kind (object) == TIDE_OBJECT_PUBLICATION
         && (self->to[tide_schema_object_get_index (object)] & TIDE_PLAN_ALTER) != 0;
}

/* Members leave it before they change: what is in one cannot become unlogged. */
static void
add_edges_of_left_members (TidePlan               *self,
                           const TideSchemaObject *publication)
{
  guint index = tide_schema_object_get_index (publication);
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (self->diff->base, self->diff->base_of[index], &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (on[i])];

      if (to != NULL && (self->to[tide_schema_object_get_index (to)] & TIDE_PLAN_ALTER) != 0)
        tide_plan_add_edge (self, self->step_of_to[index], self->step_of_to[tide_schema_object_get_index (to)]);
    }
}

/* Whether @object, of the altered @on, can go only when that is done: the sequence of what is no identity any more, a column that
 * a parent gave, and what a partition had of the whole that it leaves */
static gboolean
outlives (const TidePlan         *self,
          const TideSchemaObject *object,
          const TideSchemaObject *on)
{
  const TideSchemaObject *inherited;

  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_SEQUENCE)
    return is_of_identity (object) && tide_schema_object_get_kind (on) != TIDE_OBJECT_SCHEMA;
  if (on != tide_schema_object_get_parent (object))
    return FALSE;
  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN)
    return TRUE;
  inherited = tide_plan_find_inherited (object);
  return inherited != NULL && (!is_dropped (self, inherited) || tide_plan_leaves_whole (self, on));
}

static void
add_edges_of_dropped (TidePlan               *self,
                      const TideSchemaObject *object)
{
  TideSchemaDiff *diff = self->diff;
  guint step = self->step_of_from[tide_schema_object_get_index (object)];
  const TideSchemaObject *const *others;
  guint n;

  tide_plan_add_edge_of_given (self, object);
  others = tide_schema_get_dependencies (diff->base, object, &n);
  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *to = diff->to_of[tide_schema_object_get_index (others[i])];
      guint altered;

      tide_plan_add_edge (self, step, self->step_of_from[tide_schema_object_get_index (others[i])]);
      if ((self->from[tide_schema_object_get_index (others[i])] & TIDE_PLAN_PARK) != 0)
        tide_plan_add_edge (self, step, self->aside_of_from[tide_schema_object_get_index (others[i])]);
      /* What changes of a schema, its owner and grants, is no concern of what was in it. A domain set aside waits for the new one. */
      if (to == NULL || (self->to[tide_schema_object_get_index (to)] & TIDE_PLAN_ALTER) == 0
          || tide_schema_object_get_kind (to) == TIDE_OBJECT_SCHEMA
          || (tide_schema_object_get_kind (object) == TIDE_OBJECT_DOMAIN && get_gone_step (self, object) != step))
        continue;
      altered = self->step_of_to[tide_schema_object_get_index (to)];
      if (outlives (self, object, others[i]))
        {
          tide_plan_add_edge (self, altered, step);
          continue;
        }
      tide_plan_add_edge (self, step, altered);
      add_edges_of_parents_column (self, step, others[i]);
    }
  others = tide_schema_get_dependents (diff->base, object, &n);
  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *to = diff->to_of[tide_schema_object_get_index (others[i])];

      if (to != NULL && (self->to[tide_schema_object_get_index (to)] & TIDE_PLAN_ALTER) != 0)
        tide_plan_add_edge (self, self->step_of_to[tide_schema_object_get_index (to)], step);
    }
}

/* (nullable): the column whose identity makes the sequence @object, and is not that of @other */
static const TideSchemaObject *
find_maker (const TidePlan         *self,
            const TideSchemaObject *object,
            const TideSchemaObject *other)
{
  gboolean is_sequence = tide_schema_object_get_kind (object) == TIDE_OBJECT_SEQUENCE;
  const TideSchemaObject *column = is_sequence && is_of_identity (object) ? tide_plan_find_owning_column (object) : NULL;
  const TideSchemaObject *before = column == NULL ? NULL : self->diff->base_of[tide_schema_object_get_index (column)];

  return before == NULL || tide_schema_object_get_kind (other) != TIDE_OBJECT_SEQUENCE || tide_plan_find_owning_column (other) != before
           ? column : NULL;
}

static void
add_edge_of_names (const TideSchemaObject *object,
                   const TideSchemaObject *other,
                   gpointer                user_data)
{
  TidePlan *self = user_data;
  guint gone = get_gone_step (self, other);
  const TideSchemaObject *maker = find_maker (self, object, other);

  if (maker != NULL)
    tide_plan_add_edge (self, gone, self->step_of_to[tide_schema_object_get_index (maker)]);

  tide_plan_add_edge (self, gone, self->step_of_to[tide_schema_object_get_index (object)]);
  tide_plan_add_edge (self, gone, self->stub_of_to[tide_schema_object_get_index (object)]);
}

/* The step that @object has to wait for when it needs @on. A shell of a type is enough for the functions that the type itself
 * needs; all else needs the whole type. */
static guint
get_step_needed (const TidePlan         *self,
                 const TideSchemaObject *object,
                 const TideSchemaObject *on)
{
  guint index = tide_schema_object_get_index (on);
  const TideSchemaObject *const *needs;
  guint n;

  if (self->stub_of_to[index] == TIDE_PLAN_NO_STEP)
    return self->step_of_to[index];
  if (!tide_plan_is_type (tide_schema_object_get_kind (on)))
    return self->stub_of_to[index];
  needs = tide_schema_get_dependencies (self->diff->to, on, &n);
  for (guint i = 0; i < n; i++)
    if (needs[i] == object)
      return self->stub_of_to[index];
  return self->step_of_to[index];
}

/* A table that inherits is given the columns as they are when it is made: they are to be changed before. */
static void
add_edges_of_heir (TidePlan               *self,
                   const TideSchemaObject *table,
                   const TideSchemaObject *parent)
{
  if (tide_schema_object_get_kind (table) != TIDE_OBJECT_TABLE || tide_schema_object_get_kind (parent) != TIDE_OBJECT_TABLE
      || tide_schema_object_get (table, "inherits") == NULL)
    return;
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (parent); child != NULL;
       child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN)
      tide_plan_add_edge (self, self->step_of_to[tide_schema_object_get_index (child)],
                          self->step_of_to[tide_schema_object_get_index (table)]);
}

static gboolean
is_primary_key (const TideSchemaObject *object)
{
  return tide_schema_object_get_kind (object) == TIDE_OBJECT_CONSTRAINT
         && g_strcmp0 (tide_schema_object_get (object, "type"), "primary key") == 0;
}

/* A table has one primary key at a time, whatever its name. */
static void
add_edges_of_old_key (TidePlan               *self,
                      const TideSchemaObject *key)
{
  const TideSchemaObject *table = self->diff->base_of[tide_schema_object_get_index (tide_schema_object_get_parent (key))];

  if (table == NULL || is_dropped (self, table))
    return;
  for (const TideSchemaObject *old = tide_schema_object_get_first_child (table); old != NULL; old = tide_schema_object_get_next (old))
    if (is_dropped (self, old) && is_primary_key (old))
      tide_plan_add_edge (self, self->step_of_from[tide_schema_object_get_index (old)],
                          self->step_of_to[tide_schema_object_get_index (key)]);
}

/* A table that is there comes to its parents, and to its type, in a later phase. */
static gboolean
is_late_heir (const TidePlan         *self,
              const TideSchemaObject *table,
              const TideSchemaObject *parent)
{
  TideObjectKind kind = tide_schema_object_get_kind (parent);

  return tide_schema_object_get_kind (table) == TIDE_OBJECT_TABLE && (self->to[tide_schema_object_get_index (table)] & TIDE_PLAN_MAKE) == 0
         && ((kind == TIDE_OBJECT_TABLE && tide_schema_object_get (table, "inherits") != NULL) || kind == TIDE_OBJECT_COMPOSITE);
}

static void
add_edges_of_made (TidePlan               *self,
                   const TideSchemaObject *object,
                   GHashTable             *gone)
{
  TideSchemaDiff *diff = self->diff;
  guint index = tide_schema_object_get_index (object);
  guint step = self->step_of_to[index];
  const TideSchemaObject *base = diff->base_of[index];
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (diff->to, object, &n);

  if (is_late_member (self, object))
    {
      add_edges_of_left_members (self, object);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      if (is_ownership (object, on[i]) || is_late_heir (self, object, on[i]))
        continue;
      tide_plan_add_edge (self, get_step_needed (self, object, on[i]), step);
      if ((self->to[index] & TIDE_PLAN_MAKE) != 0)
        add_edges_of_heir (self, object, on[i]);
    }
  tide_plan_add_edge (self, self->stub_of_to[index], step);
  tide_plan_add_edges_of_type (self, object);
  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN)
    {
      const TideSchemaObject *table = diff->base_of[tide_schema_object_get_index (tide_schema_object_get_parent (object))];

      if (table != NULL)
        add_edges_of_leaving_heirs (self, step, table);
    }
  if ((self->to[index] & TIDE_PLAN_MAKE) == 0)
    {
      const TideSchemaObject *parents = tide_plan_find_parents_column (object);

      if (parents != NULL && (self->to[tide_schema_object_get_index (parents)] & TIDE_PLAN_ALTER) != 0)
        tide_plan_add_edge (self, self->step_of_to[tide_schema_object_get_index (parents)], step);
      else if (parents != NULL && self->step_of_to[tide_schema_object_get_index (parents)]
                                    != self->step_of_to[tide_schema_object_get_index (tide_schema_object_get_parent (parents))])
        tide_plan_add_edge (self, step, self->step_of_to[tide_schema_object_get_index (parents)]); /* They are merged then. */
      tide_plan_add_edges_of_persistence (self, object);
      if (tide_schema_object_get_kind (object) == TIDE_OBJECT_FUNCTION)
        tide_plan_names_foreach (gone, object, TRUE, add_edge_of_names, self);
      return;
    }
  add_edges_of_made_merged (self, object);
  tide_plan_add_edges_of_parts (self, object);
  if (base != NULL)
    add_edge_of_names (object, base, self);
  if (is_primary_key (object))
    add_edges_of_old_key (self, object);
  tide_plan_names_foreach (gone, object, TRUE, add_edge_of_names, self);
}

void
tide_plan_make_graph (TidePlan *self)
{
  guint n_from = tide_schema_get_n_objects (self->diff->base);
  guint n_to = tide_schema_get_n_objects (self->diff->to);
  g_autoptr (GHashTable) gone = tide_plan_names_new ();

  g_array_set_size (self->steps, 0);
  g_array_set_size (self->edges, 0);
  add_steps_of_from (self);
  add_steps_of_to (self);
  for (guint i = 0; i < n_from; i++)
    if ((self->from[i] & TIDE_PLAN_DROP) != 0)
      {
        tide_plan_names_add (gone, tide_schema_get_object (self->diff->base, i));
        add_edges_of_dropped (self, tide_schema_get_object (self->diff->base, i));
        add_edges_of_part_gone (self, tide_schema_get_object (self->diff->base, i));
        add_edges_of_dropped_merged (self, tide_schema_get_object (self->diff->base, i));
        tide_plan_add_edges_of_given_checks (self, tide_schema_get_object (self->diff->base, i));
      }
  for (guint i = 0; i < n_to; i++)
    if (self->step_of_to[i] != TIDE_PLAN_NO_STEP)
      add_edges_of_made (self, tide_schema_get_object (self->diff->to, i), gone);
  tide_plan_add_edges_of_stored_rows (self);
}
