/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/kinds/tide-table-ddl.h"
#include "schema/tide-plan.h"
#include "wire/tide-session.h"

/* Partitions and what they have of their whole: which is part of which, and when it becomes one */

/* (nullable): the index of the whole, its own or a constraint's, that @object's is attached to */
static const TideSchemaObject *
find_whole_index (const TideSchemaObject *object,
                  const char             *whole)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    {
      TideObjectKind kind = tide_schema_object_get_kind (on[i]);
      g_autofree char *schema = NULL;
      g_autofree char *name = NULL;
      g_autofree char *quoted = NULL;

      if (kind != TIDE_OBJECT_INDEX && kind != TIDE_OBJECT_CONSTRAINT)
        continue;
      schema = tide_quote_identifier (tide_schema_object_get_namespace (on[i]));
      name = tide_quote_identifier (tide_schema_object_get_name (on[i]));
      quoted = g_strconcat (schema, ".", name, NULL);
      if (g_str_equal (quoted, whole))
        return on[i];
    }
  return NULL;
}

/* What a partition has because its parent has it goes with that of the parent. */
const TideSchemaObject *
tide_plan_find_inherited (const TideSchemaObject *object)
{
  TideObjectKind kind = tide_schema_object_get_kind (object);

  TideSchema *schema = tide_schema_object_get_schema (object);
  const TideSchemaObject *table = tide_schema_object_get_parent (object);
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (schema, object, &n);

  if (kind == TIDE_OBJECT_INDEX || kind == TIDE_OBJECT_CONSTRAINT)
    {
      const char *whole = tide_schema_object_get (object, "partition_of");

      return whole == NULL ? NULL : find_whole_index (object, whole);
    }
  for (guint i = 0; i < n && table != NULL; i++)
    {
      const TideSchemaObject *other = tide_schema_object_get_parent (on[i]);
      const TideSchemaObject *const *tables;
      guint n_tables;

      if (tide_schema_object_get_kind (on[i]) != tide_schema_object_get_kind (object) || other == NULL || other == table)
        continue;
      tables = tide_schema_get_dependencies (schema, table, &n_tables);
      for (guint t = 0; t < n_tables; t++)
        if (tables[t] == other)
          return on[i];
    }
  return NULL;
}

gboolean
tide_plan_leaves_whole (const TidePlan         *self,
                        const TideSchemaObject *table)
{
  const TideSchemaObject *to = self->diff->to_of[tide_schema_object_get_index (table)];

  return to != NULL && (self->to[tide_schema_object_get_index (to)] & TIDE_PLAN_ALTER) != 0
         && g_strcmp0 (tide_schema_object_get (table, "partition_of"), tide_schema_object_get (to, "partition_of")) != 0;
}

/* Whether a check of a new table cannot stand inside its CREATE */
static gboolean
has_later_check (const TidePlan         *self,
                 const TideSchemaObject *table)
{
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL;
       child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_CONSTRAINT
        && g_strcmp0 (tide_schema_object_get (child, "type"), "check") == 0
        && self->step_of_to[tide_schema_object_get_index (child)] != self->step_of_to[tide_schema_object_get_index (table)])
      return TRUE;
  return FALSE;
}

/* A new partition of a new whole is one from the beginning; else it may have to wait for the whole, or for others to leave. */
static gboolean
becomes_partition_late (const TidePlan         *self,
                        const TideSchemaObject *table)
{
  const TideSchemaObject *whole = tide_table_find_whole (table);
  guint index = tide_schema_object_get_index (table);
  const TideSchemaObject *base = self->diff->base_of[index];

  if (whole == NULL)
    return FALSE;
  if ((self->to[index] & TIDE_PLAN_MAKE) == 0)
    return base != NULL && (g_strcmp0 (tide_schema_object_get (base, "partition_of"), tide_schema_object_get (table, "partition_of")) != 0
                            || g_strcmp0 (tide_schema_object_get (base, "partition_bound"),
                                          tide_schema_object_get (table, "partition_bound")) != 0);
  for (; whole != NULL; whole = tide_table_find_whole (whole))
    if ((self->to[tide_schema_object_get_index (whole)] & TIDE_PLAN_MAKE) == 0 || has_later_check (self, whole))
      return TRUE;
  return FALSE;
}

static gboolean
is_foreign_key (const TideSchemaObject *object)
{
  return tide_schema_object_get_kind (object) == TIDE_OBJECT_CONSTRAINT
         && g_strcmp0 (tide_schema_object_get (object, "type"), "foreign key") == 0;
}

/* Whether any part of @whole, at any depth, becomes one late */
static gboolean
has_late_part (const TidePlan         *self,
               const TideSchemaObject *whole)
{
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependents (self->diff->to, whole, &n);

  for (guint i = 0; i < n; i++)
    if (tide_table_find_whole (others[i]) == whole && (becomes_partition_late (self, others[i]) || has_late_part (self, others[i])))
      return TRUE;
  return FALSE;
}

const TideSchemaObject *
tide_plan_find_referenced (const TideSchemaObject *key)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (key), key, &n);

  for (guint i = 0; is_foreign_key (key) && i < n; i++)
    {
      const TideSchemaObject *table = tide_schema_object_get_parent (on[i]);

      if (table != NULL && table != tide_schema_object_get_parent (key) && tide_schema_object_get_kind (table) == TIDE_OBJECT_TABLE)
        return table;
    }
  return NULL;
}

gboolean
tide_plan_has_late_whole (const TidePlan         *self,
                          const TideSchemaObject *object)
{
  const TideSchemaObject *whole;
  const TideSchemaObject *referenced = tide_plan_find_referenced (object);

  if (referenced != NULL && tide_schema_object_get (referenced, "partition_key") != NULL && has_late_part (self, referenced))
    return TRUE;
  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_TABLE)
    return becomes_partition_late (self, object);
  if (tide_schema_object_get_kind (object) != TIDE_OBJECT_INDEX && tide_schema_object_get_kind (object) != TIDE_OBJECT_CONSTRAINT)
    return FALSE;
  whole = tide_plan_find_inherited (object);
  return whole != NULL && (tide_schema_object_is (whole, "invalid") || becomes_partition_late (self, tide_schema_object_get_parent (object)));
}

guint
tide_plan_get_depth (const TideSchemaObject *object)
{
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);
  guint depth = 0;

  for (object = parent == NULL ? object : parent; object != NULL; object = tide_table_find_whole (object))
    depth++;
  return depth;
}

/* --- what before what --- */

static gboolean
is_key (const TideSchemaObject *object)
{
  const char *type = tide_schema_object_get_kind (object) == TIDE_OBJECT_CONSTRAINT ? tide_schema_object_get (object, "type") : NULL;

  return g_strcmp0 (type, "primary key") == 0 || g_strcmp0 (type, "unique") == 0;
}

/* Columns of two indexes, but for which end comes first, which the server does not look at */
static gboolean
are_columns_alike (const char *left,
                   const char *right)
{
  static const char *const orders[] = { " DESC", " NULLS FIRST", " NULLS LAST" };
  g_autoptr (GString) one = g_string_new (left);
  g_autoptr (GString) other = g_string_new (right);

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_string_replace (one, orders[i], "", 0);
      g_string_replace (other, orders[i], "", 0);
    }
  return g_string_equal (one, other);
}

/* Whether the server could take @other of the same table, an index or that of a key, for @part when it looks for a part of a whole's.
 * For a key's part it takes none but keys; for an index's part it does take a key. */
static gboolean
may_be_taken (const TideSchemaObject *other,
              const TideSchemaObject *part)
{
  static const char *const of_indexes[] = { "method", "unique", "predicate" };
  static const char *const of_all[] = { "include", "nulls_not_distinct" };
  gboolean is_index = tide_schema_object_get_kind (other) == TIDE_OBJECT_INDEX;
  gboolean of_index = tide_schema_object_get_kind (part) == TIDE_OBJECT_INDEX;

  if (!(is_index || is_key (other)) || !(of_index || is_key (part)) || (is_index && !of_index))
    return FALSE;
  for (guint i = 0; is_index && i < G_N_ELEMENTS (of_indexes); i++)
    if (g_strcmp0 (tide_schema_object_get (other, of_indexes[i]), tide_schema_object_get (part, of_indexes[i])) != 0)
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (of_all); i++)
    if (g_strcmp0 (tide_schema_object_get (other, of_all[i]), tide_schema_object_get (part, of_all[i])) != 0)
      return FALSE;
  if (of_index && !is_index && (!tide_schema_object_is (part, "unique") || tide_schema_object_is (part, "predicate")))
    return FALSE;
  return are_columns_alike (tide_schema_object_get (other, "columns"), tide_schema_object_get (part, "columns"));
}

/* Whether what @left is a part of is older, when the script has run, than that of @right */
static gboolean
has_older_whole (const TidePlan         *self,
                 const TideSchemaObject *left,
                 const TideSchemaObject *right)
{
  const TideSchemaObject *older = tide_plan_find_inherited (left);
  const TideSchemaObject *younger = tide_plan_find_inherited (right);
  gboolean old_is_made;
  gboolean young_is_made;

  if (older == NULL || younger == NULL)
    return FALSE;
  old_is_made = (self->to[tide_schema_object_get_index (older)] & TIDE_PLAN_MAKE) != 0;
  young_is_made = (self->to[tide_schema_object_get_index (younger)] & TIDE_PLAN_MAKE) != 0;
  if (old_is_made != young_is_made)
    return young_is_made;
  return tide_schema_object_get_index (older) < tide_schema_object_get_index (younger);
}

/* When a table becomes a partition, the server joins its indexes to those of the whole that are like them, the older first. */
static void
add_edges_of_twins (TidePlan               *self,
                    const TideSchemaObject *object)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (object);
  const TideSchemaObject *other;

  /* A key inside of CREATE TABLE is there before the whole's. */
  if (tide_schema_object_get_kind (object) != TIDE_OBJECT_INDEX
      && (!is_key (object) || self->step_of_to[tide_schema_object_get_index (object)] == self->step_of_to[tide_schema_object_get_index (table)]))
    return;
  for (other = tide_schema_object_get_first_child (table); other != NULL; other = tide_schema_object_get_next (other))
    {
      guint step = self->step_of_to[tide_schema_object_get_index (other)];

      if (other != object && step != TIDE_PLAN_NO_STEP && may_be_taken (object, other)
          && (has_older_whole (self, other, object)
              || (tide_plan_find_inherited (object) == NULL && tide_plan_find_inherited (other) != NULL)))
        tide_plan_add_edge (self, step, self->step_of_to[tide_schema_object_get_index (object)]);
    }
}

/* Partitions become such before the whole has keys and indexes: what they have is then joined to those one by one. */
static void
add_edges_of_partitions (TidePlan               *self,
                         const TideSchemaObject *object)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (object);
  TideObjectKind kind = tide_schema_object_get_kind (object);
  guint n;
  const TideSchemaObject *const *others;

  if ((kind != TIDE_OBJECT_INDEX && kind != TIDE_OBJECT_CONSTRAINT) || tide_schema_object_get_kind (table) != TIDE_OBJECT_TABLE
      || tide_schema_object_get (table, "partition_key") == NULL
      || self->step_of_to[tide_schema_object_get_index (table)] == self->step_of_to[tide_schema_object_get_index (object)])
    return;
  others = tide_schema_get_dependents (self->diff->to, table, &n);
  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (others[i]) == TIDE_OBJECT_TABLE
        && (self->to[tide_schema_object_get_index (others[i])] & TIDE_PLAN_MAKE) != 0)
      tide_plan_add_edge (self, self->step_of_to[tide_schema_object_get_index (others[i])],
                          self->step_of_to[tide_schema_object_get_index (object)]);
}

/* A key of a whole is valid, and can be referred to, when it has all its parts. */
static void
add_edges_of_parts (TidePlan               *self,
                    guint                   step,
                    const TideSchemaObject *key)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (key);
  guint n;
  const TideSchemaObject *const *others;

  /* Of any other table thousands may refer to the key, and each would be looked at for each. */
  if (tide_schema_object_get_kind (table) != TIDE_OBJECT_TABLE || tide_schema_object_get (table, "partition_key") == NULL)
    return;
  others = tide_schema_get_dependents (self->diff->to, key, &n);
  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_parent (others[i]) != NULL && tide_plan_find_inherited (others[i]) == key)
      {
        tide_plan_add_edge (self, self->step_of_to[tide_schema_object_get_index (others[i])], step);
        add_edges_of_parts (self, step, others[i]);
      }
}

static gboolean
refers_to_key (const TideSchemaObject *object,
               const TideSchemaObject *on)
{
  TideObjectKind kind = tide_schema_object_get_kind (on);

  return tide_schema_object_get_kind (object) == TIDE_OBJECT_CONSTRAINT
         && (kind == TIDE_OBJECT_INDEX || kind == TIDE_OBJECT_CONSTRAINT) && tide_plan_find_inherited (object) == NULL;
}

void
tide_plan_add_edges_of_parts (TidePlan               *self,
                              const TideSchemaObject *object)
{
  guint step = self->step_of_to[tide_schema_object_get_index (object)];
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (self->diff->to, object, &n);

  for (guint i = 0; i < n; i++)
    if (refers_to_key (object, on[i]))
      add_edges_of_parts (self, step, on[i]);
  add_edges_of_twins (self, object);
  add_edges_of_partitions (self, object);
}

/* Which of two that are alike is older nobody but the server knows: one of them, made anew, is the younger. */
static void
rebuild_whole (TidePlan               *self,
               const TideSchemaObject *left,
               const TideSchemaObject *right)
{
  const TideSchemaObject *whole = has_older_whole (self, left, right) ? tide_plan_find_inherited (right) : tide_plan_find_inherited (left);
  const TideSchemaObject *base = whole == NULL ? NULL : self->diff->base_of[tide_schema_object_get_index (whole)];

  if (base != NULL)
    tide_plan_rebuild (self, base);
}

static void
make_younger (TidePlan               *self,
              const TideSchemaObject *other,
              const TideSchemaObject *part)
{
  const TideSchemaObject *base = self->diff->base_of[tide_schema_object_get_index (other)];

  if (tide_plan_find_inherited (other) != NULL)
    rebuild_whole (self, part, other);
  if (base != NULL && (tide_plan_find_inherited (other) == NULL || has_older_whole (self, part, other)))
    tide_plan_rebuild (self, base);
}

/* Of two that are alike the server would take the older for the part: it is to be the younger. A key inside CREATE TABLE is the oldest. */
void
tide_plan_rebuild_twins (TidePlan               *self,
                         const TideSchemaObject *part)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (part);
  gboolean is_made;
  gboolean is_late;

  if ((tide_schema_object_get_kind (part) != TIDE_OBJECT_INDEX && !is_key (part)) || tide_plan_find_inherited (part) == NULL)
    return;
  is_made = (self->to[tide_schema_object_get_index (table)] & TIDE_PLAN_MAKE) != 0;
  is_late = becomes_partition_late (self, table);
  for (const TideSchemaObject *other = tide_schema_object_get_first_child (table); other != NULL; other = tide_schema_object_get_next (other))
    if (other != part && may_be_taken (other, part))
      {
        if (is_made && tide_plan_find_inherited (other) == NULL)
          self->to[tide_schema_object_get_index (other)] |= TIDE_PLAN_OUTLINE;
        if (is_late)
          make_younger (self, other, part);
      }
}

void
tide_plan_rebuild_references (TidePlan               *self,
                              const TideSchemaObject *table)
{
  const TideSchemaObject *base = self->diff->base_of[tide_schema_object_get_index (table)];
  const TideSchemaObject *whole = tide_table_find_whole (base);

  if (whole == NULL || tide_plan_leaves_whole (self, base)
      || g_strcmp0 (tide_schema_object_get (base, "partition_bound"), tide_schema_object_get (table, "partition_bound")) == 0)
    return;
  for (; whole != NULL; whole = tide_table_find_whole (whole))
    for (const TideSchemaObject *key = tide_schema_object_get_first_child (whole); key != NULL; key = tide_schema_object_get_next (key))
      {
        guint n;
        const TideSchemaObject *const *others = tide_schema_get_dependents (self->diff->base, key, &n);

        for (guint i = 0; i < n; i++)
          if (is_foreign_key (others[i]) && tide_plan_find_inherited (others[i]) == NULL
              && tide_schema_object_get_parent (others[i]) != whole)
            tide_plan_rebuild (self, others[i]);
      }
}

const TideSchemaObject *
tide_plan_find_parents_column (const TideSchemaObject *column)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (column);
  guint n;
  const TideSchemaObject *const *on;

  if (tide_schema_object_get_kind (column) != TIDE_OBJECT_COLUMN || !tide_schema_object_is (column, "has_parent"))
    return NULL;
  on = tide_schema_get_dependencies (tide_schema_object_get_schema (column), table, &n);
  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *other = NULL;

      if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_TABLE)
        other = tide_schema_object_find_column (on[i], tide_schema_object_get_name (column));
      if (other != NULL)
        return other;
    }
  return NULL;
}

void
tide_plan_add_edge_of_given (TidePlan               *self,
                             const TideSchemaObject *column)
{
  const TideSchemaObject *parents = tide_plan_find_parents_column (column);
  guint step = self->step_of_from[tide_schema_object_get_index (column)];
  guint dropped = parents == NULL ? TIDE_PLAN_NO_STEP : self->step_of_from[tide_schema_object_get_index (parents)];

  if (dropped != TIDE_PLAN_NO_STEP && self->diff->to_of[tide_schema_object_get_index (column)] != NULL
      && self->diff->to_of[tide_schema_object_get_index (parents)] != NULL
      && (tide_schema_object_is (column, "inherited") || tide_table_is_partition (column))
      && step != self->step_of_from[tide_schema_object_get_index (tide_schema_object_get_parent (column))]
      && dropped != self->step_of_from[tide_schema_object_get_index (tide_schema_object_get_parent (parents))])
    tide_plan_add_edge (self, step, dropped);
}
