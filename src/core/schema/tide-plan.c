/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/kinds/tide-table-ddl.h"
#include "schema/kinds/tide-table-parents.h"
#include "schema/kinds/tide-table-type.h"
#include "schema/tide-plan.h"

#define COMMON_BITS ((G_GUINT64_CONSTANT (1) << TIDE_N_COMMON_ATTRIBUTES) - 1)

TidePlan *
tide_plan_new (TideSchemaDiff *diff,
               gboolean        safer,
               int             server_version)
{
  TidePlan *self = g_new0 (TidePlan, 1);
  guint n_from = tide_schema_get_n_objects (diff->base) + 1;
  guint n_to = tide_schema_get_n_objects (diff->to) + 1;

  self->diff = diff;
  self->safer = safer;
  self->server_version = server_version;
  self->changed = g_memdup2 (diff->changed, n_to * sizeof (guint64));
  self->from = g_new0 (guint8, n_from);
  self->to = g_new0 (guint8, n_to);
  self->alters = g_new0 (TideDdl *, n_to);
  self->elements = g_new0 (char *, n_to);
  self->goes_with = g_new0 (guint, n_from);
  self->steps = g_array_new (FALSE, FALSE, sizeof (TideStep));
  self->edges = g_array_new (FALSE, FALSE, sizeof (TidePlanEdge));
  self->step_of_from = g_new (guint, n_from);
  self->aside_of_from = g_new (guint, n_from);
  self->step_of_to = g_new (guint, n_to);
  self->stub_of_to = g_new (guint, n_to);
  return self;
}

void
tide_plan_free (TidePlan *self)
{
  guint n_to = tide_schema_get_n_objects (self->diff->to);

  for (guint i = 0; i < n_to; i++)
    {
      g_clear_pointer (&self->alters[i], tide_ddl_free);
      g_free (self->elements[i]);
    }
  g_free (self->changed);
  g_free (self->alters);
  g_free (self->elements);
  g_free (self->from);
  g_free (self->to);
  g_free (self->goes_with);
  g_array_unref (self->steps);
  g_array_unref (self->edges);
  g_free (self->step_of_from);
  g_free (self->aside_of_from);
  g_free (self->step_of_to);
  g_free (self->stub_of_to);
  g_free (self);
}

/* --- what happens to each object --- */

static gboolean
is_changed (const TidePlan         *self,
            const TideSchemaObject *to)
{
  return self->changed[tide_schema_object_get_index (to)] != 0;
}

/* The attribute of @kind that names the type of stored values, as a bit; 0: it has none */
static guint64
get_type_bit (TideObjectKind kind)
{
  guint n = tide_object_kind_get_n_attributes (kind);

  for (guint i = TIDE_N_COMMON_ATTRIBUTES; i < n; i++)
    if ((tide_object_kind_get_attribute (kind, i)->flags & TIDE_ATTRIBUTE_TYPE) != 0)
      return G_GUINT64_CONSTANT (1) << i;
  return 0;
}

/* A foreign key stands on a constraint or an index of another table. */
static gboolean
is_foreign_key (const TideSchemaObject *object)
{
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);
  const TideSchemaObject *const *on;
  guint n;

  if (tide_schema_object_get_kind (object) != TIDE_OBJECT_CONSTRAINT)
    return FALSE;
  on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);
  for (guint i = 0; i < n; i++)
    {
      TideObjectKind kind = tide_schema_object_get_kind (on[i]);

      if (kind == TIDE_OBJECT_INDEX || kind == TIDE_OBJECT_CONSTRAINT)
        return TRUE;
      if (kind == TIDE_OBJECT_COLUMN && tide_schema_object_get_parent (on[i]) != parent)
        return TRUE;
    }
  return FALSE;
}

/* Whether the other column of a foreign key changes its type too: in between, the two may not go together. */
static gboolean
is_foreign_key_of_retyped (const TidePlan         *self,
                           const TideSchemaObject *key,
                           guint64                 type_bit)
{
  guint n_retyped = 0;
  const TideSchemaObject *const *on;
  guint n;

  if (!is_foreign_key (key))
    return FALSE;
  on = tide_schema_get_dependencies (self->diff->base, key, &n);
  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (on[i])];

      if (to != NULL && tide_schema_object_get_kind (to) == TIDE_OBJECT_COLUMN
          && (self->changed[tide_schema_object_get_index (to)] & type_bit) != 0)
        n_retyped++;
    }
  return n_retyped > 1;
}

static void
disturb_dependents (TidePlan               *self,
                    const TideSchemaObject *from,
                    TideDdl                *ddl)
{
  const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (from)];
  guint n;
  const TideSchemaObject *const *dependents = tide_schema_get_dependents (self->diff->base, from, &n);
  guint64 type_bit = get_type_bit (tide_schema_object_get_kind (from));
  gboolean retyped = (self->changed[tide_schema_object_get_index (to)] & type_bit) != 0;

  for (guint i = 0; i < n; i++)
    if (tide_ddl_is_disturbed (ddl, tide_schema_object_get_kind (dependents[i]))
        || (retyped && is_foreign_key_of_retyped (self, dependents[i], type_bit)))
      tide_plan_rebuild (self, dependents[i]);
}

/* %FALSE: it cannot be altered. @extra: attributes that count as changed though their texts are the same */
static gboolean
alter (TidePlan               *self,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 extra)
{
  TideObjectKind kind = tide_schema_object_get_kind (to);
  const TideObjectKindInfo *info = tide_object_kind_get_info (kind);
  guint index = tide_schema_object_get_index (to);
  guint64 changed = (self->changed[index] & ~COMMON_BITS) | extra;
  g_autoptr (TideDdl) ddl = tide_ddl_new (self->safer, self->server_version);

  tide_ddl_set_late_whole (ddl);
  if (changed != 0 && (info->alter == NULL || !info->alter (ddl, from, to, changed)))
    return FALSE;
  g_clear_pointer (&self->alters[index], tide_ddl_free);
  self->alters[index] = g_steal_pointer (&ddl);
  self->to[index] |= TIDE_PLAN_ALTER;
  return TRUE;
}

static gboolean
depends_on (const TideSchemaObject *object,
            const TideSchemaObject *on)
{
  guint n;
  const TideSchemaObject *const *dependencies
    = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    if (dependencies[i] == on)
      return TRUE;
  return FALSE;
}

/* Whether @to, which is altered, no longer stands on what @gone was */
static gboolean
lets_go (const TidePlan         *self,
         const TideSchemaObject *to,
         const TideSchemaObject *gone)
{
  const TideSchemaObject *back = self->diff->to_of[tide_schema_object_get_index (gone)];

  return (self->to[tide_schema_object_get_index (to)] & TIDE_PLAN_ALTER) != 0
         && is_changed (self, to) && (back == NULL || !depends_on (to, back));
}

gboolean
tide_plan_retype (TidePlan               *self,
                  const TideSchemaObject *from)
{
  const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (from)];
  guint64 bit = get_type_bit (tide_schema_object_get_kind (to));

  if (!alter (self, from, to, bit))
    return FALSE;
  self->changed[tide_schema_object_get_index (to)] |= bit;
  return TRUE;
}

/* A column whose type is replaced by another of the same name keeps its values: the old type stays, under another name, until
 * they are moved over. */
static gboolean
move_over (TidePlan               *self,
           const TideSchemaObject *from,
           const TideSchemaObject *to,
           const TideSchemaObject *type)
{
  guint64 bit = get_type_bit (tide_schema_object_get_kind (to));
  guint index = tide_schema_object_get_index (to);

  if (bit == 0 || !tide_plan_is_type (tide_schema_object_get_kind (type)))
    return FALSE;
  if ((self->changed[index] & bit) != 0 && (self->to[index] & TIDE_PLAN_ALTER) != 0)
    {
      self->from[tide_schema_object_get_index (type)] |= TIDE_PLAN_ASIDE;
      return TRUE;
    }
  if (!tide_plan_retype (self, from))
    return FALSE;
  self->from[tide_schema_object_get_index (type)] |= TIDE_PLAN_ASIDE;
  disturb_dependents (self, from, self->alters[index]);
  return TRUE;
}

/* As a bit */
static guint64
get_attribute (TideObjectKind  kind,
               const char     *name)
{
  return G_GUINT64_CONSTANT (1) << tide_object_kind_find_attribute (kind, name);
}

/* A sequence does not go with a column whose values are taken over by another of its name: it is handed over, too. */
static gboolean
hand_over (TidePlan               *self,
           const TideSchemaObject *from,
           const TideSchemaObject *to,
           const TideSchemaObject *gone)
{
  if (tide_schema_object_get_kind (to) != TIDE_OBJECT_SEQUENCE || tide_schema_object_get_kind (gone) != TIDE_OBJECT_COLUMN
      || (self->from[tide_schema_object_get_index (gone)] & TIDE_PLAN_ASIDE) == 0)
    return FALSE;
  self->changed[tide_schema_object_get_index (to)] |= get_attribute (TIDE_OBJECT_SEQUENCE, "owned_by");
  return alter (self, from, to, get_attribute (TIDE_OBJECT_SEQUENCE, "owned_by"));
}

/* A table leaves its type, and comes back to the new one. */
static gboolean
come_back (TidePlan               *self,
           const TideSchemaObject *from,
           const TideSchemaObject *to,
           const TideSchemaObject *gone)
{
  if (tide_schema_object_get_kind (to) != TIDE_OBJECT_TABLE || tide_schema_object_get_kind (gone) != TIDE_OBJECT_COMPOSITE
      || !tide_schema_object_is (from, "of_type"))
    return FALSE;
  self->changed[tide_schema_object_get_index (to)] |= get_attribute (TIDE_OBJECT_TABLE, "of_type");
  return alter (self, from, to, get_attribute (TIDE_OBJECT_TABLE, "of_type"));
}

/* @gone goes: what stood on it has to let go of it, or go too. */
static void
lose (TidePlan               *self,
      const TideSchemaObject *dependent,
      const TideSchemaObject *gone)
{
  guint index = tide_schema_object_get_index (dependent);
  const TideSchemaObject *to = self->diff->to_of[index];

  if ((self->from[index] & TIDE_PLAN_DROP) != 0)
    return;
  if (to == NULL || tide_schema_object_get_parent (dependent) == gone)
    tide_plan_rebuild (self, dependent);
  else if (!lets_go (self, to, gone) && !come_back (self, dependent, to, gone) && !move_over (self, dependent, to, gone) && !hand_over (self, dependent, to, gone))
    tide_plan_rebuild (self, dependent);
}

/* A part of an index of the whole goes only with that. */
static void
rebuild_whole (TidePlan               *self,
               const TideSchemaObject *object)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (object);
  const TideSchemaObject *whole = NULL;

  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_INDEX || tide_schema_object_get_kind (object) == TIDE_OBJECT_CONSTRAINT)
    whole = tide_plan_find_inherited (object);
  if (whole == NULL || (self->from[tide_schema_object_get_index (table)] & TIDE_PLAN_DROP) != 0
      || tide_plan_leaves_whole (self, table))
    return;
  tide_plan_rebuild (self, whole);
  if (tide_schema_object_get_kind (whole) != tide_schema_object_get_kind (object))
    {
      /* A constraint is in the way of an index */
      self->goes_with[tide_schema_object_get_index (object)] = 1 + tide_schema_object_get_index (whole);
      self->takes_along = TRUE;
    }
}

/* The column that tables below have of one goes with that, and all that stands on it there. */
static void
rebuild_given (TidePlan               *self,
               const TideSchemaObject *column)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (column);
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependents (self->diff->base, table, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *below = NULL;
      const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (others[i])];
      gboolean is_part = tide_schema_object_get_kind (others[i]) == TIDE_OBJECT_TABLE && tide_table_find_whole (others[i]) == table;

      if (to == NULL || tide_schema_object_get_kind (to) != TIDE_OBJECT_TABLE)
        continue;
      if (is_part ? !tide_plan_leaves_whole (self, others[i]) : !tide_table_changes_parents (others[i], to))
        below = tide_schema_object_find_column (others[i], tide_schema_object_get_name (column));
      if (below != NULL && (is_part || tide_schema_object_is (below, "inherited")))
        tide_plan_rebuild (self, below);
    }
}

void
tide_plan_rebuild (TidePlan               *self,
                   const TideSchemaObject *object)
{
  guint index = tide_schema_object_get_index (object);
  const TideSchemaObject *to = self->diff->to_of[index];
  const TideSchemaObject *const *dependents;
  guint n;

  if ((self->from[index] & TIDE_PLAN_DROP) != 0 || self->diff->out[0][index])
    return;
  self->from[index] |= TIDE_PLAN_DROP;
  if (to != NULL)
    {
      guint8 *flags = &self->to[tide_schema_object_get_index (to)];

      *flags = (*flags & ~TIDE_PLAN_ALTER) | TIDE_PLAN_MAKE;
      g_clear_pointer (&self->alters[tide_schema_object_get_index (to)], tide_ddl_free);
    }
  dependents = tide_schema_get_dependents (self->diff->base, object, &n);
  for (guint i = 0; i < n; i++)
    lose (self, dependents[i], object);
  rebuild_whole (self, object);
  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN && to != NULL
      && (self->from[tide_schema_object_get_index (tide_schema_object_get_parent (object))] & TIDE_PLAN_DROP) == 0)
    rebuild_given (self, object);
  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN && tide_schema_object_is (object, "in_key"))
    tide_plan_rebuild (self, tide_schema_object_get_parent (object));
}

/* The attributes that count as changed though they are not: a table that leaves parents for a while changes its list of them, one
 * that leaves its type, that; a column that is made anew has another place */
static guint64
get_extra_changes (TidePlan               *self,
                   const TideSchemaObject *from,
                   const TideSchemaObject *to)
{
  if (tide_schema_object_get_kind (to) == TIDE_OBJECT_COLUMN)
    return tide_column_is_before_its_place (from, to) ? get_attribute (TIDE_OBJECT_COLUMN, "order") : 0;
  if (tide_schema_object_get_kind (to) != TIDE_OBJECT_TABLE)
    return 0;
  return (tide_table_changes_parents (from, to) ? get_attribute (TIDE_OBJECT_TABLE, "inherits") : 0)
         | (tide_table_leaves_type (from, to) ? get_attribute (TIDE_OBJECT_TABLE, "of_type") : 0);
}

/* Whether @table of to is asked for, or anything that its columns depend on: any of them, or the type that they come from */
static gboolean
is_any_part_wanted (const TidePlan         *self,
                    const TideSchemaObject *table)
{
  const TideSchemaObject *base = self->diff->base_of[tide_schema_object_get_index (table)];
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (self->diff->to, table, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_COMPOSITE
        && (self->to[tide_schema_object_get_index (on[i])] & TIDE_PLAN_WANT) != 0)
      return TRUE;
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (base); child != NULL; child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN && (self->from[tide_schema_object_get_index (child)] & TIDE_PLAN_REMOVE) != 0)
      return TRUE;
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL; child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN && (self->to[tide_schema_object_get_index (child)] & TIDE_PLAN_WANT) != 0)
      return TRUE;
  return (self->to[tide_schema_object_get_index (table)] & TIDE_PLAN_WANT) != 0;
}

/* Whether what counts as changed of @object, a table or a column, is to be */
static gboolean
is_extra_wanted (const TidePlan         *self,
                 const TideSchemaObject *object)
{
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);

  return is_any_part_wanted (self, parent == NULL ? object : parent);
}

static gboolean
is_taken_over (const TideSchemaObject *from,
               const TideSchemaObject *to)
{
  return to != NULL && tide_schema_object_get_kind (from) == TIDE_OBJECT_COLUMN && tide_column_is_taken_over (from, to);
}

/* The columns of tables that inherit @column go and come with it, if they do not leave before. */
static void
rebuild_below (TidePlan               *self,
               const TideSchemaObject *column)
{
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependents (self->diff->base, tide_schema_object_get_parent (column), &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (others[i])];
      const TideSchemaObject *below = NULL;

      if (tide_schema_object_get_kind (others[i]) == TIDE_OBJECT_TABLE && tide_schema_object_get (others[i], "inherits") != NULL
          && (to == NULL || !tide_table_leaves_parent (others[i], to, tide_schema_object_get_parent (column))))
        below = tide_schema_object_find_column (others[i], tide_schema_object_get_name (column));
      if (below == NULL)
        continue;
      tide_plan_rebuild (self, below);
      rebuild_below (self, below);
    }
}

static gboolean
stays_as_it_is (const TidePlan         *self,
                const TideSchemaObject *from)
{
  const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (from)];

  return (self->from[tide_schema_object_get_index (from)] & TIDE_PLAN_DROP) == 0
         && (to == NULL || (self->to[tide_schema_object_get_index (to)] & TIDE_PLAN_ALTER) == 0);
}

/* The old index serves until the new one is built, if nothing under it changes. */
static void
keep_until_replaced (TidePlan               *self,
                     const TideSchemaObject *index)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (index);
  guint n;
  const TideSchemaObject *const *on;

  tide_schema_get_dependents (self->diff->base, index, &n);
  if (!self->safer || tide_schema_object_get_kind (index) != TIDE_OBJECT_INDEX || n > 0 || !stays_as_it_is (self, table)
      || tide_schema_object_get (table, "partition_key") != NULL || tide_plan_find_inherited (index) != NULL)
    return;
  on = tide_schema_get_dependencies (self->diff->base, index, &n);
  for (guint i = 0; i < n; i++)
    if (!stays_as_it_is (self, on[i]))
      return;
  self->from[tide_schema_object_get_index (index)] |= TIDE_PLAN_ASIDE;
}

/* The sequence of a column that is no identity any more is another one than that of the same name which another column makes. */
static void
rebuild_if_left (TidePlan               *self,
                 const TideSchemaObject *sequence)
{
  const TideSchemaObject *column = tide_schema_object_is (sequence, "identity") ? tide_plan_find_owning_column (sequence) : NULL;
  const TideSchemaObject *after = column == NULL ? NULL : self->diff->to_of[tide_schema_object_get_index (column)];

  if (column != NULL && (after == NULL || tide_schema_object_get (after, "identity") == NULL))
    tide_plan_rebuild (self, sequence);
}

/* All that can be altered comes first: what is lost later may let go. */
void
tide_plan_decide (TidePlan *self)
{
  TideSchemaDiff *diff = self->diff;
  guint n_from = tide_schema_get_n_objects (diff->base);
  guint n_to = tide_schema_get_n_objects (diff->to);
  g_autoptr (GPtrArray) rebuilt = g_ptr_array_new ();

  for (guint i = 0; i < n_to; i++)
    {
      const TideSchemaObject *to = tide_schema_get_object (diff->to, i);
      guint64 extra = diff->base_of[i] == NULL ? 0 : get_extra_changes (self, diff->base_of[i], to);

      if ((self->to[i] & TIDE_PLAN_WANT) == 0 && (extra == 0 || !is_extra_wanted (self, to)))
        continue;
      self->changed[i] |= extra;
      if (diff->base_of[i] == NULL)
        self->to[i] |= TIDE_PLAN_MAKE;
      else if (self->changed[i] != 0 && !alter (self, diff->base_of[i], to, extra))
        g_ptr_array_add (rebuilt, (gpointer) diff->base_of[i]);
    }
  for (guint i = 0; i < n_from; i++)
    if ((self->from[i] & TIDE_PLAN_REMOVE) != 0)
      tide_plan_rebuild (self, tide_schema_get_object (diff->base, i));
  for (guint i = 0; i < rebuilt->len; i++)
    {
      guint index = tide_schema_object_get_index (g_ptr_array_index (rebuilt, i));

      if (is_taken_over (g_ptr_array_index (rebuilt, i), diff->to_of[index]))
        {
          self->from[index] |= TIDE_PLAN_ASIDE;
          rebuild_below (self, g_ptr_array_index (rebuilt, i));
        }
      tide_plan_rebuild (self, g_ptr_array_index (rebuilt, i));
    }
  for (guint i = 0; i < n_to; i++)
    if (diff->base_of[i] != NULL && tide_schema_object_get_kind (diff->base_of[i]) == TIDE_OBJECT_SEQUENCE
        && tide_schema_object_is (tide_schema_get_object (diff->to, i), "identity"))
      rebuild_if_left (self, diff->base_of[i]);
  for (guint i = 0; i < n_to; i++)
    if ((self->to[i] & (TIDE_PLAN_MAKE | TIDE_PLAN_ALTER)) != 0)
      tide_plan_rebuild_twins (self, tide_schema_get_object (diff->to, i));
  for (guint i = 0; i < n_from; i++)
    tide_plan_rebuild_given_checks (self, tide_schema_get_object (diff->base, i));
  for (guint i = 0; i < n_to; i++)
    if (self->alters[i] != NULL)
      tide_plan_rebuild_references (self, tide_schema_get_object (diff->to, i));
  tide_plan_park_stored_rows (self);
  for (guint i = 0; i < n_to; i++)
    if (self->alters[i] != NULL)
      disturb_dependents (self, diff->base_of[i], self->alters[i]);
  for (guint i = 0; i < rebuilt->len; i++)
    keep_until_replaced (self, g_ptr_array_index (rebuilt, i));
}
