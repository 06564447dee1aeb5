/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-window"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-window-private.h"

#include "sample/tide-sample.h"
#include "widgets/tide-dialogs.h"

/* How many folders the menu remembers */
#define MAX_RECENT 8

static void
tide_window_set_opening (TideWindow *self,
                         const char *folder,
                         const char *message)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->failed, g_free);
  g_free (self->opening);
  self->opening = g_strdup (folder);
  self->cancellable = folder ? g_cancellable_new () : NULL;
  gtk_label_set_label (self->loading_label, message ? message : "");
  tide_window_update_content (self);
}

/* Newest first, each once */
static void
tide_window_remember (TideWindow *self,
                      const char *folder)
{
  g_auto(GStrv) recent = g_settings_get_strv (self->settings, "recent-projects");
  g_autoptr(GPtrArray) folders = g_ptr_array_new ();

  g_ptr_array_add (folders, (gpointer) folder);
  for (guint i = 0; recent[i] != NULL && folders->len < MAX_RECENT; i++)
    if (!g_str_equal (recent[i], folder))
      g_ptr_array_add (folders, recent[i]);
  g_ptr_array_add (folders, NULL);

  g_settings_set_strv (self->settings, "recent-projects", (const char *const *) folders->pdata);
  g_settings_set_string (self->settings, "last-project", folder);
}

static void
tide_window_fail (TideWindow   *self,
                  const char   *folder,
                  const GError *error)
{
  g_autofree char *failed = g_strdup (folder);

  tide_window_set_opening (self, NULL, NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->failed = g_steal_pointer (&failed);
  self->error = g_error_copy (error);
  tide_sidebar_set_selected (self->sidebar, NULL);
  tide_window_update_content (self);
}

static void
window_ref_free (GWeakRef *ref)
{
  g_weak_ref_clear (ref);
  g_free (ref);
}

static void
open_project_cb (GObject      *source_object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GWeakRef *ref = user_data;
  g_autoptr(TideWindow) self = g_weak_ref_get (ref);
  g_autoptr(GError) error = NULL;
  TideProject *project;

  tide_workspace_open_project_finish (TIDE_WORKSPACE (source_object), result, &error);
  window_ref_free (ref);

  /* Another folder was chosen, or the window closed, while this one was read. */
  if (self == NULL || self->cancellable == NULL ||
      self->cancellable != g_task_get_cancellable (G_TASK (result)))
    return;

  if (error != NULL)
    {
      tide_window_fail (self, self->opening, error);
      return;
    }

  tide_window_set_opening (self, NULL, NULL);
  project = tide_workspace_get_project (self->workspace);
  tide_window_remember (self, tide_project_get_root (project));
  tide_sidebar_set_selected (self->sidebar,
                             G_OBJECT (tide_workspace_get_environment (self->workspace)));
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

/* Returns: (transfer none): the window that is to be told, to be set until the main loop runs again */
static GWeakRef *
start_opening (TideWorkspace *workspace,
               const char    *folder,
               GCancellable  *cancellable)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, NULL);
  tide_workspace_open_project_async (workspace, folder, cancellable, open_project_cb, ref);
  return ref;
}

static void
tide_window_set_reading (TideWindow *self,
                         const char *folder)
{
  g_autofree char *message = g_strdup_printf (_("Reading “%s”"), folder);

  tide_window_set_opening (self, folder, message);
}

void
tide_window_open_project (TideWindow *self,
                          const char *folder)
{
  g_return_if_fail (TIDE_IS_WINDOW (self));
  g_return_if_fail (folder != NULL);

  tide_window_set_reading (self, folder);
  g_weak_ref_set (start_opening (self->workspace, folder, self->cancellable), self);
}

TideWindow *
tide_window_new (TideApplication *app,
                 const char      *folder)
{
  g_autoptr(TideWorkspace) workspace = tide_workspace_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GWeakRef *ref = folder ? start_opening (workspace, folder, cancellable) : NULL;
  TideWindow *self = g_object_new (TIDE_TYPE_WINDOW,
                                   "application", app,
                                   "workspace", workspace,
                                   "profiles", tide_application_get_profiles (app),
                                   "settings", tide_application_get_settings (app),
                                   NULL);

  if (folder != NULL)
    {
      tide_window_set_reading (self, folder);
      g_set_object (&self->cancellable, cancellable);
      g_weak_ref_set (ref, self);
    }
  return self;
}

static gpointer
sample_job (TideJob   *job,
            gpointer   data,
            GError   **error)
{
  return tide_sample_start (NULL, job, error);
}

static void
sample_status_cb (TideJob    *job,
                  GParamSpec *pspec,
                  TideWindow *self)
{
  g_autofree char *status = tide_job_dup_status (job);

  if (status != NULL && *status != '\0')
    gtk_label_set_label (self->loading_label, status);
}

static void
open_sample_cb (GObject      *source_object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(TideWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSampleInfo) info = NULL;
  TideJob *job = TIDE_JOB (source_object);

  info = tide_job_run_finish (job, result, &error);

  /* The window is gone. */
  if (self->settings == NULL)
    return;

  /* How it ended is told in the window; the popover need not say it again. */
  tide_workspace_dismiss_job (self->workspace, job);
  g_signal_handlers_disconnect_by_data (job, self);

  /* Another folder was chosen meanwhile. */
  if (g_strcmp0 (self->opening, "") != 0)
    return;

  if (info != NULL)
    tide_window_open_project (self, info->project);
  else
    tide_window_fail (self, "", error);
}

void
tide_window_open_sample (TideWindow *self)
{
  g_autoptr(TideJob) job = tide_job_new (_("Starting the sample project"));

  g_return_if_fail (TIDE_IS_WINDOW (self));

  tide_window_set_opening (self, "", tide_job_get_title (job));
  g_signal_connect_object (job, "notify::status", G_CALLBACK (sample_status_cb), self, 0);
  tide_workspace_run_job (self->workspace, job, sample_job, NULL, NULL,
                          (GDestroyNotify) tide_sample_info_unref,
                          open_sample_cb, g_object_ref (self));
}

/* The sample's PostgreSQL may have been stopped since, so it is started rather than only opened. */
static void
tide_window_open_again (TideWindow *self,
                        const char *folder)
{
  g_autofree char *sample = tide_sample_dup_default_folder ();

  if (*folder == '\0' || g_str_equal (folder, sample))
    tide_window_open_sample (self);
  else
    tide_window_open_project (self, folder);
}

static void
chosen_cb (GObject      *source_object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree char *path = tide_dialog_choose_path_finish (GTK_WIDGET (source_object), result);

  if (path != NULL)
    tide_window_open_project (TIDE_WINDOW (source_object), path);
}

static void
open_project (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  tide_dialog_choose_path_async (widget, _("Open a Project"), TRUE, chosen_cb, NULL);
}

static void
open_recent (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  tide_window_open_again (TIDE_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
try_sample (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  tide_window_open_sample (TIDE_WINDOW (widget));
}

static void
stop_sample_thread (GTask        *task,
                    gpointer      source_object,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;

  if (tide_sample_stop (NULL, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
stop_sample_cb (GObject      *source_object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(TideWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);

  /* The window is gone. */
  if (self->settings == NULL)
    return;

  if (error != NULL)
    tide_dialog_show_error (GTK_WIDGET (self), _("The Sample's PostgreSQL Could Not Be Stopped"), error);
  else
    tide_window_toast (self, _("The sample's PostgreSQL has been stopped"));
  tide_workspace_reconnect (self->workspace);
}

/* It goes on running without a window, so that the command line can be tried on it, too; this ends it. */
static void
stop_sample (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, stop_sample_cb, g_object_ref (widget));

  g_task_set_source_tag (task, stop_sample);
  g_task_run_in_thread (task, stop_sample_thread);
}

static void
retry (GtkWidget  *widget,
       const char *action_name,
       GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  g_autofree char *folder = g_strdup (self->failed);

  if (folder != NULL)
    tide_window_open_again (self, folder);
}

static void
start_sample_cb (GObject      *source_object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TideWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSampleInfo) info = tide_job_run_finish (TIDE_JOB (source_object), result, &error);

  self->starting_sample = FALSE;
  /* The window is gone. */
  if (self->settings == NULL)
    return;

  tide_workspace_dismiss_job (self->workspace, TIDE_JOB (source_object));
  if (info == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tide_dialog_show_error (GTK_WIDGET (self), _("The Sample's PostgreSQL Could Not Be Started"), error);
  tide_workspace_reconnect (self->workspace);
  tide_window_update_trouble (self);
}

/* In place: what is open in the window stays. */
static void
start_sample (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  g_autoptr(TideJob) job = tide_job_new (_("Starting the sample project"));

  self->starting_sample = TRUE;
  tide_window_update_trouble (self);
  tide_workspace_run_job (self->workspace, job, sample_job, NULL, NULL, (GDestroyNotify) tide_sample_info_unref,
                          start_sample_cb, g_object_ref (self));
}

void
tide_window_install_projects (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-project", NULL, open_project);
  gtk_widget_class_install_action (widget_class, "win.open-recent", "s", open_recent);
  gtk_widget_class_install_action (widget_class, "win.try-sample", NULL, try_sample);
  gtk_widget_class_install_action (widget_class, "win.stop-sample", NULL, stop_sample);
  gtk_widget_class_install_action (widget_class, "win.start-sample", NULL, start_sample);
  gtk_widget_class_install_action (widget_class, "win.retry", NULL, retry);
}

gboolean
tide_window_shows_sample (TideWindow *self)
{
  TideProject *project = tide_workspace_get_project (self->workspace);
  g_autofree char *sample = tide_sample_dup_default_folder ();

  return project != NULL && self->profile == NULL && g_str_equal (tide_project_get_root (project), sample);
}

void
tide_window_update_recent (TideWindow *self)
{
  g_auto(GStrv) recent = g_settings_get_strv (self->settings, "recent-projects");

  g_menu_remove_all (self->recent_menu);
  for (guint i = 0; recent[i] != NULL; i++)
    {
      g_autofree char *name = g_path_get_basename (recent[i]);
      g_autofree char *label = g_filename_display_name (name);
      g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "win.open-recent", "s", recent[i]);
      g_menu_append_item (self->recent_menu, item);
    }
}
