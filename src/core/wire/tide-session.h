/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-conninfo.h"
#include "wire/tide-result.h"

G_BEGIN_DECLS

/**
 * TideSession:
 *
 * One connection to a server, as the rest of the program holds it. The worker thread owns the
 * `PGconn`; every call here is a message to it, in an _async/_finish pair and in a blocking twin for
 * threads that may wait (never the main thread of the window). Calls on one session queue up; calls
 * on different sessions never hold each other up.
 *
 * Contracts of every call:
 *  - a cancellable cancels the call wherever it is: queued, connecting, or running on the server
 *    (then the server is asked to stop, and %G_IO_ERROR_CANCELLED is reported only if it did:
 *    a statement that committed is reported as done);
 *  - callbacks run in the thread-default main context of the caller;
 *  - errors are of the domain %TIDE_ERROR: SERVER with all fields, LOST when the connection died or
 *    the session was closed (every later call then fails at once with LOST), UNREACHABLE from
 *    opening, UNSUPPORTED for COPY FROM STDIN.
 *
 * Signals (emitted in the context that opened the session):
 *  - "notice" (GError*): what came with no result; "notification" (channel, payload, pid): LISTEN;
 *  - "lost" (GError*): the connection went away, also while idle.
 */
#define TIDE_TYPE_SESSION (tide_session_get_type ())
G_DECLARE_FINAL_TYPE (TideSession, tide_session, TIDE, SESSION, GObject)

typedef enum
{
  TIDE_TRANSACTION_IDLE,
  TIDE_TRANSACTION_ACTIVE,  /* a statement is running */
  TIDE_TRANSACTION_OPEN,    /* idle in a transaction block */
  TIDE_TRANSACTION_FAILED,  /* idle in a failed transaction block */
  TIDE_TRANSACTION_UNKNOWN, /* connection lost */
} TideTransactionStatus;

/* For a program without a main loop; see there */
void         tide_session_stay_in_calling_thread (void);

/* Connect time-out: connect_timeout of @conninfo in seconds, for all its hosts together (default 10,
 * 0 waits for ever; libpq's meaning otherwise). */
void         tide_session_open_async   (TideConninfo         *conninfo,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
TideSession *tide_session_open_finish  (GAsyncResult         *result,
                                        GError              **error);
TideSession *tide_session_open         (TideConninfo         *conninfo,
                                        GCancellable         *cancellable,
                                        GError              **error);

/* One statement, extended protocol.
 * @params: (array length=n_params) (nullable elements): text values for $1 and on */
void         tide_session_query_async  (TideSession          *self,
                                        const char           *sql,
                                        const char * const   *params,
                                        guint                 n_params,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
TideResult  *tide_session_query_finish (TideSession          *self,
                                        GAsyncResult         *result,
                                        GError              **error);
TideResult  *tide_session_query        (TideSession          *self,
                                        const char           *sql,
                                        const char * const   *params,
                                        guint                 n_params,
                                        GCancellable         *cancellable,
                                        GError              **error);

/* Any number of statements in one simple query: one implicit transaction unless the script says
 * otherwise. Returns (element-type TideResult) (transfer full): one per statement; on failure the
 * error's fields carry position and line in @script, or the number of the statement where the
 * server tells no position. A COPY FROM STDIN fails cleanly; what a COPY TO STDOUT sends is dropped. */
void         tide_session_run_async    (TideSession          *self,
                                        const char           *script,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GPtrArray   *tide_session_run_finish   (TideSession          *self,
                                        GAsyncResult         *result,
                                        GError              **error);
GPtrArray   *tide_session_run          (TideSession          *self,
                                        const char           *script,
                                        GCancellable         *cancellable,
                                        GError              **error);

/**
 * TideChunkFunc:
 * @chunk: (transfer none): at most the asked number of rows; columns and notices as in any result;
 *   the last chunk of each statement carries its command tag. What COPY TO STDOUT sends comes in chunks of their own
 *   (tide_result_get_copy()). Notices that belong to no rows (before
 *   an error, after the last row) come in a chunk without columns and without a tag.
 * @statement: index of the statement in the script, from 0
 *
 * Takes rows as they arrive. Async: called in the caller's context; blocking: in the calling thread.
 * The worker reads at most two chunks ahead. Returning %FALSE ends the statement early (it is
 * cancelled on the server, and the call succeeds with what came).
 */
typedef gboolean (*TideChunkFunc) (TideResult *chunk,
                                   guint       statement,
                                   gpointer    user_data);

/* A script whose rows arrive in chunks; memory stays flat whatever the size. */
void         tide_session_stream_async  (TideSession          *self,
                                         const char           *script,
                                         guint                 chunk_rows,
                                         TideChunkFunc         func,
                                         gpointer              func_data,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean     tide_session_stream_finish (TideSession          *self,
                                         GAsyncResult         *result,
                                         GError              **error);
gboolean     tide_session_stream        (TideSession          *self,
                                         const char           *script,
                                         guint                 chunk_rows,
                                         TideChunkFunc         func,
                                         gpointer              func_data,
                                         GCancellable         *cancellable,
                                         GError              **error);

/* One statement with its parameters, as query does, whose rows arrive in chunks. It finishes as a stream. */
void         tide_session_stream_query_async (TideSession         *self,
                                              const char          *sql,
                                              const char * const  *params,
                                              guint                n_params,
                                              guint                chunk_rows,
                                              TideChunkFunc        func,
                                              gpointer             func_data,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
gboolean     tide_session_stream_query       (TideSession         *self,
                                              const char          *sql,
                                              const char * const  *params,
                                              guint                n_params,
                                              guint                chunk_rows,
                                              TideChunkFunc        func,
                                              gpointer             func_data,
                                              GCancellable        *cancellable,
                                              GError             **error);

/* Blocking calls in two halves, for a thread that makes others in between, on another session. What was begun is to be
 * ended, by the same thread. */
typedef struct _TidePendingCall TidePendingCall;
TidePendingCall *tide_session_begin_open (TideConninfo     *conninfo,
                                          GCancellable     *cancellable);
TideSession     *tide_session_end_open   (TidePendingCall  *pending,
                                          GError          **error);
TidePendingCall *tide_session_begin_run  (TideSession      *self,
                                          const char       *script,
                                          GCancellable     *cancellable);
GPtrArray       *tide_session_end_run    (TidePendingCall  *pending,
                                          GError          **error);

/* Waits for what is queued, then says goodbye. Dropping the last reference closes too. */
void         tide_session_close_async   (TideSession          *self,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean     tide_session_close_finish  (TideSession          *self,
                                         GAsyncResult         *result,
                                         GError              **error);
void         tide_session_close         (TideSession          *self);

/* Known from the moment of opening; safe from any thread */
TideConninfo          *tide_session_get_conninfo           (TideSession *self);
int                    tide_session_get_backend_pid        (TideSession *self);
int                    tide_session_get_server_version     (TideSession *self); /* 150018 */
char                  *tide_session_dup_parameter          (TideSession *self,
                                                            const char  *name);
TideTransactionStatus  tide_session_get_transaction_status (TideSession *self);
gboolean               tide_session_is_lost                (TideSession *self);

/* Quoting, for the few places where a parameter cannot stand. (transfer full) */
char *tide_quote_identifier (const char *name);
/* (transfer full): @name and @ending, within the length of the server's names */
char *tide_name_extend      (const char *name,
                             const char *ending);
char *tide_quote_literal    (const char *text);

G_END_DECLS
