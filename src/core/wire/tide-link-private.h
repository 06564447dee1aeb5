/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-unix.h>
#include <libpq-fe.h>

#include "wire/tide-link.h"

G_BEGIN_DECLS

/* One struct in several files: tide-link.c (life and queue), -connect.c, -run.c (calls),
 * -results.c (what libpq hands out), -stream.c (chunks), -cancel.c. */

typedef enum
{
  TIDE_LINK_CONNECTING,
  TIDE_LINK_READY,
  TIDE_LINK_LOST,
  TIDE_LINK_CLOSED,
} TideLinkState;

struct _TideLink
{
  gatomicrefcount  ref_count;
  TideConninfo    *conninfo;
  TideOutbox      *outbox;

  /* Known from the moment of opening */
  int              backend_pid;
  int              server_version;

  /* Atomic */
  int              transaction_status;
  int              lost;

  /* Under the mutex */
  GMutex           mutex;
  GHashTable      *parameters;

  /* The worker only */
  TideLinkState    state;
  PGconn          *conn;
  GSource         *watch; /* of the connection's socket */
  GIOCondition     watched;
  GQueue           queue;
  TideCall        *current;
  gboolean         flushing;   /* a part of the statement still has to be sent */
  gboolean         cancelling; /* PQcancel() is on its way */
  GSource         *cancel_again;
  GSource         *send_soon;  /* rows that wait for more of their chunk */
  GError          *farewell;   /* the FATAL that the server sent while idle */
  GError          *end;        /* why the connection is over */

  /* The worker only, while opening */
  TideCall        *opening;
  GSource         *timeout;
  GCancellable    *resolving;
};

/* tide-link.c */
void     tide_link_clear_source    (GSource          **source);
void     tide_link_enqueue         (TideLink          *self,
                                    TideCall          *call);
void     tide_link_close           (TideLink          *self);
void     tide_link_watch           (TideLink          *self,
                                    GIOCondition       condition,
                                    GUnixFDSourceFunc  func);
void     tide_link_unwatch         (TideLink          *self);
void     tide_link_end             (TideLink          *self,
                                    TideLinkState      state,
                                    GError            *why);
void     tide_link_lose            (TideLink          *self,
                                    const GError      *cause);

/* tide-link-connect.c */
void     tide_link_connect         (TideLink          *self);

/* tide-link-run.c */
void     tide_link_pump            (TideLink          *self);
gboolean tide_link_finish_call     (TideLink          *self);
void     tide_link_listen          (TideLink          *self);

/* tide-link-results.c */
gboolean tide_link_read_results    (TideLink          *self);

/* tide-link-stream.c */
void     tide_link_send_chunk      (TideCall          *call,
                                    TideResult        *chunk,
                                    guint              statement);
void     tide_link_send_held       (TideCall          *call);

/* tide-link-cancel.c */
void     tide_link_cancel_current  (TideLink          *self);

G_END_DECLS
