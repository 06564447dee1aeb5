/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-call"

#include "config.h"

#include "wire/tide-call.h"
#include "wire/tide-link.h"

/* So many chunks may wait for the caller before the worker stops reading. */
#define MAX_IN_FLIGHT 2

/**
 * tide_call_new:
 * @kind: what to do
 * @sql: (nullable): what to send
 * @cancellable: (nullable): cancels the call wherever it is
 * @complete: called on the worker when it is over
 * @complete_data: for @complete
 *
 * Returns: (transfer full): a call for tide_link_submit()
 */
TideCall *
tide_call_new (TideCallKind   kind,
               const char    *sql,
               GCancellable  *cancellable,
               TideCallFunc   complete,
               gpointer       complete_data)
{
  TideCall *self = g_new0 (TideCall, 1);

  self->kind = kind;
  self->sql = g_strdup (sql);
  self->complete = complete;
  self->complete_data = complete_data;
  g_set_object (&self->cancellable, cancellable);
  self->builder = tide_result_builder_new ();
  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_result_unref);
  return self;
}

void
tide_call_set_params (TideCall           *self,
                      const char * const *params,
                      guint               n_params)
{
  self->n_params = n_params;
  self->params = g_new0 (char *, n_params + 1);
  for (guint i = 0; i < n_params; i++)
    self->params[i] = g_strdup (params[i]);
}

static void
call_free (TideCall *self)
{
  g_assert (self->in_flight == 0);

  for (guint i = 0; i < self->n_params; i++)
    g_free (self->params[i]);
  g_free (self->params);
  g_free (self->sql);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->builder, tide_result_builder_free);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->held, g_array_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->link, tide_link_unref);
  g_free (self);
}

/* (transfer full): hands out what came, and ends the call */
void
tide_call_complete (TideCall *self)
{
  if (self->cancel_watch != NULL)
    g_source_destroy (self->cancel_watch);
  g_clear_pointer (&self->cancel_watch, g_source_unref);
  self->complete (self, self->complete_data);
  call_free (self);
}

/* Whether the caller has enough to do */
gboolean
tide_call_is_full (TideCall *self)
{
  return self->in_flight >= MAX_IN_FLIGHT;
}

/* Whether the worker must not read on; what is cancelled is read to its end, come what may */
gboolean
tide_call_is_paused (TideCall *self)
{
  return tide_call_is_full (self) && !tide_call_wants_cancel (self);
}

gboolean
tide_call_wants_cancel (TideCall *self)
{
  return self->cancelled || self->stopped;
}

/* The one error of a call that was cancelled before it did anything */
void
tide_call_set_cancelled (TideCall *self)
{
  g_clear_error (&self->error);
  g_set_error_literal (&self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                       "the operation was cancelled");
}
