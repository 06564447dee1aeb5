/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-verify"

#include "config.h"

#include <string.h>

#include "backup/tide-backup-private.h"
#include "backup/tide-verify-file.h"
#include "backup/tide-verify-read.h"
#include "backup/tide-verify-restore.h"
#include "backup/tide-verify.h"
#include "tide-error.h"

static void G_GNUC_PRINTF (2, 3)
complain (TideVerdict *verdict,
          const char  *format,
          ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (verdict->problems, g_strdup_vprintf (format, args));
  va_end (args);
}

static const TideManifestFile *
find_file (TideManifest *manifest,
           const char   *path)
{
  for (guint i = 0; i < manifest->files->len; i++)
    {
      const TideManifestFile *file = g_ptr_array_index (manifest->files, i);

      if (g_str_equal (file->path, path))
        return file;
    }
  return NULL;
}

/* What the first level did not read: the roles beside it. Returns: FALSE when cancelled */
static gboolean
read_globals (TideBackup    *backup,
              TideManifest  *found,
              TideVerdict   *verdict,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autofree char *path = tide_backup_dup_roles_path (backup);
  g_autoptr(TideFileReading) reading = NULL;
  g_autoptr(GError) problem = NULL;

  if (path == NULL)
    return TRUE;
  reading = tide_verify_file_read (path, FALSE, cancellable, &problem);
  if (reading != NULL)
    tide_manifest_add_file (found, backup->manifest->globals, reading->bytes, reading->sha256);
  else if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

/* What could not be read has mostly changed, too, which explains it; what is missing was told then. */
static void
compare_files (TideBackup   *backup,
               TideManifest *found,
               TideVerdict  *verdict)
{
  for (guint i = 0; i < backup->manifest->files->len; i++)
    {
      const TideManifestFile *wanted = g_ptr_array_index (backup->manifest->files, i);
      const TideManifestFile *file = find_file (found, wanted->path);
      g_autofree char *name = tide_backup_dup_file_name (backup, wanted);

      if (file == NULL && verdict->level > 0)
        complain (verdict, "\"%s\" is missing", name);
      else if (file == NULL)
        continue;
      else if (file->bytes != wanted->bytes)
        complain (verdict, "\"%s\" has %" G_GINT64_FORMAT " bytes, and had %" G_GINT64_FORMAT " when it was made",
                  name, file->bytes, wanted->bytes);
      else if (!g_str_equal (file->sha256, wanted->sha256))
        complain (verdict, "\"%s\" has changed since it was made: its checksum is another one", name);
    }
}

/* (transfer full): as its manifest calls it, which may have been renamed together with it */
static char *
dup_known_name (TideBackup *backup)
{
  for (guint i = 0; backup->manifest != NULL && i < backup->manifest->files->len; i++)
    {
      const TideManifestFile *file = g_ptr_array_index (backup->manifest->files, i);

      if (g_strcmp0 (file->path, backup->manifest->globals) != 0)
        return g_strndup (file->path, strcspn (file->path, "/"));
    }
  return g_path_get_basename (backup->path);
}

/* Levels 1 and 2 in one go. Returns: FALSE when cancelled */
static gboolean
read_back (TideBackup   *backup,
           int           level,
           TideVerdict  *verdict,
           TideJob      *job,
           GError      **error)
{
  g_autoptr(TideManifest) found = tide_manifest_new ();
  g_autofree char *name = dup_known_name (backup);

  if (!tide_verify_read (backup->path, name, backup->format, found, verdict->problems, job, error))
    return FALSE;
  verdict->level = verdict->problems->len == 0 ? 1 : 0;
  if (level < 2 || (verdict->level < 1 && backup->manifest == NULL))
    return TRUE;
  if (backup->manifest == NULL)
    {
      complain (verdict, "it has no manifest to compare its checksums and rows with");
      return TRUE;
    }
  if (!read_globals (backup, found, verdict, tide_job_get_cancellable (job), error))
    return FALSE;
  compare_files (backup, found, verdict);
  if (verdict->problems->len == 0)
    verdict->level = 2;
  return TRUE;
}

/* What one without a manifest lacks does not keep it from being restored. */
static gboolean
may_restore (TideBackup  *backup,
             int          level,
             TideVerdict *verdict)
{
  return level >= 3 && verdict->level >= (backup->manifest ? 2 : 1);
}

/* A lower level that holds takes nothing from a higher one, as long as the bytes are known to be the same. */
static gboolean
write_down (TideBackup   *backup,
            TideVerdict  *verdict,
            GError      **error)
{
  g_autoptr(TideManifest) manifest = NULL;

  if (backup->manifest == NULL || (verdict->ok && verdict->level < 2 && backup->manifest->level >= verdict->level))
    return TRUE;
  manifest = tide_manifest_read (backup->manifest_path, error);
  if (manifest == NULL)
    return FALSE;
  manifest->level = verdict->ok ? MAX (verdict->level, manifest->level) : verdict->level;
  manifest->verified_at = g_get_real_time ();
  g_strfreev (manifest->problems);
  manifest->problems = g_new0 (char *, verdict->problems->len + 1);
  for (guint i = 0; i < verdict->problems->len; i++)
    manifest->problems[i] = g_strdup (g_ptr_array_index (verdict->problems, i));
  if (!tide_manifest_write (manifest, backup->manifest_path, error))
    return FALSE;
  backup->manifest->level = manifest->level;
  backup->manifest->verified_at = manifest->verified_at;
  g_strfreev (backup->manifest->problems);
  backup->manifest->problems = g_strdupv (manifest->problems);
  return TRUE;
}

/**
 * tide_verify_bytes:
 * @backup: a backup with a manifest
 * @job: (nullable): told of progress, and asked whether to go on
 * @error: %TIDE_ERROR_INVALID: it is damaged, or not what its manifest is of; %G_IO_ERROR_CANCELLED
 *
 * The first two levels, for somebody who is about to trust it. Nothing is written down.
 *
 * Returns: whether they hold
 */
gboolean
tide_verify_bytes (TideBackup  *backup,
                   TideJob     *job,
                   GError     **error)
{
  g_autoptr(TideVerdict) verdict = g_new0 (TideVerdict, 1);

  g_return_val_if_fail (backup != NULL && backup->manifest != NULL, FALSE);

  verdict->problems = g_ptr_array_new_with_free_func (g_free);
  if (!read_back (backup, 2, verdict, job, error))
    return FALSE;
  if (verdict->level == 2)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_INVALID, "choose another backup", "\"%s\" is not what was backed up: %s", backup->path,
                  (char *) g_ptr_array_index (verdict->problems, 0));
  return FALSE;
}

/**
 * tide_verify_run:
 * @backup: a backup
 * @level: how far to go, 1 to 4
 * @job: (nullable): told of progress, and asked whether to go on
 * @error: %G_IO_ERROR_CANCELLED; what keeps the verdict from being written down
 *
 * Climbs the ladder until something does not hold. What cannot be proved here (an extension that is missing) is told as a
 * problem and ends it, too. Without a manifest there is no second level; the third can be reached without it.
 *
 * Returns: (transfer full) (nullable): the verdict, which is in the manifest as well
 */
TideVerdict *
tide_verify_run (TideBackup  *backup,
                 int          level,
                 TideJob     *job,
                 GError     **error)
{
  g_autoptr(TideVerdict) verdict = NULL;

  g_return_val_if_fail (backup != NULL, NULL);
  g_return_val_if_fail (level >= 1 && level <= 4, NULL);

  verdict = g_new0 (TideVerdict, 1);
  verdict->problems = g_ptr_array_new_with_free_func (g_free);
  if (!read_back (backup, level, verdict, job, error))
    return NULL;
  if (may_restore (backup, level, verdict) && !tide_verify_restore (backup, level, verdict, job, error))
    return NULL;
  verdict->ok = verdict->level >= level;
  return write_down (backup, verdict, error) ? g_steal_pointer (&verdict) : NULL;
}

void
tide_verdict_free (TideVerdict *verdict)
{
  if (verdict == NULL)
    return;
  g_ptr_array_unref (verdict->problems);
  g_free (verdict);
}
