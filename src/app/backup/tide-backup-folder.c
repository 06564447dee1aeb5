/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-folder"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-files.h"
#include "backup/tide-backup-folder.h"

static gint
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Another text as soon as a file was written, made or removed. A backup in the making is listed nowhere, however large it grows. */
static GString *
read_state (const char *path)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  GString *state = g_string_new (NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      GStatBuf buf = { 0 };

      if (!g_str_has_suffix (name, TIDE_PARTIAL_SUFFIX))
        (void) g_stat (file, &buf);
      g_ptr_array_add (lines, g_strdup_printf ("%s %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld\n", name,
                                               (guint64) buf.st_ino, (gint64) buf.st_size, (gint64) buf.st_mtim.tv_sec,
                                               buf.st_mtim.tv_nsec));
    }
  g_ptr_array_sort (lines, compare_lines);
  for (guint i = 0; i < lines->len; i++)
    g_string_append (state, g_ptr_array_index (lines, i));
  return state;
}

/* Its state is taken first, so that what happens meanwhile makes the next one another. */
TideBackupFolder *
tide_backup_folder_read (const char  *path,
                         GError     **error)
{
  g_autoptr(TideBackupFolder) self = g_new0 (TideBackupFolder, 1);

  self->state = read_state (path);
  self->backups = tide_library_list (path, error);
  self->orphans = self->backups ? tide_library_list_orphans (path, error) : NULL;
  if (self->orphans == NULL)
    return NULL;
  for (guint i = 0; i < self->backups->len; i++)
    g_string_append_printf (self->state, "%" G_GINT64_FORMAT "\n", ((TideBackup *) g_ptr_array_index (self->backups, i))->bytes);
  for (guint i = 0; i < self->orphans->len; i++)
    g_string_append_printf (self->state, "%s\n", (const char *) g_ptr_array_index (self->orphans, i));
  return g_steal_pointer (&self);
}

void
tide_backup_folder_free (TideBackupFolder *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->backups, g_ptr_array_unref);
  g_clear_pointer (&self->orphans, g_ptr_array_unref);
  g_string_free (self->state, TRUE);
  g_free (self);
}

gboolean
tide_backup_folder_is_like (const TideBackupFolder *self,
                            const TideBackupFolder *other)
{
  return g_string_equal (self->state, other->state);
}
