/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-ways"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore.h"
#include "runbook/tide-run-ways.h"
#include "widgets/tide-dialogs.h"

static void
show_file (TideRunWindow *window,
           const char    *path)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = g_filename_to_uri (path, NULL, &error);

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (window), uri, GDK_CURRENT_TIME);
  else
    tide_dialog_show_error (GTK_WIDGET (window), _("The File Could Not Be Shown"), error);
}

/* The main window's page, with this window out of the way but not closed */
static void
show_page (TideRunWindow *window,
           const char    *page)
{
  GtkWindow *main_window = gtk_window_get_transient_for (GTK_WINDOW (window));

  tide_workspace_set_environment (tide_run_window_get_workspace (window), tide_run_window_get_environment (window));
  gtk_widget_activate_action (GTK_WIDGET (main_window), "win.show-page", "s", page);
  gtk_window_present (main_window);
}

static void
sql_read_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TideRunWindow) window = user_data;
  GtkWindow *main_window = gtk_window_get_transient_for (GTK_WINDOW (window));
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *folder = g_path_get_dirname (g_file_peek_path (G_FILE (object)));
  g_autofree char *title = g_path_get_basename (folder);

  if (main_window == NULL)
    return;
  if (!g_file_load_contents_finish (G_FILE (object), result, &text, NULL, NULL, &error))
    {
      tide_dialog_show_error (GTK_WIDGET (window), _("The File Could Not Be Read"), error);
      return;
    }
  tide_workspace_set_environment (tide_run_window_get_workspace (window), tide_run_window_get_environment (window));
  gtk_widget_activate_action (GTK_WIDGET (main_window), "win.open-sql", "(ss)", title, text);
  gtk_window_present (main_window);
}

/* @subject: a migration's name, or a file */
static void
open_in_editor (TideRunWindow *window,
                const char    *subject)
{
  TideMigration *migration = tide_project_find_migration (tide_run_window_get_project (window), subject);
  g_autoptr(GFile) file = g_file_new_for_path (migration ? tide_migration_get_path (migration) : subject);

  g_file_load_contents_async (file, NULL, sql_read_cb, g_object_ref (window));
}

static void
reopen_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  GError *error = NULL;

  if (tide_restore_reopen (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
reopened_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  TideRunWindow *window = TIDE_RUN_WINDOW (object);
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    tide_dialog_show_error (GTK_WIDGET (window), _("The Database Could Not Be Opened"), error);
  else if (tide_run_window_get_environment (window) != NULL)
    tide_environment_reconnect (tide_run_window_get_environment (window));
}

static void
reopen (TideRunWindow *window)
{
  g_autoptr(GTask) task = g_task_new (window, NULL, reopened_cb, NULL);

  g_task_set_source_tag (task, reopen);
  g_task_set_task_data (task, tide_conninfo_ref (tide_target_get_conninfo (tide_run_window_get_target (window))),
                        (GDestroyNotify) tide_conninfo_unref);
  g_task_run_in_thread (task, reopen_in_thread);
}

gboolean
tide_run_take_way (TideRunWindow *window,
                   const char    *id,
                   const char    *subject)
{
  if (g_str_equal (id, "report") || g_str_equal (id, "journal"))
    show_file (window, subject);
  else if (g_str_equal (id, "editor"))
    open_in_editor (window, subject);
  else if (g_str_equal (id, "diagnose"))
    show_page (window, "health");
  else if (g_str_equal (id, "resolve"))
    show_page (window, "timeline");
  else if (g_str_equal (id, "reopen"))
    reopen (window);
  else
    return FALSE;
  return TRUE;
}
