/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-wizard"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore-contents-page.h"
#include "backup/tide-restore-request.h"
#include "backup/tide-restore-source-page.h"
#include "backup/tide-restore-target-page.h"
#include "backup/tide-restore-wizard.h"
#include "tide-job-care.h"
#include "tide-preferences.h"
#include "widgets/tide-dialogs.h"

struct _TideRestoreWizard
{
  TideWizard               parent_instance;

  /* Children */
  TideRestoreSourcePage   *source;
  TideRestoreContentsPage *contents;
  TideRestoreTargetPage   *target;

  /* Owned */
  TideBackupPage          *page;
};

/* A restore that runs; main thread only, since it holds the page */
typedef struct
{
  TideBackupPage     *page;
  TideRestoreRequest *request;
} Run;

G_DEFINE_FINAL_TYPE (TideRestoreWizard, tide_restore_wizard, TIDE_TYPE_WIZARD)

static void
run_free (Run *self)
{
  g_clear_object (&self->page);
  g_clear_pointer (&self->request, tide_restore_request_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static void
tide_restore_wizard_enter (TideWizard     *wizard,
                           TideWizardPage *page)
{
  TideRestoreWizard *self = TIDE_RESTORE_WIZARD (wizard);

  if (page == TIDE_WIZARD_PAGE (self->contents))
    tide_restore_contents_page_set_toc (self->contents, tide_restore_source_page_get_toc (self->source));
  else if (page == TIDE_WIZARD_PAGE (self->target))
    tide_restore_target_page_enter (self->target, tide_restore_source_page_get_backup (self->source)->format);
}

static gpointer
run_restore (TideJob   *job,
             gpointer   data,
             GError   **error)
{
  return tide_restore_request_run (data, job, error);
}

static char *
dup_outcome (const TideRestoreRequest *request,
             const TideRestoreReport  *report)
{
  g_autoptr(GString) text = g_string_new (NULL);

  switch (request->options.mode)
    {
    case TIDE_RESTORE_SWAP:
      g_string_append_printf (text, _("“%s” is restored. What it was before is kept as “%s”."), report->database,
                              report->old_database);
      break;
    case TIDE_RESTORE_IN_PLACE:
      g_string_append_printf (text, _("“%s” is restored in place. The backup made before it is in the list."),
                              report->database);
      break;
    case TIDE_RESTORE_NEW:
    default:
      g_string_append_printf (text, _("Restored into the new database “%s”."), report->database);
    }
  for (guint i = 0; report->problems != NULL && i < report->problems->len; i++)
    g_string_append_printf (text, "\n%s", (const char *) g_ptr_array_index (report->problems, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
on_restored (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Run) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRestoreReport) report = tide_job_run_finish (TIDE_JOB (object), result, &error);
  g_autofree char *text = NULL;

  tide_backup_page_reload (self->page);
  if (report != NULL)
    {
      text = dup_outcome (self->request, report);
      tide_backup_page_tell (self->page, text, self->request->conninfo, report->old_database);
    }
  else if (gtk_widget_get_root (GTK_WIDGET (self->page)) != NULL)
    tide_dialog_show_error (GTK_WIDGET (self->page), _("The Backup Could Not Be Restored"), error);
}

static TideRestoreRequest *
create_request (TideRestoreWizard *self)
{
  TideRestoreRequest *request =
    tide_restore_request_new (tide_restore_source_page_get_backup (self->source),
                              tide_restore_target_page_get_conninfo (self->target));

  request->only = tide_restore_contents_page_dup_only (self->contents);
  request->exact_below = tide_preferences_get_exact_below ();
  request->folder = tide_backup_page_dup_folder (self->page);
  tide_restore_target_page_fill (self->target, request);
  return request;
}

static TideCare
care_for (TideRestoreMode mode)
{
  return mode == TIDE_RESTORE_IN_PLACE ? TIDE_CARE_RESTORE_IN_PLACE : TIDE_CARE_RESTORE;
}

static void
tide_restore_wizard_finish (TideWizard *wizard)
{
  TideRestoreWizard *self = TIDE_RESTORE_WIZARD (wizard);
  Run *run = g_new0 (Run, 1);
  g_autofree char *title = NULL;
  g_autoptr(TideJob) job = NULL;

  run->page = g_object_ref (self->page);
  run->request = create_request (self);
  title = g_strdup_printf (_("Restore into %s"), run->request->into ? run->request->into : run->request->environment);
  job = tide_job_new (title);
  tide_job_set_care (job, care_for (run->request->options.mode), "backups");
  tide_workspace_run_job (tide_backup_page_get_workspace (self->page), job, run_restore,
                          tide_restore_request_ref (run->request), (GDestroyNotify) tide_restore_request_unref,
                          (GDestroyNotify) tide_restore_report_free, on_restored, run);
}

static void
tide_restore_wizard_dispose (GObject *object)
{
  g_clear_object (&TIDE_RESTORE_WIZARD (object)->page);
  G_OBJECT_CLASS (tide_restore_wizard_parent_class)->dispose (object);
}

static void
tide_restore_wizard_class_init (TideRestoreWizardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_restore_wizard_dispose;
  TIDE_WIZARD_CLASS (klass)->enter = tide_restore_wizard_enter;
  TIDE_WIZARD_CLASS (klass)->finish = tide_restore_wizard_finish;
}

static void
tide_restore_wizard_init (TideRestoreWizard *self)
{
  self->source = g_object_new (TIDE_TYPE_RESTORE_SOURCE_PAGE, NULL);
  self->contents = g_object_new (TIDE_TYPE_RESTORE_CONTENTS_PAGE, NULL);
  self->target = g_object_new (TIDE_TYPE_RESTORE_TARGET_PAGE, NULL);
  tide_wizard_add_page (TIDE_WIZARD (self), TIDE_WIZARD_PAGE (self->source));
  tide_wizard_add_page (TIDE_WIZARD (self), TIDE_WIZARD_PAGE (self->contents));
  tide_wizard_add_page (TIDE_WIZARD (self), TIDE_WIZARD_PAGE (self->target));
  tide_wizard_set_verb (TIDE_WIZARD (self), _("_Restore"), FALSE);
}

/**
 * tide_restore_wizard_present:
 * @page: the library, which tells what comes of it
 * @backup: (nullable): what to restore; %NULL to choose a file
 *
 * Opens the wizard; the environment that is selected is proposed as the target.
 */
void
tide_restore_wizard_present (TideBackupPage *page,
                             TideBackup     *backup)
{
  TideRestoreWizard *self = g_object_new (TIDE_TYPE_RESTORE_WIZARD, "title", _("Restore"), "transient-for",
                                          gtk_widget_get_root (GTK_WIDGET (page)), NULL);

  self->page = g_object_ref (page);
  tide_restore_target_page_set_workspace (self->target, tide_backup_page_get_workspace (page));
  if (backup != NULL)
    tide_restore_source_page_set_path (self->source, backup->path);
  tide_wizard_present (TIDE_WIZARD (self));
}
