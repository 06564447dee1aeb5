/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/**
 * TideApplyWatch:
 *
 * Looks at a session that runs a statement, from a second connection, and says what it waits for. It connects when a
 * statement takes long, and not before.
 */
typedef struct _TideApplyWatch TideApplyWatch;

/* (nullable): who is waited for, in English and for a person. In the watch's thread, only when it changes */
typedef void (*TideApplyWatchFunc) (const char *recorded,
                                    const char *shown,
                                    gpointer    user_data);

TideApplyWatch *tide_apply_watch_new  (TideConninfo       *conninfo,
                                       TideApplyWatchFunc  func,
                                       gpointer            user_data);
/* @pid: of the session that has begun a statement; 0: it has ended */
void            tide_apply_watch_set  (TideApplyWatch     *self,
                                       int                 pid);
void            tide_apply_watch_free (TideApplyWatch     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideApplyWatch, tide_apply_watch_free)

G_END_DECLS
