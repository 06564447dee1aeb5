/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-worker"

#include "config.h"

#include "wire/tide-worker.h"

static GMainContext *worker_context;
static GThread *worker_thread;
static gboolean worker_is_caller;

static gpointer
worker_main (gpointer data)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (worker_context, FALSE);

  /* Whatever GIO does for the worker (name look-ups) answers here too. */
  g_main_context_push_thread_default (worker_context);
  g_main_loop_run (loop);
  return NULL;
}

/**
 * tide_worker_get_context:
 *
 * Returns: (transfer none): the worker's context; starts the worker when this is the first call
 */
GMainContext *
tide_worker_get_context (void)
{
  static gsize started;

  if (g_once_init_enter (&started))
    {
      worker_context = g_main_context_new ();
      if (!worker_is_caller)
        worker_thread = g_thread_new ("tide-worker", worker_main, NULL);
      g_once_init_leave (&started, 1);
    }
  return worker_context;
}

/**
 * tide_worker_stay_in_caller:
 *
 * See tide_session_stay_in_calling_thread().
 */
void
tide_worker_stay_in_caller (void)
{
  g_return_if_fail (worker_context == NULL);

  worker_is_caller = TRUE;
}

/**
 * tide_worker_has_answer:
 * @waiting: a context of the calling thread's own, where answers arrive for it
 *
 * An answer is ready as soon as it is attached: no call of the kernel is needed to see it, as g_main_context_pending() makes one.
 *
 * Returns: whether @waiting has something to do
 */
gboolean
tide_worker_has_answer (GMainContext *waiting)
{
  return g_main_context_prepare (waiting, NULL);
}

/**
 * tide_worker_turn:
 * @waiting: the caller's own context, where answers arrive for it
 *
 * Does what the worker has to do next, waiting for it, when there is no thread that does. Does not wait once @waiting has
 * something to do.
 *
 * Returns: %FALSE when there is one
 */
gboolean
tide_worker_turn (GMainContext *waiting)
{
  GMainContext *context = tide_worker_get_context ();

  if (!worker_is_caller)
    return FALSE;
  if (!g_main_context_acquire (context))
    {
      /* Another thread is at it, for the calls of all; it may leave before ours is done. */
      g_usleep (1000);
      return TRUE;
    }
  /* Whoever was at it until now may have brought the answer, and nobody else may have anything left to ask. */
  if (!tide_worker_has_answer (waiting))
    {
      g_main_context_push_thread_default (context);
      g_main_context_iteration (context, TRUE);
      g_main_context_pop_thread_default (context);
    }
  g_main_context_release (context);
  return TRUE;
}

/**
 * tide_worker_is_current:
 *
 * Returns: whether the caller runs on the worker
 */
gboolean
tide_worker_is_current (void)
{
  return g_main_context_is_owner (tide_worker_get_context ());
}

/**
 * tide_worker_attach:
 * @source: (transfer full): a source
 * @func: what it calls; its type is the source's own
 * @data: for @func
 *
 * Attaches @source to the worker.
 *
 * Returns: (transfer full): @source, to be destroyed and released by the caller
 */
GSource *
tide_worker_attach (GSource     *source,
                    GSourceFunc  func,
                    gpointer     data)
{
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, tide_worker_get_context ());
  return source;
}

/**
 * tide_worker_invoke:
 * @func: called once on the worker; returns %G_SOURCE_REMOVE
 * @data: for @func
 *
 * Sends a message to the worker. Messages of one thread arrive in the order they were sent.
 */
void
tide_worker_invoke (GSourceFunc func,
                    gpointer    data)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_unref (tide_worker_attach (source, func, data));
}
