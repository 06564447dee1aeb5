/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-authorship.h"
#include "project/tide-project.h"

G_BEGIN_DECLS

/* What a workspace reads in threads. The tasks have no source object: their last reference may go in the
 * thread, and what is bound to a workspace lives on the main one. */

/* @folder: the project's root, or a folder inside it */
void            tide_load_project_async     (const char           *folder,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
TideProject    *tide_load_project_finish    (GAsyncResult         *result,
                                             GError              **error);
/* The same, and a TideEnvironment for each of the project's, which are being read already: the main thread may
 * build a window meanwhile. @environments: (out) (transfer full) */
void            tide_load_opening_async     (const char           *folder,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
TideProject    *tide_load_opening_finish    (GAsyncResult         *result,
                                             GPtrArray           **environments,
                                             GError              **error);
void            tide_load_authorship_async  (TideProject          *project,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
TideAuthorship *tide_load_authorship_finish (GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
