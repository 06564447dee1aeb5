/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-session"

#include "config.h"

#include "wire/tide-session-private.h"
#include "wire/tide-worker.h"

/* The blocking twins: the same calls, each with a context of its own for the answer. */

/* A thread's contexts between two calls: more than one where it had several calls under way */
static GPrivate spares = G_PRIVATE_INIT ((GDestroyNotify) g_ptr_array_unref);

typedef struct
{
  GMainContext *context;
  GAsyncResult *result;
} Wait;

static void
wait_begin (Wait *wait)
{
  GPtrArray *contexts = g_private_get (&spares);

  g_assert (!tide_worker_is_current ());

  if (contexts == NULL)
    {
      contexts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_main_context_unref);
      g_private_set (&spares, contexts);
    }
  wait->result = NULL;
  wait->context = contexts->len > 0 ? g_ptr_array_steal_index (contexts, contexts->len - 1) : g_main_context_new ();
  g_main_context_push_thread_default (wait->context);
}

static void
wait_answered (GObject      *source,
               GAsyncResult *result,
               gpointer      data)
{
  Wait *wait = data;

  wait->result = g_object_ref (result);
}

static GAsyncResult *
wait_end (Wait *wait)
{
  while (wait->result == NULL)
    {
      if (!tide_worker_turn (wait->context))
        g_main_context_iteration (wait->context, TRUE);
      while (wait->result == NULL && tide_worker_has_answer (wait->context))
        g_main_context_iteration (wait->context, FALSE);
    }
  g_main_context_pop_thread_default (wait->context);
  g_ptr_array_add (g_private_get (&spares), wait->context);
  return wait->result;
}

/**
 * tide_session_stay_in_calling_thread:
 *
 * For a program that makes one blocking call after the other: the thread that waits for the answer does
 * the worker's work meanwhile, and no thread is started for it, nor woken twice for every statement.
 * Asynchronous calls then make progress only while some thread is in a blocking one. Before the first
 * session, once.
 */
void
tide_session_stay_in_calling_thread (void)
{
  tide_worker_stay_in_caller ();
}

/**
 * tide_session_open:
 *
 * The blocking twin of tide_session_open_async(). Signals go to the thread-default context of the
 * caller.
 *
 * Returns: (transfer full) (nullable): the open session
 */
TideSession *
tide_session_open (TideConninfo  *conninfo,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr(GAsyncResult) result = NULL;
  Wait wait;

  g_return_val_if_fail (conninfo != NULL, NULL);

  wait_begin (&wait);
  tide_session_open_in_context (conninfo, context, cancellable, wait_answered, &wait);
  result = wait_end (&wait);
  return tide_session_open_finish (result, error);
}

TideResult *
tide_session_query (TideSession         *self,
                    const char          *sql,
                    const char * const  *params,
                    guint                n_params,
                    GCancellable        *cancellable,
                    GError             **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  Wait wait;

  g_return_val_if_fail (TIDE_IS_SESSION (self), NULL);
  g_return_val_if_fail (sql != NULL, NULL);
  g_return_val_if_fail (params != NULL || n_params == 0, NULL);

  wait_begin (&wait);
  tide_session_query_async (self, sql, params, n_params, cancellable, wait_answered, &wait);
  result = wait_end (&wait);
  return tide_session_query_finish (self, result, error);
}

GPtrArray *
tide_session_run (TideSession   *self,
                  const char    *script,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  Wait wait;

  g_return_val_if_fail (TIDE_IS_SESSION (self), NULL);
  g_return_val_if_fail (script != NULL, NULL);

  wait_begin (&wait);
  tide_session_run_async (self, script, cancellable, wait_answered, &wait);
  result = wait_end (&wait);
  return tide_session_run_finish (self, result, error);
}

struct _TidePendingCall
{
  TideSession *session; /* nullable: it is being opened */
  Wait         wait;
};

/* Begins a call whose answer the thread waits for later. */
static TidePendingCall *
pending_new (TideSession *session)
{
  TidePendingCall *self = g_new0 (TidePendingCall, 1);

  g_set_object (&self->session, session);
  wait_begin (&self->wait);
  return self;
}

static GAsyncResult *
pending_end (TidePendingCall  *self,
             TideSession     **session)
{
  GAsyncResult *result;

  g_main_context_push_thread_default (self->wait.context);
  result = wait_end (&self->wait);
  *session = self->session;
  g_free (self);
  return result;
}

/**
 * tide_session_begin_open:
 * @conninfo: where to, as whom
 * @cancellable: (nullable): gives up connecting
 *
 * tide_session_open() for a thread that makes blocking calls on another session meanwhile.
 *
 * Returns: (transfer full): what this thread ends with tide_session_end_open()
 */
TidePendingCall *
tide_session_begin_open (TideConninfo *conninfo,
                         GCancellable *cancellable)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  TidePendingCall *self;

  g_return_val_if_fail (conninfo != NULL, NULL);

  self = pending_new (NULL);
  tide_session_open_in_context (conninfo, context, cancellable, wait_answered, &self->wait);
  g_main_context_pop_thread_default (self->wait.context);
  return self;
}

/* (transfer full) (nullable): as tide_session_open(). @pending: (transfer full) */
TideSession *
tide_session_end_open (TidePendingCall  *pending,
                       GError          **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  TideSession *none;

  g_return_val_if_fail (pending != NULL, NULL);

  result = pending_end (pending, &none);
  return tide_session_open_finish (result, error);
}

/**
 * tide_session_begin_run:
 * @self: a session
 * @script: as tide_session_run_async()
 * @cancellable: (nullable): as there
 *
 * tide_session_run() for a thread that makes blocking calls on another session meanwhile.
 *
 * Returns: (transfer full): what this thread ends with tide_session_end_run()
 */
TidePendingCall *
tide_session_begin_run (TideSession   *self,
                        const char    *script,
                        GCancellable  *cancellable)
{
  TidePendingCall *pending;

  g_return_val_if_fail (TIDE_IS_SESSION (self), NULL);
  g_return_val_if_fail (script != NULL, NULL);

  pending = pending_new (self);
  tide_session_run_async (self, script, cancellable, wait_answered, &pending->wait);
  g_main_context_pop_thread_default (pending->wait.context);
  return pending;
}

/* (transfer full) (nullable) (element-type TideResult): as tide_session_run(). @pending: (transfer full) */
GPtrArray *
tide_session_end_run (TidePendingCall  *pending,
                      GError          **error)
{
  g_autoptr(TideSession) session = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  g_return_val_if_fail (pending != NULL, NULL);

  result = pending_end (pending, &session);
  return tide_session_run_finish (session, result, error);
}

gboolean
tide_session_stream (TideSession    *self,
                     const char     *script,
                     guint           chunk_rows,
                     TideChunkFunc   func,
                     gpointer        func_data,
                     GCancellable   *cancellable,
                     GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  Wait wait;

  g_return_val_if_fail (TIDE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (script != NULL, FALSE);
  g_return_val_if_fail (chunk_rows > 0, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  wait_begin (&wait);
  tide_session_stream_async (self, script, chunk_rows, func, func_data, cancellable,
                             wait_answered, &wait);
  result = wait_end (&wait);
  return tide_session_stream_finish (self, result, error);
}

gboolean
tide_session_stream_query (TideSession         *self,
                           const char          *sql,
                           const char * const  *params,
                           guint                n_params,
                           guint                chunk_rows,
                           TideChunkFunc        func,
                           gpointer             func_data,
                           GCancellable        *cancellable,
                           GError             **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  Wait wait;

  g_return_val_if_fail (TIDE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (sql != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  wait_begin (&wait);
  tide_session_stream_query_async (self, sql, params, n_params, chunk_rows, func, func_data, cancellable, wait_answered,
                                   &wait);
  result = wait_end (&wait);
  return tide_session_stream_finish (self, result, error);
}

void
tide_session_close (TideSession *self)
{
  g_autoptr(GAsyncResult) result = NULL;
  Wait wait;

  g_return_if_fail (TIDE_IS_SESSION (self));

  wait_begin (&wait);
  tide_session_close_async (self, wait_answered, &wait);
  result = wait_end (&wait);
}
