/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-table-inheritance"

#include "config.h"

#include "schema/kinds/tide-table-ddl.h"
#include "schema/kinds/tide-table-parents.h"
#include "wire/tide-session.h"

#define HOLDER_PREFIX "tidemark_holder_of_"
#define CHECKS_PREFIX "tidemark_checks_of_"

/* (transfer full): the names of the columns that have to be held while the parents change */
static char *
dup_held (const TideSchemaObject *from,
          const TideSchemaObject *to)
{
  GString *held = g_string_new (NULL);

  for (const TideSchemaObject *column = tide_schema_object_get_first_child (from); column != NULL;
       column = tide_schema_object_get_next (column))
    {
      const TideSchemaObject *after = tide_schema_object_find_column (to, tide_schema_object_get_name (column));
      g_autofree char *quoted = tide_quote_identifier (tide_schema_object_get_name (column));

      if (tide_schema_object_get_kind (column) == TIDE_OBJECT_COLUMN && after != NULL && tide_column_needs_hold (column, after))
        g_string_append_printf (held, "%s%s", held->len == 0 ? "" : ", ", quoted);
    }
  return g_string_free (held, FALSE);
}

static gboolean
any_needs_giver (const TideSchemaObject *from,
                 const TideSchemaObject *to)
{
  const TideSchemaObject *child = tide_schema_object_get_first_child (to);

  while (child != NULL && !tide_column_needs_giver (from, child))
    child = tide_schema_object_get_next (child);
  return child != NULL;
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

static gboolean
has_named (GPtrArray  *checks,
           const char *name)
{
  for (guint i = 0; i < checks->len; i++)
    if (g_str_equal (tide_schema_object_get_name (g_ptr_array_index (checks, i)), name))
      return TRUE;
  return FALSE;
}

/* Adds to @checks those that @owner has by way of some of the parents of @table, itself or above it, and does not have itself or from
 * @others. Of a name there is but one. */
static void
collect_checks (GPtrArray              *checks,
                const TideSchemaObject *owner,
                const TideSchemaObject *table,
                guint                   first,
                guint                   end,
                GPtrArray              *others)
{
  g_auto (GStrv) parents = tide_table_split_parents (table);

  for (guint i = first; i < end && parents[i] != NULL; i++)
    {
      const TideSchemaObject *parent = tide_table_find_parent (table, parents[i]);
      const TideSchemaObject *child = parent == NULL ? NULL : tide_schema_object_get_first_child (parent);

      for (; child != NULL; child = tide_schema_object_get_next (child))
        if (tide_schema_object_get_kind (child) == TIDE_OBJECT_CONSTRAINT
            && g_strcmp0 (tide_schema_object_get (child, "type"), "check") == 0
            && !tide_schema_object_is (child, "no_inherit") && !has_check (owner, tide_schema_object_get_name (child))
            && !has_named (checks, tide_schema_object_get_name (child)) && !has_named (others, tide_schema_object_get_name (child)))
          g_ptr_array_add (checks, (gpointer) child);
      if (parent != NULL)
        collect_checks (checks, owner, parent, 0, G_MAXUINT, others);
    }
}

/* (transfer container) (element-type TideSchemaObject): the checks that @table has from its parents from @first on alone */
static GPtrArray *
find_checks (const TideSchemaObject *table,
             guint                   first)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  GPtrArray *checks = g_ptr_array_new ();

  collect_checks (kept, table, table, 0, first, checks);
  collect_checks (checks, table, table, first, G_MAXUINT, kept);
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
  g_auto (GStrv) before = tide_table_split_parents (from);
  g_auto (GStrv) after = tide_table_split_parents (to);
  g_autofree char *held = from == NULL ? g_strdup ("") : dup_held (from, to);
  gboolean has_holder = *held != '\0' || (from != NULL && any_needs_giver (from, to));
  g_autofree char *holder = dup_holder (to, HOLDER_PREFIX);
  g_autofree char *checks_holder = dup_holder (to, CHECKS_PREFIX);
  g_autoptr (GPtrArray) checks = find_checks (to, n_kept);

  if (has_holder)
    {
      g_autofree char *name = tide_table_dup_quoted (to);

      /* Of the types that they have by then, whatever their names are */
      tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE TABLE %s AS SELECT%s%s FROM ONLY %s WITH NO DATA", holder,
                    *held == '\0' ? "" : " ", held, name);
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
  if (has_holder)
    add_release (ddl, to, holder);
}

void
tide_table_add_inheritance (TideDdl                *ddl,
                            const TideSchemaObject *from,
                            const TideSchemaObject *to)
{
  change_parents (ddl, from, to, from == NULL ? 0 : tide_table_count_kept_parents (from, to));
}

char *
tide_column_dup_holder (const TideSchemaObject *from,
                        const TideSchemaObject *to)
{
  return tide_column_needs_hold (from, to) ? dup_holder (tide_schema_object_get_parent (to), HOLDER_PREFIX) : NULL;
}

char *
tide_column_dup_giver (const TideSchemaObject *from,
                       const TideSchemaObject *column)
{
  return tide_column_needs_giver (from, column) ? dup_holder (tide_schema_object_get_parent (column), HOLDER_PREFIX) : NULL;
}
