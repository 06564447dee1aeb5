/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-files.h"
#include "backup/tide-backup-private.h"
#include "tide-error.h"

G_DEFINE_BOXED_TYPE (TideBackup, tide_backup, tide_backup_ref, tide_backup_unref)

TideBackup *
tide_backup_ref (TideBackup *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_backup_unref (TideBackup *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->path);
  g_free (self->manifest_path);
  g_clear_pointer (&self->manifest, tide_manifest_unref);
  g_free (self->change);
  g_free (self);
}

char *
tide_backup_dup_roles_path (const TideBackup *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *beside = g_strconcat (self->path, TIDE_ROLES_SUFFIX, NULL);

  if (self->manifest == NULL || self->manifest->globals == NULL)
    return NULL;
  if (g_file_test (beside, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&beside);
  return g_build_filename (folder, self->manifest->globals, NULL);
}

/* Where a file of it lies: all may have been renamed together. */
static char *
dup_file_path (const TideBackup       *self,
               const TideManifestFile *file)
{
  if (g_strcmp0 (file->path, self->manifest->globals) == 0)
    return tide_backup_dup_roles_path (self);
  return g_strconcat (self->path, strchr (file->path, '/'), NULL);
}

char *
tide_backup_dup_file_name (const TideBackup       *self,
                           const TideManifestFile *file)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *path = dup_file_path (self, file);

  return g_strdup (path + strlen (folder) + (g_str_has_suffix (folder, "/") ? 0 : 1));
}

/* What can be known without reading it. */
static char *
find_change (const TideBackup *self)
{
  for (guint i = 0; i < self->manifest->files->len; i++)
    {
      const TideManifestFile *file = g_ptr_array_index (self->manifest->files, i);
      g_autofree char *path = dup_file_path (self, file);
      g_autofree char *name = tide_backup_dup_file_name (self, file);
      GStatBuf buf;

      if (g_stat (path, &buf) != 0)
        return g_strdup_printf ("\"%s\" is missing", name);
      if (buf.st_size != file->bytes)
        return g_strdup_printf ("\"%s\" has %" G_GINT64_FORMAT " bytes, and had %" G_GINT64_FORMAT " when it was made", name,
                                (gint64) buf.st_size, file->bytes);
    }
  return NULL;
}

/* A proof is of the files that were there. */
static void
look_for_change (TideBackup *self)
{
  const char *problems[] = { NULL, NULL };

  self->change = find_change (self);
  if (self->change == NULL)
    return;
  problems[0] = self->change;
  self->manifest->level = 0;
  g_strfreev (self->manifest->problems);
  self->manifest->problems = g_strdupv ((char **) problems);
}

/* (transfer full): the file or folder at @path, of @format, with @manifest (nullable) */
TideBackup *
tide_backup_new (const char       *path,
                 TideBackupFormat  format,
                 TideManifest     *manifest)
{
  TideBackup *self = g_new0 (TideBackup, 1);
  GStatBuf buf;

  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_canonicalize_filename (path, NULL);
  self->format = format;
  self->bytes = tide_backup_files_measure (self->path);
  if (manifest != NULL)
    {
      self->manifest = tide_manifest_ref (manifest);
      self->manifest_path = tide_manifest_dup_path (self->path);
      self->created_at = manifest->created_at;
      look_for_change (self);
    }
  if (self->created_at == 0 && g_stat (self->path, &buf) == 0)
    self->created_at = (gint64) buf.st_mtime * G_USEC_PER_SEC;
  return self;
}

/**
 * tide_backup_open:
 * @path: a file or a folder
 * @error: as for tide_backup_format_detect(); %TIDE_ERROR_INVALID for a broken manifest beside it
 *
 * Looks at what is there; nothing is proved by it. Blocks on files.
 *
 * Returns: (transfer full) (nullable): the backup, with its manifest where it has one
 */
TideBackup *
tide_backup_open (const char  *path,
                  GError     **error)
{
  g_autofree char *manifest_path = NULL;
  g_autoptr(TideManifest) manifest = NULL;
  TideBackupFormat format;

  g_return_val_if_fail (path != NULL, NULL);

  format = tide_backup_format_detect (path, error);
  if (format == TIDE_BACKUP_FORMAT_UNKNOWN)
    return NULL;
  manifest_path = tide_manifest_dup_path (path);
  if (g_file_test (manifest_path, G_FILE_TEST_EXISTS) &&
      (manifest = tide_manifest_read (manifest_path, error)) == NULL)
    return NULL;
  return tide_backup_new (path, format, manifest);
}
