/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-column-not-null"

#include "config.h"

#include "schema/kinds/tide-table-ddl.h"
#include "wire/tide-session.h"

const TideSchemaObject *
tide_column_find_inherited (const TideSchemaObject *column)
{
  guint n;
  const TideSchemaObject *const *others;

  if (tide_schema_object_get (column, "has_parent") == NULL)
    return NULL;
  others = tide_schema_get_dependencies (tide_schema_object_get_schema (column), tide_schema_object_get_parent (column), &n);
  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *inherited = NULL;

      if (tide_schema_object_get_kind (others[i]) == TIDE_OBJECT_TABLE)
        inherited = tide_schema_object_find_column (others[i], tide_schema_object_get_name (column));
      if (inherited != NULL)
        return inherited;
    }
  return NULL;
}

char *
tide_column_dup_alter (const TideSchemaObject *object,
                       gboolean                only)
{
  g_autofree char *alter = tide_table_dup_alter (object, only);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));

  return g_strconcat (alter, " ALTER COLUMN ", name, NULL);
}

gboolean
tide_column_keeps_whole (const TideSchemaObject *from,
                         const TideSchemaObject *to)
{
  return g_strcmp0 (tide_schema_object_get (tide_schema_object_get_parent (from), "partition_of"),
                    tide_schema_object_get (tide_schema_object_get_parent (to), "partition_of")) == 0;
}

/* Whether a check that is there, and stays, says that @from has no nulls: the server takes its word (12 and newer) */
static gboolean
is_proved (const TideSchemaObject *from,
           const TideSchemaObject *to)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (from));
  g_autofree char *wanted = g_strdup_printf ("(%s IS NOT NULL)", name);

  for (const TideSchemaObject *check = tide_schema_object_get_first_child (tide_schema_object_get_parent (from)); check != NULL;
       check = tide_schema_object_get_next (check))
    {
      const TideSchemaObject *later;

      if (tide_schema_object_get_kind (check) != TIDE_OBJECT_CONSTRAINT
          || g_strcmp0 (tide_schema_object_get (check, "expression"), wanted) != 0
          || tide_schema_object_get (check, "not_valid") != NULL || tide_schema_object_get (check, "not_enforced") != NULL)
        continue;
      later = tide_schema_find_same (tide_schema_object_get_schema (to), check);
      if (later != NULL && g_strcmp0 (tide_schema_object_get (later, "expression"), wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

/* One that is not valid is proved while others read and write; the server takes its word for SET NOT NULL (12 and newer) */
void
tide_column_add_not_null (TideDdl                *ddl,
                          const TideSchemaObject *from,
                          const TideSchemaObject *to)
{
  gboolean only = !tide_table_is_partitioned (to) && tide_ddl_get_server_version (ddl) < 180000;
  g_autofree char *alter = tide_column_dup_alter (to, only);
  g_autofree char *table = tide_table_dup_alter (to, only);
  g_autofree char *column = tide_quote_identifier (tide_schema_object_get_name (to));
  g_autofree char *check_name = tide_name_extend (tide_schema_object_get_name (to), "_not_null");
  g_autofree char *check = tide_quote_identifier (check_name);

  if (tide_schema_object_get (to, "not_null_name") != NULL)
    {
      g_autofree char *name = tide_quote_identifier (tide_schema_object_get (to, "not_null_name"));

      tide_ddl_add (ddl, TIDE_HAZARD_LONG_LOCK | TIDE_HAZARD_FAILS_ON_DATA, "%s ADD CONSTRAINT %s NOT NULL %s", table, name, column);
      return;
    }
  if (from != NULL && is_proved (from, to))
    {
      tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s SET NOT NULL", alter);
      return;
    }
  if (!tide_ddl_is_safer (ddl))
    {
      tide_ddl_add (ddl, TIDE_HAZARD_LONG_LOCK | TIDE_HAZARD_FAILS_ON_DATA, "%s SET NOT NULL", alter);
      return;
    }
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID", table, check, column);
  tide_ddl_add (ddl, TIDE_HAZARD_FAILS_ON_DATA, "%s VALIDATE CONSTRAINT %s", table, check);
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s SET NOT NULL", alter);
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP CONSTRAINT %s", table, check);
}

/* (transfer full): the name of the constraint, quoted */
static char *
dup_name (const TideSchemaObject *column)
{
  const char *name = tide_schema_object_get (column, "not_null_name");
  g_autofree char *usual = g_strdup_printf ("%s_%s_not_null", tide_schema_object_get_name (tide_schema_object_get_parent (column)),
                                            tide_schema_object_get_name (column));

  return tide_quote_identifier (name != NULL ? name : usual);
}

/* NOT NULL of an identity cannot go, but it can be renamed. */
static void
add_not_null_name (TideDdl                *ddl,
                   const TideSchemaObject *from,
                   const TideSchemaObject *to,
                   const char             *alter)
{
  g_autofree char *table = tide_table_dup_alter (to, FALSE);
  g_autofree char *before = dup_name (from);
  g_autofree char *after = dup_name (to);

  if (tide_schema_object_get (from, "identity") != NULL)
    {
      tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s RENAME CONSTRAINT %s TO %s", table, before, after);
      return;
    }
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP NOT NULL", alter);
  tide_column_add_not_null (ddl, from, to);
}

/* What goes with the NOT NULL of the whole @from was in goes from its partitions, too: back to those that are to have it */
static void
add_again_to_partitions (TideDdl                *ddl,
                         const TideSchemaObject *from,
                         const TideSchemaObject *whole)
{
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependents (tide_schema_object_get_schema (whole), whole, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *column = NULL;
      const TideSchemaObject *before = NULL;

      if (tide_schema_object_get_kind (others[i]) == TIDE_OBJECT_TABLE && tide_table_find_whole (others[i]) == whole)
        column = tide_schema_object_find_column (others[i], tide_schema_object_get_name (from));
      if (column != NULL)
        before = tide_schema_find_same (tide_schema_object_get_schema (from), column);
      if (before == NULL || !tide_column_keeps_whole (before, column))
        continue;
      if (tide_schema_object_get (column, "not_null") != NULL)
        {
          g_autofree char *alter = tide_column_dup_alter (column, !tide_table_is_partitioned (column));

          tide_ddl_add (ddl, TIDE_HAZARD_LONG_LOCK, "%s SET NOT NULL", alter);
        }
      else
        add_again_to_partitions (ddl, from, others[i]);
    }
}

void
tide_column_add_nullability (TideDdl                *ddl,
                             const TideSchemaObject *from,
                             const TideSchemaObject *to,
                             gboolean                is_changed,
                             gboolean                is_renamed)
{
  gboolean only = !tide_table_is_partitioned (to) && tide_ddl_get_server_version (ddl) < 180000;
  g_autofree char *alter = tide_column_dup_alter (to, only);
  const TideSchemaObject *parent_from = tide_column_find_inherited (from);
  const TideSchemaObject *parent_to = tide_column_find_inherited (to);

  if (!is_changed && is_renamed)
    add_not_null_name (ddl, from, to, alter);
  else if (is_changed && tide_schema_object_get (to, "not_null") == NULL)
    {
      /* It goes with that of a partition's whole; from PostgreSQL 18 on, of any parent */
      if (parent_from == NULL || parent_to == NULL || tide_schema_object_get (parent_from, "not_null") == NULL || only)
        {
          tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP NOT NULL", alter);
          if (tide_table_is_partitioned (to))
            add_again_to_partitions (ddl, from, tide_schema_object_get_parent (to));
        }
    }
  else if (is_changed)
    {
      if (parent_to == NULL || tide_schema_object_get (parent_to, "not_null") == NULL || !tide_table_is_partition (to)
          || !tide_column_keeps_whole (from, to))
        tide_column_add_not_null (ddl, from, to);
    }
}
