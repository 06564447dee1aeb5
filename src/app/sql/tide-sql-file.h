/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the editor takes at most */
#define TIDE_SQL_MAX_MEBIBYTES 16

/* Files of SQL, read and written in a thread. What is no text, or more than an editor is for, is refused before it is read. */
void      tide_sql_file_load_async  (const char           *path,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
/* @stamp: (out) (transfer full): by which it is seen later whether another program has changed the file */
char     *tide_sql_file_load_finish (GAsyncResult         *result,
                                     char                **stamp,
                                     GError              **error);
/* @stamp: (nullable): that of what was read or written last: where the file is another one now, it is left as it is, and the error
 * is TIDE_ERROR_BUSY. One that is not there any more is written. */
void      tide_sql_file_save_async  (const char           *path,
                                     const char           *text,
                                     const char           *stamp,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean  tide_sql_file_save_finish (GAsyncResult         *result,
                                     char                **stamp,
                                     GError              **error);

G_END_DECLS
