/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TideOutbox:
 *
 * Carries the signals of one session from the worker to the context that opened it. It holds the
 * session weakly: what is on its way does not keep a connection open.
 */
typedef struct _TideOutbox TideOutbox;

TideOutbox *tide_outbox_new               (GObject      *owner,
                                           GMainContext *context);
void        tide_outbox_free              (TideOutbox   *self);
void        tide_outbox_post_error        (TideOutbox   *self,
                                           const char   *signal_name,
                                           const GError *error);
void        tide_outbox_post_notification (TideOutbox   *self,
                                           const char   *channel,
                                           const char   *payload,
                                           int           pid);

G_END_DECLS
