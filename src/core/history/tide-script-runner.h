/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-deploy-watch.h"
#include "history/tide-ledger-note.h"
#include "job/tide-job.h"
#include "project/tide-migration.h"
#include "sql/tide-sql-script.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideScriptRunner:
 *
 * Runs the files of migrations on a session of their own, one after the other, so that no file can
 * touch the ledger's session, and none can spoil the next one: before each of them the session is
 * made as new.
 */
typedef struct _TideScriptRunner TideScriptRunner;

/* Called before each statement of a file that runs statement by statement, but the first. FALSE
 * ends the run. */
typedef gboolean (*TideScriptProgressFunc) (const TideLedgerNote  *note,
                                            gpointer               user_data,
                                            GError               **error);

/* FALSE: a file that runs in one transaction must not be committed */
typedef gboolean (*TideScriptGuardFunc) (gpointer   user_data,
                                         GError   **error);

TideScriptRunner *tide_script_runner_new         (TideConninfo            *conninfo,
                                                  guint                    lock_timeout_ms,
                                                  TideJob                 *job);
void              tide_script_runner_watch       (TideScriptRunner        *self,
                                                  TideDeployWatch          func,
                                                  gpointer                 user_data);
void              tide_script_runner_guard       (TideScriptRunner        *self,
                                                  TideScriptGuardFunc      func,
                                                  gpointer                 user_data);
void              tide_script_runner_free        (TideScriptRunner        *self);
void              tide_script_runner_connect     (TideScriptRunner        *self);
gboolean          tide_script_runner_begin       (TideScriptRunner        *self,
                                                  TideSqlScript           *script,
                                                  TideLedgerNote          *note,
                                                  GError                 **error);
gboolean          tide_script_runner_run         (TideScriptRunner        *self,
                                                  TideMigration           *migration,
                                                  TideSqlScript           *script,
                                                  TideSqlScript           *next,
                                                  TideScriptProgressFunc   progress,
                                                  gpointer                 progress_data,
                                                  GError                 **error);
const char       *tide_script_runner_get_outcome (const TideScriptRunner  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideScriptRunner, tide_script_runner_free)

G_END_DECLS
