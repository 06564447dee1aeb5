/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-library"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-files.h"
#include "backup/tide-backup-library.h"
#include "backup/tide-backup-private.h"
#include "tide-error.h"

/* What g_file_set_contents_full() writes before it renames, when it was killed on the way; a manifest begins with its own name */
#define TEMPORARY_PATTERN "\\.json\\.[A-Z0-9]{6}$"
#define TEMPORARY_SECONDS 60
#define MANIFEST_HEAD "^\\s*\\{\\s*\"tidemark_backup\""
#define HEAD_BYTES 64

/* (nullable): a folder that is not there has nothing in it */
static GDir *
open_folder (const char  *folder,
             gboolean    *failed,
             GError     **error)
{
  g_autoptr(GError) problem = NULL;
  GDir *dir = g_dir_open (folder, 0, &problem);

  *failed = dir == NULL && !g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  if (*failed)
    tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot read the folder of backups \"%s\": %s", folder, problem->message);
  return dir;
}

/* By name, before its contents are looked at: what lies beside backups */
static gboolean
is_companion (const char *name)
{
  return *name == '.' || g_str_has_suffix (name, TIDE_PARTIAL_SUFFIX) || g_str_has_suffix (name, ".json") ||
         g_str_has_suffix (name, TIDE_ROLES_SUFFIX);
}

/* A broken manifest proves nothing: then it is a file that was made elsewhere. */
static TideBackup *
open_backup (const char *path)
{
  TideBackupFormat format = tide_backup_format_detect (path, NULL);
  g_autofree char *manifest_path = tide_manifest_dup_path (path);
  g_autoptr(TideManifest) manifest = NULL;

  if (format == TIDE_BACKUP_FORMAT_UNKNOWN)
    return NULL;
  manifest = tide_manifest_read (manifest_path, NULL);
  return tide_backup_new (path, format, manifest);
}

static int
compare_backups (gconstpointer a,
                 gconstpointer b)
{
  const TideBackup *left = *(TideBackup *const *) a;
  const TideBackup *right = *(TideBackup *const *) b;

  if (left->created_at != right->created_at)
    return left->created_at < right->created_at ? 1 : -1;
  return strcmp (left->path, right->path);
}

/**
 * tide_library_list:
 * @folder: where backups are kept; it need not be there
 * @error: %TIDE_ERROR_FAILED when it cannot be read
 *
 * Returns: (transfer full) (nullable) (element-type TideBackup): what is there, newest first
 */
GPtrArray *
tide_library_list (const char  *folder,
                   GError     **error)
{
  g_autoptr(GPtrArray) backups = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_backup_unref);
  g_autoptr(GDir) dir = NULL;
  gboolean failed;
  const char *name;

  g_return_val_if_fail (folder != NULL, NULL);

  dir = open_folder (folder, &failed, error);
  if (failed)
    return NULL;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      TideBackup *backup = is_companion (name) ? NULL : open_backup (path);

      if (backup != NULL)
        g_ptr_array_add (backups, backup);
    }
  g_ptr_array_sort (backups, compare_backups);
  return g_steal_pointer (&backups);
}

static gboolean
is_old (const char *path)
{
  GStatBuf buf;

  return g_stat (path, &buf) == 0 && g_get_real_time () / G_USEC_PER_SEC - buf.st_mtime > TEMPORARY_SECONDS;
}

/* Whether the backup that @path stands beside is neither there nor being made */
static gboolean
is_alone (const char *path,
          const char *suffix)
{
  g_autofree char *backup = g_strndup (path, strlen (path) - strlen (suffix));
  g_autofree char *partial = g_strconcat (backup, TIDE_PARTIAL_SUFFIX, NULL);

  return !g_file_test (backup, G_FILE_TEST_EXISTS) && !tide_backup_files_is_busy (partial);
}

/* A backup that was renamed tells of its roles by their old name. */
static gboolean
is_named_elsewhere (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *own = g_path_get_basename (path);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  gboolean found = FALSE;
  const char *name;

  while (!found && dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *other = g_build_filename (folder, name, NULL);
      g_autoptr(TideManifest) manifest = g_str_has_suffix (name, ".json") ? tide_manifest_read (other, NULL) : NULL;

      found = manifest != NULL && g_strcmp0 (manifest->globals, own) == 0;
    }
  return found;
}

static gboolean
is_half_a_manifest (const char *path)
{
  g_autofree char *head = g_malloc0 (HEAD_BYTES + 1);
  FILE *file = g_regex_match_simple (TEMPORARY_PATTERN, path, 0, 0) && is_old (path) ? g_fopen (path, "rbe") : NULL;
  gsize length = file ? fread (head, 1, HEAD_BYTES, file) : 0;

  if (file != NULL)
    fclose (file);
  return length > 0 && g_regex_match_simple (MANIFEST_HEAD, head, 0, 0);
}

/* Whatever else lies here, however it is called, is somebody's own. */
static gboolean
is_orphan (const char *path)
{
  if (g_str_has_suffix (path, TIDE_PARTIAL_SUFFIX))
    return tide_backup_files_is_ours (path) && !tide_backup_files_is_busy (path);
  if (g_str_has_suffix (path, TIDE_ROLES_SUFFIX))
    return tide_backup_files_is_ours (path) && is_alone (path, TIDE_ROLES_SUFFIX) && !is_named_elsewhere (path);
  if (g_str_has_suffix (path, ".json"))
    {
      g_autoptr(TideManifest) manifest = is_alone (path, ".json") ? tide_manifest_read (path, NULL) : NULL;

      return manifest != NULL;
    }
  return is_half_a_manifest (path);
}

/**
 * tide_library_list_orphans:
 * @folder: where backups are kept; it need not be there
 * @error: %TIDE_ERROR_FAILED when it cannot be read
 *
 * What a crash left: nothing of it is a backup, all of it may be removed.
 *
 * Returns: (transfer full) (nullable) (element-type filename): full paths
 */
GPtrArray *
tide_library_list_orphans (const char  *folder,
                           GError     **error)
{
  g_autoptr(GPtrArray) orphans = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = NULL;
  gboolean failed;
  const char *name;

  g_return_val_if_fail (folder != NULL, NULL);

  dir = open_folder (folder, &failed, error);
  if (failed)
    return NULL;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (is_orphan (path))
        g_ptr_array_add (orphans, g_steal_pointer (&path));
    }
  return g_steal_pointer (&orphans);
}

/**
 * tide_library_remove_orphan:
 * @path: one of tide_library_list_orphans()
 * @error: %TIDE_ERROR_BUSY when it has become a part of a backup, or of one in the making; %TIDE_ERROR_FAILED
 *
 * Returns: whether it is gone
 */
gboolean
tide_library_remove_orphan (const char  *path,
                            GError     **error)
{
  g_return_val_if_fail (path != NULL, FALSE);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) || is_orphan (path))
    return tide_backup_files_remove_idle (path, error);
  tide_set_error (error, TIDE_ERROR_BUSY, "look at the list again", "\"%s\" is in use", path);
  return FALSE;
}

/**
 * tide_library_delete:
 * @backup: a backup, pinned or not
 * @error: %TIDE_ERROR_FAILED
 *
 * Removes it and what belongs to it. It loses its name first: a crash on the way leaves orphans and no backup.
 *
 * Returns: whether it is gone
 */
gboolean
tide_library_delete (TideBackup  *backup,
                     GError     **error)
{
  g_autofree char *deleted = NULL;
  g_autofree char *roles = NULL;

  g_return_val_if_fail (backup != NULL, FALSE);

  deleted = g_strconcat (backup->path, TIDE_DELETED_SUFFIX, NULL);
  roles = tide_backup_dup_roles_path (backup);
  if (!tide_backup_files_remove (deleted, error))
    return FALSE;
  if (g_rename (backup->path, deleted) != 0)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot remove the backup \"%s\": %s", backup->path,
                      g_strerror (errno));
      return FALSE;
    }
  return (backup->manifest_path == NULL || tide_backup_files_remove (backup->manifest_path, error)) &&
         (roles == NULL || tide_backup_files_remove (roles, error)) && tide_backup_files_remove (deleted, error);
}

/**
 * tide_library_set_pinned:
 * @backup: a backup with a manifest
 * @pinned: whether retention must leave it alone
 * @error: %TIDE_ERROR_UNSUPPORTED without a manifest; as for tide_manifest_write()
 *
 * Returns: whether it was written down
 */
gboolean
tide_library_set_pinned (TideBackup  *backup,
                         gboolean     pinned,
                         GError     **error)
{
  g_autoptr(TideManifest) manifest = NULL;

  g_return_val_if_fail (backup != NULL, FALSE);

  if (backup->manifest == NULL)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "retention never removes what was made elsewhere",
                      "\"%s\" has no manifest to pin it in", backup->path);
      return FALSE;
    }
  /* What somebody else wrote into it meanwhile stays. */
  manifest = tide_manifest_read (backup->manifest_path, error);
  if (manifest == NULL)
    return FALSE;
  manifest->pinned = pinned;
  if (!tide_manifest_write (manifest, backup->manifest_path, error))
    return FALSE;
  backup->manifest->pinned = pinned;
  return TRUE;
}
