/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* What a REINDEX CONCURRENTLY leaves that is stopped: an invalid index beside the old one */

/* (transfer full): the OIDs, as text, of those that are there */
GHashTable *tide_maintain_leftover_list (TideSession   *session,
                                         GCancellable  *cancellable,
                                         GError       **error);
/* Drops those that were not there @before; what cannot be dropped is told, and in the hint of @failure */
void        tide_maintain_leftover_drop (TideConninfo  *conninfo,
                                         GHashTable    *before,
                                         TideJob       *job,
                                         GError       **failure);

G_END_DECLS
