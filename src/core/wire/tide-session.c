/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-session"

#include "config.h"

#include "wire/tide-link.h"
#include "wire/tide-session-private.h"

struct _TideSession
{
  GObject   parent_instance;

  /* Owned */
  TideLink *link;
};

enum
{
  NOTICE,
  NOTIFICATION,
  LOST,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideSession, tide_session, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
tide_session_dispose (GObject *object)
{
  TideSession *self = TIDE_SESSION (object);

  g_clear_pointer (&self->link, tide_link_drop);
  G_OBJECT_CLASS (tide_session_parent_class)->dispose (object);
}

static void
tide_session_class_init (TideSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_session_dispose;

  /**
   * TideSession::notice:
   * @error: a %TIDE_ERROR_SERVER with the fields of the notice
   *
   * The server said something that belongs to no result.
   */
  signals[NOTICE] = g_signal_new ("notice", TIDE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  /**
   * TideSession::notification:
   * @channel: what was listened to
   * @payload: what came with it
   * @pid: the server process that sent it
   */
  signals[NOTIFICATION] = g_signal_new ("notification", TIDE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL,
                                        G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT);
  /**
   * TideSession::lost:
   * @error: the %TIDE_ERROR_LOST that every later call fails with
   */
  signals[LOST] = g_signal_new ("lost", TIDE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
tide_session_init (TideSession *self)
{
}

/* What a call answers, as its task's value */

static void
return_session (TideCall *call,
                gpointer  data)
{
  g_autoptr(GTask) task = data;

  if (call->error != NULL)
    g_task_return_error (task, g_steal_pointer (&call->error));
  else
    g_task_return_pointer (task, g_object_ref (g_task_get_task_data (task)), g_object_unref);
}

static void
return_result (TideCall *call,
               gpointer  data)
{
  g_autoptr(GTask) task = data;

  if (call->error != NULL)
    g_task_return_error (task, g_steal_pointer (&call->error));
  else
    g_task_return_pointer (task, g_ptr_array_steal_index (call->results, 0),
                           (GDestroyNotify) tide_result_unref);
}

static void
return_results (TideCall *call,
                gpointer  data)
{
  g_autoptr(GTask) task = data;

  if (call->error != NULL)
    g_task_return_error (task, g_steal_pointer (&call->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&call->results),
                           (GDestroyNotify) g_ptr_array_unref);
}

static void
return_done (TideCall *call,
             gpointer  data)
{
  g_autoptr(GTask) task = data;

  if (call->error != NULL)
    g_task_return_error (task, g_steal_pointer (&call->error));
  else
    g_task_return_boolean (task, TRUE);
}

static GTask *
task_new (TideSession         *self,
          gpointer             tag,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  /* What was committed must not be reported as cancelled. */
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

/* tide_session_open_async() with signals that go to @context */
void
tide_session_open_in_context (TideConninfo        *conninfo,
                              GMainContext        *context,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task = task_new (NULL, tide_session_open_async, cancellable, callback, user_data);
  TideSession *self = g_object_new (TIDE_TYPE_SESSION, NULL);

  self->link = tide_link_new (conninfo, tide_outbox_new (G_OBJECT (self), context));
  g_task_set_task_data (task, self, g_object_unref);
  tide_link_submit (self->link, tide_call_new (TIDE_CALL_OPEN, NULL, cancellable,
                                               return_session, task));
}

/**
 * tide_session_open_async:
 * @conninfo: where to, as whom
 * @cancellable: (nullable): gives up connecting
 * @callback: called in the caller's context
 * @user_data: for @callback
 *
 * Connects, sets the schema and the read-only mode that @conninfo asks for, and runs its start-up
 * SQL.
 */
void
tide_session_open_async (TideConninfo        *conninfo,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();

  g_return_if_fail (conninfo != NULL);

  tide_session_open_in_context (conninfo, context, cancellable, callback, user_data);
}

/**
 * tide_session_open_finish:
 * @result: what the callback got
 * @error: (out): %TIDE_ERROR_UNREACHABLE, %TIDE_ERROR_SERVER from the start-up SQL, or cancelled
 *
 * Returns: (transfer full) (nullable): the open session
 */
TideSession *
tide_session_open_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tide_session_query_async:
 * @self: a session
 * @sql: one statement
 * @params: (array length=n_params) (nullable elements): text values for $1 and on; %NULL is NULL
 * @n_params: how many
 * @cancellable: (nullable): cancels it wherever it is
 * @callback: called in the caller's context
 * @user_data: for @callback
 */
void
tide_session_query_async (TideSession         *self,
                          const char          *sql,
                          const char * const  *params,
                          guint                n_params,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task;
  TideCall *call;

  g_return_if_fail (TIDE_IS_SESSION (self));
  g_return_if_fail (sql != NULL);
  g_return_if_fail (params != NULL || n_params == 0);

  task = task_new (self, tide_session_query_async, cancellable, callback, user_data);
  call = tide_call_new (TIDE_CALL_QUERY, sql, cancellable, return_result, task);
  tide_call_set_params (call, params, n_params);
  tide_link_submit (self->link, call);
}

TideResult *
tide_session_query_finish (TideSession   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tide_session_run_async:
 * @self: a session
 * @script: any number of statements, sent as one simple query
 * @cancellable: (nullable): cancels it wherever it is
 * @callback: called in the caller's context
 * @user_data: for @callback
 */
void
tide_session_run_async (TideSession         *self,
                        const char          *script,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (TIDE_IS_SESSION (self));
  g_return_if_fail (script != NULL);

  task = task_new (self, tide_session_run_async, cancellable, callback, user_data);
  tide_link_submit (self->link, tide_call_new (TIDE_CALL_SCRIPT, script, cancellable,
                                               return_results, task));
}

GPtrArray *
tide_session_run_finish (TideSession   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
submit_stream (TideSession   *self,
               TideCall      *call,
               GTask         *task,
               guint          chunk_rows,
               TideChunkFunc  func,
               gpointer       func_data)
{
  call->chunk_rows = chunk_rows;
  call->func = func;
  call->func_data = func_data;
  call->context = g_main_context_ref (g_task_get_context (task));
  tide_link_submit (self->link, call);
}

/**
 * tide_session_stream_async:
 * @self: a session
 * @script: any number of statements, sent as one simple query
 * @chunk_rows: at most so many rows at once
 * @func: takes them, in the caller's context
 * @func_data: for @func; lives until @callback has been called
 * @cancellable: (nullable): cancels it wherever it is
 * @callback: called in the caller's context, after the last chunk
 * @user_data: for @callback
 */
void
tide_session_stream_async (TideSession         *self,
                           const char          *script,
                           guint                chunk_rows,
                           TideChunkFunc        func,
                           gpointer             func_data,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (TIDE_IS_SESSION (self));
  g_return_if_fail (script != NULL);
  g_return_if_fail (chunk_rows > 0);
  g_return_if_fail (func != NULL);

  task = task_new (self, tide_session_stream_async, cancellable, callback, user_data);
  submit_stream (self, tide_call_new (TIDE_CALL_SCRIPT, script, cancellable, return_done, task), task, chunk_rows, func,
                 func_data);
}

/**
 * tide_session_stream_query_async:
 * @self: a session
 * @sql: one statement
 * @params: (array length=n_params) (nullable elements): text values for $1 and on
 * @n_params: how many
 * @chunk_rows: rows in a chunk, at most
 * @func: takes the chunks, in the caller's context
 * @func_data: for @func
 * @cancellable: (nullable): cancels it wherever it is
 * @callback: called in the caller's context; it finishes with tide_session_stream_finish()
 * @user_data: for @callback
 */
void
tide_session_stream_query_async (TideSession         *self,
                                 const char          *sql,
                                 const char * const  *params,
                                 guint                n_params,
                                 guint                chunk_rows,
                                 TideChunkFunc        func,
                                 gpointer             func_data,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task;
  TideCall *call;

  g_return_if_fail (TIDE_IS_SESSION (self));
  g_return_if_fail (sql != NULL);
  g_return_if_fail (params != NULL || n_params == 0);
  g_return_if_fail (chunk_rows > 0);
  g_return_if_fail (func != NULL);

  task = task_new (self, tide_session_stream_query_async, cancellable, callback, user_data);
  call = tide_call_new (TIDE_CALL_QUERY, sql, cancellable, return_done, task);
  tide_call_set_params (call, params, n_params);
  submit_stream (self, call, task, chunk_rows, func, func_data);
}

gboolean
tide_session_stream_finish (TideSession   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tide_session_close_async:
 * @self: a session
 * @callback: called in the caller's context
 * @user_data: for @callback
 *
 * Waits for what is queued, then says goodbye. Calls made later fail with %TIDE_ERROR_LOST.
 */
void
tide_session_close_async (TideSession         *self,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (TIDE_IS_SESSION (self));

  task = task_new (self, tide_session_close_async, NULL, callback, user_data);
  tide_link_submit (self->link, tide_call_new (TIDE_CALL_CLOSE, NULL, NULL, return_done, task));
}

gboolean
tide_session_close_finish (TideSession   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tide_session_get_conninfo:
 * @self: a session
 *
 * Returns: (transfer none): what it was opened with
 */
TideConninfo *
tide_session_get_conninfo (TideSession *self)
{
  g_return_val_if_fail (TIDE_IS_SESSION (self), NULL);

  return tide_link_get_conninfo (self->link);
}

int
tide_session_get_backend_pid (TideSession *self)
{
  g_return_val_if_fail (TIDE_IS_SESSION (self), 0);

  return tide_link_get_backend_pid (self->link);
}

int
tide_session_get_server_version (TideSession *self)
{
  g_return_val_if_fail (TIDE_IS_SESSION (self), 0);

  return tide_link_get_server_version (self->link);
}

/**
 * tide_session_dup_parameter:
 * @self: a session
 * @name: a parameter that the server reports by itself (`server_version`, `is_superuser` ...)
 *
 * Returns: (transfer full) (nullable): its value after the last call that ended
 */
char *
tide_session_dup_parameter (TideSession *self,
                            const char  *name)
{
  g_return_val_if_fail (TIDE_IS_SESSION (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return tide_link_dup_parameter (self->link, name);
}

TideTransactionStatus
tide_session_get_transaction_status (TideSession *self)
{
  g_return_val_if_fail (TIDE_IS_SESSION (self), TIDE_TRANSACTION_UNKNOWN);

  return tide_link_get_transaction_status (self->link);
}

gboolean
tide_session_is_lost (TideSession *self)
{
  g_return_val_if_fail (TIDE_IS_SESSION (self), TRUE);

  return tide_link_is_lost (self->link);
}
