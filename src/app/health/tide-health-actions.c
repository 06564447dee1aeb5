/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore.h"
#include "drift/tide-down-window.h"
#include "health/tide-diagnosis.h"
#include "health/tide-health-actions.h"
#include "health/tide-health.h"
#include "health/tide-maintain.h"
#include "tide-environment-actions.h"
#include "tide-error.h"
#include "tide-job-care.h"
#include "timeline/tide-timeline-actions.h"
#include "widgets/tide-dialogs.h"

typedef struct _Work Work;

/* What a thread needs; may be freed in any thread */
struct _Work
{
  /* What is done in it where that is no job; whether it was done */
  gboolean         (*func) (Work          *self,
                            GCancellable  *cancellable,
                            GError       **error);
  TideProject       *project;
  TideConninfo      *conninfo;
  TideMaintainFlags  flags;
  gboolean           query_only;
  char              *argument;
};

/* An action from the question to its end; main thread only, since it holds widgets */
typedef struct
{
  Work          *work;
  GtkWidget     *parent;
  TideWorkspace *workspace;
  const char    *failure; /* the heading over what went wrong */
  const char    *title;   /* of the job, with a place for what it is done to */
} Act;

static void
work_clear (Work *self)
{
  g_clear_object (&self->project);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->argument, g_free);
}

static void
work_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) work_clear);
}

static void
act_free (Act *self)
{
  g_clear_pointer (&self->work, work_unref);
  g_clear_object (&self->parent);
  g_clear_object (&self->workspace);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Act, act_free)

static Act *
act_new (GtkWidget     *parent,
         TideWorkspace *workspace,
         const char    *argument,
         const char    *failure)
{
  TideEnvironment *environment = tide_workspace_get_environment (workspace);
  TideProject *project = tide_workspace_get_project (workspace);
  Act *self = g_new0 (Act, 1);

  self->work = g_atomic_rc_box_new0 (Work);
  self->work->project = project ? g_object_ref (project) : NULL;
  self->work->conninfo = tide_conninfo_ref (tide_target_get_conninfo (tide_environment_get_target (environment)));
  self->work->argument = g_strdup (argument);
  self->parent = g_object_ref (parent);
  self->workspace = g_object_ref (workspace);
  self->failure = failure;
  return self;
}

static void
act_end (Act          *self,
         const GError *error)
{
  tide_workspace_refresh (self->workspace);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && gtk_widget_get_root (self->parent) != NULL)
    tide_dialog_show_error (self->parent, self->failure, error);
}

/* Asks with the database's name, which must be typed on production. Takes @self. */
static void
act_ask (Act                 *self,
         const char          *heading,
         const char          *body,
         const char          *verb,
         gboolean             destructive,
         GAsyncReadyCallback  callback)
{
  TideKind kind = tide_environment_get_kind (tide_workspace_get_environment (self->workspace));
  g_autofree char *label = tide_conninfo_dup_label (self->work->conninfo);
  g_autofree char *text = g_strdup_printf (_("Database: %s\n\n%s"), label, body);

  tide_dialog_confirm_async (self->parent, heading, text, NULL, verb,
                             tide_kind_asks_for_name (kind) ? tide_conninfo_get (self->work->conninfo, "dbname") : NULL,
                             destructive, callback, self);
}

static gpointer
run_maintain (TideJob   *job,
              gpointer   data,
              GError   **error)
{
  Work *self = data;

  return tide_maintain_run (self->conninfo, self->flags, self->argument, job, error);
}

static void
on_maintained (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Act) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideMaintainReport) report = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (report != NULL && report->done->len == 0 && report->skipped->len > 0)
    tide_set_error (&error, TIDE_ERROR_REFUSED, NULL, "%s", (const char *) g_ptr_array_index (report->skipped, 0));
  act_end (self, error);
}

static void
on_maintain_confirmed (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(Act) self = user_data;
  g_autoptr(TideJob) job = NULL;
  g_autofree char *title = NULL;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (object), result))
    return;
  title = g_strconcat (self->title, " ", self->work->argument ? self->work->argument : tide_conninfo_get (self->work->conninfo, "dbname"),
                       NULL);
  job = tide_job_new (title);
  tide_job_set_care (job, TIDE_CARE_MAINTAIN, "health");
  tide_workspace_run_job (self->workspace, job, run_maintain, g_atomic_rc_box_acquire (self->work), work_unref,
                          (GDestroyNotify) tide_maintain_report_free, on_maintained, self);
  g_steal_pointer (&self);
}

static void
maintain (GtkWidget         *parent,
          TideWorkspace     *workspace,
          TideMaintainFlags  flags,
          const char        *target)
{
  Act *self = act_new (parent, workspace, target, _("Maintenance Failed"));
  const char *what = target ? target : _("the whole database");
  g_autofree char *body = NULL;
  const char *heading;
  const char *verb;

  self->work->flags = flags;
  if (flags == TIDE_MAINTAIN_REINDEX)
    {
      heading = _("Build the Index Again?");
      verb = _("_Reindex");
      self->title = _("Reindex");
      body = g_strdup_printf (_("REINDEX CONCURRENTLY of %s. Nobody is kept from reading or writing; it takes as long as building it did, "
                                "and as much disk once more."), what);
    }
  else if (flags == TIDE_MAINTAIN_ANALYZE)
    {
      heading = _("Analyze?");
      verb = _("_Analyze");
      self->title = _("Analyze");
      body = g_strdup_printf (_("ANALYZE of %s. It reads a sample of the rows and blocks nobody."), what);
    }
  else
    {
      heading = _("Vacuum and Analyze?");
      verb = _("_Vacuum");
      self->title = _("Vacuum");
      body = g_strdup_printf (_("VACUUM (ANALYZE) of %s. It blocks nobody from reading or writing, and makes the disk work."), what);
    }
  act_ask (self, heading, body, verb, FALSE, on_maintain_confirmed);
}

static gboolean
do_end_session (Work          *self,
                GCancellable  *cancellable,
                GError       **error)
{
  return tide_health_end_session (self->conninfo, self->argument, self->query_only, cancellable, error);
}

static void
do_in_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Work *self = task_data;
  GError *error = NULL;

  if (self->func (self, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Act) self = user_data;
  g_autoptr(GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  act_end (self, error);
}

static void
on_confirmed (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Act) self = user_data;
  g_autoptr(GTask) task = NULL;
  Work *work = self->work;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (object), result))
    return;
  task = g_task_new (NULL, NULL, on_done, g_steal_pointer (&self));
  g_task_set_source_tag (task, on_confirmed);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (work), work_unref);
  g_task_run_in_thread (task, do_in_thread);
}

static void
end_session (GtkWidget     *parent,
             TideWorkspace *workspace,
             const char    *session,
             gboolean       query_only)
{
  Act *self = act_new (parent, workspace, session, query_only ? _("The Query Could Not Be Cancelled") : _("The Session Could Not Be Ended"));
  g_autofree char *pid = g_strndup (session, strcspn (session, "@"));
  g_autofree char *body = NULL;

  self->work->func = do_end_session;
  self->work->query_only = query_only;
  body = g_strdup_printf (query_only ? _("What process %s runs at this moment is stopped and undone; its session stays, in a failed "
                                         "transaction if it had one.")
                                     : _("Process %s is disconnected. What it has not committed is undone; the application behind it gets "
                                         "an error."), pid);
  act_ask (self, query_only ? _("Cancel the Query?") : _("End the Session?"), body, query_only ? _("_Cancel Query") : _("_End Session"),
           TRUE, on_confirmed);
}

static gboolean
do_restore_file (Work          *self,
                 GCancellable  *cancellable,
                 GError       **error)
{
  return tide_diagnosis_restore_file (self->project, self->argument, error);
}

static void
restore_file (GtkWidget     *parent,
              TideWorkspace *workspace,
              const char    *argument)
{
  Act *self = act_new (parent, workspace, argument, _("The File Could Not Be Put Back"));
  const char *name = strchr (argument, '@') ? strchr (argument, '@') + 1 : argument;
  g_autofree char *body = g_strdup_printf (_("%s/migration.sql becomes what was applied, as git has it. What it holds now is kept beside it as "
                                             "migration.sql.edited."), name);

  self->work->func = do_restore_file;
  tide_dialog_confirm_async (parent, _("Put the File Back?"), body, NULL, _("_Put Back"), NULL, FALSE, on_confirmed, self);
}

static gboolean
do_reopen (Work          *self,
           GCancellable  *cancellable,
           GError       **error)
{
  return tide_restore_reopen (self->conninfo, cancellable, error);
}

static void
reopen (GtkWidget     *parent,
        TideWorkspace *workspace)
{
  Act *self = act_new (parent, workspace, NULL, _("The Database Could Not Be Opened"));

  self->work->func = do_reopen;
  act_ask (self, _("Allow Connections?"), _("Whoever may connect to the database can do so again. When somebody has closed it on purpose, "
                                            "ask them first."), _("_Allow"), FALSE, on_confirmed);
}

static gboolean
do_create_database (Work          *self,
                    GCancellable  *cancellable,
                    GError       **error)
{
  return tide_diagnosis_create_database (self->conninfo, cancellable, error);
}

static void
create_database (GtkWidget     *parent,
                 TideWorkspace *workspace)
{
  Act *self = act_new (parent, workspace, NULL, _("The Database Could Not Be Created"));

  self->work->func = do_create_database;
  act_ask (self, _("Create the Database?"), _("It is made on this server, empty. Nothing is deployed to it yet."), _("_Create"), FALSE,
           on_confirmed);
}

static void
open_sql (GtkWidget  *parent,
          const char *sql)
{
  gtk_widget_activate_action (parent, "win.open-sql", "(ss)", _("Health"), sql);
}

static void
show_timeline (GtkWidget  *parent,
               const char *name)
{
  gtk_widget_activate_action (parent, "win.show-migration", "s", name ? name : "");
}

void
tide_health_act (GtkWidget     *parent,
                 TideWorkspace *workspace,
                 const char    *action,
                 const char    *argument)
{
  TideEnvironment *environment = tide_workspace_get_environment (workspace);
  const char *name = argument && *argument ? argument : NULL;

  g_return_if_fail (GTK_IS_WIDGET (parent) && action != NULL);

  if (environment == NULL)
    return;
  if (g_str_equal (action, TIDE_HEALTH_ACTION_SHOW_DRIFT))
    gtk_widget_activate_action (parent, "win.compare", "(ss)", "applied", "database");
  else if (g_str_equal (action, TIDE_WAY_ADOPT_DRIFT))
    gtk_widget_activate_action (parent, "win.settle-drift", "s", "adopt");
  else if (g_str_equal (action, TIDE_WAY_REVERT_DRIFT))
    gtk_widget_activate_action (parent, "win.settle-drift", "s", "revert");
  else if (g_str_equal (action, TIDE_HEALTH_ACTION_SHOW_TIMELINE))
    show_timeline (parent, name);
  else if (g_str_equal (action, TIDE_WAY_RESTORE_FILE) && name != NULL)
    restore_file (parent, workspace, name);
  else if (g_str_equal (action, TIDE_HEALTH_ACTION_OPEN_SQL) && name != NULL)
    open_sql (parent, name);
  else if (g_str_equal (action, TIDE_WAY_WRITE_DOWN) && name != NULL)
    tide_down_window_present (parent, workspace, name);
  else if (!tide_environment_check_target (parent, environment))
    return;
  else if (g_str_equal (action, TIDE_WAY_REOPEN))
    reopen (parent, workspace);
  else if (g_str_equal (action, TIDE_WAY_CREATE_DATABASE))
    create_database (parent, workspace);
  else if (g_str_equal (action, TIDE_WAY_DEPLOY))
    {
      if (!gtk_widget_activate_action (parent, "win.deploy", NULL))
        tide_timeline_apply (parent, workspace, environment, name);
    }
  else if (g_str_equal (action, TIDE_WAY_MARK_APPLIED) && name != NULL)
    tide_timeline_mark_applied (parent, workspace, environment, name);
  else if (g_str_equal (action, TIDE_WAY_MARK_ROLLED_BACK) && name != NULL)
    tide_timeline_mark_rolled_back (parent, workspace, environment, name);
  else if (g_str_equal (action, TIDE_HEALTH_ACTION_VACUUM))
    maintain (parent, workspace, TIDE_MAINTAIN_VACUUM | TIDE_MAINTAIN_ANALYZE, name);
  else if (g_str_equal (action, TIDE_HEALTH_ACTION_ANALYZE))
    maintain (parent, workspace, TIDE_MAINTAIN_ANALYZE, name);
  else if (g_str_equal (action, TIDE_HEALTH_ACTION_REINDEX) && name != NULL)
    maintain (parent, workspace, TIDE_MAINTAIN_REINDEX, name);
  else if (g_str_equal (action, TIDE_HEALTH_ACTION_CANCEL_QUERY) && name != NULL)
    end_session (parent, workspace, name, TRUE);
  else if (g_str_equal (action, TIDE_HEALTH_ACTION_END_SESSION) && name != NULL)
    end_session (parent, workspace, name, FALSE);
}
