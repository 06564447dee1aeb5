/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one thread that owns every PGconn. The first call starts it, and it runs as long as the
 * program; or it is whatever thread waits for an answer, one at a time. */

GMainContext *tide_worker_get_context (void);
gboolean      tide_worker_is_current  (void);
void          tide_worker_stay_in_caller (void);
gboolean      tide_worker_has_answer  (GMainContext *waiting);
gboolean      tide_worker_turn        (GMainContext *waiting);
void          tide_worker_invoke      (GSourceFunc  func,
                                       gpointer     data);
GSource      *tide_worker_attach      (GSource     *source,
                                       GSourceFunc  func,
                                       gpointer     data);

G_END_DECLS
