/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnosis-window"

#include "config.h"

#include <glib/gi18n.h>

#include "health/tide-diagnosis-card.h"
#include "health/tide-diagnosis-window.h"
#include "health/tide-health-actions.h"
#include "tide-environment-actions.h"
#include "tide-job-wait.h"
#include "widgets/tide-error-view.h"
#include "widgets/tide-text-label.h"

struct _TideDiagnosisWindow
{
  AdwWindow           parent_instance;

  /* Template widgets */
  AdwWindowTitle     *title;
  GtkStack           *stack;
  GtkLabel           *status;
  GtkBox             *found;
  AdwStatusPage      *nothing;
  GtkWidget          *drift_button;
  TideErrorView      *error_view;

  /* Owned */
  TideWorkspace      *workspace;
  TideEnvironment    *environment; /* what is looked at */
  GSimpleActionGroup *actions;
  TideJob            *job; /* (nullable): looking */
  TideDiagnoseFlags   flags; /* of that */
  gboolean            waits; /* until the environment has been read anew */
};

G_DEFINE_FINAL_TYPE (TideDiagnosisWindow, tide_diagnosis_window, ADW_TYPE_WINDOW)

typedef struct
{
  TideProject       *project;
  TideTarget        *target;
  TideDiagnoseFlags  flags;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_clear_object (&self->project);
  g_clear_pointer (&self->target, tide_target_unref);
  g_free (self);
}

static gpointer
diagnose (TideJob   *job,
          gpointer   data,
          GError   **error)
{
  Question *self = data;

  return tide_diagnose (self->project, self->target, self->flags, job, error);
}

/* Whether the database was looked at to the end */
static gboolean
is_answered (GPtrArray *found)
{
  for (guint i = 0; i < found->len; i++)
    if (((TideDiagnosis *) g_ptr_array_index (found, i))->is_closed)
      return FALSE;
  return TRUE;
}

static gboolean
tells_drift (GPtrArray *found)
{
  for (guint i = 0; i < found->len; i++)
    if (g_str_has_prefix (((TideDiagnosis *) g_ptr_array_index (found, i))->id, "drift"))
      return TRUE;
  return FALSE;
}

/* Whoever asked for drift is told also that there is none. */
static void
add_no_drift (TideDiagnosisWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  gtk_box_append (GTK_BOX (box), tide_text_label_new (_("No Drift"), "title-3"));
  gtk_box_append (GTK_BOX (box), tide_text_label_new (_("The database is what its applied migrations say."), NULL));
  gtk_box_append (self->found, box);
}

/* The window opens while nothing in it can take the keyboard yet: it starts where something can be done, once that is known. */
static void
give_focus (TideDiagnosisWindow *self)
{
  if (gtk_window_get_focus (GTK_WINDOW (self)) == NULL
      && !gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD))
    gtk_widget_grab_focus (self->drift_button);
}

static void
show_found (TideDiagnosisWindow *self,
            GPtrArray           *found)
{
  gboolean answered = is_answered (found);
  gboolean no_drift = answered && (self->flags & TIDE_DIAGNOSE_DRIFT) != 0 && !tells_drift (found);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->found))))
    gtk_box_remove (self->found, child);
  for (guint i = 0; i < found->len; i++)
    gtk_box_append (self->found, tide_diagnosis_card_new (g_ptr_array_index (found, i)));
  if (no_drift)
    add_no_drift (self);
  adw_status_page_set_description (self->nothing, no_drift
    ? _("The database answers, its history is that of the project, nobody holds the migration lock, and the database is what its "
        "migrations say.")
    : _("The database answers, its history is that of the project, and nobody holds the migration lock."));
  gtk_widget_set_sensitive (self->drift_button, answered && tide_workspace_get_project (self->workspace) != NULL);
  gtk_stack_set_visible_child_name (self->stack, found->len > 0 ? "found" : "nothing");
}

static void
on_diagnosed (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  TideDiagnosisWindow *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (TIDE_JOB (object) != self->job)
    return;
  g_clear_object (&self->job);
  if (found != NULL)
    show_found (self, found);
  else
    {
      tide_error_view_set_error (self->error_view, error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  give_focus (self);
}

static void
stop (TideDiagnosisWindow *self)
{
  if (self->job != NULL)
    tide_job_cancel (self->job);
  g_clear_object (&self->job);
}

/* It is connected to anew, or for the first time: what is wrong is looked for once that has ended. */
static void
wait_for_connection (TideDiagnosisWindow *self)
{
  self->waits = TRUE;
  gtk_label_set_label (self->status, _("Connecting"));
  gtk_stack_set_visible_child_name (self->stack, "looking");
}

static void
look (TideDiagnosisWindow *self,
      TideDiagnoseFlags    flags)
{
  TideProject *project = tide_workspace_get_project (self->workspace);
  TideTarget *target = tide_environment_get_target (self->environment);
  Question *question;

  stop (self);
  self->waits = FALSE;
  self->flags = flags;
  gtk_widget_set_sensitive (self->drift_button, FALSE);
  if (target == NULL && tide_environment_get_error (self->environment) == NULL)
    {
      wait_for_connection (self);
      if (tide_environment_get_state (self->environment) == TIDE_ENVIRONMENT_IDLE)
        tide_environment_refresh (self->environment);
      return;
    }
  if (target == NULL)
    {
      /* The URL leads nowhere: there is an error of that, and nothing to look at. */
      tide_error_view_set_error (self->error_view, tide_environment_get_error (self->environment));
      gtk_stack_set_visible_child_name (self->stack, "error");
      return;
    }
  question = g_new0 (Question, 1);
  question->project = project ? g_object_ref (project) : NULL;
  question->target = tide_target_ref (target);
  question->flags = flags;
  self->job = tide_job_new (_("What is wrong?"));
  g_object_bind_property (self->job, "status", self->status, "label", G_BINDING_SYNC_CREATE);
  gtk_stack_set_visible_child_name (self->stack, "looking");
  tide_job_run_for_window (self->job, GTK_WINDOW (self), NULL, diagnose, question, question_free,
                           (GDestroyNotify) g_ptr_array_unref, on_diagnosed);
}

static void
drift_activated (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       self)
{
  look (self, TIDE_DIAGNOSE_DRIFT);
}

static void
on_state_changed (TideDiagnosisWindow *self)
{
  if (self->waits && tide_environment_get_state (self->environment) != TIDE_ENVIRONMENT_LOADING)
    look (self, TIDE_DIAGNOSE_QUICK);
}

static void
connect_anew (TideDiagnosisWindow *self)
{
  stop (self);
  wait_for_connection (self);
  tide_environment_reconnect (self->environment);
}

/* What only looks again does so here; all else is seen and asked for in the window behind. */
static void
take_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  TideDiagnosisWindow *self = user_data;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autoptr(TideWorkspace) workspace = g_object_ref (self->workspace);
  g_autoptr(GVariant) taken = g_variant_ref (parameter);
  const char *what;
  const char *argument;

  g_variant_get (taken, "(&s&s)", &what, &argument);
  if (g_str_equal (what, TIDE_WAY_RETRY))
    {
      connect_anew (self);
      return;
    }
  if (g_str_equal (what, TIDE_WAY_ASK_PASSWORD))
    {
      self->waits = TRUE;
      tide_environment_ask_password (GTK_WIDGET (self), self->environment);
      return;
    }
  gtk_window_destroy (GTK_WINDOW (self));
  if (parent != NULL)
    tide_health_act (GTK_WIDGET (parent), workspace, what, argument);
}

static const GActionEntry action_entries[] = {
  { "drift", drift_activated },
  { "take", take_activated, "(ss)" },
};

static void
tide_diagnosis_window_dispose (GObject *object)
{
  TideDiagnosisWindow *self = TIDE_DIAGNOSIS_WINDOW (object);

  stop (self);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (tide_diagnosis_window_parent_class)->dispose (object);
  g_clear_object (&self->workspace);
  g_clear_object (&self->environment);
}

static void
tide_diagnosis_window_class_init (TideDiagnosisWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_diagnosis_window_dispose;
  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-diagnosis-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TideDiagnosisWindow, title);
  gtk_widget_class_bind_template_child (widget_class, TideDiagnosisWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TideDiagnosisWindow, status);
  gtk_widget_class_bind_template_child (widget_class, TideDiagnosisWindow, found);
  gtk_widget_class_bind_template_child (widget_class, TideDiagnosisWindow, nothing);
  gtk_widget_class_bind_template_child (widget_class, TideDiagnosisWindow, drift_button);
  gtk_widget_class_bind_template_child (widget_class, TideDiagnosisWindow, error_view);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
tide_diagnosis_window_init (TideDiagnosisWindow *self)
{
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), action_entries, G_N_ELEMENTS (action_entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "diagnosis", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_diagnosis_window_present (GtkWidget     *parent,
                               TideWorkspace *workspace)
{
  TideEnvironment *environment = tide_workspace_get_environment (workspace);
  TideDiagnosisWindow *self;

  if (environment == NULL)
    return;
  self = g_object_new (TIDE_TYPE_DIAGNOSIS_WINDOW, "transient-for", gtk_widget_get_root (parent), NULL);
  self->workspace = g_object_ref (workspace);
  self->environment = g_object_ref (environment);
  g_signal_connect_object (environment, "notify::state", G_CALLBACK (on_state_changed), self, G_CONNECT_SWAPPED);
  adw_window_title_set_subtitle (self->title, tide_environment_get_name (environment));
  look (self, TIDE_DIAGNOSE_QUICK);
  gtk_window_present (GTK_WINDOW (self));
}
