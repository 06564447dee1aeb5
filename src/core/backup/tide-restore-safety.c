/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-safety"

#include "config.h"

#include "backup/tide-backup-library.h"
#include "backup/tide-backup.h"
#include "backup/tide-restore.h"
#include "tide-error.h"

/* How old a backup may be that stands for the present state */
#define FRESH G_TIME_SPAN_HOUR

/* Read from end to end, and compared with its checksums */
#define PROOF 2

/**
 * tide_restore_check_in_place:
 * @backup: what is to be restored; itself it is no way back to what came after it
 * @folder: (nullable): where backups of the database are kept
 * @conninfo: the database that is to be restored in place
 * @kind: what it is for
 * @error: %TIDE_ERROR_REFUSED, with how to make the backup that is missing
 *
 * What is in production must not be lost for a slip: a whole and proved backup of it that is not older than an hour has to lie in
 * @folder beside the one that is restored. For others tide_restore_keep_present() makes it.
 *
 * Returns: whether a restore in place is safe enough
 */
gboolean
tide_restore_check_in_place (TideBackup    *backup,
                             const char    *folder,
                             TideConninfo  *conninfo,
                             TideKind       kind,
                             GError       **error)
{
  g_autoptr(GPtrArray) backups = NULL;

  g_return_val_if_fail (backup != NULL && conninfo != NULL, FALSE);

  if (kind != TIDE_KIND_PRODUCTION)
    return TRUE;
  backups = folder ? tide_library_list (folder, error) : g_ptr_array_new ();
  if (backups == NULL)
    return FALSE;
  for (guint i = 0; i < backups->len; i++)
    {
      const TideBackup *other = g_ptr_array_index (backups, i);

      if (other->manifest != NULL && other->manifest->level >= PROOF && g_get_real_time () - other->created_at < FRESH
          && tide_manifest_is_of (other->manifest, conninfo) && tide_manifest_is_whole (other->manifest) && !g_str_equal (other->path, backup->path))
        return TRUE;
    }
  tide_set_error (error, TIDE_ERROR_REFUSED,
                  "run \"tidemarkctl backup\" for it first, or restore into a new database and swap, which keeps the old one",
                  "\"%s\" is of kind \"%s\", and no other proved backup of the last hour keeps what is in it now",
                  tide_conninfo_get (conninfo, "dbname"), tide_kind_to_string (kind));
  return FALSE;
}

/**
 * tide_restore_keep_present:
 * @conninfo: the database that is about to be restored in place
 * @options: where the backup goes, and what it is called after; its purpose, format and contents are ours
 * @job: (nullable): told of progress, and asked whether to go on
 * @error: as for tide_backup_run()
 *
 * What is about to be dropped and made again can be had back.
 *
 * Returns: (transfer full) (nullable): a fresh backup of all of it
 */
TideBackup *
tide_restore_keep_present (TideConninfo             *conninfo,
                           const TideBackupOptions  *options,
                           TideJob                  *job,
                           GError                  **error)
{
  const TideBackupOptions own = {
    .folder = options->folder, .environment = options->environment, .kind = options->kind, .compression = -1,
    .purpose = "before a restore in place", .exact_rows_below = options->exact_rows_below,
  };

  return tide_backup_run (conninfo, &own, job, error);
}
