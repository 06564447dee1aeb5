/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-stream"

#include "config.h"

#include <gio/gio.h>

#include "backup/tide-libarchive.h"
#include "backup/tide-restore-stream.h"
#include "tide-error.h"

#define BLOCK_SIZE 65536

/* zlib checks what it unpacks, so gzip is its business; the others are libarchive's. */
struct _TideRestoreStream
{
  char                 *path;
  gint64                size;
  GInputStream         *file;       /* plain and gzip */
  GInputStream         *text;       /* likewise; unpacked */
  const TideLibarchive *libarchive; /* zstd and lz4 */
  struct archive       *archive;    /* likewise */
};

static gboolean
fail (TideRestoreStream  *self,
      const char         *why,
      GError            **error)
{
  tide_set_error (error, TIDE_ERROR_INVALID, "choose another backup; this one is damaged or not complete",
                  "cannot read \"%s\": %s", self->path, why);
  return FALSE;
}

static gboolean
open_archive (TideRestoreStream  *self,
              GError            **error)
{
  const TideLibarchive *libarchive = tide_libarchive_get (error);
  struct archive_entry *entry;

  if (libarchive == NULL)
    return FALSE;
  self->libarchive = libarchive;
  self->archive = libarchive->archive_read_new ();
  libarchive->archive_read_support_filter_zstd (self->archive);
  libarchive->archive_read_support_filter_lz4 (self->archive);
  libarchive->archive_read_support_format_raw (self->archive);
  if (libarchive->archive_read_open_filename (self->archive, self->path, BLOCK_SIZE) == ARCHIVE_OK
      && libarchive->archive_read_next_header (self->archive, &entry) == ARCHIVE_OK)
    return TRUE;
  return fail (self, libarchive->archive_error_string (self->archive), error);
}

static gboolean
open_file (TideRestoreStream  *self,
           gboolean            packed,
           GError            **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (self->path);
  g_autoptr(GError) failure = NULL;

  self->file = G_INPUT_STREAM (g_file_read (file, NULL, &failure));
  if (self->file == NULL)
    return fail (self, failure->message, error);
  if (packed)
    {
      g_autoptr(GZlibDecompressor) decompressor = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);

      self->text = g_converter_input_stream_new (self->file, G_CONVERTER (decompressor));
    }
  else
    self->text = g_object_ref (self->file);
  return TRUE;
}

/**
 * tide_restore_stream_open:
 * @path: a file
 * @format: what tide_backup_format_detect() says of it: plain or compressed SQL
 * @error: %TIDE_ERROR_INVALID
 *
 * Returns: (transfer full) (nullable): its text
 */
TideRestoreStream *
tide_restore_stream_open (const char        *path,
                          TideBackupFormat   format,
                          GError           **error)
{
  g_autoptr(TideRestoreStream) self = g_new0 (TideRestoreStream, 1);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);
  gboolean opened;

  self->path = g_strdup (path);
  self->size = info ? g_file_info_get_size (info) : 0;
  if (format == TIDE_BACKUP_FORMAT_ZSTD || format == TIDE_BACKUP_FORMAT_LZ4)
    opened = open_archive (self, error);
  else
    opened = open_file (self, format == TIDE_BACKUP_FORMAT_GZIP, error);
  return opened ? g_steal_pointer (&self) : NULL;
}

void
tide_restore_stream_close (TideRestoreStream *self)
{
  if (self->archive != NULL)
    self->libarchive->archive_read_free (self->archive);
  g_clear_object (&self->text);
  g_clear_object (&self->file);
  g_free (self->path);
  g_free (self);
}

gssize
tide_restore_stream_read (TideRestoreStream  *self,
                          char               *buffer,
                          gsize               size,
                          GError            **error)
{
  g_autoptr(GError) failure = NULL;
  gssize n;

  if (self->archive != NULL)
    n = self->libarchive->archive_read_data (self->archive, buffer, size);
  else
    n = g_input_stream_read (self->text, buffer, size, NULL, &failure);
  if (n >= 0)
    return n;
  fail (self, failure ? failure->message : self->libarchive->archive_error_string (self->archive), error);
  return -1;
}

double
tide_restore_stream_get_fraction (TideRestoreStream *self)
{
  gint64 done = self->archive ? self->libarchive->archive_filter_bytes (self->archive, -1)
                              : g_seekable_tell (G_SEEKABLE (self->file));

  return self->size > 0 ? CLAMP ((double) done / self->size, 0, 1) : 0;
}
