/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-verify-file"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup/tide-verify-file.h"
#include "tide-error.h"

#define CHUNK (256 * 1024)
#define MAX_THREADS 8

typedef struct
{
  TideFileReading *reading;
  GChecksum       *checksum;
  GConverter      *unpacker; /* (nullable) */
  gboolean         ended;    /* the compressed stream came to its end */
  char            *text;     /* CHUNK bytes */
} Reader;

static void
keep_tail (TideFileReading *reading,
           const char      *data,
           gsize            length)
{
  if (length >= TIDE_VERIFY_TAIL)
    {
      g_string_truncate (reading->tail, 0);
      g_string_append_len (reading->tail, data + length - TIDE_VERIFY_TAIL, TIDE_VERIFY_TAIL);
      return;
    }
  g_string_append_len (reading->tail, data, length);
  if (reading->tail->len > TIDE_VERIFY_TAIL)
    g_string_erase (reading->tail, 0, reading->tail->len - TIDE_VERIFY_TAIL);
}

/* zlib compares each stream's checksum at its end. What follows the first stream belongs to no dump. */
static void
unpack (Reader     *self,
        const char *data,
        gsize       length)
{
  while (length > 0 && !self->ended && self->reading->problem == NULL)
    {
      g_autoptr(GError) error = NULL;
      gsize taken = 0, given = 0;
      GConverterResult result = g_converter_convert (self->unpacker, data, length, self->text, CHUNK,
                                                     G_CONVERTER_NO_FLAGS, &taken, &given, &error);

      if (result == G_CONVERTER_ERROR && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        return;
      if (result == G_CONVERTER_ERROR)
        {
          self->reading->problem = g_strdup ("its compressed data is damaged");
          return;
        }
      keep_tail (self->reading, self->text, given);
      self->ended = result == G_CONVERTER_FINISHED;
      data += taken;
      length -= taken;
    }
}

static void
take (Reader     *self,
      const char *data,
      gsize       length)
{
  self->reading->bytes += length;
  g_checksum_update (self->checksum, (const guchar *) data, length);
  if (self->unpacker != NULL)
    unpack (self, data, length);
  else
    keep_tail (self->reading, data, length);
}

static gboolean
read_all (Reader        *self,
          int            fd,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autofree char *buffer = g_malloc (CHUNK);
  gssize n;

  while ((n = read (fd, buffer, CHUNK)) != 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (n > 0)
        take (self, buffer, n);
      else if (errno != EINTR)
        {
          g_free (self->reading->problem);
          self->reading->problem = g_strdup_printf ("it cannot be read: %s", g_strerror (errno));
          return TRUE;
        }
    }
  if (self->unpacker != NULL && !self->ended && self->reading->problem == NULL)
    self->reading->problem = g_strdup ("it is cut short");
  return TRUE;
}

TideFileReading *
tide_verify_file_read (const char    *path,
                       gboolean       unpack,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr(TideFileReading) reading = NULL;
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr(GZlibDecompressor) unpacker = unpack ? g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP) : NULL;
  g_autofree char *text = unpack ? g_malloc (CHUNK) : NULL;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean done;
  Reader reader;

  if (fd < 0)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, NULL, "cannot open \"%s\": %s", path, g_strerror (errno));
      return NULL;
    }
  reading = g_new0 (TideFileReading, 1);
  reading->tail = g_string_sized_new (2 * TIDE_VERIFY_TAIL);
  reader = (Reader) { reading, checksum, unpacker ? G_CONVERTER (unpacker) : NULL, FALSE, text };
  done = read_all (&reader, fd, cancellable, error);
  close (fd);
  reading->sha256 = g_strdup (g_checksum_get_string (checksum));
  return done ? g_steal_pointer (&reading) : NULL;
}

void
tide_file_reading_free (TideFileReading *self)
{
  if (self == NULL)
    return;
  g_free (self->sha256);
  g_string_free (self->tail, TRUE);
  g_free (self->problem);
  g_free (self);
}

typedef struct
{
  char            *path;
  gboolean         unpack;
  TideFileReading *reading; /* (nullable) */
  GError          *error;   /* (nullable) */
} File;

struct _TideFileReader
{
  GThreadPool *pool;
  GPtrArray   *files; /* of File */
};

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->path);
  tide_file_reading_free (file->reading);
  g_clear_error (&file->error);
  g_free (file);
}

static void
read_in_thread (gpointer data,
                gpointer user_data)
{
  File *file = data;

  file->reading = tide_verify_file_read (file->path, file->unpack, user_data, &file->error);
}

TideFileReader *
tide_file_reader_new (GCancellable *cancellable)
{
  TideFileReader *self = g_new0 (TideFileReader, 1);

  self->pool = g_thread_pool_new (read_in_thread, cancellable, MIN (g_get_num_processors (), MAX_THREADS), FALSE, NULL);
  self->files = g_ptr_array_new_with_free_func (file_free);
  return self;
}

void
tide_file_reader_add (TideFileReader *self,
                      const char     *path,
                      gboolean        unpack)
{
  File *file = g_new0 (File, 1);

  file->path = g_strdup (path);
  file->unpack = unpack;
  g_ptr_array_add (self->files, file);
  g_thread_pool_push (self->pool, file, NULL);
}

GPtrArray *
tide_file_reader_finish (TideFileReader  *self,
                         GError         **error)
{
  g_autoptr(GPtrArray) readings = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_file_reading_free);
  gboolean done = TRUE;

  g_thread_pool_free (self->pool, FALSE, TRUE);
  for (guint i = 0; done && i < self->files->len; i++)
    {
      File *file = g_ptr_array_index (self->files, i);

      done = file->reading != NULL;
      if (done)
        g_ptr_array_add (readings, g_steal_pointer (&file->reading));
      else
        g_propagate_error (error, g_steal_pointer (&file->error));
    }
  g_ptr_array_unref (self->files);
  g_free (self);
  return done ? g_steal_pointer (&readings) : NULL;
}
