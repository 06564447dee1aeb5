/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-link"

#include "config.h"

#include "wire/tide-link-private.h"
#include "wire/tide-worker.h"

/* A server that had not begun the statement ignores the first request. */
#define AGAIN_MS 250

typedef struct
{
  TideLink *link;
  PGcancel *cancel;
} Job;

static gboolean
cancel_again (gpointer data)
{
  TideLink *self = data;

  tide_link_clear_source (&self->cancel_again);
  tide_link_cancel_current (self);
  return G_SOURCE_REMOVE;
}

static gboolean
cancel_done (gpointer data)
{
  g_autoptr(TideLink) self = data;

  self->cancelling = FALSE;
  if (self->current != NULL && !self->current->drained && tide_call_wants_cancel (self->current))
    self->cancel_again = tide_worker_attach (g_timeout_source_new (AGAIN_MS), cancel_again, self);
  tide_link_pump (self);
  return G_SOURCE_REMOVE;
}

static gpointer
cancel_main (gpointer data)
{
  Job *job = data;
  char message[256];

  /* Its failure needs no word: the statement ends by itself, or the connection is dead too. */
  PQcancel (job->cancel, message, sizeof message);
  PQfreeCancel (job->cancel);
  tide_worker_invoke (cancel_done, job->link);
  g_free (job);
  return NULL;
}

/**
 * tide_link_cancel_current:
 * @self: a link
 *
 * Asks the server to stop the running statement. PQcancel() blocks while it makes a connection of
 * its own, so it gets a thread; until it returns nothing else is sent, or it would hit the wrong
 * statement.
 */
void
tide_link_cancel_current (TideLink *self)
{
  PGcancel *cancel;
  Job *job;

  if (self->cancelling || self->cancel_again != NULL || self->conn == NULL ||
      self->current == NULL || self->current->drained)
    return;
  cancel = PQgetCancel (self->conn);
  if (cancel == NULL)
    return;

  self->cancelling = TRUE;
  job = g_new0 (Job, 1);
  job->link = tide_link_ref (self);
  job->cancel = cancel;
  g_thread_unref (g_thread_new ("tide-cancel", cancel_main, job));
}
