/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-batch-window"

#include "config.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "batch/tide-batch-window.h"
#include "batch/tide-batch.h"
#include "tide-environment-actions.h"
#include "tide-error.h"
#include "tide-job-care.h"
#include "tide-job-wait.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-format.h"
#include "widgets/tide-sql-buffer.h"

struct _TideBatchWindow
{
  AdwWindow           parent_instance;

  /* Template widgets */
  AdwWindowTitle     *title;
  GtkTextView        *sql_view;
  GtkSpinButton      *rest;
  GtkSpinButton      *size;
  GtkStack           *stack;
  GtkProgressBar     *progress;
  GtkLabel           *status;
  GtkToggleButton    *pause_button;
  GtkLabel           *outcome;
  GtkLabel           *problem;
  GtkWidget          *settings;

  /* Owned */
  TideWorkspace      *workspace;
  TideTarget         *target;  /* where it runs, whatever is selected meanwhile */
  GSimpleActionGroup *actions;
  struct Request     *request; /* (nullable): what was asked for last */
  TideBatchControl   *control; /* (nullable): of the job that runs */
  TideJob            *job;     /* (nullable): it looks, or runs */
};

G_DEFINE_FINAL_TYPE (TideBatchWindow, tide_batch_window, ADW_TYPE_WINDOW)

/* What is asked for, in the thread that looks first and in the one that runs */
typedef struct Request
{
  TideConninfo     *conninfo;
  char             *sql;
  TideBatchOptions  options;
  TideBatchPlan    *plan;    /* (nullable): not looked at yet */
  TideBatchControl *control;
  TideBatchReport   earlier; /* how far a run that did not end came */
  gboolean          is_begun;
  gboolean          anew;    /* begin with the first row, whatever an earlier run has done */
  GError           *problem; /* (nullable): what is known of such a run cannot be used */
} Request;

static void
request_clear (Request *self)
{
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->plan, tide_batch_plan_unref);
  g_clear_object (&self->control);
  g_clear_error (&self->problem);
  g_free (self->sql);
}

static void
request_free (gpointer data)
{
  g_atomic_rc_box_release_full (data, (GDestroyNotify) request_clear);
}

static Request *
create_request (TideBatchWindow *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->sql_view);
  Request *request = g_atomic_rc_box_new0 (Request);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  request->conninfo = tide_conninfo_ref (tide_target_get_conninfo (self->target));
  request->sql = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  request->options.rest_percent = gtk_spin_button_get_value_as_int (self->rest);
  request->options.size = request->options.most = gtk_spin_button_get_value_as_int (self->size);
  request->control = tide_batch_control_new ();
  return request;
}

static void
enable (TideBatchWindow *self,
        const char      *action,
        gboolean         enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), action)), enabled);
}

/* The one place that makes the window agree with what happens. @page: of the stack below the statement */
static void
show (TideBatchWindow *self,
      const char      *page)
{
  gboolean runs = self->control != NULL;

  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_text_view_set_editable (self->sql_view, self->job == NULL);
  gtk_widget_set_sensitive (self->settings, self->job == NULL);
  enable (self, "start", self->job == NULL && gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (self->sql_view)) > 0);
  enable (self, "pause", runs);
  enable (self, "stop", self->job != NULL);
}

/* @status: (nullable): how far it came */
static void
show_error (TideBatchWindow *self,
            const GError    *error,
            const char      *status)
{
  g_autofree char *text = tide_error_dup_text (error);
  g_autofree char *all = g_strjoin ("\n\n", text, status, NULL);

  gtk_label_set_label (self->problem, all);
  show (self, "problem");
}

static void
on_fraction (TideJob         *job,
             GParamSpec      *pspec,
             TideBatchWindow *self)
{
  double fraction = tide_job_get_fraction (job);

  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
  else
    gtk_progress_bar_pulse (self->progress);
}

static void
set_job (TideBatchWindow *self,
         TideJob         *job)
{
  g_set_object (&self->job, job);
  if (job == NULL)
    return;
  g_object_bind_property (job, "status", self->status, "label", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (job, "notify::fraction", G_CALLBACK (on_fraction), self, 0);
  /* Where nobody knows how many rows there are, each batch moves the bar. */
  g_signal_connect_object (job, "notify::status", G_CALLBACK (on_fraction), self, 0);
}

/* Translators cannot be shown the width of a number. */
static char *
dup_count (gint64 n)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, n);
}

static void
show_report (TideBatchWindow       *self,
             const Request         *request,
             const TideBatchReport *report)
{
  g_autofree char *duration = tide_format_duration (report->seconds * G_USEC_PER_SEC);
  gboolean is_update = tide_batch_plan_is_update (request->plan);
  g_autofree char *changed = dup_count (report->changed);
  g_autofree char *visited = dup_count (report->visited);
  g_autofree char *text = g_strdup_printf (is_update ? _("%s of %s rows changed, in %s") : _("%s of %s rows deleted, in %s"),
                                           changed, visited, duration);

  gtk_label_set_label (self->outcome, text);
  show (self, "done");
}

static gpointer
run (TideJob   *job,
     gpointer   data,
     GError   **error)
{
  Request *self = data;

  return tide_batch_run (self->conninfo, self->plan, &self->options, self->control, job, error);
}

static void
on_run (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  TideBatchWindow *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree TideBatchReport *report = tide_job_run_finish (TIDE_JOB (object), result, &error);
  g_autofree char *status = tide_job_dup_status (TIDE_JOB (object));

  if (self->job != TIDE_JOB (object))
    return;
  set_job (self, NULL);
  g_clear_object (&self->control);
  g_action_group_change_action_state (G_ACTION_GROUP (self->actions), "pause", g_variant_new_boolean (FALSE));
  if (report != NULL)
    show_report (self, self->request, report);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* Translators: %s: how far it came */
      g_autofree char *text = g_strdup_printf (_("Stopped: %s. What is done stays done: Start goes on where it was"), status);

      gtk_label_set_label (self->outcome, text);
      show (self, "done");
    }
  else
    show_error (self, error, status);
}

static void
start (TideBatchWindow *self)
{
  g_autofree char *title = g_strdup_printf (_("Batches on %s"), tide_batch_plan_get_table (self->request->plan));
  g_autoptr(TideJob) job = tide_job_new (title);

  tide_job_set_care (job, TIDE_CARE_BATCH, NULL);
  set_job (self, job);
  g_set_object (&self->control, self->request->control);
  gtk_progress_bar_set_fraction (self->progress, 0);
  show (self, "running");
  tide_job_run_for_window (job, GTK_WINDOW (self), self->workspace, run, g_atomic_rc_box_acquire (self->request), request_free, g_free,
                           on_run);
}

static void
on_confirmed (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(TideBatchWindow) self = user_data;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (self), result) || self->job != NULL || !gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  if (self->request->anew)
    tide_batch_forget (self->request->plan);
  start (self);
}

static char *
dup_question (TideBatchWindow *self,
              Request         *request)
{
  g_autofree char *label = tide_conninfo_dup_label (request->conninfo);
  g_autoptr(GString) text = g_string_new (NULL);
  gint64 rows = tide_batch_plan_get_rows (request->plan);

  g_string_append_printf (text, _("It runs on %s."), label);
  g_string_append_c (text, ' ');
  if (rows >= 0)
    {
      g_autofree char *count = dup_count (rows);

      g_string_append_printf (text, _("%s has about %s rows."), tide_batch_plan_get_table (request->plan), count);
    }
  g_string_append_printf (text, "\n\n%s", _("Each batch commits by itself: what is done stays done, also when you stop it. "
                                            "Nobody waits for longer than one batch takes."));
  if (request->is_begun)
    {
      g_autofree char *count = dup_count (request->earlier.visited);

      g_string_append (text, "\n\n");
      g_string_append_printf (text, _("An earlier run has visited %s rows: this one goes on there. Rows that came since are not "
                                      "visited: after a long time it is better to begin anew."), count);
    }
  if (request->problem != NULL)
    g_string_append_printf (text, "\n\n%s", request->problem->message);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Blocking: whether it can be done piece by piece, and how far it has been done */
static gpointer
look (TideJob   *job,
      gpointer   data,
      GError   **error)
{
  Request *self = data;
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autoptr(TideSession) session = NULL;

  if (!tide_batch_plan_check (self->sql, error))
    return NULL;
  session = tide_session_open (self->conninfo, cancellable, error);
  self->plan = session ? tide_batch_plan_new (session, self->sql, cancellable, error) : NULL;
  if (self->plan == NULL)
    return NULL;
  self->is_begun = tide_batch_find_unfinished (self->plan, &self->earlier, &self->problem);
  return g_strdup ("");
}

static void
on_anew_toggled (GtkCheckButton *button,
                 Request        *request)
{
  request->anew = gtk_check_button_get_active (button);
}

/* (transfer floating) (nullable): a choice where there is one */
static GtkWidget *
create_anew_button (Request *request)
{
  GtkWidget *button;

  if (!request->is_begun && request->problem == NULL)
    return NULL;
  button = gtk_check_button_new_with_mnemonic (_("_Begin Anew"));
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  g_signal_connect_data (button, "toggled", G_CALLBACK (on_anew_toggled), g_atomic_rc_box_acquire (request),
                         (GClosureNotify) (GCallback) request_free, 0);
  /* What is there cannot be gone on with. */
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), request->problem != NULL);
  return button;
}

static void
on_looked (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  TideBatchWindow *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *done = tide_job_run_finish (TIDE_JOB (object), result, &error);
  g_autofree char *text = NULL;
  const char *database;
  gboolean is_update;

  if (self->job != TIDE_JOB (object))
    return;
  set_job (self, NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      show (self, "ready");
      return;
    }
  if (done == NULL)
    {
      show_error (self, error, NULL);
      return;
    }
  show (self, "ready");
  text = dup_question (self, self->request);
  database = tide_conninfo_get (self->request->conninfo, "dbname");
  is_update = tide_batch_plan_is_update (self->request->plan);
  tide_dialog_confirm_async (GTK_WIDGET (self), is_update ? _("Change Rows in Batches?") : _("Delete Rows in Batches?"), text,
                             create_anew_button (self->request), _("_Start"),
                             tide_kind_asks_for_name (tide_target_get_kind (self->target)) ? database : NULL, TRUE, on_confirmed,
                             g_object_ref (self));
}

static void
start_activated (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  TideBatchWindow *self = user_data;
  g_autoptr(TideJob) job = tide_job_new (_("Look at the statement"));

  g_clear_pointer (&self->request, request_free);
  self->request = create_request (self);
  set_job (self, job);
  show (self, "looking");
  tide_job_run_for_window (job, GTK_WINDOW (self), NULL, look, g_atomic_rc_box_acquire (self->request), request_free, g_free, on_looked);
}

/* The state is the button's */
static void
pause_changed (GSimpleAction *action,
               GVariant      *value,
               gpointer       user_data)
{
  TideBatchWindow *self = user_data;
  gboolean paused = g_variant_get_boolean (value);

  if (self->control != NULL)
    tide_batch_control_set_paused (self->control, paused);
  gtk_button_set_label (GTK_BUTTON (self->pause_button), paused ? _("_Resume") : _("_Pause"));
  g_simple_action_set_state (action, value);
}

static void
stop_activated (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  TideBatchWindow *self = user_data;

  if (self->job != NULL)
    tide_job_cancel (self->job);
}

static const GActionEntry entries[] = {
  { "start", start_activated },
  { "pause", NULL, NULL, "false", pause_changed },
  { "stop", stop_activated },
};

static void
on_changed (TideBatchWindow *self)
{
  if (self->job == NULL)
    show (self, "ready");
}

static void
on_stop_confirmed (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(TideBatchWindow) self = user_data;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (self), result))
    return;
  if (self->job != NULL)
    tide_job_cancel (self->job);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* Pause and Resume are here only: it does not go on unseen. */
static gboolean
tide_batch_window_close_request (GtkWindow *window)
{
  TideBatchWindow *self = TIDE_BATCH_WINDOW (window);

  if (self->control == NULL)
    return GTK_WINDOW_CLASS (tide_batch_window_parent_class)->close_request (window);
  tide_dialog_confirm_stop_async (GTK_WIDGET (self), _("Stop the Batches?"),
                                  _("What is done stays done, and the same statement goes on there when it is started again."),
                                  _("_Stop"), on_stop_confirmed, g_object_ref (self));
  return TRUE;
}

static void
tide_batch_window_dispose (GObject *object)
{
  TideBatchWindow *self = TIDE_BATCH_WINDOW (object);

  if (self->job != NULL)
    tide_job_cancel (self->job);
  g_clear_object (&self->job);
  g_clear_object (&self->control);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->request, request_free);
  g_clear_pointer (&self->target, tide_target_unref);
  G_OBJECT_CLASS (tide_batch_window_parent_class)->dispose (object);
  g_clear_object (&self->workspace);
}

static void
tide_batch_window_class_init (TideBatchWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_batch_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = tide_batch_window_close_request;
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-batch-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, title);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, sql_view);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, rest);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, size);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, status);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, pause_button);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, outcome);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, TideBatchWindow, settings);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
tide_batch_window_init (TideBatchWindow *self)
{
  GtkTextBuffer *buffer;

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "batch", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = gtk_text_view_get_buffer (self->sql_view);
  tide_sql_buffer_prepare (GTK_SOURCE_BUFFER (buffer));
  g_signal_connect_swapped (buffer, "changed", G_CALLBACK (on_changed), self);
}

void
tide_batch_window_present (GtkWidget     *parent,
                           TideWorkspace *workspace,
                           const char    *sql)
{
  TideEnvironment *environment = tide_workspace_get_environment (workspace);
  TideTarget *target = environment ? tide_environment_get_target (environment) : NULL;
  TideBatchWindow *self;

  if (environment == NULL || !tide_environment_check_target (parent, environment))
    return;
  self = g_object_new (TIDE_TYPE_BATCH_WINDOW, "transient-for", gtk_widget_get_root (parent), NULL);
  self->workspace = g_object_ref (workspace);
  self->target = tide_target_ref (target);
  adw_window_title_set_subtitle (self->title, tide_environment_get_name (environment));
  if (tide_environment_get_kind (environment) == TIDE_KIND_PRODUCTION)
    gtk_widget_add_css_class (GTK_WIDGET (self), "production");
  if (sql != NULL)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->sql_view), sql, -1);
  show (self, "ready");
  gtk_window_present (GTK_WINDOW (self));
}
