/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-files"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-files.h"
#include "tide-error.h"

#define MARK "user.tidemark.unfinished"
#define OWN_NAMES "/migration_backup_[0-9]{8}_[0-9]{6}(_[0-9]+)?\\.(dump|dir|sql|sql\\.gz|tar)(\\.partial|\\.roles\\.sql)$"

static int
lock_file (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);

  if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  close (fd);
  return -1;
}

gboolean
tide_backup_files_is_busy (const char *path)
{
  int fd = lock_file (path);

  if (fd < 0)
    return g_file_test (path, G_FILE_TEST_EXISTS);
  close (fd);
  return FALSE;
}

void
tide_backup_files_mark (int fd)
{
  if (fsetxattr (fd, MARK, "1", 1, 0) != 0)
    g_debug ("the file system keeps no marks: %s", g_strerror (errno));
}

void
tide_backup_files_unmark (int fd)
{
  if (fremovexattr (fd, MARK) != 0)
    g_debug ("there was no mark: %s", g_strerror (errno));
}

gboolean
tide_backup_files_is_ours (const char *path)
{
  if (g_str_has_suffix (path, TIDE_DELETED_SUFFIX) || lgetxattr (path, MARK, NULL, 0) >= 0)
    return TRUE;
  return errno == ENOTSUP && g_regex_match_simple (OWN_NAMES, path, 0, 0);
}

static gint
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
set_failure (GError     **error,
             const char  *what,
             const char  *path)
{
  int reason = errno;

  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot %s \"%s\": %s", what, path, g_strerror (reason));
  return FALSE;
}

GPtrArray *
tide_backup_files_list (const char  *path,
                        GError     **error)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *base = g_path_get_basename (path);
  g_autoptr(GError) problem = NULL;
  g_autoptr(GDir) folder = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_ptr_array_add (files, g_steal_pointer (&base));
      return g_steal_pointer (&files);
    }
  folder = g_dir_open (path, 0, &problem);
  if (folder == NULL)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot read \"%s\": %s", path, problem->message);
      return NULL;
    }
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (files, g_build_filename (base, name, NULL));
  g_ptr_array_sort (files, compare_names);
  return g_steal_pointer (&files);
}

gint64
tide_backup_files_measure (const char *path)
{
  g_autoptr(GPtrArray) files = tide_backup_files_list (path, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  gint64 bytes = 0;

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      g_autofree char *file = g_build_filename (parent, g_ptr_array_index (files, i), NULL);
      GStatBuf buf;

      if (g_stat (file, &buf) == 0)
        bytes += buf.st_size;
    }
  return bytes;
}

static gboolean
secure_one (const char  *path,
            mode_t       mode,
            GError     **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  gboolean done;

  if (fd < 0)
    return set_failure (error, "read", path);
  done = fchmod (fd, mode) == 0 && fsync (fd) == 0;
  if (!done)
    set_failure (error, "flush", path);
  close (fd);
  return done;
}

gboolean
tide_backup_files_sync_folder_of (const char  *path,
                                  GError     **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  int fd = g_open (parent, O_RDONLY | O_CLOEXEC | O_DIRECTORY, 0);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (!done)
    set_failure (error, "flush", parent);
  if (fd >= 0)
    close (fd);
  return done;
}

gboolean
tide_backup_files_secure (const char  *path,
                          GError     **error)
{
  g_autoptr(GPtrArray) files = tide_backup_files_list (path, error);
  g_autofree char *parent = g_path_get_dirname (path);

  if (files == NULL)
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *file = g_build_filename (parent, g_ptr_array_index (files, i), NULL);

      if (!secure_one (file, 0600, error))
        return FALSE;
    }
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !secure_one (path, 0700, error))
    return FALSE;
  return tide_backup_files_sync_folder_of (path, error);
}

/* Where the file system cannot make sure of it, nobody else uses the name as far as was looked before. */
gboolean
tide_backup_files_name (const char *from,
                        const char *to)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  return (errno == EINVAL || errno == ENOSYS) && g_rename (from, to) == 0;
}

gboolean
tide_backup_files_remove (const char  *path,
                          GError     **error)
{
  g_autoptr(GPtrArray) files = NULL;
  g_autofree char *parent = g_path_get_dirname (path);

  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return set_failure (error, "remove", path);
  files = tide_backup_files_list (path, error);
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      g_autofree char *file = g_build_filename (parent, g_ptr_array_index (files, i), NULL);

      if (g_unlink (file) != 0)
        return set_failure (error, "remove", file);
    }
  if (files != NULL && g_rmdir (path) != 0)
    return set_failure (error, "remove", path);
  return files != NULL;
}

gboolean
tide_backup_files_remove_idle (const char  *path,
                               GError     **error)
{
  int fd = lock_file (path);
  gboolean done = FALSE;

  if (fd >= 0 || !g_file_test (path, G_FILE_TEST_EXISTS))
    done = tide_backup_files_remove (path, error);
  else
    tide_set_error (error, TIDE_ERROR_BUSY, "wait for it, or choose another name", "\"%s\" is being written by somebody else", path);
  if (fd >= 0)
    close (fd);
  return done;
}
