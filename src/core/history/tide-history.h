/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "history/tide-ledger-note.h"
#include "history/tide-timeline.h"
#include "job/tide-job.h"
#include "project/tide-project.h"
#include "tide-kind.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideHistory:
 *
 * A way of keeping a migration history in a database: how its ledger is read and written, how it is
 * locked. Prisma 6 and 7 share one (#TidePrismaHistory); other layouts of the same idea are other
 * implementations. The algorithms (timeline, deploy, resolve, reset) know only this interface.
 * Every call blocks: use a #TideJob or a #GTask thread.
 */
#define TIDE_TYPE_HISTORY (tide_history_get_type ())
G_DECLARE_INTERFACE (TideHistory, tide_history, TIDE, HISTORY, GObject)

/* A row that is on its way into the ledger. */
typedef struct
{
  char           *id;          /* of the row */
  char           *finished_id; /* (nullable): of the one that is finished in the same commit */
  TidePendingCall *pending;
} TideLedgerStart;

struct _TideHistoryInterface
{
  GTypeInterface parent;

  const char *table; /* of the ledger: a file that speaks of it means its own row, too */

  /* (transfer full) (nullable) (element-type TideLedgerRow): by started_at; NULL without error:
   * there is no ledger table. Errors: INVALID (a table that is not a ledger; another schema holds
   * the ledger) */
  GPtrArray *(*read)            (TideHistory *self, TideSession *session, GCancellable *cancellable,
                                 GError **error);
  /* (transfer full): a text that changes whenever the ledger does, by cheap queries */
  char      *(*read_fingerprint) (TideHistory *self, TideSession *session, GCancellable *cancellable,
                                  GError **error);
  /* @n_rows: -1 where there is no ledger table */
  gboolean   (*count)           (TideHistory *self, TideSession *session, gint64 *n_rows,
                                 GCancellable *cancellable, GError **error);
  /* Make the ledger where there is none; refuses a database that is not empty (P3005) unless
   * @baseline */
  gboolean   (*prepare)         (TideHistory *self, TideSession *session, gboolean baseline,
                                 GCancellable *cancellable, GError **error);
  /* Session level lock; BUSY (P1002) says who holds it. Ends with the session */
  gboolean   (*lock)            (TideHistory *self, TideSession *session, guint timeout_ms,
                                 GCancellable *cancellable, GError **error);
  /* (transfer full): a new row, on its way. @finished_id (nullable): a row to finish in the same commit. Need not be
   * durable before a later commit of anybody is. @lock_timeout_ms: how long to wait for a lock; 0: as the server says */
  TideLedgerStart *(*begin_start) (TideHistory *self, TideSession *session, const char *finished_id,
                                   TideMigration *migration, const TideLedgerNote *note,
                                   guint lock_timeout_ms, GCancellable *cancellable);
  /* (transfer full): the row's id, once it is there. Ends @start (transfer full) in any case */
  char      *(*end_start)       (TideHistory *self, TideSession *session, TideLedgerStart *start, GError **error);
  /* How far the file came; need not be durable either */
  gboolean   (*record_progress) (TideHistory *self, TideSession *session, const char *id,
                                 const TideLedgerNote *note,
                                 GCancellable *cancellable, GError **error);
  gboolean   (*record_finish)   (TideHistory *self, TideSession *session, const char *id,
                                 GCancellable *cancellable, GError **error);
  gboolean   (*record_failure)  (TideHistory *self, TideSession *session, const char *id,
                                 const char *logs, GCancellable *cancellable, GError **error);
  gboolean   (*record_applied)  (TideHistory *self, TideSession *session, TideMigration *migration,
                                 GCancellable *cancellable, GError **error);
  gboolean   (*record_rolled_back) (TideHistory *self, TideSession *session, const char *name,
                                    GCancellable *cancellable, GError **error);
  /* (transfer full): see tide_history_explain_failed() */
  char      *(*explain)         (TideHistory *self, TideSession *session, const TideLedgerRow *row,
                                 gboolean *runs, GCancellable *cancellable, GError **error);
};

/* (transfer full): the layout that @project uses */
TideHistory  *tide_history_for_project    (TideProject          *project);
/* (transfer full): the layout to look for in a database that no project is known of */
TideHistory  *tide_history_for_database   (void);
/* (transfer full): @session (nullable): NULL joins with nothing (no database at hand). One round
 * trip, and some more where a migration has not ended: whether it runs now. */
TideTimeline *tide_history_read_timeline  (TideHistory          *self,
                                           TideProject          *project,
                                           TideSession          *session,
                                           GCancellable         *cancellable,
                                           GError              **error);
/* (transfer full): for a poll: another text than before means that the ledger is to be read again */
char         *tide_history_read_fingerprint (TideHistory        *self,
                                             TideSession        *session,
                                             GCancellable       *cancellable,
                                             GError            **error);
/* @n_rows (out): how many rows the ledger has; -1: there is no ledger */
gboolean      tide_history_count_rows     (TideHistory          *self,
                                           TideSession          *session,
                                           gint64               *n_rows,
                                           GCancellable         *cancellable,
                                           GError              **error);
/* (transfer full): what is known of an attempt that did not end, for a person: is it running now,
 * was it undone, how far did the file come. @row is the failed one: an entry's row while its state
 * is failed. Asks the server. */
char         *tide_history_explain_failed (TideHistory          *self,
                                           TideSession          *session,
                                           const TideLedgerRow  *row,
                                           gboolean             *runs,
                                           GCancellable         *cancellable,
                                           GError              **error);

G_END_DECLS
