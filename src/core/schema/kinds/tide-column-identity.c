/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-column-identity"

#include "config.h"

#include <string.h>

#include "schema/kinds/tide-table-ddl.h"
#include "wire/tide-session.h"

/* Identity columns and their sequences, which have the type of the column at first */

const TideSchemaObject *
tide_column_find_identity_sequence (const TideSchemaObject *column)
{
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependents (tide_schema_object_get_schema (column), column, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (others[i]) == TIDE_OBJECT_SEQUENCE && tide_schema_object_is (others[i], "identity"))
      return others[i];
  return NULL;
}

char *
tide_column_dup_identity (const TideSchemaObject *object)
{
  const TideSchemaObject *sequence = tide_column_find_identity_sequence (object);
  g_autofree char *options = sequence == NULL ? g_strdup ("") : tide_sequence_dup_options (sequence);
  const char *plain = sequence == NULL ? NULL : strstr (options, " START WITH");
  g_autofree char *way = g_ascii_strup (tide_schema_object_get (object, "identity"), -1);

  if (sequence == NULL)
    return g_strdup_printf (" GENERATED %s AS IDENTITY", way);
  return g_strdup_printf (" GENERATED %s AS IDENTITY (SEQUENCE NAME %s%s)", way, tide_schema_object_get (object, "sequence"), plain);
}

/* A row more than it can count to */
gboolean
tide_column_may_run_out (const TideSchemaObject *object)
{
  const TideSchemaObject *sequence = tide_column_find_identity_sequence (object);

  return sequence != NULL && !tide_schema_object_is (sequence, "cycle")
         && (tide_schema_object_get (sequence, "minimum") != NULL || tide_schema_object_get (sequence, "maximum") != NULL
             || g_str_equal (tide_schema_object_get (object, "type"), "smallint"));
}

/* Whether the sequence has another name, under which it is another object, made with nothing and dropped with nothing */
static gboolean
is_renamed (const TideSchemaObject *from,
            const TideSchemaObject *to)
{
  const char *before = tide_schema_object_get (from, "sequence");
  const char *after = tide_schema_object_get (to, "sequence");

  return before != NULL && after != NULL && !g_str_equal (before, after);
}

static gboolean
is_narrowed (const TideSchemaObject *from,
             const TideSchemaObject *to)
{
  static const char *const types[] = { "smallint", "integer", "bigint" };
  int rank_from = -1;
  int rank_to = -1;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      rank_from = g_str_equal (types[i], tide_schema_object_get (from, "type")) ? (int) i : rank_from;
      rank_to = g_str_equal (types[i], tide_schema_object_get (to, "type")) ? (int) i : rank_to;
    }
  return rank_to < rank_from;
}

/* Its name and, where they differ or @always, its options */
static void
add_sequence_change (TideDdl                *ddl,
                     const TideSchemaObject *from,
                     const TideSchemaObject *to,
                     gboolean                always)
{
  const TideSchemaObject *before = tide_column_find_identity_sequence (from);
  const TideSchemaObject *after = tide_column_find_identity_sequence (to);
  g_autofree char *name = after == NULL ? NULL : tide_quote_identifier (tide_schema_object_get_name (after));
  g_autofree char *old_options = before == NULL ? NULL : tide_sequence_dup_options (before);
  g_autofree char *new_options = after == NULL ? NULL : tide_sequence_dup_options (after);

  if (before == NULL || after == NULL)
    return;
  if (is_renamed (from, to))
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER SEQUENCE %s RENAME TO %s", tide_schema_object_get (from, "sequence"), name);
  if (always || !g_str_equal (old_options, new_options))
    tide_sequence_add_change (ddl, before, after, new_options);
}

void
tide_column_add_narrowed_bounds (TideDdl                *ddl,
                                 const TideSchemaObject *from,
                                 const TideSchemaObject *to)
{
  if (is_narrowed (from, to))
    add_sequence_change (ddl, from, to, TRUE);
}

/* The name of its sequence may be that of another column's, which is an identity no more. */
static void
add_release_of_sequence (TideDdl                *ddl,
                         const TideSchemaObject *from,
                         const TideSchemaObject *to)
{
  const TideSchemaObject *sequence = tide_column_find_identity_sequence (to);
  const TideSchemaObject *table = tide_schema_object_get_parent (from);

  for (const TideSchemaObject *other = tide_schema_object_get_first_child (table); sequence != NULL && other != NULL;
       other = tide_schema_object_get_next (other))
    if (other != from && tide_schema_object_get_kind (other) == TIDE_OBJECT_COLUMN
        && g_strcmp0 (tide_schema_object_get (other, "sequence"), tide_schema_object_get (to, "sequence")) == 0)
      {
        g_autofree char *alter = tide_table_dup_alter (to, FALSE);
        g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (other));

        tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s ALTER COLUMN %s DROP IDENTITY IF EXISTS", alter, name);
      }
}

void
tide_column_add_identity (TideDdl                *ddl,
                          const TideSchemaObject *from,
                          const TideSchemaObject *to)
{
  g_autofree char *table = tide_table_dup_alter (to, FALSE);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (to));
  g_autofree char *alter = g_strconcat (table, " ALTER COLUMN ", name, NULL);

  if (tide_schema_object_get (from, "identity") == NULL && tide_schema_object_get (to, "identity") != NULL)
    {
      g_autofree char *identity = tide_column_dup_identity (to);

      add_release_of_sequence (ddl, from, to);
      tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s ADD%s", alter, identity);
      if (tide_column_find_identity_sequence (to) != NULL)
        tide_sequence_add_continuation (ddl, TIDE_DDL_MAIN, tide_column_find_identity_sequence (to), to);
      return;
    }
  if (tide_schema_object_get (to, "identity") == NULL)
    return;
  if (g_strcmp0 (tide_schema_object_get (from, "identity"), tide_schema_object_get (to, "identity")) != 0)
    {
      g_autofree char *way = g_ascii_strup (tide_schema_object_get (to, "identity"), -1);

      tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s SET GENERATED %s", alter, way);
    }
  if (is_renamed (from, to) && !is_narrowed (from, to))
    add_sequence_change (ddl, from, to, FALSE);
}
