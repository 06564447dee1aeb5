/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/**
 * TideLockWatch:
 *
 * Looks at sessions that run statements, from another connection, and says what they wait for. It connects when a
 * statement takes long, and not before.
 */
typedef struct _TideLockWatch TideLockWatch;

/* (nullable): who is waited for, in English and for a person. In the watch's thread, only when it changes */
typedef void (*TideLockWatchFunc) (const char *recorded,
                                   const char *shown,
                                   gpointer    user_data);

/* @application_name: (nullable): of more sessions to be looked at beside the one that is set */
TideLockWatch *tide_lock_watch_new  (TideConninfo      *conninfo,
                                     const char        *application_name,
                                     TideLockWatchFunc  func,
                                     gpointer           user_data);
/* @pid: of the session that has begun a statement; 0: it has ended, and nobody is looked at */
void           tide_lock_watch_set  (TideLockWatch     *self,
                                     int                pid);
void           tide_lock_watch_free (TideLockWatch     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLockWatch, tide_lock_watch_free)

G_END_DECLS
