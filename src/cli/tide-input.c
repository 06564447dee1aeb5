/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-input"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <unistd.h>

#include "tide-error.h"
#include "tide-input.h"

static GInputStream *
open_input (const char  *path,
            GError     **error)
{
  int fd;

  if (g_str_equal (path, "-"))
    return g_unix_input_stream_new (STDIN_FILENO, FALSE);

  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0)
    return g_unix_input_stream_new (fd, TRUE);

  tide_set_error (error, errno == ENOENT ? TIDE_ERROR_NOT_FOUND : TIDE_ERROR_FAILED, NULL,
                  "cannot open \"%s\": %s", path, g_strerror (errno));
  return NULL;
}

static gboolean
check_text (const char  *path,
            GBytes      *bytes,
            GError     **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  const char *end = text;

  if (size == 0 || g_utf8_validate_len (text, size, &end))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_INVALID, "save it as UTF-8",
                  "\"%s\" is not text in UTF-8: byte %" G_GSIZE_FORMAT " cannot be read", path,
                  (gsize) (end - text) + 1);
  return FALSE;
}

/**
 * tide_input_read_sql:
 * @path: a file, or "-" for the standard input
 * @cancellable: (nullable): ends the waiting for a terminal or a pipe
 * @error: return location for a %TIDE_ERROR that names the file
 *
 * Returns: (transfer full) (nullable): its text, UTF-8 without NUL bytes
 */
char *
tide_input_read_sql (const char    *path,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(GInputStream) in = open_input (path, error);
  g_autoptr(GOutputStream) out = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) local_error = NULL;

  if (in == NULL)
    return NULL;
  out = g_memory_output_stream_new_resizable ();
  if (g_output_stream_splice (out, in, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, cancellable,
                              &local_error) < 0)
    {
      if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot read \"%s\": %s", path,
                        local_error->message);
      return NULL;
    }
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
  if (!check_text (path, bytes, error))
    return NULL;
  return g_bytes_get_size (bytes) > 0 ? g_strndup (g_bytes_get_data (bytes, NULL),
                                                   g_bytes_get_size (bytes))
                                      : g_strdup ("");
}
