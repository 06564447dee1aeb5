/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-snapshot"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-snapshot.h"

#define COUNT_SHARE 0.1 /* of a backup's time, for the bar */

/* On a standby there is no position to write at, but one that was replayed. */
#define SNAPSHOT_SQL                                                                                             \
  "SELECT pg_catalog.pg_export_snapshot(), CASE WHEN pg_catalog.pg_is_in_recovery()"                             \
  " THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END,"                          \
  " (extract(epoch FROM pg_catalog.transaction_timestamp()) * 1000000)::pg_catalog.int8"

char *
tide_backup_snapshot_take (TideSession   *session,
                           TideManifest  *manifest,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr(TideResult) begun = tide_session_query (session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, 0,
                                                    cancellable, error);
  g_autoptr(TideResult) result = begun ? tide_session_query (session, SNAPSHOT_SQL, NULL, 0, cancellable, error) : NULL;

  if (result == NULL)
    return NULL;
  manifest->lsn = g_strdup (tide_result_get_value (result, 0, 1));
  manifest->created_at = tide_result_get_int64 (result, 0, 2);
  return g_strdup (tide_result_get_value (result, 0, 0));
}

/* One session is enough: the server itself counts a large table with several processes. */
gboolean
tide_backup_snapshot_count (TideSession   *session,
                            GPtrArray     *tables,
                            gint64         exact_below,
                            TideManifest  *manifest,
                            TideJob       *job,
                            GError       **error)
{
  gint64 limit = exact_below > 0 ? exact_below : TIDE_BACKUP_EXACT_BELOW;
  double total = 1, done = 0;

  for (guint i = 0; i < tables->len; i++)
    total += ((TideBackupTable *) g_ptr_array_index (tables, i))->data_bytes;
  for (guint i = 0; i < tables->len; i++)
    {
      const TideBackupTable *table = g_ptr_array_index (tables, i);
      TideManifestTable *entry = tide_manifest_add_table (manifest, table->schema, table->name);

      entry->bytes = table->bytes;
      entry->rows = table->estimate;
      tide_job_set_status (job, _("counting the rows of \"%s.%s\""), table->schema, table->name);
      entry->exact = table->data_bytes < limit;
      if (entry->exact && !tide_backup_catalog_count_rows (session, table->schema, table->name, &entry->rows,
                                                           tide_job_get_cancellable (job), error))
        return FALSE;
      done += table->data_bytes;
      tide_job_set_fraction (job, COUNT_SHARE * done / total);
    }
  return TRUE;
}
