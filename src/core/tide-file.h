/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Taking the place of a file as an editor does it: a symbolic link stays one, and who may read the file stays the same. */

#define TIDE_FILE_NEW_MODE 0666 /* less what the mask of the process takes away */

/* Returns (transfer full): where what takes the place of @path is to be written: what a symbolic link points to, in the end.
 * @mode: (out): the rights of what stands there; TIDE_FILE_NEW_MODE where nothing does */
char     *tide_file_find_place (const char   *path,
                                int          *mode);
/* Blocking. All of @data, or what stood there before. @length: bytes. The error is GLib's. */
gboolean  tide_file_replace    (const char   *path,
                                const char   *data,
                                gsize         length,
                                GError      **error);

G_END_DECLS
