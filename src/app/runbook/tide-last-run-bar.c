/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-last-run-bar"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-deploy-window.h"
#include "runbook/tide-last-run-bar.h"
#include "runbook/tide-outcome-view.h"
#include "runbook/tide-rollback-window.h"
#include "runbook/tide-runbook.h"
#include "widgets/tide-children.h"

/* How long until a run that is under way is looked at again */
#define AGAIN_SECONDS 3

struct _TideLastRunBar
{
  GtkWidget       parent_instance;

  /* Template widgets */
  GtkInfoBar     *bar;
  GtkLabel       *caption;
  GtkLabel       *headline;
  GtkLabel       *database;

  /* Owned */
  TideWorkspace  *workspace;
  GSignalGroup   *environment_signals;
  TideRunOutcome *outcome;     /* nullable: nothing to say */
  char           *asked;       /* nullable: what was known of the environment when its last run was looked up */
  GCancellable   *cancellable; /* nullable: of what is being looked up */
  guint           again;       /* the source that looks at a run under way, or 0 */
};

G_DEFINE_FINAL_TYPE (TideLastRunBar, tide_last_run_bar, GTK_TYPE_WIDGET)

/* What a thread needs */
typedef struct
{
  TideProject *project;
  TideTarget  *target;
} Work;

static void
work_free (Work *self)
{
  g_clear_object (&self->project);
  g_clear_pointer (&self->target, tide_target_unref);
  g_free (self);
}

static gboolean
is_deploy (TideRunOutcome *outcome)
{
  return g_strcmp0 (outcome->purpose, "deploy") == 0;
}

static void
set_outcome (TideLastRunBar *self,
             TideRunOutcome *outcome)
{
  g_autofree char *headline = NULL;

  g_clear_pointer (&self->outcome, tide_run_outcome_unref);
  self->outcome = outcome ? tide_run_outcome_ref (outcome) : NULL;
  gtk_widget_set_visible (GTK_WIDGET (self), outcome != NULL);
  gtk_info_bar_set_revealed (self->bar, outcome != NULL);
  if (outcome == NULL)
    return;
  headline = tide_outcome_dup_headline (outcome, "");
  gtk_label_set_label (self->caption, is_deploy (outcome) ? _("The Last Deploy") : _("The Last Roll-Back"));
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->database, outcome->database ? outcome->database : "");
  gtk_widget_set_visible (GTK_WIDGET (self->database), outcome->database != NULL);
}

static void look_again (TideLastRunBar *self);

static void
described_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(TideLastRunBar) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRunOutcome) outcome = g_task_propagate_pointer (G_TASK (result), &error);

  /* Another environment was chosen meanwhile. What cannot be looked up is told where the database is read. */
  if (self->cancellable != g_task_get_cancellable (G_TASK (result)) || outcome == NULL)
    return;
  set_outcome (self, outcome->state == TIDE_RUN_KILLED || outcome->state == TIDE_RUN_RUNNING ? outcome : NULL);
  look_again (self);
}

static void
describe_in_thread (GTask        *task,
                    gpointer      source,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;
  TideRunOutcome *outcome = tide_runbook_describe_last (work->project, work->target, cancellable, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, outcome, (GDestroyNotify) tide_run_outcome_unref);
}

/* Whether the database has answered, or does not: one that a swap has left closed is told of most of all. */
static gboolean
is_looked_at (TideEnvironment *environment)
{
  return tide_environment_get_timeline (environment) != NULL || tide_environment_get_state (environment) == TIDE_ENVIRONMENT_FAILED;
}

static void
describe (TideLastRunBar *self)
{
  TideProject *project = tide_workspace_get_project (self->workspace);
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideTarget *target = environment ? tide_environment_get_target (environment) : NULL;
  g_autoptr(GTask) task = NULL;
  Work *work;

  if (project == NULL || target == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  work = g_new0 (Work, 1);
  work->project = g_object_ref (project);
  work->target = tide_target_ref (target);
  task = g_task_new (NULL, self->cancellable, described_cb, g_object_ref (self));
  g_task_set_source_tag (task, describe);
  g_task_set_task_data (task, work, (GDestroyNotify) work_free);
  g_task_run_in_thread (task, describe_in_thread);
}

static gboolean
again_cb (gpointer user_data)
{
  TideLastRunBar *self = user_data;

  /* Nobody looks: this is asked for once more then. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return G_SOURCE_CONTINUE;
  self->again = 0;
  describe (self);
  return G_SOURCE_REMOVE;
}

/* A run may end without a word in the ledger. */
static void
look_again (TideLastRunBar *self)
{
  g_clear_handle_id (&self->again, g_source_remove);
  if (self->outcome != NULL && self->outcome->state == TIDE_RUN_RUNNING)
    self->again = g_timeout_add_seconds (AGAIN_SECONDS, again_cb, self);
}

/* Once for each environment, and again when it answers or a migration begins or ends to run: what this program does itself it
 * tells in its own window. */
static void
environment_changed_cb (TideLastRunBar *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideProject *project = tide_workspace_get_project (self->workspace);
  TideTarget *target = environment ? tide_environment_get_target (environment) : NULL;
  TideTimeline *timeline = environment ? tide_environment_get_timeline (environment) : NULL;
  g_autofree char *key = NULL;

  g_signal_group_set_target (self->environment_signals, environment);
  if (project == NULL || target == NULL || !is_looked_at (environment))
    return;
  key = g_strdup_printf ("%s\n%s\n%d\n%u", tide_project_get_root (project), tide_target_get_name (target), timeline != NULL,
                         timeline ? tide_timeline_count_running (timeline) : 0);
  if (g_strcmp0 (key, self->asked) == 0)
    return;
  g_free (self->asked);
  self->asked = g_steal_pointer (&key);
  describe (self);
}

static void
selected_cb (TideLastRunBar *self)
{
  set_outcome (self, NULL);
  look_again (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  /* Chosen again, it is told again. */
  g_clear_pointer (&self->asked, g_free);
  environment_changed_cb (self);
}

static void
details_clicked_cb (TideLastRunBar *self)
{
  g_autoptr(TideRunOutcome) outcome = tide_run_outcome_ref (self->outcome);

  if (is_deploy (outcome))
    tide_deploy_window_present_past (GTK_WIDGET (self), self->workspace, outcome);
  else
    tide_rollback_window_present_past (GTK_WIDGET (self), self->workspace, outcome);
}

static void
close_clicked_cb (TideLastRunBar *self)
{
  set_outcome (self, NULL);
  look_again (self);
}

static void
tide_last_run_bar_dispose (GObject *object)
{
  TideLastRunBar *self = TIDE_LAST_RUN_BAR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->again, g_source_remove);
  g_clear_object (&self->environment_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_LAST_RUN_BAR);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->outcome, tide_run_outcome_unref);
  g_clear_pointer (&self->asked, g_free);
  G_OBJECT_CLASS (tide_last_run_bar_parent_class)->dispose (object);
}

static void
tide_last_run_bar_class_init (TideLastRunBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_last_run_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-last-run-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TideLastRunBar, bar);
  gtk_widget_class_bind_template_child (widget_class, TideLastRunBar, caption);
  gtk_widget_class_bind_template_child (widget_class, TideLastRunBar, headline);
  gtk_widget_class_bind_template_child (widget_class, TideLastRunBar, database);
  gtk_widget_class_bind_template_callback (widget_class, details_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_last_run_bar_init (TideLastRunBar *self)
{
  self->environment_signals = g_signal_group_new (TIDE_TYPE_ENVIRONMENT);
  g_signal_group_connect_swapped (self->environment_signals, "notify::timeline", G_CALLBACK (environment_changed_cb), self);
  g_signal_group_connect_swapped (self->environment_signals, "notify::state", G_CALLBACK (environment_changed_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
tide_last_run_bar_set_workspace (TideLastRunBar *self,
                                 TideWorkspace  *workspace)
{
  g_return_if_fail (TIDE_IS_LAST_RUN_BAR (self));
  g_return_if_fail (self->workspace == NULL);

  self->workspace = g_object_ref (workspace);
  g_signal_connect_object (workspace, "notify::environment", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  environment_changed_cb (self);
}
