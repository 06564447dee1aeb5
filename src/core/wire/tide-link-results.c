/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-link"

#include "config.h"

#include "tide-error.h"
#include "wire/tide-link-private.h"
#include "wire/tide-pg-error.h"
#include "wire/tide-worker.h"

/* So much of COPY's data goes on together. */
#define COPY_CHUNK (256 * 1024)

/* So long a row waits for others, and a piece of COPY's data, too: a server that is slow at finding them must not keep a person from
 * seeing the first ones. */
#define ROWS_WAIT_MS 150

static void
take_rows (TideCall       *call,
           const PGresult *source)
{
  tide_result_builder_add_row (call->builder, source);
  if (call->func != NULL && tide_result_builder_get_n_rows (call->builder) >= call->chunk_rows)
    tide_link_send_chunk (call, tide_result_builder_end_chunk (call->builder), call->statement);
}

static void
end_statement (TideCall *call,
               PGresult *source)
{
  TideResult *result = tide_result_builder_end (call->builder, source);

  if (call->func != NULL)
    tide_link_send_chunk (call, result, call->statement);
  else
    g_ptr_array_add (call->results, result);
  call->statement++;
}

/* Which statement it was; the server's position tells better. */
static void
set_place (TideCall *call)
{
  TideErrorFields *fields = tide_error_get_fields (call->error);

  if (call->kind == TIDE_CALL_QUERY)
    fields->statement = g_strdup (call->sql);
  else if (fields->position == 0)
    fields->statement_number = (int) call->statement + 1;
}

static void
take_error (TideCall       *call,
            const PGresult *source)
{
  /* The first one tells; what follows is that the connection is gone. */
  if (call->error != NULL)
    return;
  call->error = tide_pg_error_from_result (source, call->sql);
  set_place (call);
}

/* Nobody here has rows to send: the server is told so, and fails the statement. */
static void
refuse_copy_in (TideLink *self,
                TideCall *call)
{
  if (call->error == NULL)
    {
      call->error = tide_error_new (TIDE_ERROR_UNSUPPORTED,
                                    "write the rows as INSERT statements, or run it with psql",
                                    "\"COPY ... FROM STDIN\" needs rows that only psql can send");
      set_place (call);
    }
  PQputCopyEnd (self->conn, "this client sends no rows");
  self->flushing = PQflush (self->conn) > 0;
}

static void
take_result (TideLink *self,
             TideCall *call,
             PGresult *source)
{
  switch (PQresultStatus (source))
    {
    case PGRES_SINGLE_TUPLE:
      take_rows (call, source);
      break;

    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
      end_statement (call, source);
      break;

    case PGRES_EMPTY_QUERY:
      /* A script of comments has no statement, but a query has an answer. */
      if (call->kind == TIDE_CALL_QUERY)
        end_statement (call, source);
      break;

    case PGRES_COPY_IN:
      refuse_copy_in (self, call);
      break;

    case PGRES_COPY_OUT:
      call->copy_out = TRUE;
      break;

    case PGRES_COPY_BOTH: /* only a replication connection, which asks for it in its conninfo */
      take_error (call, source);
      PQputCopyEnd (self->conn, NULL);
      call->copy_out = TRUE;
      break;

    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_FATAL_ERROR:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:
    default:
      take_error (call, source);
      break;
    }
}

static void
send_copied (TideCall *call)
{
  if (tide_result_builder_get_copied (call->builder) > 0)
    tide_link_send_chunk (call, tide_result_builder_end_copy (call->builder), call->statement);
}

/* Hands on what COPY TO STDOUT sends in a stream, and throws it away elsewhere. Returns whether PQgetResult() may go on. */
static gboolean
drain_copy (TideLink *self,
            TideCall *call)
{
  char *data;
  int n = 0;

  while (!tide_call_is_paused (call) && (n = PQgetCopyData (self->conn, &data, TRUE)) > 0)
    {
      if (call->func != NULL)
        tide_result_builder_add_copy (call->builder, data, n);
      PQfreemem (data);
      if (tide_result_builder_get_copied (call->builder) >= COPY_CHUNK)
        send_copied (call);
    }
  if (n >= 0 && PQstatus (self->conn) == CONNECTION_OK)
    return FALSE;
  if (tide_call_is_full (call) && !tide_call_wants_cancel (call))
    return FALSE;
  send_copied (call);
  call->copy_out = FALSE;
  return TRUE;
}

/* What the server said after the last result, or before it refused: in a stream, a chunk without
 * rows. */
static void
send_last_notices (TideCall *call)
{
  guint statement = call->statement;

  if (call->func == NULL || !tide_result_builder_has_notices (call->builder))
    return;
  if (call->error == NULL && statement > 0)
    statement--;
  tide_link_send_chunk (call, tide_result_builder_end_notices (call->builder), statement);
}

static gboolean
send_waiting (gpointer data)
{
  g_autoptr(TideLink) self = tide_link_ref (data);
  TideCall *call = self->current;

  tide_link_clear_source (&self->send_soon);
  if (call == NULL || tide_call_is_full (call))
    return G_SOURCE_REMOVE;
  if (tide_result_builder_get_n_rows (call->builder) > 0)
    tide_link_send_chunk (call, tide_result_builder_end_chunk (call->builder), call->statement);
  else
    send_copied (call);
  return G_SOURCE_REMOVE;
}

/**
 * tide_link_read_results:
 * @self: a link with a running call
 *
 * Reads what is there, without waiting.
 *
 * Returns: whether the running call is over
 */
gboolean
tide_link_read_results (TideLink *self)
{
  TideCall *call = self->current;

  while (!call->drained && !tide_call_is_paused (call) && !PQisBusy (self->conn))
    {
      PGresult *result;

      if (call->copy_out)
        {
          if (!drain_copy (self, call))
            break;
          continue; /* its last piece may be all that the caller takes for now */
        }
      result = PQgetResult (self->conn);
      if (result != NULL)
        take_result (self, call, result);
      else
        send_last_notices (call);
      call->drained = result == NULL;
      PQclear (result);
    }
  if (call->func != NULL && self->send_soon == NULL &&
      (tide_result_builder_get_n_rows (call->builder) > 0 || tide_result_builder_get_copied (call->builder) > 0))
    self->send_soon = tide_worker_attach (g_timeout_source_new (ROWS_WAIT_MS), send_waiting, self);
  return tide_link_finish_call (self);
}
