/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-table-inheritance"

#include "config.h"

#include "schema/kinds/tide-table-ddl.h"
#include "wire/tide-session.h"

#define HOLDER_PREFIX "tidemark_holder_of_"
#define CHECKS_PREFIX "tidemark_checks_of_"

static char **
split_parents (const TideSchemaObject *table)
{
  const char *parents = table == NULL ? NULL : tide_schema_object_get (table, "inherits");

  return g_strsplit (parents == NULL ? "" : parents, "\n", -1);
}

/* Whether @column was given by a parent and is to be again, but by none of those that stay: without any it would become the
 * table's own, for good */
static gboolean
needs_hold (const TideSchemaObject *column,
            const TideSchemaObject *after,
            char                  **parents,
            guint                   n_kept)
{
  if (after == NULL || !tide_schema_object_is (column, "inherited") || !tide_schema_object_is (after, "inherited")
      || tide_schema_object_get (column, "generated") != NULL
      || g_strcmp0 (tide_schema_object_get (column, "type"), tide_schema_object_get (after, "type")) != 0)
    return FALSE;
  for (guint i = 0; i < n_kept; i++)
    {
      const TideSchemaObject *parent = tide_table_find_parent (tide_schema_object_get_parent (column), parents[i]);

      if (parent != NULL && tide_schema_object_find_column (parent, tide_schema_object_get_name (column)) != NULL)
        return FALSE;
    }
  return TRUE;
}

/* (transfer full) (nullable): the columns, as CREATE TABLE says them, that have to be held while the parents change */
static char *
dup_held (const TideSchemaObject *from,
          const TideSchemaObject *to,
          char                  **parents,
          guint                   n_kept)
{
  GString *held = NULL;

  for (const TideSchemaObject *column = tide_schema_object_get_first_child (from); column != NULL;
       column = tide_schema_object_get_next (column))
    {
      const char *name = tide_schema_object_get_name (column);
      const char *collation = tide_schema_object_get (column, "collation");
      g_autofree char *quoted = tide_quote_identifier (name);

      if (tide_schema_object_get_kind (column) != TIDE_OBJECT_COLUMN
          || !needs_hold (column, tide_schema_object_find_column (to, name), parents, n_kept))
        continue;
      held = held == NULL ? g_string_new (NULL) : g_string_append (held, ", ");
      g_string_append_printf (held, "%s %s%s%s", quoted, tide_schema_object_get (column, "type"),
                              collation == NULL ? "" : " COLLATE ", collation == NULL ? "" : collation);
    }
  return held == NULL ? NULL : g_string_free (held, FALSE);
}

/* `"public"."tidemark_holder_of_users"` */
static char *
dup_holder (const TideSchemaObject *table,
            const char             *prefix)
{
  g_autofree char *schema = tide_quote_identifier (tide_schema_object_get_namespace (table));
  g_autofree char *name = g_strconcat (prefix, tide_schema_object_get_name (table), NULL);
  g_autofree char *quoted = tide_quote_identifier (name);

  return g_strconcat (schema, ".", quoted, NULL);
}

static gboolean
has_check (const TideSchemaObject *table,
           const char             *name)
{
  const TideSchemaObject *child = tide_schema_object_get_first_child (table);

  while (child != NULL
         && (tide_schema_object_get_kind (child) != TIDE_OBJECT_CONSTRAINT || !g_str_equal (tide_schema_object_get_name (child), name)))
    child = tide_schema_object_get_next (child);
  return child != NULL;
}

/* (transfer container) (element-type TideSchemaObject): the checks that @table has from its parents from @first on, and not itself */
static GPtrArray *
find_checks (const TideSchemaObject *table,
             guint                   first)
{
  g_auto (GStrv) parents = split_parents (table);
  GPtrArray *checks = g_ptr_array_new ();

  for (guint i = first; i < g_strv_length (parents); i++)
    {
      const TideSchemaObject *parent = tide_table_find_parent (table, parents[i]);
      const TideSchemaObject *child = parent == NULL ? NULL : tide_schema_object_get_first_child (parent);

      for (; child != NULL; child = tide_schema_object_get_next (child))
        if (tide_schema_object_get_kind (child) == TIDE_OBJECT_CONSTRAINT
            && g_strcmp0 (tide_schema_object_get (child, "type"), "check") == 0
            && !tide_schema_object_is (child, "no_inherit") && !has_check (table, tide_schema_object_get_name (child)))
          g_ptr_array_add (checks, (gpointer) child);
    }
  return checks;
}

/* What old parents gave stays as the table's own: away with it. */
static void
add_drop_of_checks (TideDdl                *ddl,
                    const TideSchemaObject *from,
                    guint                   n_kept)
{
  g_autofree char *alter = tide_table_dup_alter (from, FALSE);
  g_autoptr (GPtrArray) checks = find_checks (from, n_kept);

  for (guint i = 0; i < checks->len; i++)
    {
      g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (g_ptr_array_index (checks, i)));

      tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP CONSTRAINT IF EXISTS %s", alter, name);
    }
}

/* A table that inherits must have the checks of its parents before; that they are not its own only a parent can say. */
static void
add_checks (TideDdl                *ddl,
            const TideSchemaObject *to,
            GPtrArray              *checks,
            const char             *holder)
{
  g_autofree char *alter = tide_table_dup_alter (to, FALSE);
  g_autofree char *name = tide_table_dup_quoted (to);

  tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_NONE, "CREATE TABLE %s (LIKE %s)", holder, name);
  tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "%s INHERIT %s", alter, holder);
  for (guint i = 0; i < checks->len; i++)
    {
      g_autofree char *element
        = tide_object_kind_get_info (TIDE_OBJECT_CONSTRAINT)->inline_element (g_ptr_array_index (checks, i));

      if (element != NULL)
        tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LONG_LOCK | TIDE_HAZARD_FAILS_ON_DATA, "ALTER TABLE %s ADD %s", holder, element);
    }
}

static void
add_release (TideDdl                *ddl,
             const TideSchemaObject *to,
             const char             *holder)
{
  g_autofree char *alter = tide_table_dup_alter (to, FALSE);

  tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "%s NO INHERIT %s", alter, holder);
  tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_NONE, "DROP TABLE %s", holder);
}

static void
change_parents (TideDdl                *ddl,
                const TideSchemaObject *from,
                const TideSchemaObject *to,
                guint                   n_kept)
{
  g_autofree char *alter = tide_table_dup_alter (to, FALSE);
  g_auto (GStrv) before = split_parents (from);
  g_auto (GStrv) after = split_parents (to);
  g_autofree char *held = from == NULL ? NULL : dup_held (from, to, before, n_kept);
  g_autofree char *holder = dup_holder (to, HOLDER_PREFIX);
  g_autofree char *checks_holder = dup_holder (to, CHECKS_PREFIX);
  g_autoptr (GPtrArray) checks = find_checks (to, n_kept);

  if (held != NULL)
    {
      tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE TABLE %s (%s)", holder, held);
      tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s INHERIT %s", alter, holder);
    }
  for (guint i = n_kept; i < g_strv_length (before); i++)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s NO INHERIT %s", alter, before[i]);
  if (from != NULL)
    add_drop_of_checks (ddl, from, n_kept);
  if (checks->len > 0)
    add_checks (ddl, to, checks, checks_holder);
  for (guint i = n_kept; i < g_strv_length (after); i++)
    tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "%s INHERIT %s", alter, after[i]);
  if (checks->len > 0)
    add_release (ddl, to, checks_holder);
  if (held != NULL)
    add_release (ddl, to, holder);
}

void
tide_table_add_inheritance (TideDdl                *ddl,
                            const TideSchemaObject *from,
                            const TideSchemaObject *to)
{
  g_auto (GStrv) before = split_parents (from);
  g_auto (GStrv) after = split_parents (to);
  guint n_kept = 0;

  while (before[n_kept] != NULL && after[n_kept] != NULL && g_str_equal (before[n_kept], after[n_kept]))
    n_kept++;
  change_parents (ddl, from, to, n_kept);
}

static gboolean
becomes_own (const TideSchemaObject *from,
             const TideSchemaObject *to)
{
  return from != NULL && tide_schema_object_get_kind (from) == TIDE_OBJECT_COLUMN && tide_schema_object_is (from, "inherited")
         && tide_schema_object_is (to, "has_parent") && !tide_schema_object_is (to, "inherited");
}

void
tide_column_add_own (TideDdl                *ddl,
                     const TideSchemaObject *from,
                     const TideSchemaObject *to)
{
  const TideSchemaObject *table_from = tide_schema_object_get_parent (from);
  const TideSchemaObject *table_to = tide_schema_object_get_parent (to);
  const TideSchemaObject *other = tide_schema_object_get_first_child (table_to);

  if (!becomes_own (from, to)
      || g_strcmp0 (tide_schema_object_get (table_from, "inherits"), tide_schema_object_get (table_to, "inherits")) != 0)
    return;
  /* The first of its table does it for all */
  for (; other != to; other = tide_schema_object_get_next (other))
    if (tide_schema_object_get_kind (other) == TIDE_OBJECT_COLUMN
        && becomes_own (tide_schema_object_find_column (table_from, tide_schema_object_get_name (other)), other))
      return;
  change_parents (ddl, table_from, table_to, 0);
}
