/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "history/tide-deploy.h"
#include "history/tide-resolve.h"
#include "tide-error.h"
#include "tide-job-care.h"
#include "timeline/tide-timeline-actions.h"
#include "widgets/tide-dialogs.h"

typedef enum
{
  CHANGE_APPLY,
  CHANGE_MARK_APPLIED,
  CHANGE_MARK_ROLLED_BACK,
} ChangeType;

/* What a thread needs of a change; may be freed in any thread */
typedef struct
{
  ChangeType    type;
  TideProject  *project;
  TideConninfo *conninfo;
  char         *name; /* NULL: everything that is pending */
} Work;

/* A change from the question to its end; main thread only, since it holds widgets */
typedef struct
{
  Work            *work;
  GtkWidget       *parent;
  TideWorkspace   *workspace;
  TideEnvironment *environment;
} Change;

static void
work_clear (Work *self)
{
  g_clear_object (&self->project);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->name, g_free);
}

static void
work_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) work_clear);
}

static void
change_free (Change *self)
{
  g_clear_pointer (&self->work, work_unref);
  g_clear_object (&self->parent);
  g_clear_object (&self->workspace);
  g_clear_object (&self->environment);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static Change *
change_new (ChangeType       type,
            GtkWidget       *parent,
            TideWorkspace   *workspace,
            TideEnvironment *environment,
            const char      *name)
{
  Change *self = g_new0 (Change, 1);

  self->work = g_atomic_rc_box_new0 (Work);
  self->work->type = type;
  self->work->project = g_object_ref (tide_workspace_get_project (workspace));
  self->work->conninfo = tide_conninfo_ref (tide_target_get_conninfo (tide_environment_get_target (environment)));
  self->work->name = g_strdup (name);
  self->parent = g_object_ref (parent);
  self->workspace = g_object_ref (workspace);
  self->environment = g_object_ref (environment);
  return self;
}

static const char *
failure_heading (ChangeType type)
{
  switch (type)
    {
    case CHANGE_MARK_APPLIED:
      return _("Could Not Mark as Applied");
    case CHANGE_MARK_ROLLED_BACK:
      return _("Could Not Mark as Rolled Back");
    case CHANGE_APPLY:
    default:
      return _("Could Not Apply");
    }
}

static gpointer
run_change (TideJob   *job,
            gpointer   data,
            GError   **error)
{
  Work *self = data;
  g_autoptr(TideDeployReport) report = NULL;
  gboolean ok;

  switch (self->type)
    {
    case CHANGE_MARK_APPLIED:
      ok = tide_resolve_applied (self->project, self->conninfo, self->name, tide_job_get_cancellable (job), error);
      break;
    case CHANGE_MARK_ROLLED_BACK:
      ok = tide_resolve_rolled_back (self->project, self->conninfo, self->name, tide_job_get_cancellable (job), error);
      break;
    case CHANGE_APPLY:
    default:
      report = tide_deploy_run (self->project, self->conninfo, self->name, 0, job, error);
      ok = report != NULL && report->failure == NULL;
      if (report != NULL && report->failure != NULL)
        g_propagate_error (error, g_steal_pointer (&report->failure));
    }
  return ok ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
on_change_done (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Change) self = user_data;
  g_autoptr(GError) error = NULL;

  tide_job_run_finish (TIDE_JOB (object), result, &error);
  tide_environment_refresh (self->environment);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && gtk_widget_get_root (self->parent) != NULL)
    tide_dialog_show_error (self->parent, failure_heading (self->work->type), error);
}

static char *
dup_job_title (Change *self)
{
  const char *environment = tide_environment_get_name (self->environment);

  switch (self->work->type)
    {
    case CHANGE_MARK_APPLIED:
      return g_strdup_printf (_("Mark %s applied in %s"), self->work->name, environment);
    case CHANGE_MARK_ROLLED_BACK:
      return g_strdup_printf (_("Mark %s rolled back in %s"), self->work->name, environment);
    case CHANGE_APPLY:
    default:
      return g_strdup_printf (_("Apply migrations to %s"), environment);
    }
}

static void
on_confirmed (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Change) self = user_data;
  g_autoptr(TideJob) job = NULL;
  g_autofree char *title = NULL;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (object), result))
    return;
  title = dup_job_title (self);
  job = tide_job_new (title);
  tide_job_set_care (job, self->work->type == CHANGE_APPLY ? TIDE_CARE_DEPLOY : TIDE_CARE_LEDGER, "timeline");
  tide_workspace_run_job (self->workspace, job, run_change, g_atomic_rc_box_acquire (self->work), work_unref, NULL,
                          on_change_done, self);
  g_steal_pointer (&self);
}

static const char *
kind_word (TideKind kind)
{
  switch (kind)
    {
    case TIDE_KIND_DEVELOPMENT:
      return _("development");
    case TIDE_KIND_STAGING:
      return _("staging");
    case TIDE_KIND_PRODUCTION:
      return _("production");
    case TIDE_KIND_UNKNOWN:
    default:
      return _("of a kind nobody has named");
    }
}

/* Takes @self. */
static void
change_ask (Change     *self,
            const char *heading,
            const char *body,
            GtkWidget  *extra,
            const char *verb)
{
  TideKind kind = tide_environment_get_kind (self->environment);
  g_autofree char *label = tide_conninfo_dup_label (self->work->conninfo);
  g_autofree char *text = g_strdup_printf (_("Database: %s\nEnvironment: %s, %s\n\n%s"), label,
                                           tide_environment_get_name (self->environment), kind_word (kind), body);

  tide_dialog_confirm_async (self->parent, heading, text, extra, verb,
                             tide_kind_asks_for_name (kind) ? tide_conninfo_get (self->work->conninfo, "dbname") : NULL,
                             self->work->type != CHANGE_APPLY, on_confirmed, self);
}

static GtkWidget *
create_step_row (const TideDeployStep *step)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *name = gtk_label_new (tide_migration_get_name (step->migration));
  GtkWidget *detail = gtk_label_new (NULL);
  g_autofree char *summary = tide_sql_script_dup_summary (step->script);
  g_autofree char *reason = NULL;
  g_autofree char *text = NULL;

  if (tide_sql_script_get_run_mode (step->script) != TIDE_SQL_RUN_ATOMIC)
    reason = tide_sql_script_dup_reason (step->script);
  text = g_strdup_printf ("%s · %s", summary, reason ? reason : _("one transaction"));
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text (name, tide_migration_get_name (step->migration));
  gtk_label_set_label (GTK_LABEL (detail), text);
  gtk_label_set_xalign (GTK_LABEL (detail), 0);
  gtk_label_set_wrap (GTK_LABEL (detail), TRUE);
  gtk_widget_add_css_class (detail, reason ? "warning" : "dim-label");
  gtk_widget_add_css_class (detail, "caption");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_widget_add_css_class (box, "step");
  return box;
}

static GtkWidget *
create_plan_view (GPtrArray *plan)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (guint i = 0; i < plan->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), create_step_row (g_ptr_array_index (plan, i)));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 240);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  return scroller;
}

/* The window may show a ledger that others have written since. */
static void
plan_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Work *self = task_data;
  GError *error = NULL;
  g_autoptr(GPtrArray) plan = tide_deploy_plan_for (self->project, self->conninfo, self->name, 0, NULL, cancellable,
                                                    &error);

  if (plan != NULL && plan->len == 0)
    tide_set_error (&error, TIDE_ERROR_REFUSED, _("look at the timeline, which is being read again"),
                    _("nothing is pending any more: somebody else has applied it"));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&plan), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_planned (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Change) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) plan = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *heading = NULL;
  const char *environment;

  if (gtk_widget_get_root (self->parent) == NULL)
    return;
  if (plan == NULL)
    {
      tide_environment_refresh (self->environment);
      tide_dialog_show_error (self->parent, failure_heading (CHANGE_APPLY), error);
      return;
    }
  environment = tide_environment_get_name (self->environment);
  heading = g_strdup_printf (g_dngettext (NULL, "Apply %u Migration to %s?", "Apply %u Migrations to %s?", plan->len),
                             plan->len, environment);
  change_ask (g_steal_pointer (&self), heading, _("They run in this order. The first that fails ends it; what ran before stays."),
              create_plan_view (plan), _("_Apply"));
}

/**
 * tide_timeline_apply:
 * @parent: a widget of the window that asks
 * @workspace: what the window works on
 * @environment: where to apply; its target must be known
 * @to: (nullable): the last migration to apply; %NULL for all that is pending
 *
 * Shows the plan with how each file will run, asks, and deploys.
 */
void
tide_timeline_apply (GtkWidget       *parent,
                     TideWorkspace   *workspace,
                     TideEnvironment *environment,
                     const char      *to)
{
  Change *self = change_new (CHANGE_APPLY, parent, workspace, environment, to);
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_planned, self);

  g_task_set_source_tag (task, tide_timeline_apply);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self->work), work_unref);
  g_task_run_in_thread (task, plan_in_thread);
}

/**
 * tide_timeline_mark_applied:
 * @parent: a widget of the window that asks
 * @workspace: what the window works on
 * @environment: whose ledger to write
 * @name: the migration
 *
 * Asks, and writes the ledger as if the migration had been applied; its SQL is not run.
 */
void
tide_timeline_mark_applied (GtkWidget       *parent,
                            TideWorkspace   *workspace,
                            TideEnvironment *environment,
                            const char      *name)
{
  g_autoptr(Change) self = change_new (CHANGE_MARK_APPLIED, parent, workspace, environment, name);
  g_autofree char *body = g_strdup_printf (_("“%s” is recorded as applied. Its SQL is not run: what it does must be "
                                             "in the database already."), name);

  change_ask (g_steal_pointer (&self), _("Mark as Applied?"), body, NULL, _("_Mark Applied"));
}

/**
 * tide_timeline_mark_rolled_back:
 * @parent: a widget of the window that asks
 * @workspace: what the window works on
 * @environment: whose ledger to write
 * @name: the migration, which must have failed
 *
 * Asks, and writes the ledger so that the next deploy runs the migration again; nothing is undone.
 */
void
tide_timeline_mark_rolled_back (GtkWidget       *parent,
                                TideWorkspace   *workspace,
                                TideEnvironment *environment,
                                const char      *name)
{
  g_autoptr(Change) self = change_new (CHANGE_MARK_ROLLED_BACK, parent, workspace, environment, name);
  g_autofree char *body = g_strdup_printf (_("The failed attempt of “%s” is recorded as rolled back, and the next "
                                             "deploy runs it again. Nothing is undone: what it left must be cleaned "
                                             "up already."), name);

  change_ask (g_steal_pointer (&self), _("Mark as Rolled Back?"), body, NULL, _("_Mark Rolled Back"));
}

static void
open_folder (GtkWidget           *widget,
             const TideMigration *migration)
{
  g_autofree char *folder = g_path_get_dirname (tide_migration_get_path (migration));
  g_autoptr(GFile) file = g_file_new_for_path (folder);
  g_autofree char *uri = g_file_get_uri (file);

  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (widget)), uri, GDK_CURRENT_TIME);
}

void
tide_timeline_take_along (GtkWidget        *widget,
                          TideTimelineItem *item,
                          const char       *where)
{
  TideMigration *migration = tide_timeline_item_get_entry (item)->migration;
  const char *name = tide_timeline_item_get_name (item);

  if (g_str_equal (where, "copy-name"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), name);
  else if (g_str_equal (where, "copy-sql"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), tide_migration_get_sql (migration));
  else if (g_str_equal (where, "open-sql"))
    gtk_widget_activate_action (widget, "win.open-sql", "(ss)", name, tide_migration_get_sql (migration));
  else
    open_folder (widget, migration);
}
