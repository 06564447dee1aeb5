/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-link"

#include "config.h"

#include "tide-error.h"
#include "wire/tide-link-private.h"
#include "wire/tide-pg-error.h"
#include "wire/tide-worker.h"

/**
 * tide_link_new:
 * @conninfo: where to
 * @outbox: (transfer full): takes the signals
 *
 * Returns: (transfer full): a link that waits for its %TIDE_CALL_OPEN
 */
TideLink *
tide_link_new (TideConninfo *conninfo,
               TideOutbox   *outbox)
{
  TideLink *self = g_new0 (TideLink, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->queue);
  self->conninfo = tide_conninfo_ref (conninfo);
  self->outbox = outbox;
  self->parameters = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->transaction_status = TIDE_TRANSACTION_UNKNOWN;
  return self;
}

TideLink *
tide_link_ref (TideLink *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_link_unref (TideLink *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  /* Whoever lets go last has ended the link before, or never opened it. */
  g_assert (self->conn == NULL);
  g_assert (self->current == NULL && self->opening == NULL && g_queue_is_empty (&self->queue));
  tide_conninfo_unref (self->conninfo);
  tide_outbox_free (self->outbox);
  g_hash_table_unref (self->parameters);
  g_mutex_clear (&self->mutex);
  g_clear_error (&self->farewell);
  g_clear_error (&self->end);
  g_free (self);
}

void
tide_link_clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
tide_link_unwatch (TideLink *self)
{
  tide_link_clear_source (&self->watch);
  self->watched = 0;
}

/* libpq may change sockets, so the watch is made anew on every call. */
void
tide_link_watch (TideLink          *self,
                 GIOCondition       condition,
                 GUnixFDSourceFunc  func)
{
  tide_link_unwatch (self);
  self->watched = condition;
  self->watch = tide_worker_attach (g_unix_fd_source_new (PQsocket (self->conn), condition),
                                    G_SOURCE_FUNC (func), self);
  /* Nothing here turns the worker's loop within itself: the socket need not be taken from it meanwhile. */
  g_source_set_can_recurse (self->watch, TRUE);
}

static void
fail_call (TideLink *self,
           TideCall *call)
{
  g_clear_error (&call->error);
  /* Closing what is over is no failure. */
  if (call->kind != TIDE_CALL_CLOSE)
    call->error = g_error_copy (self->end);
}

/**
 * tide_link_end:
 * @self: a link
 * @state: how it ended
 * @why: (transfer full): what every call from now on is told
 *
 * Lets go of the connection and answers everything that waits.
 */
void
tide_link_end (TideLink      *self,
               TideLinkState  state,
               GError        *why)
{
  TideCall *call;

  g_assert (tide_worker_is_current ());
  g_assert (self->end == NULL);

  self->state = state;
  self->end = why;
  g_atomic_int_set (&self->transaction_status, TIDE_TRANSACTION_UNKNOWN);
  g_atomic_int_set (&self->lost, state == TIDE_LINK_LOST);
  tide_link_unwatch (self);
  tide_link_clear_source (&self->timeout);
  tide_link_clear_source (&self->cancel_again);
  g_cancellable_cancel (self->resolving);
  g_clear_object (&self->resolving);
  g_clear_pointer (&self->conn, PQfinish);

  if (self->current != NULL)
    {
      fail_call (self, self->current);
      self->current->drained = TRUE;
      tide_link_finish_call (self);
    }
  while ((call = g_queue_pop_head (&self->queue)) != NULL)
    {
      fail_call (self, call);
      tide_call_complete (call);
    }
  if ((call = g_steal_pointer (&self->opening)) != NULL)
    {
      fail_call (self, call);
      tide_call_complete (call);
    }
}

/**
 * tide_link_lose:
 * @self: a link whose connection is dead
 * @cause: (nullable): the last error of the server
 */
void
tide_link_lose (TideLink     *self,
                const GError *cause)
{
  GError *lost = tide_pg_error_lost (self->conn, self->conninfo, cause);

  tide_link_end (self, TIDE_LINK_LOST, lost);
  tide_outbox_post_error (self->outbox, "lost", lost);
}

/* Says goodbye, unless that is over. */
void
tide_link_close (TideLink *self)
{
  g_autofree char *label = NULL;

  if (self->end != NULL)
    return;
  label = tide_conninfo_dup_label (self->conninfo);
  tide_link_end (self, TIDE_LINK_CLOSED,
                 tide_error_new (TIDE_ERROR_LOST, "connect again",
                                 "the session with \"%s\" is closed", label));
}

static gboolean
call_cancelled (GCancellable *cancellable,
                gpointer      data)
{
  TideCall *call = data;
  g_autoptr(TideLink) self = tide_link_ref (call->link);

  if (call == self->opening)
    {
      tide_call_set_cancelled (call);
      tide_link_end (self, TIDE_LINK_CLOSED, g_steal_pointer (&call->error));
    }
  else if (call == self->current)
    {
      call->cancelled = TRUE;
      tide_link_cancel_current (self);
      tide_link_pump (self);
    }
  else if (g_queue_remove (&self->queue, call))
    {
      tide_call_set_cancelled (call);
      tide_call_complete (call);
    }
  return G_SOURCE_REMOVE;
}

/* @call: (transfer full): with its link set or, from inside, without */
void
tide_link_enqueue (TideLink *self,
                   TideCall *call)
{
  if (call->link == NULL)
    call->link = tide_link_ref (self);
  if (call->cancellable != NULL)
    call->cancel_watch = tide_worker_attach (g_cancellable_source_new (call->cancellable),
                                             G_SOURCE_FUNC (call_cancelled), call);
  if (call->kind == TIDE_CALL_OPEN)
    self->opening = call;
  else
    g_queue_push_tail (&self->queue, call);
}

static gboolean
take_call (gpointer data)
{
  TideCall *call = data;
  g_autoptr(TideLink) self = tide_link_ref (call->link);

  if (self->end != NULL)
    {
      fail_call (self, call);
      tide_call_complete (call);
      return G_SOURCE_REMOVE;
    }
  tide_link_enqueue (self, call);
  if (call->kind == TIDE_CALL_OPEN)
    tide_link_connect (self);
  else
    tide_link_pump (self);
  return G_SOURCE_REMOVE;
}

/**
 * tide_link_submit:
 * @self: a link
 * @call: (transfer full): what to do; queues behind what was submitted before
 */
void
tide_link_submit (TideLink *self,
                  TideCall *call)
{
  call->link = tide_link_ref (self);
  tide_worker_invoke (take_call, call);
}

static gboolean
drop (gpointer data)
{
  g_autoptr(TideLink) self = data;

  tide_link_close (self);
  return G_SOURCE_REMOVE;
}

/**
 * tide_link_drop:
 * @self: (transfer full): a link that nobody will call any more
 */
void
tide_link_drop (TideLink *self)
{
  tide_worker_invoke (drop, self);
}

TideConninfo *
tide_link_get_conninfo (TideLink *self)
{
  return self->conninfo;
}

int
tide_link_get_backend_pid (TideLink *self)
{
  return self->backend_pid;
}

int
tide_link_get_server_version (TideLink *self)
{
  return self->server_version;
}

char *
tide_link_dup_parameter (TideLink   *self,
                         const char *name)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_strdup (g_hash_table_lookup (self->parameters, name));
}

TideTransactionStatus
tide_link_get_transaction_status (TideLink *self)
{
  return g_atomic_int_get (&self->transaction_status);
}

gboolean
tide_link_is_lost (TideLink *self)
{
  return g_atomic_int_get (&self->lost);
}
