/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-tar"

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-tar.h"

/* Octal; what does not fit into it (8 GiB and more) is written in base 256, marked by the highest bit. */
static guint64
read_size (const char *header)
{
  const guchar *field = (const guchar *) header + 124;
  guint64 size = 0;

  if ((field[0] & 0x80) == 0)
    return g_ascii_strtoull (header + 124, NULL, 8);
  for (guint i = 4; i < 12; i++)
    size = size << 8 | field[i];
  return size;
}

/**
 * tide_backup_tar_is_whole:
 * @path: a tar file
 *
 * Goes from member to member. pg_restore (15 at least) never ends on a tar file that is cut short, so it must be asked
 * of none. https://www.gnu.org/software/tar/manual/html_node/Standard.html
 *
 * Returns: whether the members are all there
 */
gboolean
tide_backup_tar_is_whole (const char *path)
{
  static const char zeros[TIDE_TAR_BLOCK];
  g_autofree char *header = g_malloc (TIDE_TAR_BLOCK);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  off_t size = fd >= 0 ? lseek (fd, 0, SEEK_END) : 0;
  off_t at = 0;
  gboolean ended = FALSE;

  while (!ended && at + TIDE_TAR_END_BYTES <= size && pread (fd, header, TIDE_TAR_BLOCK, at) == TIDE_TAR_BLOCK)
    {
      guint64 bytes = read_size (header);

      ended = memcmp (header, zeros, TIDE_TAR_BLOCK) == 0;
      if (!ended && (memcmp (header + 257, "ustar", 5) != 0 || bytes > (guint64) size))
        break;
      at += TIDE_TAR_BLOCK + (ended ? 0 : (off_t) ((bytes + TIDE_TAR_BLOCK - 1) / TIDE_TAR_BLOCK * TIDE_TAR_BLOCK));
    }
  if (fd >= 0)
    close (fd);
  return ended;
}
