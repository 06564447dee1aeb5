/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scratch/tide-scratch-place.h"

G_BEGIN_DECLS

/* Private to the room: the processes of a private server. The protocol between programs is told in
 * keeper/tide-keeper.c. */

int      tide_scratch_server_join         (const TideScratchPlace  *place,
                                           GCancellable            *cancellable,
                                           GError                 **error);
gboolean tide_scratch_server_stop         (const TideScratchPlace  *place,
                                           GCancellable            *cancellable,
                                           GError                 **error);
gboolean tide_scratch_server_is_running   (const TideScratchPlace  *place);
char    *tide_scratch_server_dup_bindir   (const TideScratchPlace  *place);

G_END_DECLS
