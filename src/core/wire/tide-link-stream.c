/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-link"

#include "config.h"

#include "wire/tide-link-private.h"
#include "wire/tide-worker.h"

typedef struct
{
  TideCall   *call;
  TideResult *chunk;
  guint       statement;
  gboolean    refused;
} Delivery;

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
  TideCall *call = delivery->call;

  if (!call->refused)
    call->refused = !call->func (delivery->chunk, delivery->statement, call->func_data);
  delivery->refused = call->refused;
  return G_SOURCE_REMOVE;
}

/* Also when the caller's context went away without running: then it counts as refused. */
static void
delivery_done (gpointer data)
{
  Delivery *delivery = data;

  g_clear_pointer (&delivery->chunk, tide_result_unref);
  tide_worker_invoke (delivery_answered, delivery);
}

/**
 * tide_link_send_chunk:
 * @call: a streaming call
 * @chunk: (transfer full): rows of it
 * @statement: index of their statement
 *
 * Hands @chunk to the caller's context; the answer comes back as a message to the worker.
 */
void
tide_link_send_chunk (TideCall   *call,
                      TideResult *chunk,
                      guint       statement)
{
  g_autoptr(GSource) source = NULL;
  Delivery *delivery;

  if (call->stopped || tide_call_is_full (call))
    {
      call->dropped = TRUE;
      tide_result_unref (chunk);
      return;
    }
  delivery = g_new0 (Delivery, 1);
  delivery->call = call;
  delivery->chunk = chunk;
  delivery->statement = statement;
  delivery->refused = TRUE;
  call->in_flight++;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, delivery, delivery_done);
  g_source_attach (source, call->context);
}
