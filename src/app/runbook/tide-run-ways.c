/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-ways"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore.h"
#include "backup/tide-swap-back.h"
#include "runbook/tide-run-ways.h"
#include "tide-error.h"
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

/* (transfer none) (nullable): the main window, which then shows the database of the run; NULL: it has another project, which was
 * said */
static GtkWidget *
show_main_window (TideRunWindow *window)
{
  TideWorkspace *workspace = tide_run_window_get_workspace (window);
  TideEnvironment *environment = tide_run_window_get_environment (window);
  const char *root = tide_project_get_root (tide_run_window_get_project (window));
  GtkWindow *main_window = tide_run_window_get_owner (window);
  g_autoptr(GError) error = NULL;

  if (!tide_workspace_has_environment (workspace, environment))
    {
      error = tide_error_new (TIDE_ERROR_REFUSED, _("open that project again first"),
                              _("\"%s\" of \"%s\" is not open any more"), tide_environment_get_name (environment), root);
      tide_dialog_show_error (GTK_WIDGET (window), _("Another Project Is Open"), error);
      return NULL;
    }
  tide_workspace_set_environment (workspace, environment);
  /* What stands over another window stays there, and would hide what was asked for. */
  gtk_window_set_transient_for (GTK_WINDOW (window), NULL);
  gtk_window_present (main_window);
  return GTK_WIDGET (main_window);
}

/* Activates an action of the main window, with this window out of the way but not closed. @target: (nullable): a word that it wants */
static void
act_behind (TideRunWindow *window,
            const char    *action,
            const char    *target)
{
  GtkWidget *main_window = show_main_window (window);
  g_autoptr(GVariant) word = target ? g_variant_ref_sink (g_variant_new_string (target)) : NULL;

  if (main_window != NULL)
    gtk_widget_activate_action_variant (main_window, action, word);
}

static void
sql_read_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TideRunWindow) window = user_data;
  GtkWidget *main_window;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *folder = g_path_get_dirname (g_file_peek_path (G_FILE (object)));
  g_autofree char *title = g_path_get_basename (folder);

  if (tide_run_window_get_owner (window) == NULL)
    return;
  if (!g_file_load_contents_finish (G_FILE (object), result, &text, NULL, NULL, &error))
    {
      tide_dialog_show_error (GTK_WIDGET (window), _("The File Could Not Be Read"), error);
      return;
    }
  main_window = show_main_window (window);
  if (main_window != NULL)
    gtk_widget_activate_action (main_window, "win.open-sql", "(ss)", title, text);
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
  g_autoptr(TideRunWindow) window = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    tide_dialog_show_error (GTK_WIDGET (window), _("The Database Could Not Be Opened"), error);
  else if (tide_run_window_get_environment (window) != NULL)
    tide_environment_reconnect (tide_run_window_get_environment (window));
}

static void
reopen (TideRunWindow *window)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, reopened_cb, g_object_ref (window));

  g_task_set_source_tag (task, reopen);
  g_task_set_task_data (task, tide_conninfo_ref (tide_target_get_conninfo (tide_run_window_get_target (window))),
                        (GDestroyNotify) tide_conninfo_unref);
  g_task_run_in_thread (task, reopen_in_thread);
}

static void
swapped_back_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  TideRunWindow *window = TIDE_RUN_WINDOW (object);
  gboolean asked;
  g_autofree char *former = tide_swap_back_finish (GTK_WIDGET (window), result, &asked);

  if (former == NULL)
    return;
  tide_environment_reconnect (tide_run_window_get_environment (window));
  /* There is nothing more to be undone here; the Backups page lists what is kept. */
  gtk_window_close (GTK_WINDOW (window));
}

static void
swap_back (TideRunWindow *window,
           const char    *kept)
{
  TideTarget *target = tide_run_window_get_target (window);
  TideConninfo *conninfo = tide_target_get_conninfo (target);
  g_autofree char *body = g_strdup_printf (_("“%s” will be what it was before the roll-back; what it holds now is kept beside it under a "
                                             "dated name. Sessions that use it are ended."), tide_conninfo_get (conninfo, "dbname"));

  tide_swap_back_async (GTK_WIDGET (window), tide_run_window_get_workspace (window), conninfo, kept, _("Undo This Roll-Back?"), body,
                        tide_kind_asks_for_name (tide_target_get_kind (target)), swapped_back_cb, NULL);
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
    act_behind (window, "win.show-page", "health");
  else if (g_str_equal (id, "resolve"))
    act_behind (window, "win.show-migration", subject);
  else if (g_str_equal (id, "what-is-wrong"))
    act_behind (window, "win.diagnose", NULL);
  else if (g_str_equal (id, "reopen"))
    reopen (window);
  else if (g_str_equal (id, "swap-back"))
    swap_back (window, subject);
  else
    return FALSE;
  return TRUE;
}
