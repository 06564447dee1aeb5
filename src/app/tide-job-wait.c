/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-job-wait"

#include "config.h"

#include "tide-job-wait.h"

typedef struct
{
  GWeakRef            window;
  GAsyncReadyCallback callback;
} Wait;

static void
on_ended (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Wait *self = user_data;
  g_autoptr(GtkWidget) window = g_weak_ref_get (&self->window);

  /* A closed one may be held by somebody else: a question over it, a file that is being read. */
  if (window != NULL && gtk_widget_get_visible (window))
    self->callback (object, result, window);
  g_weak_ref_clear (&self->window);
  g_free (self);
}

void
tide_job_run_for_window (TideJob             *job,
                         GtkWindow           *window,
                         TideWorkspace       *workspace,
                         TideJobFunc          func,
                         gpointer             data,
                         GDestroyNotify       data_free,
                         GDestroyNotify       result_free,
                         GAsyncReadyCallback  callback)
{
  Wait *self = g_new0 (Wait, 1);

  g_return_if_fail (TIDE_IS_JOB (job));
  g_return_if_fail (GTK_IS_WINDOW (window));

  g_weak_ref_init (&self->window, window);
  self->callback = callback;
  g_signal_connect_object (window, "unmap", G_CALLBACK (tide_job_cancel), job, G_CONNECT_SWAPPED);
  if (workspace != NULL)
    tide_workspace_run_job (workspace, job, func, data, data_free, result_free, on_ended, self);
  else
    tide_job_run_async (job, func, data, data_free, result_free, on_ended, self);
}
