/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-rollback-window"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-rollback-start.h"
#include "runbook/tide-rollback-window.h"
#include "tide-error.h"
#include "tide-job-care.h"
#include "tide-job-wait.h"
#include "tide-preferences.h"
#include "widgets/tide-dialogs.h"

struct _TideRollbackWindow
{
  TideRunWindow      parent_instance;

  /* Children */
  TideRollbackStart *start;

  /* Owned */
  TideJob           *planning; /* nullable */
};

G_DEFINE_FINAL_TYPE (TideRollbackWindow, tide_rollback_window, TIDE_TYPE_RUN_WINDOW)

static const TideRunWords restore_words = {
  .changing = "restore",
  .verb = N_("_Roll Back"),
  .changes = N_("The backup is put in place of the database. What is there now is kept under another name."),
  .done = N_("Rolled Back"),
  .care = TIDE_CARE_ROLL_BACK,
  .page = "roll-back",
};

static const TideRunWords migration_words = {
  .changing = "resolve",
  .verb = N_("_Mark as Rolled Back"),
  .changes = N_("Only the ledger is being changed."),
  .done = N_("Marked as Rolled Back"),
  .care = TIDE_CARE_LEDGER,
  .page = "roll-back",
};

static TideRollback *
create_rollback (TideRollbackWindow *self)
{
  TideRunWindow *window = TIDE_RUN_WINDOW (self);
  TideRollbackOptions options = { 0 };

  tide_rollback_start_fill (self->start, &options);
  options.exact_rows_below = tide_preferences_get_exact_below ();
  if (options.mode == TIDE_ROLLBACK_MIGRATION && options.migration == NULL)
    return NULL;
  return tide_rollback_new (tide_run_window_get_project (window), tide_run_window_get_target (window), &options);
}

static void
run (TideRollbackWindow *self)
{
  TideRunWindow *window = TIDE_RUN_WINDOW (self);
  g_autoptr(TideRollback) rollback = create_rollback (self);
  g_autofree char *title = g_strdup_printf (_("Roll back %s"),
                                            tide_environment_get_name (tide_run_window_get_environment (window)));

  if (rollback != NULL)
    tide_run_window_run (window, TIDE_PIPELINE (rollback), title,
                         tide_rollback_get_mode (rollback) == TIDE_ROLLBACK_MIGRATION ? &migration_words : &restore_words);
}

static gpointer
plan_in_thread (TideJob   *job,
                gpointer   data,
                GError   **error)
{
  return tide_rollback_make_plan (data, job, error);
}

static void
planned_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  TideRollbackWindow *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRollbackPlan) plan = tide_job_run_finish (TIDE_JOB (object), result, &error);

  /* Another way was chosen meanwhile. */
  if (self->planning != TIDE_JOB (object))
    return;
  g_clear_object (&self->planning);
  tide_rollback_start_set_plan (self->start, plan, error);
}

/* Not among the jobs of the workspace: it changes nothing, and goes with the window. */
static void
make_plan (TideRollbackWindow *self)
{
  g_autoptr(TideRollback) rollback = create_rollback (self);
  g_autoptr(GError) error = NULL;

  if (self->planning != NULL)
    tide_job_cancel (self->planning);
  g_clear_object (&self->planning);
  if (rollback == NULL)
    {
      error = tide_error_new (TIDE_ERROR_NOT_FOUND, _("choose another way"), _("no migration has been applied here, and none has failed"));
      tide_rollback_start_set_plan (self->start, NULL, error);
      return;
    }
  tide_rollback_start_set_plan (self->start, NULL, NULL);
  self->planning = tide_job_new (_("Count what would be lost"));
  tide_job_run_for_window (self->planning, GTK_WINDOW (self), NULL, plan_in_thread, g_steal_pointer (&rollback), g_object_unref,
                           (GDestroyNotify) tide_rollback_plan_unref, planned_cb);
}

static void
take_way (TideRunWindow *window,
          const char    *id,
          const char    *subject)
{
  if (g_str_equal (id, "retry"))
    run (TIDE_ROLLBACK_WINDOW (window));
  else
    tide_rollback_window_take_way (window, id, subject);
}

static void
tide_rollback_window_dispose (GObject *object)
{
  g_clear_object (&TIDE_ROLLBACK_WINDOW (object)->planning);
  G_OBJECT_CLASS (tide_rollback_window_parent_class)->dispose (object);
}

static void
tide_rollback_window_class_init (TideRollbackWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_rollback_window_dispose;
  TIDE_RUN_WINDOW_CLASS (klass)->take_way = take_way;
}

static void
tide_rollback_window_init (TideRollbackWindow *self)
{
}

static TideRollbackWindow *
create_window (GtkWidget *parent)
{
  return g_object_new (TIDE_TYPE_ROLLBACK_WINDOW, "title", _("Roll Back"), "transient-for", gtk_widget_get_root (parent), NULL);
}

/* Once it has its place */
static void
set_start (TideRollbackWindow *self,
           TideRollbackMode    mode,
           const char         *subject)
{
  TideRunWindow *window = TIDE_RUN_WINDOW (self);

  self->start = TIDE_ROLLBACK_START (tide_rollback_start_new (tide_run_window_get_project (window),
                                                              tide_run_window_get_environment (window), mode, subject));
  g_signal_connect_swapped (self->start, "start", G_CALLBACK (run), self);
  g_signal_connect_swapped (self->start, "changed", G_CALLBACK (make_plan), self);
  tide_run_window_set_start (window, GTK_WIDGET (self->start));
}

static void
begin (TideRollbackWindow *self,
       TideRollbackMode    mode,
       const char         *subject)
{
  set_start (self, mode, subject);
  make_plan (self);
  gtk_window_present (GTK_WINDOW (self));
}

/* (nullable): not where another run is under way: that one is brought up */
static TideRollbackWindow *
open_window (GtkWidget     *parent,
             TideWorkspace *workspace)
{
  TideEnvironment *environment = tide_workspace_get_environment (workspace);
  TideRollbackWindow *self = tide_run_window_find (parent, TIDE_TYPE_ROLLBACK_WINDOW);

  if (!tide_run_window_may_open (TIDE_RUN_WINDOW (self), parent, environment))
    return NULL;
  self = create_window (parent);
  tide_run_window_set_place (TIDE_RUN_WINDOW (self), workspace, environment);
  return self;
}

void
tide_rollback_window_present (GtkWidget        *parent,
                              TideWorkspace    *workspace,
                              TideRollbackMode  mode,
                              const char       *subject)
{
  TideRollbackWindow *self = open_window (parent, workspace);

  if (self != NULL)
    begin (self, mode, subject);
}

void
tide_rollback_window_present_past (GtkWidget      *parent,
                                   TideWorkspace  *workspace,
                                   TideRunOutcome *outcome)
{
  TideRollbackWindow *self = open_window (parent, workspace);

  if (self == NULL)
    return;
  if (g_strcmp0 (outcome->purpose, "rollback-migration") == 0)
    set_start (self, TIDE_ROLLBACK_MIGRATION, outcome->subject);
  else
    set_start (self, TIDE_ROLLBACK_EMERGENCY, NULL);
  tide_run_window_show_outcome (TIDE_RUN_WINDOW (self), outcome, &restore_words);
  gtk_window_present (GTK_WINDOW (self));
}

void
tide_rollback_window_take_way (TideRunWindow *from,
                               const char    *id,
                               const char    *subject)
{
  static const struct { const char *id; TideRollbackMode mode; } ways[] = {
    { "rollback-automatic", TIDE_ROLLBACK_AUTOMATIC },
    { "rollback-migration", TIDE_ROLLBACK_MIGRATION },
    { "rollback-emergency", TIDE_ROLLBACK_EMERGENCY },
  };
  GtkWidget *parent = GTK_WIDGET (tide_run_window_get_owner (from));
  TideRollbackWindow *other = tide_run_window_find (parent, TIDE_TYPE_ROLLBACK_WINDOW);
  TideRollbackWindow *self;
  guint i = 0;

  while (i < G_N_ELEMENTS (ways) && !g_str_equal (ways[i].id, id))
    i++;
  g_return_if_fail (i < G_N_ELEMENTS (ways));
  if (other != NULL && tide_run_window_is_running (TIDE_RUN_WINDOW (other)))
    {
      gtk_window_present (GTK_WINDOW (other));
      return;
    }
  self = create_window (parent);
  tide_run_window_set_same_place (TIDE_RUN_WINDOW (self), from);
  begin (self, ways[i].mode, ways[i].mode == TIDE_ROLLBACK_EMERGENCY ? NULL : subject);
  /* Not earlier: it may be @from. */
  if (other != NULL)
    gtk_window_destroy (GTK_WINDOW (other));
}
