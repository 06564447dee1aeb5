/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-window"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-outcome-view.h"
#include "runbook/tide-run-job.h"
#include "runbook/tide-run-ways.h"
#include "runbook/tide-run-window.h"
#include "runbook/tide-step-look.h"
#include "runbook/tide-step-row.h"
#include "tide-desktop.h"
#include "tide-job-care.h"
#include "widgets/tide-children.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-kind-label.h"

/* Until a row stands where it will, and how much is seen of what is above it */
#define SCROLL_FRAMES 3
#define SCROLL_MARGIN 12

typedef struct
{
  /* Template widgets */
  AdwWindowTitle     *heading;
  GtkWidget          *stop;
  GtkScrolledWindow  *scroller;
  GtkLabel           *environment_label;
  TideKindLabel      *kind;
  GtkLabel           *database;
  GtkBox             *now_box;
  GtkSpinner         *spinner;
  GtkLabel           *now;
  GtkLabel           *safety;
  AdwBin             *start;
  TideOutcomeView    *outcome_view;
  GtkListBox         *steps;

  /* Owned */
  TideWorkspace      *workspace;
  TideProject        *project;
  TideEnvironment    *environment;
  TideTarget         *target;
  TidePipeline       *pipeline; /* nullable: before the first run */
  TideJob            *job;      /* nullable: nothing runs */

  GtkWindow          *owner;    /* (nullable) borrowed: the main window, until it is closed */
  const TideRunWords *words;
  gboolean            confirmed;
  gboolean            changing; /* the database is no longer what it was before the run */
} TideRunWindowPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TideRunWindow, tide_run_window, ADW_TYPE_WINDOW)

static TideStepRow *
find_row (TideRunWindow *self,
          TideRunStep   *step)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (priv->steps)); row; row = gtk_widget_get_next_sibling (row))
    if (tide_step_row_get_step (TIDE_STEP_ROW (row)) == step)
      return TIDE_STEP_ROW (row);
  return NULL;
}

/* Once what was added before it has its place, too */
static gboolean
scroll_to_row_cb (GtkWidget     *row,
                  GdkFrameClock *clock,
                  gpointer       user_data)
{
  TideRunWindow *self = TIDE_RUN_WINDOW (gtk_widget_get_root (row));
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (priv->scroller);
  guint *frames = user_data;
  double y;

  if (++*frames < SCROLL_FRAMES)
    return G_SOURCE_CONTINUE;
  /* What came of it stands at the top. */
  if (priv->job == NULL)
    gtk_adjustment_set_value (adjustment, 0);
  else if (gtk_widget_translate_coordinates (row, gtk_widget_get_first_child (GTK_WIDGET (priv->scroller)), 0, 0, NULL, &y))
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + y - SCROLL_MARGIN);
  return G_SOURCE_REMOVE;
}

static void
scroll_to_row (TideStepRow *row)
{
  gtk_widget_add_tick_callback (GTK_WIDGET (row), scroll_to_row_cb, g_new0 (guint, 1), g_free);
}

/* The two lines that are always there while it runs: what it does now, and whether anything has been changed */
static void
update_now (TideRunWindow *self,
            TideRunStep   *step)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  const TideLook *look = tide_step_get_look (tide_run_step_get_state (step));
  g_autofree char *waiting_for = tide_run_step_dup_waiting_for (step);
  g_autofree char *waiting = waiting_for ? g_strdup_printf (_("Waiting: %s"), waiting_for) : NULL;
  g_autofree char *now = g_strdup_printf ("%s: %s", tide_step_get_title (step), waiting ? waiting : _(look->word));

  gtk_label_set_label (priv->now, now);
  gtk_label_set_label (priv->safety, priv->changing ? _(priv->words->changes) : _("Nothing has been changed so far."));
  gtk_spinner_set_spinning (priv->spinner, tide_run_step_get_state (step) != TIDE_STEP_ASKING);
  gtk_widget_set_visible (GTK_WIDGET (priv->spinner), tide_run_step_get_state (step) != TIDE_STEP_ASKING);
}

static void
step_state_cb (TideRunStep   *step,
               GParamSpec    *pspec,
               TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  TideStepState state = tide_run_step_get_state (step);

  if (state == TIDE_STEP_RUNNING && g_str_equal (tide_run_step_get_id (step), priv->words->changing))
    {
      priv->changing = TRUE;
      tide_job_set_care (priv->job, priv->words->care, priv->words->page);
    }
  if (state == TIDE_STEP_RUNNING || state == TIDE_STEP_ASKING)
    update_now (self, step);
  if (state == TIDE_STEP_RUNNING)
    scroll_to_row (find_row (self, step));
  if (TIDE_RUN_WINDOW_GET_CLASS (self)->step_changed != NULL)
    TIDE_RUN_WINDOW_GET_CLASS (self)->step_changed (self, step);
}

static void
step_waiting_cb (TideRunStep   *step,
                 GParamSpec    *pspec,
                 TideRunWindow *self)
{
  update_now (self, step);
  scroll_to_row (find_row (self, step));
}

static void
question_cb (TidePipeline    *pipeline,
             TideRunQuestion *question,
             TideRunWindow   *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  TideStepRow *row = find_row (self, tide_run_question_get_step (question));

  if (priv->confirmed && tide_run_question_get_kind (question) == TIDE_QUESTION_CONFIRM &&
      tide_run_question_get_expected (question) == NULL)
    {
      tide_run_question_answer (question, TRUE, NULL);
      return;
    }
  g_return_if_fail (row != NULL);
  tide_step_row_ask (row, question, _(priv->words->verb));
  scroll_to_row (row);
  tide_desktop_call (priv->job, tide_run_question_get_title (question));
}

static void
way_cb (TideOutcomeView *view,
        const char      *id,
        const char      *subject,
        TideRunWindow   *self)
{
  if (!tide_run_take_way (self, id, subject))
    TIDE_RUN_WINDOW_GET_CLASS (self)->take_way (self, id, subject);
}

static void
update_running (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  gboolean running = priv->job != NULL;

  gtk_widget_set_visible (priv->stop, running);
  gtk_widget_set_visible (GTK_WIDGET (priv->now_box), running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "run.stop", running);
}

static void
scroll_up (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (priv->scroller), 0);
}

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(TideRunWindow) self = user_data;
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRunOutcome) outcome = tide_run_job_run_finish (TIDE_JOB (object), result, &error);

  if (priv->workspace == NULL)
    return;
  g_clear_object (&priv->job);
  update_running (self);
  tide_environment_refresh (priv->environment);
  if (outcome != NULL)
    tide_run_window_show_outcome (self, outcome, priv->words);
  else
    {
      gtk_widget_set_visible (GTK_WIDGET (priv->start), TRUE);
      gtk_widget_set_visible (GTK_WIDGET (priv->steps), FALSE);
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        tide_dialog_show_error (GTK_WIDGET (self), _("The Run Could Not Begin"), error);
    }
}

static void
stop_confirmed_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (TIDE_RUN_WINDOW (object));

  if (tide_dialog_confirm_finish (GTK_WIDGET (object), result) && priv->job != NULL)
    tide_job_cancel (priv->job);
}

static void
ask_to_stop (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  g_autofree char *heading = g_strdup_printf (_("Stop “%s”?"), tide_job_get_title (priv->job));
  g_autofree char *body = g_strdup_printf (_("%s\n\nThis window stays, and says what state the database is in."),
                                           tide_job_get_closing (priv->job));

  tide_dialog_confirm_stop_async (GTK_WIDGET (self), heading, body, _("_Stop"), stop_confirmed_cb, NULL);
}

static gboolean
is_blocked (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  GListModel *steps = tide_pipeline_get_steps (priv->pipeline);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr(TideRunStep) step = g_list_model_get_item (steps, i);
      g_autofree char *waiting_for = tide_run_step_dup_waiting_for (step);

      if (waiting_for != NULL)
        return TRUE;
    }
  return FALSE;
}

/* Where nothing is at stake yet, stopping needs no question. */
static void
stop (GtkWidget  *widget,
      const char *action_name,
      GVariant   *parameter)
{
  TideRunWindow *self = TIDE_RUN_WINDOW (widget);
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  if (priv->job == NULL)
    return;
  if (!priv->changing || is_blocked (self))
    tide_job_cancel (priv->job);
  else
    ask_to_stop (self);
}

static gboolean
tide_run_window_close_request (GtkWindow *window)
{
  TideRunWindow *self = TIDE_RUN_WINDOW (window);
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  if (priv->job == NULL)
    return GTK_WINDOW_CLASS (tide_run_window_parent_class)->close_request (window);
  ask_to_stop (self);
  return GDK_EVENT_STOP;
}

static void
tide_run_window_dispose (GObject *object)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (TIDE_RUN_WINDOW (object));

  if (priv->pipeline != NULL)
    g_signal_handlers_disconnect_by_data (priv->pipeline, object);
  g_clear_object (&priv->job);
  g_clear_object (&priv->pipeline);
  g_clear_pointer (&priv->target, tide_target_unref);
  g_clear_object (&priv->environment);
  g_clear_object (&priv->project);
  g_clear_object (&priv->workspace);
  G_OBJECT_CLASS (tide_run_window_parent_class)->dispose (object);
}

static void
tide_run_window_class_init (TideRunWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_run_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = tide_run_window_close_request;

  g_type_ensure (TIDE_TYPE_KIND_LABEL);
  g_type_ensure (TIDE_TYPE_OUTCOME_VIEW);
  gtk_widget_class_install_action (widget_class, "run.stop", NULL, stop);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-run-window.ui");
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, heading);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, stop);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, scroller);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, environment_label);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, kind);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, database);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, now_box);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, spinner);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, now);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, safety);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, start);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, outcome_view);
  gtk_widget_class_bind_template_child_private (widget_class, TideRunWindow, steps);
  gtk_widget_class_bind_template_callback (widget_class, way_cb);
}

static void
tide_run_window_init (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_bind_property (self, "title", priv->heading, "title", G_BINDING_SYNC_CREATE);
  update_running (self);
}

static gboolean
is_at_start (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  return priv->job == NULL && gtk_widget_get_visible (GTK_WIDGET (priv->start));
}

static void
show_kind (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  TideKind kind = tide_environment_get_kind (priv->environment);

  g_object_set (priv->kind, "kind", kind, NULL);
  if (kind == TIDE_KIND_PRODUCTION)
    gtk_widget_add_css_class (GTK_WIDGET (self), "production");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "production");
}

/* Its project and its database stay the same whatever the main window shows; what is only read anew is taken over. A beginning
 * that no longer says what would be done goes. */
static void
place_changed_cb (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  TideProject *project = tide_workspace_get_project (priv->workspace);
  TideTarget *target = tide_environment_get_target (priv->environment);
  TideKind kind;
  gboolean stays;

  g_object_get (priv->kind, "kind", &kind, NULL);
  stays = g_str_equal (tide_project_get_root (project), tide_project_get_root (priv->project))
          && tide_project_find_environment (project, tide_environment_get_name (priv->environment)) != NULL;
  if (stays)
    g_set_object (&priv->project, project);
  if (target != NULL && g_str_equal (tide_environment_get_label (priv->environment), gtk_label_get_label (priv->database)))
    {
      g_clear_pointer (&priv->target, tide_target_unref);
      priv->target = tide_target_ref (target);
    }
  if (is_at_start (self) && (!stays || tide_environment_get_kind (priv->environment) != kind))
    gtk_window_destroy (GTK_WINDOW (self));
  else
    show_kind (self);
}

static void
owner_destroyed_cb (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  priv->owner = NULL;
}

static void
take_place (TideRunWindow   *self,
            TideWorkspace   *workspace,
            TideProject     *project,
            TideEnvironment *environment,
            TideTarget      *target)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  g_autofree char *label = tide_conninfo_dup_label (tide_target_get_conninfo (target));

  priv->owner = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_signal_connect_object (priv->owner, "destroy", G_CALLBACK (owner_destroyed_cb), self, G_CONNECT_SWAPPED);
  priv->workspace = g_object_ref (workspace);
  priv->project = g_object_ref (project);
  priv->environment = g_object_ref (environment);
  priv->target = tide_target_ref (target);
  gtk_label_set_label (priv->environment_label, tide_environment_get_name (environment));
  gtk_label_set_label (priv->database, label);
  show_kind (self);
  g_signal_connect_object (workspace, "notify::project", G_CALLBACK (place_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (environment, "notify::kind", G_CALLBACK (place_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (environment, "notify::target", G_CALLBACK (place_changed_cb), self, G_CONNECT_SWAPPED);
}

void
tide_run_window_set_place (TideRunWindow   *self,
                           TideWorkspace   *workspace,
                           TideEnvironment *environment)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  g_return_if_fail (TIDE_IS_RUN_WINDOW (self));
  g_return_if_fail (priv->workspace == NULL && tide_environment_get_target (environment) != NULL);

  take_place (self, workspace, tide_workspace_get_project (workspace), environment, tide_environment_get_target (environment));
}

void
tide_run_window_set_same_place (TideRunWindow *self,
                                TideRunWindow *other)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (other);

  g_return_if_fail (TIDE_IS_RUN_WINDOW (self));

  take_place (self, priv->workspace, priv->project, priv->environment, priv->target);
}

GtkWindow *
tide_run_window_get_owner (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  return priv->owner;
}

TideWorkspace *
tide_run_window_get_workspace (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  return priv->workspace;
}

TideEnvironment *
tide_run_window_get_environment (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  return priv->environment;
}

TideProject *
tide_run_window_get_project (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  return priv->project;
}

TideTarget *
tide_run_window_get_target (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  return priv->target;
}

TidePipeline *
tide_run_window_get_pipeline (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  return priv->pipeline;
}

gboolean
tide_run_window_is_running (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  return priv->job != NULL;
}

void
tide_run_window_set_confirmed (TideRunWindow *self,
                               gboolean       confirmed)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  priv->confirmed = confirmed;
}

void
tide_run_window_set_start (TideRunWindow *self,
                           GtkWidget     *start)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  adw_bin_set_child (priv->start, start);
}

void
tide_run_window_add_to_step (TideRunWindow *self,
                             TideRunStep   *step,
                             GtkWidget     *extra,
                             gboolean       unfold)
{
  TideStepRow *row = find_row (self, step);

  g_return_if_fail (row != NULL);
  tide_step_row_add (row, extra);
  if (unfold)
    tide_step_row_unfold (row);
}

static void
fill_steps (TideRunWindow *self)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);
  GListModel *steps = tide_pipeline_get_steps (priv->pipeline);

  tide_children_remove (GTK_WIDGET (priv->steps));
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr(TideRunStep) step = g_list_model_get_item (steps, i);

      gtk_list_box_append (priv->steps, tide_step_row_new (step));
      g_signal_connect_object (step, "notify::state", G_CALLBACK (step_state_cb), self, G_CONNECT_AFTER);
      g_signal_connect_object (step, "notify::waiting-for", G_CALLBACK (step_waiting_cb), self, G_CONNECT_AFTER);
    }
}

void
tide_run_window_run (TideRunWindow      *self,
                     TidePipeline       *pipeline,
                     const char         *title,
                     const TideRunWords *words)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  g_return_if_fail (TIDE_IS_RUN_WINDOW (self));
  g_return_if_fail (priv->job == NULL);

  g_set_object (&priv->pipeline, pipeline);
  priv->words = words;
  priv->changing = FALSE;
  priv->job = tide_job_new (title);
  tide_job_set_care (priv->job, TIDE_CARE_PREPARE, words->page);
  fill_steps (self);
  g_signal_connect_object (pipeline, "question", G_CALLBACK (question_cb), self, 0);
  gtk_widget_set_visible (GTK_WIDGET (priv->start), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (priv->outcome_view), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (priv->steps), TRUE);
  update_running (self);
  scroll_up (self);
  tide_run_job_run_async (priv->job, priv->workspace, pipeline, ended_cb, g_object_ref (self));
}

void
tide_run_window_show_outcome (TideRunWindow      *self,
                              TideRunOutcome     *outcome,
                              const TideRunWords *words)
{
  TideRunWindowPrivate *priv = tide_run_window_get_instance_private (self);

  g_return_if_fail (TIDE_IS_RUN_WINDOW (self));

  tide_outcome_view_set_outcome (priv->outcome_view, outcome, _(words->done));
  gtk_widget_set_visible (GTK_WIDGET (priv->outcome_view), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (priv->start), FALSE);
  /* The keyboard starts from the top, too: a button below may do what nobody wants yet. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  scroll_up (self);
}
