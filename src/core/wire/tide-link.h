/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-call.h"
#include "wire/tide-outbox.h"

G_BEGIN_DECLS

/**
 * TideLink:
 *
 * One PGconn and the queue of calls on it. Made, submitted to and asked from any thread; everything
 * else happens on the worker. A session owns a link; calls on their way hold references.
 */
TideLink              *tide_link_new                    (TideConninfo *conninfo,
                                                         TideOutbox   *outbox);
TideLink              *tide_link_ref                    (TideLink     *self);
void                   tide_link_unref                  (TideLink     *self);
void                   tide_link_submit                 (TideLink     *self,
                                                         TideCall     *call);
void                   tide_link_drop                   (TideLink     *self);

TideConninfo          *tide_link_get_conninfo           (TideLink     *self);
int                    tide_link_get_backend_pid        (TideLink     *self);
int                    tide_link_get_server_version     (TideLink     *self);
char                  *tide_link_dup_parameter          (TideLink     *self,
                                                         const char   *name);
TideTransactionStatus  tide_link_get_transaction_status (TideLink     *self);
gboolean               tide_link_is_lost                (TideLink     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLink, tide_link_unref)

G_END_DECLS
