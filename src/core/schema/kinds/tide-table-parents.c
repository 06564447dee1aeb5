/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-table-parents"

#include "config.h"

#include "schema/kinds/tide-table-ddl.h"
#include "schema/kinds/tide-table-parents.h"
#include "schema/kinds/tide-table-type.h"

static const char *
get_parents (const TideSchemaObject *table)
{
  return table == NULL ? NULL : tide_schema_object_get (table, "inherits");
}

char **
tide_table_split_parents (const TideSchemaObject *table)
{
  const char *parents = get_parents (table);

  return g_strsplit (parents == NULL ? "" : parents, "\n", -1);
}

static const TideSchemaObject *
find_in_parent (const TideSchemaObject *column,
                const char             *parent)
{
  const TideSchemaObject *table = tide_table_find_parent (tide_schema_object_get_parent (column), parent);

  return table == NULL ? NULL : tide_schema_object_find_column (table, tide_schema_object_get_name (column));
}

static gboolean
is_given_by (const TideSchemaObject *column,
             char                  **parents,
             guint                   n_parents)
{
  for (guint i = 0; i < n_parents; i++)
    if (find_in_parent (column, parents[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
is_same (const TideSchemaObject *from,
         const TideSchemaObject *to,
         const char             *attribute)
{
  return g_strcmp0 (tide_schema_object_get (from, attribute), tide_schema_object_get (to, attribute)) == 0;
}

/* Where @column comes from in the end */
static const TideSchemaObject *
find_root (const TideSchemaObject *column)
{
  g_auto (GStrv) parents = tide_table_split_parents (tide_schema_object_get_parent (column));

  for (guint i = 0; parents[i] != NULL; i++)
    {
      const TideSchemaObject *inherited = find_in_parent (column, parents[i]);

      if (inherited != NULL)
        return find_root (inherited);
    }
  return column;
}

/* The server alters the type only of what comes from one table in the end. */
static gboolean
has_two_roots (const TideSchemaObject *column)
{
  g_auto (GStrv) parents = tide_table_split_parents (tide_schema_object_get_parent (column));
  const TideSchemaObject *root = NULL;

  for (guint i = 0; parents[i] != NULL; i++)
    {
      const TideSchemaObject *inherited = find_in_parent (column, parents[i]);
      const TideSchemaObject *other = inherited == NULL ? root : find_root (inherited);

      if (root != NULL && other != root)
        return TRUE;
      root = other;
    }
  return FALSE;
}

static gboolean
becomes_own (const TideSchemaObject *from,
             const TideSchemaObject *to)
{
  return tide_schema_object_is (from, "inherited") && tide_schema_object_is (to, "has_parent")
         && !tide_schema_object_is (to, "inherited");
}

static gboolean
needs_no_parents (const TideSchemaObject *from,
                  const TideSchemaObject *to)
{
  if (becomes_own (from, to) || tide_column_is_taken_over (from, to))
    return TRUE;
  return tide_schema_object_is (from, "has_parent") && (!is_same (from, to, "type") || !is_same (from, to, "collation"))
         && has_two_roots (from);
}

static guint
count_kept (const TideSchemaObject *from,
            const TideSchemaObject *to,
            char                  **before,
            char                  **after)
{
  guint n_kept = 0;

  while (before[n_kept] != NULL && after[n_kept] != NULL && g_str_equal (before[n_kept], after[n_kept]))
    n_kept++;
  for (const TideSchemaObject *column = tide_schema_object_get_first_child (to); n_kept > 0 && column != NULL;
       column = tide_schema_object_get_next (column))
    {
      const TideSchemaObject *old = NULL;

      if (tide_schema_object_get_kind (column) == TIDE_OBJECT_COLUMN)
        old = tide_schema_object_find_column (from, tide_schema_object_get_name (column));
      if (old != NULL && needs_no_parents (old, column))
        return 0;
    }
  return n_kept;
}

guint
tide_table_count_kept_parents (const TideSchemaObject *from,
                               const TideSchemaObject *to)
{
  g_auto (GStrv) before = NULL;
  g_auto (GStrv) after = NULL;

  if (get_parents (from) == NULL || get_parents (to) == NULL)
    return 0;
  before = tide_table_split_parents (from);
  after = tide_table_split_parents (to);
  return count_kept (from, to, before, after);
}

gboolean
tide_table_changes_parents (const TideSchemaObject *from,
                            const TideSchemaObject *to)
{
  if (get_parents (from) == NULL && get_parents (to) == NULL)
    return FALSE;
  return !is_same (from, to, "inherits") || tide_table_count_kept_parents (from, to) == 0;
}

/* Whether one of the parents that stay gives @column, which is of @from or of @to */
static gboolean
is_given_by_kept (const TideSchemaObject *column,
                  const TideSchemaObject *from,
                  const TideSchemaObject *to)
{
  g_auto (GStrv) parents = tide_table_split_parents (from);

  return is_given_by (column, parents, tide_table_count_kept_parents (from, to));
}

gboolean
tide_column_stays_with_parent (const TideSchemaObject *from,
                               const TideSchemaObject *to)
{
  const TideSchemaObject *before = tide_schema_object_get_parent (from);
  const TideSchemaObject *after = tide_schema_object_get_parent (to);

  return is_given_by_kept (from, before, after) && is_given_by_kept (to, before, after);
}

gboolean
tide_column_stays_behind (const TideSchemaObject *column,
                          const TideSchemaObject *to)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (column);

  return to != NULL && tide_schema_object_is (column, "inherited") && tide_table_changes_parents (table, to)
         && !is_given_by_kept (column, table, to);
}

gboolean
tide_column_needs_hold (const TideSchemaObject *from,
                        const TideSchemaObject *to)
{
  const TideSchemaObject *before = tide_schema_object_get_parent (from);
  const TideSchemaObject *after = tide_schema_object_get_parent (to);

  return tide_schema_object_is (from, "inherited") && tide_schema_object_is (to, "inherited")
         && tide_schema_object_get (from, "generated") == NULL && tide_table_changes_parents (before, after)
         && !tide_column_stays_with_parent (from, to);
}

gboolean
tide_column_needs_giver (const TideSchemaObject *from,
                         const TideSchemaObject *object)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (object);
  const TideSchemaObject *old;

  if (tide_schema_object_get_kind (object) != TIDE_OBJECT_COLUMN || !tide_schema_object_is (object, "inherited")
      || !tide_table_changes_parents (from, table)
      || is_given_by_kept (object, from, table))
    return FALSE;
  old = tide_schema_object_find_column (from, tide_schema_object_get_name (object));
  return old == NULL || tide_column_is_taken_over (old, object);
}

gboolean
tide_table_leaves_parent (const TideSchemaObject *from,
                          const TideSchemaObject *to,
                          const TideSchemaObject *parent)
{
  g_auto (GStrv) parents = tide_table_split_parents (from);
  guint n_kept = tide_table_changes_parents (from, to) ? tide_table_count_kept_parents (from, to) : g_strv_length (parents);

  for (guint i = 0; i < n_kept; i++)
    if (tide_table_find_parent (from, parents[i]) == parent)
      return FALSE;
  return TRUE;
}

/* How many of the parents that stay when its table becomes @to give @column */
static guint
count_givers (const TideSchemaObject *column,
              const TideSchemaObject *to)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (column);
  g_auto (GStrv) parents = tide_table_split_parents (table);
  guint n = 0;

  for (guint i = 0; parents[i] != NULL; i++)
    n += find_in_parent (column, parents[i]) != NULL
         && !tide_table_leaves_parent (table, to, tide_table_find_parent (table, parents[i]));
  return n;
}

/* Whether all tables that inherit @column and do not leave its table have it from there alone, before and, in the schema @to, after:
 * what is done to it is done to theirs */
static gboolean
is_followed (const TideSchemaObject *column,
             const TideSchema       *to)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (column);
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependents (tide_schema_object_get_schema (table), table, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *other;
      const TideSchemaObject *after;
      const TideSchemaObject *below;

      if (tide_schema_object_get_kind (others[i]) != TIDE_OBJECT_TABLE || get_parents (others[i]) == NULL)
        continue;
      other = tide_schema_find_same (to, others[i]);
      if (other != NULL && tide_table_leaves_parent (others[i], other, table))
        continue;
      below = tide_schema_object_find_column (others[i], tide_schema_object_get_name (column));
      after = other == NULL ? NULL : tide_schema_object_find_column (other, tide_schema_object_get_name (column));
      if (below == NULL || after == NULL || !tide_schema_object_is (below, "inherited") || !tide_schema_object_is (after, "inherited")
          || count_givers (below, other) != 1 || !is_followed (below, to))
        return FALSE;
    }
  return TRUE;
}

gboolean
tide_column_is_taken_over (const TideSchemaObject *from,
                           const TideSchemaObject *to)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (from);

  if (tide_column_is_before_its_place (from, to))
    return TRUE;
  return tide_schema_object_is (to, "inherited") && !tide_schema_object_is (from, "inherited")
         && get_parents (tide_schema_object_get_parent (to)) != NULL && tide_schema_object_get (table, "partition_of") == NULL
         && is_followed (from, tide_schema_object_get_schema (to));
}
