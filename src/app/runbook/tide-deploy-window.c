/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-deploy-window"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-deploy-start.h"
#include "runbook/tide-deploy-window.h"
#include "runbook/tide-pending-view.h"
#include "runbook/tide-rollback-window.h"
#include "runbook/tide-run-ways.h"
#include "tide-job-care.h"
#include "tide-preferences.h"
#include "widgets/tide-dialogs.h"

struct _TideDeployWindow
{
  TideRunWindow    parent_instance;

  /* Children */
  TideDeployStart *start;
};

G_DEFINE_FINAL_TYPE (TideDeployWindow, tide_deploy_window, TIDE_TYPE_RUN_WINDOW)

static const TideRunWords words = {
  .changing = "apply",
  .verb = N_("_Apply"),
  .changes = N_("The database is being changed. The way back is the backup of this run."),
  .done = N_("Deployed"),
  .care = TIDE_CARE_DEPLOY,
  .page = "deploy",
};

static void
run (TideDeployWindow *self)
{
  TideRunWindow *window = TIDE_RUN_WINDOW (self);
  TideEnvironment *environment = tide_run_window_get_environment (window);
  g_autofree char *title = g_strdup_printf (_("Deploy to %s"), tide_environment_get_name (environment));
  TideRunOptions options = { 0 };
  g_autoptr(TideRunbook) runbook = NULL;

  tide_deploy_start_fill (self->start, &options);
  options.exact_rows_below = tide_preferences_get_exact_below ();
  runbook = tide_runbook_new (tide_run_window_get_project (window), tide_run_window_get_target (window), &options);
  tide_run_window_set_confirmed (window, tide_environment_get_kind (environment) == TIDE_KIND_DEVELOPMENT);
  tide_run_window_run (window, TIDE_PIPELINE (runbook), title, &words);
}

static void
add_pending (TideDeployWindow *self,
             TideRunStep      *step)
{
  TideRunWindow *window = TIDE_RUN_WINDOW (self);
  g_autoptr(GPtrArray) pending = tide_runbook_ref_pending (TIDE_RUNBOOK (tide_run_window_get_pipeline (window)));

  if (pending != NULL && pending->len > 0)
    tide_run_window_add_to_step (window, step, tide_pending_view_new (pending), TRUE);
}

static void
tide_deploy_window_step_changed (TideRunWindow *window,
                                 TideRunStep   *step)
{
  TideStepState state = tide_run_step_get_state (step);
  const char *id = tide_run_step_get_id (step);

  if (state != TIDE_STEP_PASSED && state != TIDE_STEP_WARNED)
    return;
  if (g_str_equal (id, "pending"))
    add_pending (TIDE_DEPLOY_WINDOW (window), step);
}

static void
tide_deploy_window_take_way (TideRunWindow *window,
                             const char    *id,
                             const char    *subject)
{
  if (g_str_equal (id, "retry"))
    run (TIDE_DEPLOY_WINDOW (window));
  else
    tide_rollback_window_take_way (window, id, subject);
}

static void
tide_deploy_window_class_init (TideDeployWindowClass *klass)
{
  TIDE_RUN_WINDOW_CLASS (klass)->step_changed = tide_deploy_window_step_changed;
  TIDE_RUN_WINDOW_CLASS (klass)->take_way = tide_deploy_window_take_way;
}

static void
tide_deploy_window_init (TideDeployWindow *self)
{
}

/* It goes: what is shown then stands behind it, and it would have to begin anew afterwards. */
static void
start_way_cb (TideDeployStart  *start,
              const char       *id,
              const char       *subject,
              TideDeployWindow *self)
{
  tide_run_take_way (TIDE_RUN_WINDOW (self), id, subject);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* (nullable): not where another run is under way: that one is brought up */
static TideDeployWindow *
open_window (GtkWidget     *parent,
             TideWorkspace *workspace)
{
  TideEnvironment *environment = tide_workspace_get_environment (workspace);
  TideDeployWindow *self = tide_run_window_find (parent, TIDE_TYPE_DEPLOY_WINDOW);

  if (!tide_run_window_may_open (TIDE_RUN_WINDOW (self), parent, environment))
    return NULL;
  self = g_object_new (TIDE_TYPE_DEPLOY_WINDOW, "title", _("Deploy"), "transient-for", gtk_widget_get_root (parent), NULL);
  tide_run_window_set_place (TIDE_RUN_WINDOW (self), workspace, environment);
  self->start = TIDE_DEPLOY_START (tide_deploy_start_new (tide_workspace_get_project (workspace), environment));
  g_signal_connect_swapped (self->start, "start", G_CALLBACK (run), self);
  g_signal_connect (self->start, "way", G_CALLBACK (start_way_cb), self);
  tide_run_window_set_start (TIDE_RUN_WINDOW (self), GTK_WIDGET (self->start));
  return self;
}

void
tide_deploy_window_present (GtkWidget     *parent,
                            TideWorkspace *workspace)
{
  TideDeployWindow *self = open_window (parent, workspace);

  if (self == NULL)
    return;
  gtk_window_present (GTK_WINDOW (self));
  tide_deploy_start_focus (self->start);
}

void
tide_deploy_window_present_past (GtkWidget      *parent,
                                 TideWorkspace  *workspace,
                                 TideRunOutcome *outcome)
{
  TideDeployWindow *self = open_window (parent, workspace);

  if (self == NULL)
    return;
  tide_run_window_show_outcome (TIDE_RUN_WINDOW (self), outcome, &words);
  gtk_window_present (GTK_WINDOW (self));
}
