/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-deploy-watch.h"
#include "history/tide-history.h"
#include "job/tide-job.h"
#include "sql/tide-sql-script.h"

G_BEGIN_DECLS

/* What one migration of a deploy will be, told before it starts */
typedef struct
{
  TideMigration *migration;
  TideSqlScript *script; /* says the run mode and why */
} TideDeployStep;

/* How to deploy. All of it may be 0 and %NULL */
typedef struct
{
  const char      *to;              /* the last migration to apply; NULL: all */
  guint            lock_timeout_ms; /* 0: as Prisma for the migration lock, as the server says for a statement */
  GPtrArray       *plan;            /* (element-type TideDeployStep): whose files need not be taken apart again */
  TideSession     *session;         /* an idle one on the same database, to go on with: it keeps the migration lock */
  TideDeployWatch  watch;           /* hears of each statement as it begins and ends */
  gpointer         watch_data;
} TideDeployOptions;

/* What a deploy did. @failed_name and @failure are both set or both NULL: the migration that ended
 * it, and why. That is one that failed (P3018), that was cancelled, that cannot be read or run
 * (P3015, INVALID: nothing was recorded), or the next one when the deploy was cancelled or lost its
 * connection between two. */
typedef struct
{
  GPtrArray *applied;     /* (element-type utf8): names, in order */
  char      *failed_name; /* (nullable) */
  GError    *failure;     /* (nullable): the server's words, with statement, file and line */
} TideDeployReport;

/* (transfer full) (element-type TideDeployStep): what is pending up to and including @to (nullable:
 * all). Errors: P3009 (a failed migration is in the way), P3019, NOT_FOUND, a migration that cannot
 * be read (P3015) */
GPtrArray        *tide_deploy_plan        (TideProject       *project,
                                           TideTimeline      *timeline,
                                           const char        *to,
                                           GError           **error);
/* (transfer full) (element-type TideDeployStep): the same, of the ledger as it is there now. Waits for
 * a deploy that runs before it takes a migration for a failed one. Blocking. @session (out) (optional) (transfer full):
 * the one that it asked on */
GPtrArray        *tide_deploy_plan_for    (TideProject       *project,
                                           TideConninfo      *conninfo,
                                           const char        *to,
                                           guint              lock_timeout_ms,
                                           TideSession      **session,
                                           GCancellable      *cancellable,
                                           GError           **error);
/* (transfer full): a session that holds the migration lock until it ends: nobody deploys meanwhile */
TideSession      *tide_history_open_locked (TideHistory   *self,
                                            TideConninfo  *conninfo,
                                            guint          timeout_ms,
                                            GCancellable  *cancellable,
                                            GError       **error);
void              tide_deploy_report_free (TideDeployReport  *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDeployReport, tide_deploy_report_free)

/* Applies what is pending under the lock, in order, the ledger on a second connection. Blocking;
 * the job reports, logs and cancels. A migration that fails ends the deploy and is in the report,
 * not in @error; @error is for what kept the deploy from running (no connection, lock held, P3005,
 * P3009). @lock_timeout_ms: 0: the server's. */
TideDeployReport *tide_deploy_run         (TideProject       *project,
                                           TideConninfo      *conninfo,
                                           const char        *to,
                                           guint              lock_timeout_ms,
                                           TideJob           *job,
                                           GError           **error);
/* The same, with all that may be said to it */
TideDeployReport *tide_deploy_run_full    (TideProject       *project,
                                           TideConninfo      *conninfo,
                                           const TideDeployOptions *options,
                                           TideJob           *job,
                                           GError           **error);

G_END_DECLS
