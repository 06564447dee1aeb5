/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-transaction-fate.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideScriptSession:
 *
 * The session on which files run one after the other, made as new before each of them. It connects when it is first
 * needed, and again where a file leaves it so that it cannot be used any more.
 */
typedef struct _TideScriptSession TideScriptSession;

TideScriptSession          *tide_script_session_new         (TideConninfo            *conninfo,
                                                             guint                    lock_timeout_ms,
                                                             GCancellable            *cancellable);
void                        tide_script_session_free        (TideScriptSession       *self);
TideSession                *tide_script_session_get         (const TideScriptSession *self);
const TideTransactionPlace *tide_script_session_get_place   (const TideScriptSession *self);
void                        tide_script_session_connect     (TideScriptSession       *self);
gboolean                    tide_script_session_renew       (TideScriptSession       *self,
                                                             GError                 **error);
guint64                     tide_script_session_begin       (TideScriptSession       *self,
                                                             GError                 **error);
gboolean                    tide_script_session_may_begin_ahead (const TideScriptSession *self);
char                       *tide_script_session_build_ahead (const TideScriptSession *self,
                                                             const char              *sql);
void                        tide_script_session_set_ahead   (TideScriptSession       *self,
                                                             guint64                  transaction);
void                        tide_script_session_roll_back   (TideScriptSession       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideScriptSession, tide_script_session_free)

G_END_DECLS
