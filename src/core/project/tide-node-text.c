/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-node-text"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "project/tide-node-text.h"
#include "tide-error.h"

/* Bytes; no script is so large, and what is must not take all memory */
#define MAX_SIZE (G_GINT64_CONSTANT (1) << 30)

#define REPLACEMENT "\xEF\xBF\xBD"

/* How many bytes the sequence at @bytes has; negative: invalid, and that many bytes make one U+FFFD.
 * The WHATWG encoding standard, "UTF-8 decoder": an ill-formed sequence ends before the first byte
 * that cannot continue it. GLib's g_utf8_make_valid() replaces byte by byte, which hashes otherwise. */
static int
measure_sequence (const guchar *bytes,
                  gsize         size)
{
  guchar lower = 0x80, upper = 0xBF;
  int needed;

  if (bytes[0] < 0x80)
    return 1;
  if (bytes[0] >= 0xC2 && bytes[0] <= 0xDF)
    needed = 1;
  else if (bytes[0] >= 0xE0 && bytes[0] <= 0xEF)
    needed = 2;
  else if (bytes[0] >= 0xF0 && bytes[0] <= 0xF4)
    needed = 3;
  else
    return -1;

  if (bytes[0] == 0xE0)
    lower = 0xA0;
  else if (bytes[0] == 0xED)
    upper = 0x9F;
  else if (bytes[0] == 0xF0)
    lower = 0x90;
  else if (bytes[0] == 0xF4)
    upper = 0x8F;

  for (int i = 1; i <= needed; i++)
    {
      if ((gsize) i >= size || bytes[i] < lower || bytes[i] > upper)
        return -i;
      lower = 0x80;
      upper = 0xBF;
    }
  return needed + 1;
}

/* Bytes from the start that are valid; a NUL is a character like others */
static gsize
measure_valid (const char *bytes,
               gsize       size)
{
  gsize valid = 0;

  while (valid < size)
    {
      int sequence = measure_sequence ((const guchar *) bytes + valid, size - valid);

      if (sequence < 0)
        break;
      valid += sequence;
    }
  return valid;
}

/**
 * tide_node_text_decode:
 * @bytes: anything
 * @size: how many
 * @text_size: (out) (optional): bytes of the text, without the NUL behind it
 *
 * What JavaScript sees of a file: each invalid sequence is one U+FFFD, a byte order mark stays.
 *
 * Returns: (transfer full): UTF-8; it may hold NUL bytes
 */
char *
tide_node_text_decode (const char *bytes,
                       gsize       size,
                       gsize      *text_size)
{
  GString *text = g_string_sized_new (size);
  gsize offset = 0;

  while (offset < size)
    {
      gsize valid = measure_valid (bytes + offset, size - offset);

      g_string_append_len (text, bytes + offset, valid);
      offset += valid;
      if (offset < size)
        {
          g_string_append (text, REPLACEMENT);
          offset -= measure_sequence ((const guchar *) bytes + offset, size - offset);
        }
    }

  if (text_size != NULL)
    *text_size = text->len;
  return g_string_free (text, FALSE);
}

static gboolean
set_errno_error (GError     **error,
                 const char  *path,
                 int          saved_errno)
{
  gboolean missing = saved_errno == ENOENT || saved_errno == ENOTDIR;

  tide_set_error (error, missing ? TIDE_ERROR_NOT_FOUND : TIDE_ERROR_INVALID,
                  missing ? NULL : "check the file's permissions",
                  "cannot read \"%s\": %s", path, g_strerror (saved_errno));
  return FALSE;
}

static gboolean
read_regular (int          fd,
              const char  *path,
              char       **contents,
              gsize       *size,
              GError     **error)
{
  g_autofree char *buffer = NULL;
  struct stat info;
  gsize filled = 0;

  if (fstat (fd, &info) < 0)
    return set_errno_error (error, path, errno);
  if (!S_ISREG (info.st_mode))
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "put a plain file in its place",
                      S_ISDIR (info.st_mode) ? "\"%s\" is a directory, not a file" : "\"%s\" is not a plain file",
                      path);
      return FALSE;
    }

  if (info.st_size > MAX_SIZE)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "look whether it is the file that is meant",
                      "\"%s\" is too large to be read: %" G_GINT64_FORMAT " MB", path, (gint64) info.st_size / 1000000);
      return FALSE;
    }
  buffer = g_malloc (info.st_size + 1);
  while (filled < (gsize) info.st_size)
    {
      gssize n = read (fd, buffer + filled, info.st_size - filled);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return set_errno_error (error, path, errno);
      if (n == 0)
        break;
      filled += n;
    }

  buffer[filled] = '\0';
  *contents = g_steal_pointer (&buffer);
  *size = filled;
  return TRUE;
}

/**
 * tide_node_text_read_checked:
 * @path: a file, file system encoding
 * @text_size: (out) (optional): bytes of the text
 * @is_utf8: (out): whether the file is valid UTF-8, so that the text is what it holds
 * @error: NOT_FOUND, or INVALID for what cannot be read
 *
 * Reads a file whole. Never waits for a FIFO or a device.
 *
 * Returns: (transfer full) (nullable): its text as tide_node_text_decode() tells it
 */
char *
tide_node_text_read_checked (const char *path,
                             gsize      *text_size,
                             gboolean   *is_utf8,
                             GError    **error)
{
  g_autofree char *contents = NULL;
  gsize size = 0;
  gboolean read_all;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

  if (fd < 0)
    {
      set_errno_error (error, path, errno);
      return NULL;
    }
  read_all = read_regular (fd, path, &contents, &size, error);
  close (fd);
  if (!read_all)
    return NULL;

  *is_utf8 = measure_valid (contents, size) == size;
  if (!*is_utf8)
    return tide_node_text_decode (contents, size, text_size);
  if (text_size != NULL)
    *text_size = size;
  return g_steal_pointer (&contents);
}

/**
 * tide_node_text_read:
 * @path: a file, file system encoding
 * @text_size: (out) (optional): bytes of the text
 * @error: NOT_FOUND, or INVALID for what cannot be read
 *
 * As tide_node_text_read_checked(), for whoever takes any text.
 *
 * Returns: (transfer full) (nullable): its text as tide_node_text_decode() tells it
 */
char *
tide_node_text_read (const char *path,
                     gsize      *text_size,
                     GError    **error)
{
  gboolean is_utf8;

  return tide_node_text_read_checked (path, text_size, &is_utf8, error);
}
