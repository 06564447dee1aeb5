/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-said"

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-said.h"

/* (transfer full) (nullable): the file that tells of the program as it is now */
static char *
dup_place (const char *path)
{
  struct stat file;
  g_autofree char *key = NULL;
  g_autofree char *name = NULL;

  if (stat (path, &file) != 0)
    return NULL;
  key = g_strdup_printf ("%s\n%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld", path,
                         (guint64) file.st_dev, (guint64) file.st_ino, (gint64) file.st_size, (gint64) file.st_mtim.tv_sec,
                         (long) file.st_mtim.tv_nsec);
  name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
  return g_build_filename (g_get_user_cache_dir (), "tidemark", "programs", name, NULL);
}

static gboolean
is_program (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  char head[4];
  gboolean is_elf = fd >= 0 && read (fd, head, sizeof head) == sizeof head && memcmp (head, "\177ELF", sizeof head) == 0;

  if (fd >= 0)
    close (fd);
  return is_elf;
}

char *
tide_backup_said_dup (const char *path)
{
  g_autofree char *place = dup_place (path);
  char *said = NULL;

  return place != NULL && g_file_get_contents (place, &said, NULL, NULL) ? said : NULL;
}

void
tide_backup_said_keep (const char *path,
                       const char *said)
{
  g_autofree char *place = is_program (path) ? dup_place (path) : NULL;
  g_autofree char *folder = place ? g_path_get_dirname (place) : NULL;

  if (place != NULL && g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents (place, said, -1, NULL);
}
