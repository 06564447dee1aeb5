/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-choice"

#include "config.h"

#include "backup/tide-backup-choice.h"
#include "wire/tide-session.h"

/* Views and sequences come along with what they belong to; a partition can be taken alone, and comes with its parent. */
#define TABLES_SQL \
  "SELECT n.nspname, c.relname, COALESCE(p.bytes, pg_catalog.pg_total_relation_size(c.oid)), p.n\n" \
  "  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n" \
  "  LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE isleaf) AS n, sum(pg_catalog.pg_total_relation_size(relid)) AS bytes\n" \
  "  FROM pg_catalog.pg_partition_tree(c.oid)) p ON c.relkind = 'p'\n" \
  " WHERE c.relkind IN ('r', 'p', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'\n" \
  " ORDER BY 1, 2"

#define SIZE_SQL \
  "SELECT pg_catalog.pg_database_size(pg_catalog.current_database())"

static void
table_free (TideBackupChoiceTable *self)
{
  g_free (self->schema);
  g_free (self->name);
  g_free (self);
}

static void
add_tables (TideBackupChoice      *self,
            const TideResult *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideBackupChoiceTable *table = g_new0 (TideBackupChoiceTable, 1);

      table->schema = g_strdup (tide_result_get_value (result, i, 0));
      table->name = g_strdup (tide_result_get_value (result, i, 1));
      table->bytes = tide_result_get_int64 (result, i, 2);
      table->is_partitioned = tide_result_get_value (result, i, 3) != NULL;
      table->n_partitions = tide_result_get_int64 (result, i, 3);
      g_ptr_array_add (self->tables, table);
    }
}

/**
 * tide_backup_choice_read:
 * @conninfo: the database
 * @cancellable: (nullable): cancels it on the server, too
 * @error: as from a session
 *
 * Returns: (transfer full) (nullable): its size and its tables
 */
TideBackupChoice *
tide_backup_choice_read (TideConninfo  *conninfo,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(TideBackupChoice) self = g_new0 (TideBackupChoice, 1);
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideResult) size = NULL;
  g_autoptr(TideResult) tables = NULL;

  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) table_free);
  session = tide_session_open (conninfo, cancellable, error);
  size = session ? tide_session_query (session, SIZE_SQL, NULL, 0, cancellable, error) : NULL;
  tables = size ? tide_session_query (session, TABLES_SQL, NULL, 0, cancellable, error) : NULL;
  if (tables == NULL)
    return NULL;
  self->bytes = tide_result_get_int64 (size, 0, 0);
  add_tables (self, tables);
  return g_steal_pointer (&self);
}

void
tide_backup_choice_free (TideBackupChoice *self)
{
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_free (self);
}
