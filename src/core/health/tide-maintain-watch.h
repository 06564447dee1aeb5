/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideMaintainWatch:
 *
 * Looks, over a connection and in a thread of its own, how far the statement of another session is and for whom it waits, and
 * tells a job. It never fails: where it cannot look, nothing is told.
 */
typedef struct _TideMaintainWatch TideMaintainWatch;

TideMaintainWatch *tide_maintain_watch_start (TideSession       *session,
                                              TideJob           *job);
/* Of the whole work @done (0..1) is behind, and what runs now is @share of it */
void               tide_maintain_watch_step  (TideMaintainWatch *self,
                                              double             done,
                                              double             share);
void               tide_maintain_watch_stop  (TideMaintainWatch *self); /* frees it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideMaintainWatch, tide_maintain_watch_stop)

G_END_DECLS
