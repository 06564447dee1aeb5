/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-wizard"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-how-page.h"
#include "backup/tide-backup-plan-page.h"
#include "backup/tide-backup-what-page.h"
#include "backup/tide-backup-wizard.h"
#include "tide-job-care.h"
#include "tide-preferences.h"
#include "widgets/tide-dialogs.h"

struct _TideBackupWizard
{
  TideWizard          parent_instance;

  /* Children */
  TideBackupWhatPage *what;
  TideBackupHowPage  *how;
  TideBackupPlanPage *plan;

  /* Owned */
  TideBackupPage     *page;
  TideEnvironment    *environment;
  TideConninfo       *conninfo;    /* as it was when the wizard opened: the environment looks its own up again */
  TideBackupRequest  *request;     /* nullable: what the last page plans */
  GCancellable       *cancellable;
};

G_DEFINE_FINAL_TYPE (TideBackupWizard, tide_backup_wizard, TIDE_TYPE_WIZARD)

/* (transfer full) (nullable): the first migration that the database does not have yet */
static char *
dup_next_migration (TideEnvironment *environment)
{
  TideTimeline *timeline = tide_environment_get_timeline (environment);
  guint n = timeline ? tide_timeline_get_n_entries (timeline) : 0;

  for (guint i = 0; i < n; i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      if (entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK)
        return g_strdup (entry->name);
    }
  return NULL;
}

static TideBackupRequest *
create_request (TideBackupWizard *self)
{
  TideBackupRequest *request = tide_backup_request_new (self->conninfo);

  request->environment = g_strdup (tide_environment_get_name (self->environment));
  request->options.kind = tide_environment_get_kind (self->environment);
  request->options.exact_rows_below = tide_preferences_get_exact_below ();
  request->migration = dup_next_migration (self->environment);
  tide_backup_what_page_fill (self->what, request);
  return request;
}

static void
tide_backup_wizard_enter (TideWizard     *wizard,
                          TideWizardPage *page)
{
  TideBackupWizard *self = TIDE_BACKUP_WIZARD (wizard);
  g_autoptr(TideBackupRequest) request = NULL;

  if (page == TIDE_WIZARD_PAGE (self->what))
    return;
  request = create_request (self);
  if (page == TIDE_WIZARD_PAGE (self->how))
    {
      tide_backup_how_page_enter (self->how, request);
      return;
    }
  tide_backup_how_page_fill (self->how, request);
  g_clear_pointer (&self->request, tide_backup_request_unref);
  self->request = tide_backup_request_ref (request);
  tide_backup_plan_page_enter (self->plan, request);
}

static gpointer
run_backup (TideJob   *job,
            gpointer   data,
            GError   **error)
{
  TideBackupRequest *request = data;

  return tide_backup_run (request->conninfo, &request->options, job, error);
}

static void
on_backed_up (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(TideBackupPage) page = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackup) backup = tide_job_run_finish (TIDE_JOB (object), result, &error);

  tide_backup_page_reload (page);
  if (backup == NULL && gtk_widget_get_root (GTK_WIDGET (page)) != NULL)
    tide_dialog_show_error (GTK_WIDGET (page), _("The Backup Could Not Be Made"), error);
}

static void
tide_backup_wizard_finish (TideWizard *wizard)
{
  TideBackupWizard *self = TIDE_BACKUP_WIZARD (wizard);
  g_autofree char *title = g_strdup_printf (_("Back up %s"), self->request->environment);
  g_autoptr(TideJob) job = tide_job_new (title);

  tide_job_set_care (job, TIDE_CARE_BACKUP, "backups");
  tide_workspace_run_job (tide_backup_page_get_workspace (self->page), job, run_backup,
                          tide_backup_request_ref (self->request), (GDestroyNotify) tide_backup_request_unref,
                          (GDestroyNotify) tide_backup_unref, on_backed_up, g_object_ref (self->page));
}

static void
catalog_in_thread (GTask        *task,
                   gpointer      source,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  GError *error = NULL;
  TideBackupChoice *catalog = tide_backup_choice_read (task_data, cancellable, &error);

  if (catalog != NULL)
    g_task_return_pointer (task, catalog, (GDestroyNotify) tide_backup_choice_free);
  else
    g_task_return_error (task, error);
}

static void
on_catalog_read (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TideBackupWizard) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackupChoice) catalog = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->cancellable == NULL)
    return;
  tide_backup_what_page_set_catalog (self->what, catalog, error);
  if (catalog != NULL)
    tide_backup_how_page_set_size (self->how, catalog->bytes);
}

static void
tide_backup_wizard_load (TideBackupWizard *self)
{
  g_autoptr(GTask) task = NULL;

  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_catalog_read, g_object_ref (self));
  g_task_set_source_tag (task, tide_backup_wizard_load);
  g_task_set_task_data (task, tide_conninfo_ref (self->conninfo), (GDestroyNotify) tide_conninfo_unref);
  g_task_run_in_thread (task, catalog_in_thread);
}

static void
tide_backup_wizard_dispose (GObject *object)
{
  TideBackupWizard *self = TIDE_BACKUP_WIZARD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->page);
  g_clear_object (&self->environment);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->request, tide_backup_request_unref);
  G_OBJECT_CLASS (tide_backup_wizard_parent_class)->dispose (object);
}

static void
tide_backup_wizard_class_init (TideBackupWizardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_backup_wizard_dispose;
  TIDE_WIZARD_CLASS (klass)->enter = tide_backup_wizard_enter;
  TIDE_WIZARD_CLASS (klass)->finish = tide_backup_wizard_finish;
}

static void
tide_backup_wizard_init (TideBackupWizard *self)
{
  self->what = g_object_new (TIDE_TYPE_BACKUP_WHAT_PAGE, NULL);
  self->how = g_object_new (TIDE_TYPE_BACKUP_HOW_PAGE, NULL);
  self->plan = g_object_new (TIDE_TYPE_BACKUP_PLAN_PAGE, NULL);
  tide_wizard_add_page (TIDE_WIZARD (self), TIDE_WIZARD_PAGE (self->what));
  tide_wizard_add_page (TIDE_WIZARD (self), TIDE_WIZARD_PAGE (self->how));
  tide_wizard_add_page (TIDE_WIZARD (self), TIDE_WIZARD_PAGE (self->plan));
  tide_wizard_set_verb (TIDE_WIZARD (self), _("_Back Up"), FALSE);
}

/**
 * tide_backup_wizard_present:
 * @page: the library, which shows what comes of it
 *
 * Opens the wizard on the environment that is selected, whose target must be known.
 */
void
tide_backup_wizard_present (TideBackupPage *page)
{
  TideEnvironment *environment = tide_workspace_get_environment (tide_backup_page_get_workspace (page));
  g_autofree char *title = g_strdup_printf (_("Back Up %s"), tide_environment_get_name (environment));
  g_autofree char *folder = tide_backup_page_dup_folder (page);
  TideBackupWizard *self = g_object_new (TIDE_TYPE_BACKUP_WIZARD, "title", title, "transient-for",
                                         gtk_widget_get_root (GTK_WIDGET (page)), NULL);

  self->page = g_object_ref (page);
  self->environment = g_object_ref (environment);
  self->conninfo = tide_conninfo_ref (tide_target_get_conninfo (tide_environment_get_target (environment)));
  tide_backup_how_page_set_folder (self->how, folder);
  tide_backup_wizard_load (self);
  tide_wizard_present (TIDE_WIZARD (self));
}
