/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-explain.h"
#include "query/tide-outline.h"
#include "query/tide-query-run.h"
#include "sql/tide-sql-place.h"

G_BEGIN_DECLS

/**
 * TideSqlConsole:
 *
 * The session of a tab and what runs on it, one run after the other. It connects at the first run. Properties: "place"
 * (construct-only), "busy" (boolean, read-only), "read-only", "manual" (booleans, read-write).
 *
 * Signals, on the main thread: "changed": anything of the properties, the transaction or the connection; "event"
 * (const TideQueryEvent *): of the run that was started last; "notification" (channel, payload, pid): of a NOTIFY that the session
 * listens to, at any time; "finished" (uint index, const GError *, #TideExplain): it ended, at
 * that statement if with an error. A run that was cancelled is over at once: what it still does on the server is waited for
 * before the next one starts.
 */
#define TIDE_TYPE_SQL_CONSOLE (tide_sql_console_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlConsole, tide_sql_console, TIDE, SQL_CONSOLE, GObject)

TideSqlConsole        *tide_sql_console_new             (TideSqlPlace   *place);
gboolean               tide_sql_console_is_busy         (TideSqlConsole *self);
/* @statements: (element-type TideQueryStatement); @text: as it goes into the history, or NULL: it does not */
void                   tide_sql_console_run             (TideSqlConsole *self,
                                                         GtkWidget      *parent,
                                                         GPtrArray      *statements,
                                                         GHashTable     *values,
                                                         const char     *text);
/* The plan of the first of @statements; "finished" hands it out */
void                   tide_sql_console_explain         (TideSqlConsole *self,
                                                         GtkWidget      *parent,
                                                         GPtrArray      *statements,
                                                         GHashTable     *values,
                                                         gboolean        analyze);
/* COMMIT, ROLLBACK: the same, whatever the transaction allows */
void                   tide_sql_console_run_plain       (TideSqlConsole *self,
                                                         GtkWidget      *parent,
                                                         const char     *sql);
/* For who works on its session himself, and makes one where it has none: nothing else runs there until he gives it back with
 * tide_sql_console_release(). Refused while something runs, when the console only reads, is or was connected to another database
 * than it would be now, or has lost a transaction that nobody knows of. Cancelling is his. */
gboolean               tide_sql_console_hold            (TideSqlConsole *self,
                                                         GCancellable   *cancellable,
                                                         GError        **error);
/* @session: (nullable): what the console goes on with */
void                   tide_sql_console_release         (TideSqlConsole *self,
                                                         TideSession    *session);
void                   tide_sql_console_cancel          (TideSqlConsole *self);
gboolean               tide_sql_console_get_read_only   (TideSqlConsole *self);
/* Not while a transaction is open or something runs */
void                   tide_sql_console_set_read_only   (TideSqlConsole *self,
                                                         gboolean        read_only);
gboolean               tide_sql_console_get_manual      (TideSqlConsole *self);
void                   tide_sql_console_set_manual      (TideSqlConsole *self,
                                                         gboolean        manual);
TideTransactionStatus  tide_sql_console_get_transaction (TideSqlConsole *self);
/* Monotonic, microseconds: since when the transaction is open; 0: none is */
gint64                 tide_sql_console_get_since       (TideSqlConsole *self);
/* (nullable): the connection was lost while a transaction was open, and nobody has said yet that this is known */
const GError          *tide_sql_console_get_loss        (TideSqlConsole *self);
void                   tide_sql_console_accept_loss     (TideSqlConsole *self);
/* (transfer none) (nullable): while it is connected */
TideSession           *tide_sql_console_get_session     (TideSqlConsole *self);
/* (transfer none) (nullable): the temporary tables of that session */
TideOutline           *tide_sql_console_get_temporary   (TideSqlConsole *self);

G_END_DECLS
