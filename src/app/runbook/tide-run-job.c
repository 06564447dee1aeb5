/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-job"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-run-job.h"

/* What the thread and the window share of a run */
typedef struct
{
  TidePipeline   *pipeline;
  TideRunOutcome *outcome; /* set by the thread before it ends */
} Run;

static void
run_clear (Run *self)
{
  g_clear_object (&self->pipeline);
  g_clear_pointer (&self->outcome, tide_run_outcome_unref);
}

static void
run_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) run_clear);
}

static gpointer
run_in_thread (TideJob   *job,
               gpointer   data,
               GError   **error)
{
  Run *run = data;

  run->outcome = tide_pipeline_run (run->pipeline, job, error);
  if (run->outcome == NULL)
    return NULL;
  if (run->outcome->state == TIDE_RUN_DONE)
    return GINT_TO_POINTER (TRUE);
  if (run->outcome->failure != NULL)
    g_propagate_error (error, g_error_copy (run->outcome->failure));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("stopped"));
  return NULL;
}

void
tide_run_job_run_async (TideJob             *job,
                        TideWorkspace       *workspace,
                        TidePipeline        *pipeline,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Run *run = g_atomic_rc_box_new0 (Run);

  run->pipeline = g_object_ref (pipeline);
  g_object_set_data_full (G_OBJECT (job), "tide-run", g_atomic_rc_box_acquire (run), run_unref);
  tide_workspace_run_job (workspace, job, run_in_thread, run, run_unref, NULL, callback, user_data);
}

TideRunOutcome *
tide_run_job_run_finish (TideJob       *job,
                         GAsyncResult  *result,
                         GError       **error)
{
  const Run *run = g_object_get_data (G_OBJECT (job), "tide-run");
  g_autoptr(GError) failure = NULL;

  tide_job_run_finish (job, result, &failure);
  if (run->outcome != NULL)
    return tide_run_outcome_ref (run->outcome);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
