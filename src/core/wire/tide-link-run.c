/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-link"

#include "config.h"

#include "tide-error.h"
#include "wire/tide-link-private.h"
#include "wire/tide-pg-error.h"
#include "wire/tide-worker.h"

/* What the server reports by itself (libpq: PQparameterStatus) */
static const char * const reported[] = {
  "server_version", "server_encoding", "client_encoding", "application_name", "is_superuser",
  "session_authorization", "DateStyle", "IntervalStyle", "TimeZone", "integer_datetimes",
  "standard_conforming_strings", "default_transaction_read_only", "in_hot_standby",
};

static TideTransactionStatus
read_transaction_status (PGconn *conn)
{
  switch (PQtransactionStatus (conn))
    {
    case PQTRANS_IDLE: return TIDE_TRANSACTION_IDLE;
    case PQTRANS_ACTIVE: return TIDE_TRANSACTION_ACTIVE;
    case PQTRANS_INTRANS: return TIDE_TRANSACTION_OPEN;
    case PQTRANS_INERROR: return TIDE_TRANSACTION_FAILED;
    case PQTRANS_UNKNOWN:
    default: return TIDE_TRANSACTION_UNKNOWN;
    }
}

/* Keeps what other threads may ask for. */
static void
publish (TideLink *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_atomic_int_set (&self->transaction_status, read_transaction_status (self->conn));
  for (guint i = 0; i < G_N_ELEMENTS (reported); i++)
    {
      const char *value = PQparameterStatus (self->conn, reported[i]);

      if (g_strcmp0 (value, g_hash_table_lookup (self->parameters, reported[i])) != 0)
        g_hash_table_insert (self->parameters, (char *) reported[i], g_strdup (value));
    }
}

/* A statement that ended although it was asked to stop is done, unless rows of it are missing. */
static void
settle (TideCall *call)
{
  gboolean stopped = call->error != NULL && tide_error_has_sqlstate (call->error, "57014");

  if (call->cancelled && (stopped || (call->error == NULL && call->dropped)))
    tide_call_set_cancelled (call);
  else if (call->stopped && stopped)
    g_clear_error (&call->error);
}

/* Those that came after the last result are its own, unless there is none. */
static void
settle_notices (TideLink *self,
                TideCall *call)
{
  g_autoptr(GPtrArray) notices = tide_result_builder_take_notices (call->builder);

  if (notices != NULL && call->error == NULL && call->results->len > 0)
    {
      TideResult *last = g_ptr_array_index (call->results, call->results->len - 1);

      g_ptr_array_extend_and_steal (tide_result_get_notices (last), g_steal_pointer (&notices));
      return;
    }
  for (guint i = 0; notices != NULL && i < notices->len; i++)
    tide_outbox_post_error (self->outbox, "notice", g_ptr_array_index (notices, i));
}

/**
 * tide_link_finish_call:
 * @self: a link with a running call
 *
 * Answers the running call when all its results are read and all its chunks are taken.
 *
 * Returns: whether it did
 */
gboolean
tide_link_finish_call (TideLink *self)
{
  TideCall *call = self->current;

  if (!call->drained || call->in_flight > 0)
    return FALSE;

  self->current = NULL;
  tide_link_clear_source (&self->cancel_again);
  tide_link_clear_source (&self->send_soon);
  settle_notices (self, call);
  if (self->state == TIDE_LINK_READY && PQstatus (self->conn) == CONNECTION_BAD)
    {
      tide_link_lose (self, call->error ? call->error : self->farewell);
      g_clear_error (&call->error);
      call->error = g_error_copy (self->end);
    }
  else if (self->state == TIDE_LINK_READY)
    {
      publish (self);
      settle (call);
    }
  tide_link_send_held (call);
  tide_call_complete (call);
  return TRUE;
}

static gboolean
send_call (TideLink *self,
           TideCall *call)
{
  int sent;

  if (call->kind == TIDE_CALL_QUERY)
    sent = PQsendQueryParams (self->conn, call->sql, call->n_params, NULL,
                              (const char * const *) call->params, NULL, NULL, 0);
  else
    sent = PQsendQuery (self->conn, call->sql);
  if (!sent)
    return FALSE;

  /* Rows one by one, so that they are kept once (in our arena) and not twice. A script's come by the statement: it is a fifth less
   * work, and its results are many rather than large. */
  if (call->kind == TIDE_CALL_QUERY || call->func != NULL)
    PQsetSingleRowMode (self->conn);
  self->flushing = PQflush (self->conn) > 0;
  g_atomic_int_set (&self->transaction_status, TIDE_TRANSACTION_ACTIVE);
  return TRUE;
}

static void
start_call (TideLink *self,
            TideCall *call)
{
  self->current = call;
  if (send_call (self, call))
    return;

  if (PQstatus (self->conn) == CONNECTION_OK)
    {
      g_autofree char *message = g_strstrip (g_utf8_make_valid (PQerrorMessage (self->conn), -1));

      call->error = tide_error_new (TIDE_ERROR_FAILED, NULL, "%s", message);
    }
  call->drained = TRUE;
}

/* Returns whether a call is running. */
static gboolean
start_next (TideLink *self)
{
  TideCall *call;

  if (self->state != TIDE_LINK_READY || self->cancelling)
    return FALSE;
  call = g_queue_pop_head (&self->queue);
  if (call == NULL)
    return FALSE;

  if (g_cancellable_is_cancelled (call->cancellable))
    {
      tide_call_set_cancelled (call);
      tide_call_complete (call);
      return start_next (self);
    }
  if (call->kind == TIDE_CALL_CLOSE)
    tide_link_close (self);
  if (call->kind == TIDE_CALL_CLOSE || call->kind == TIDE_CALL_OPEN)
    {
      tide_call_complete (call);
      return start_next (self);
    }
  start_call (self, call);
  return TRUE;
}

static void
take_notifications (TideLink *self)
{
  PGnotify *notify;

  while ((notify = PQnotifies (self->conn)) != NULL)
    {
      tide_outbox_post_notification (self->outbox, notify->relname, notify->extra, notify->be_pid);
      PQfreemem (notify);
    }
}

static gboolean
socket_ready (int          fd,
              GIOCondition condition,
              gpointer     data)
{
  g_autoptr(TideLink) self = tide_link_ref (data);

  /* A failure shows in PQstatus(), after what was read before it has been looked at. */
  if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
    PQconsumeInput (self->conn);
  if (self->flushing)
    self->flushing = PQflush (self->conn) > 0;
  tide_link_pump (self);
  return G_SOURCE_CONTINUE;
}

static void
update_watch (TideLink *self)
{
  gboolean reads = self->current == NULL || !tide_call_is_paused (self->current);
  GIOCondition wanted = (reads ? G_IO_IN : 0) | (self->flushing ? G_IO_OUT : 0);

  /* A dead connection has no socket, but may have a call whose last chunk is not taken yet. */
  if (wanted == 0 || PQsocket (self->conn) < 0)
    tide_link_unwatch (self);
  else if (self->watch == NULL || wanted != self->watched)
    tide_link_watch (self, wanted, socket_ready);
}

/**
 * tide_link_pump:
 * @self: a link
 *
 * Does whatever can be done now without waiting: the one place where calls start, rows are read
 * and calls end. Called after everything that may have changed something.
 */
void
tide_link_pump (TideLink *self)
{
  g_assert (tide_worker_is_current ());

  while (self->current != NULL || start_next (self))
    {
      if (!tide_link_read_results (self))
        break;
    }
  if (self->state != TIDE_LINK_READY)
    return;

  take_notifications (self);
  if (self->current == NULL && PQstatus (self->conn) == CONNECTION_BAD)
    tide_link_lose (self, self->farewell);
  else
    update_watch (self);
}

static void
take_notice (void           *data,
             const PGresult *source)
{
  TideLink *self = data;
  GError *notice = tide_pg_error_from_result (source, NULL);

  if (self->current != NULL)
    {
      /* libpq hands out notices as it reads, results when they are asked for. This call, which
       * does no more than was done already, fails when a result waits: the notice came after it. */
      gboolean late = !PQsetSingleRowMode (self->conn);

      tide_result_builder_take_notice (self->current->builder, notice, late);
      return;
    }
  tide_outbox_post_error (self->outbox, "notice", notice);
  /* libpq hands out the server's last words as a notice when no statement runs. */
  if (g_strcmp0 (tide_error_get_fields (notice)->severity, "FATAL") == 0)
    {
      g_clear_error (&self->farewell);
      self->farewell = g_steal_pointer (&notice);
    }
  g_clear_error (&notice);
}

/**
 * tide_link_listen:
 * @self: a link that has just connected
 *
 * From here on the link runs calls and hears what the server says by itself.
 */
void
tide_link_listen (TideLink *self)
{
  self->state = TIDE_LINK_READY;
  self->backend_pid = PQbackendPID (self->conn);
  self->server_version = PQserverVersion (self->conn);
  PQsetnonblocking (self->conn, TRUE);
  PQsetNoticeReceiver (self->conn, take_notice, self);
  publish (self);
}
