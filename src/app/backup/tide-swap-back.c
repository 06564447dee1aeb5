/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-swap-back"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore.h"
#include "backup/tide-swap-back.h"
#include "tide-job-care.h"
#include "widgets/tide-dialogs.h"

/* Immutable once the job runs, and atomically reference counted: its thread may outlive the widget */
typedef struct
{
  TideWorkspace *workspace; /* of the main thread alone */
  TideConninfo  *conninfo;
  char          *kept;
} Swap;

static void
swap_clear (gpointer data)
{
  Swap *self = data;

  g_clear_object (&self->workspace);
  tide_conninfo_unref (self->conninfo);
  g_free (self->kept);
}

static void
swap_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, swap_clear);
}

static gpointer
run (TideJob   *job,
     gpointer   data,
     GError   **error)
{
  Swap *self = data;

  return tide_restore_swap_back (self->conninfo, self->kept, TRUE, tide_job_get_cancellable (job), error);
}

/* (transfer none) (nullable): where the person is: their window may have been closed since */
static GtkWidget *
find_place (GtkWidget *widget)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  GtkWindow *active = application != NULL ? gtk_application_get_active_window (application) : NULL;

  return gtk_widget_get_root (widget) != NULL && gtk_widget_get_mapped (widget) ? widget : GTK_WIDGET (active);
}

static void
swapped_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GtkWidget *place = find_place (g_task_get_source_object (task));
  g_autoptr(GError) error = NULL;
  g_autofree char *former = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (former == NULL && place != NULL)
    tide_dialog_show_error (place, _("The Databases Could Not Be Swapped Back"), error);
  g_task_return_pointer (task, g_steal_pointer (&former), g_free);
}

static void
confirmed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Swap *self = g_task_get_task_data (task);
  g_autofree char *title = g_strdup_printf (_("Swap back to %s"), self->kept);
  g_autoptr(TideWorkspace) workspace = NULL;
  g_autoptr(TideJob) job = NULL;

  if (!tide_dialog_confirm_finish (g_task_get_source_object (task), result))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "it was not confirmed");
      return;
    }
  workspace = g_steal_pointer (&self->workspace);
  job = tide_job_new (title);
  tide_job_set_care (job, TIDE_CARE_SWAP, "backups");
  tide_workspace_run_job (workspace, job, run, g_atomic_rc_box_acquire (self), swap_unref, g_free, swapped_cb,
                          g_steal_pointer (&task));
}

void
tide_swap_back_async (GtkWidget           *widget,
                      TideWorkspace       *workspace,
                      TideConninfo        *conninfo,
                      const char          *kept,
                      const char          *heading,
                      const char          *body,
                      gboolean             by_name,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task = g_task_new (widget, NULL, callback, user_data);
  Swap *self = g_atomic_rc_box_new0 (Swap);

  self->workspace = g_object_ref (workspace);
  self->conninfo = tide_conninfo_ref (conninfo);
  self->kept = g_strdup (kept);
  g_task_set_source_tag (task, tide_swap_back_async);
  g_task_set_task_data (task, self, swap_unref);
  tide_dialog_confirm_async (widget, heading, body, NULL, _("_Swap Back"), by_name ? tide_conninfo_get (conninfo, "dbname") : NULL,
                             FALSE, confirmed_cb, task);
}

char *
tide_swap_back_finish (GtkWidget    *widget,
                       GAsyncResult *result,
                       gboolean     *asked)
{
  g_autoptr(GError) error = NULL;
  char *former = g_task_propagate_pointer (G_TASK (result), &error);

  *asked = error == NULL;
  return former;
}
