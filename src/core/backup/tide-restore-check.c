/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-check"

#include "config.h"

#include "backup/tide-backup-catalog.h"
#include "backup/tide-restore-private.h"
#include "tide-error.h"

/* NULL for plain files: they have no table of contents, but their manifest says whether they hold rows. */
static GHashTable *
find_filled_tables (GPtrArray *toc)
{
  GHashTable *filled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < toc->len; i++)
    {
      const TideTocEntry *entry = g_ptr_array_index (toc, i);

      if (g_str_equal (entry->kind, "TABLE DATA"))
        g_hash_table_add (filled, g_strconcat (entry->schema, "\n", entry->name, NULL));
    }
  return filled;
}

static gboolean
is_filled (TideBackup              *backup,
           GHashTable              *filled,
           const TideManifestTable *table)
{
  g_autofree char *schema = g_strdelimit (g_strdup (table->schema), "\r\n", ' ');
  g_autofree char *name = g_strdelimit (g_strdup (table->name), "\r\n", ' ');
  g_autofree char *key = g_strconcat (schema, "\n", name, NULL);

  /* The table of contents has no line breaks in names. */
  if (filled != NULL)
    return g_hash_table_contains (filled, key);
  return backup->manifest->options == NULL || !g_strv_contains ((const char *const *) backup->manifest->options, "--schema-only");
}

static gboolean
check_rows (TideSession              *session,
            const TideManifestTable  *table,
            GCancellable             *cancellable,
            GError                  **error)
{
  gint64 rows;

  if (!tide_backup_catalog_count_rows (session, table->schema, table->name, &rows, cancellable, error))
    return FALSE;
  if (rows == table->rows)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_INVALID, "verify the backup, and choose another one",
                  "after the restore \"%s.%s\" has %" G_GINT64_FORMAT " rows, but the backup was made of %" G_GINT64_FORMAT, table->schema,
                  table->name, rows, table->rows);
  return FALSE;
}

static gboolean
check_indexes (TideSession   *session,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (session, "SELECT indexrelid::pg_catalog.regclass FROM pg_catalog.pg_index i"
                        " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
                        " WHERE NOT indisvalid AND c.relkind = 'i' LIMIT 1", NULL, 0, cancellable, error);

  if (result == NULL)
    return FALSE;
  if (tide_result_get_n_rows (result) == 0)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "after the restore the index \"%s\" is not valid", tide_result_get_value (result, 0, 0));
  return FALSE;
}

/**
 * tide_restore_check:
 * @conninfo: the database that was restored
 * @backup: what it was restored from
 * @toc: (nullable): what was restored of it
 * @problems: (element-type utf8): is told what could not be checked
 * @cancellable: (nullable): cancels it
 * @error: %TIDE_ERROR_INVALID: a table does not have the rows that the manifest counted
 *
 * Counts the rows of every table that the manifest counted exactly, and looks for indexes that are not valid.
 *
 * Returns: whether all is as it should be
 */
gboolean
tide_restore_check (TideConninfo  *conninfo,
                    TideBackup    *backup,
                    GPtrArray     *toc,
                    GPtrArray     *problems,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(GHashTable) filled = toc ? find_filled_tables (toc) : NULL;
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, error);
  guint n_estimated = 0;

  if (session == NULL)
    return FALSE;
  for (guint i = 0; backup->manifest != NULL && i < backup->manifest->tables->len; i++)
    {
      const TideManifestTable *table = g_ptr_array_index (backup->manifest->tables, i);

      if (table->rows < 0 || !is_filled (backup, filled, table))
        continue;
      if (!table->exact)
        n_estimated++;
      else if (!check_rows (session, table, cancellable, error))
        return FALSE;
    }
  if (n_estimated > 0)
    g_ptr_array_add (problems, g_strdup_printf ("the rows of %u large tables were not checked: the backup has only estimates of them",
                                                n_estimated));
  if (!check_indexes (session, cancellable, error))
    return FALSE;
  tide_session_close (session);
  return TRUE;
}
