/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Private to the sample room. */

/* (transfer full): where the sample's files are: $TIDEMARK_DATA_DIR, the source tree of a program
 * that runs from its build folder, the installed place. Errors: NOT_FOUND */
char     *tide_sample_folder_dup_source (GError       **error);
/* A new folder appears at once and whole: templates filled in with @variables ("@NAME@" -> text),
 * its small git history made. One that is a project already is left as it is. Errors: REFUSED
 * (@folder holds something else). Blocking */
gboolean  tide_sample_folder_make       (const char    *source,
                                         const char    *folder,
                                         GHashTable    *variables,
                                         GCancellable  *cancellable,
                                         GError       **error);

G_END_DECLS
