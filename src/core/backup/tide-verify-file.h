/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How much of the end of a file is looked at */
#define TIDE_VERIFY_TAIL 4096

/* What reading a file from its first to its last byte has shown */
typedef struct
{
  gint64   bytes;
  char    *sha256;
  GString *tail;    /* the last bytes, behind the compression */
  char    *problem; /* (nullable): why not all of it could be read */
} TideFileReading;

/* @unpack: it is gzip, and what is in it must be readable to its checksum. NULL: cancelled, or not even open */
TideFileReading *tide_verify_file_read    (const char       *path,
                                           gboolean          unpack,
                                           GCancellable     *cancellable,
                                           GError          **error);
void             tide_file_reading_free   (TideFileReading  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideFileReading, tide_file_reading_free)

/* Reads several files beside each other, and beside whatever its caller does meanwhile. @cancellable is borrowed. */
typedef struct _TideFileReader TideFileReader;
TideFileReader  *tide_file_reader_new     (GCancellable     *cancellable);
void             tide_file_reader_add     (TideFileReader   *self,
                                           const char       *path,
                                           gboolean          unpack);
/* Waits, and frees it. (transfer full) (element-type TideFileReading): in the order in which they were added; NULL as above */
GPtrArray       *tide_file_reader_finish  (TideFileReader   *self,
                                           GError          **error);

G_END_DECLS
