/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-format.h"

G_BEGIN_DECLS

/**
 * TideRestoreStream:
 *
 * The SQL text of a plain dump, whatever it is compressed with, read piece by piece.
 */
typedef struct _TideRestoreStream TideRestoreStream;

TideRestoreStream *tide_restore_stream_open         (const char         *path,
                                                     TideBackupFormat    format,
                                                     GError            **error);
void               tide_restore_stream_close        (TideRestoreStream  *self);
/* Bytes; 0 at the end; -1 with @error: INVALID (damaged or cut short) */
gssize             tide_restore_stream_read         (TideRestoreStream  *self,
                                                     char               *buffer,
                                                     gsize               size,
                                                     GError            **error);
/* 0 to 1, of the file on disk */
double             tide_restore_stream_get_fraction (TideRestoreStream  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRestoreStream, tide_restore_stream_close)

G_END_DECLS
