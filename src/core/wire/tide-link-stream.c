/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-link"

#include "config.h"

#include "wire/tide-link-private.h"
#include "wire/tide-worker.h"

/* So many small things go along with the next one, at most. */
#define MAX_HELD 1000

typedef struct
{
  TideResult *result; /* owned */
  guint       statement;
} Chunk;

/* Chunks on their way to the caller's context. The last one of a call asks for no answer: the call is over. */
typedef struct
{
  TideCall      *call; /* NULL in the last one */
  TideChunkFunc  func;
  gpointer       func_data;
  GArray        *chunks;
  gboolean       refused;
} Delivery;

static void
chunk_clear (gpointer data)
{
  Chunk *chunk = data;

  tide_result_unref (chunk->result);
}

static gboolean
delivery_answered (gpointer data)
{
  Delivery *delivery = data;
  TideCall *call = delivery->call;
  g_autoptr(TideLink) self = tide_link_ref (call->link);

  call->in_flight--;
  if (delivery->refused && !call->stopped)
    {
      call->stopped = TRUE;
      tide_link_cancel_current (self);
    }
  g_free (delivery);
  tide_link_pump (self);
  return G_SOURCE_REMOVE;
}

static gboolean
deliver (gpointer data)
{
  Delivery *delivery = data;
  gboolean refused = delivery->call != NULL && delivery->call->refused;

  for (guint i = 0; i < delivery->chunks->len && !refused; i++)
    {
      const Chunk *chunk = &g_array_index (delivery->chunks, Chunk, i);

      refused = !delivery->func (chunk->result, chunk->statement, delivery->func_data);
    }
  if (delivery->call != NULL)
    delivery->call->refused = refused;
  delivery->refused = refused;
  return G_SOURCE_REMOVE;
}

/* Also when the caller's context went away without running: then it counts as refused. */
static void
delivery_done (gpointer data)
{
  Delivery *delivery = data;

  g_clear_pointer (&delivery->chunks, g_array_unref);
  if (delivery->call != NULL)
    tide_worker_invoke (delivery_answered, delivery);
  else
    g_free (delivery);
}

static void
hand_over (TideCall *call,
           gboolean  last)
{
  g_autoptr(GSource) source = g_idle_source_new ();
  Delivery *delivery = g_new0 (Delivery, 1);

  delivery->func = call->func;
  delivery->func_data = call->func_data;
  delivery->chunks = g_steal_pointer (&call->held);
  delivery->refused = TRUE;
  if (!last)
    {
      delivery->call = call;
      call->in_flight++;
    }
  /* The priority of task callbacks: the answer to the call comes behind its chunks. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, delivery, delivery_done);
  g_source_attach (source, call->context);
}

/**
 * tide_link_send_chunk:
 * @call: a streaming call
 * @chunk: (transfer full): rows of it
 * @statement: index of their statement
 *
 * Hands @chunk to the caller's context; the answer comes back as a message to the worker. What has
 * nothing in it but a command's tag goes along with the next one: a script of a hundred small
 * statements need not wake two threads a hundred times.
 */
void
tide_link_send_chunk (TideCall   *call,
                      TideResult *chunk,
                      guint       statement)
{
  Chunk held = { chunk, statement };
  GPtrArray *notices = tide_result_get_notices (chunk);

  if (call->stopped || tide_call_is_full (call))
    {
      call->dropped = TRUE;
      tide_result_unref (chunk);
      return;
    }
  if (call->held == NULL)
    {
      call->held = g_array_new (FALSE, FALSE, sizeof (Chunk));
      g_array_set_clear_func (call->held, chunk_clear);
    }
  g_array_append_val (call->held, held);
  if (tide_result_get_n_rows (chunk) > 0 || tide_result_get_copy (chunk) != NULL || (notices != NULL && notices->len > 0)
      || call->held->len >= MAX_HELD)
    hand_over (call, FALSE);
}

/**
 * tide_link_send_held:
 * @call: a call that is over, and whose chunks are all answered
 *
 * Hands what is still held to the caller's context, ahead of the answer to the call.
 */
void
tide_link_send_held (TideCall *call)
{
  if (call->held != NULL && !call->stopped)
    hand_over (call, TRUE);
}
