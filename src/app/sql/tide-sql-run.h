/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-explain.h"
#include "query/tide-outline.h"
#include "query/tide-query-run.h"

G_BEGIN_DECLS

/**
 * TideSqlRun:
 *
 * tide_query_run() in a thread, with its events on the main one. Signals: "event" (const TideQueryEvent *), "ended" (uint
 * index, const GError *). It holds itself until it has ended, and writes the history then.
 */
#define TIDE_TYPE_SQL_RUN (tide_sql_run_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlRun, tide_sql_run, TIDE, SQL_RUN, GObject)

TideSqlRun   *tide_sql_run_new             (GPtrArray              *statements,
                                            GHashTable             *values,
                                            const TideQueryOptions *options);
/* @unlock: it may write from now on, and must be told */
void          tide_sql_run_set_session     (TideSqlRun             *self,
                                            TideSession            *session,
                                            gboolean                unlock);
void          tide_sql_run_set_record      (TideSqlRun             *self,
                                            const char             *text,
                                            const char             *environment);
/* The plan of its one statement instead of its rows */
void          tide_sql_run_set_explain     (TideSqlRun             *self,
                                            TideExplainFlags        flags);
TideExplain  *tide_sql_run_get_explain     (TideSqlRun             *self); /* (transfer none) (nullable): once it has ended */
/* (transfer none) (nullable): the session's temporary tables, once it has ended and may have changed them */
TideOutline  *tide_sql_run_get_temporary   (TideSqlRun             *self);
/* @conninfo: (nullable): where to connect first; NULL: the session is there */
void          tide_sql_run_start           (TideSqlRun             *self,
                                            TideConninfo           *conninfo);
TideSession  *tide_sql_run_get_session     (TideSqlRun             *self); /* (transfer none) (nullable) */
GCancellable *tide_sql_run_get_cancellable (TideSqlRun             *self); /* (transfer none) */
guint         tide_sql_run_get_index       (TideSqlRun             *self); /* of the statement that runs */

G_END_DECLS
