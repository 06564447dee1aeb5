/* SPDX-License-Identifier: GPL-3.0-or-later */

/* window-backup PROJECT FOLDER: opens PROJECT in the window, shows its backups, backs the database up into FOLDER and restores that beside
 * it, while something moves all the time, and prints for each what turns of the main loop cost, in ms of the main thread's own
 * time, so that a busy machine does not count: what, frames, longest turn; and the longest by the clock on the wall. */
#include "config.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <adwaita.h>

#include "backup/tide-backup-page.h"
#include "backup/tide-backup.h"
#include "backup/tide-restore.h"
#include "tide-application.h"

typedef struct
{
  TideConninfo *conninfo;
  const char   *folder;
  TideBackup   *backup;   /* what was made */
  gboolean      ended;
} Work;

static guint n_frames;

static gint64
get_thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static GtkWidget *
find (GtkWidget *widget,
      GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static TideBackupPage *
find_page (GtkApplication *app)
{
  GtkWindow *window = gtk_application_get_active_window (app);
  GtkWidget *page = window ? find (GTK_WIDGET (window), TIDE_TYPE_BACKUP_PAGE) : NULL;

  return page ? TIDE_BACKUP_PAGE (page) : NULL;
}

/* Once the environment has been read, so that reading it is not measured */
static TideConninfo *
find_conninfo (TideBackupPage *page)
{
  TideEnvironment *environment = page ? tide_workspace_get_environment (tide_backup_page_get_workspace (page)) : NULL;

  if (environment == NULL || tide_environment_get_state (environment) != TIDE_ENVIRONMENT_READY)
    return NULL;
  return tide_target_get_conninfo (tide_environment_get_target (environment));
}

static gpointer
run_backup (TideJob   *job,
            gpointer   data,
            GError   **error)
{
  Work *work = data;
  const TideBackupOptions options = { .folder = work->folder, .compression = -1 };

  work->backup = tide_backup_run (work->conninfo, &options, job, error);
  return work->backup;
}

static gpointer
run_restore (TideJob   *job,
             gpointer   data,
             GError   **error)
{
  Work *work = data;
  const TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW };

  return tide_restore_run (work->backup, work->conninfo, &options, job, error);
}

static void
on_ended (GObject      *object,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(GError) error = NULL;

  if (tide_job_run_finish (TIDE_JOB (object), result, &error) == NULL)
    g_error ("%s", error->message);
  ((Work *) data)->ended = TRUE;
}

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       data)
{
  n_frames++;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
measure (const char     *what,
         TideWorkspace  *workspace,
         Work           *work,
         TideJobFunc     func)
{
  g_autoptr(TideJob) job = tide_job_new (what);
  gint64 longest = 0, longest_wall = 0;

  work->ended = FALSE;
  n_frames = 0;
  tide_workspace_run_job (workspace, job, func, work, NULL, NULL, on_ended, work);
  while (!work->ended)
    {
      gint64 began = get_thread_time ();
      gint64 began_wall = g_get_monotonic_time ();

      /* Waiting is no time of ours; by the wall, a turn that found something to do counts. */
      if (g_main_context_iteration (NULL, FALSE))
        longest_wall = MAX (longest_wall, g_get_monotonic_time () - began_wall);
      else
        g_main_context_iteration (NULL, TRUE);
      longest = MAX (longest, get_thread_time () - began);
    }
  g_print ("%s %u %.2f %.2f\n", what, n_frames, longest / 1000.0, longest_wall / 1000.0);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GtkApplication) app = tide_application_new ();
  g_autoptr(GFile) project = NULL;
  g_autoptr(GError) error = NULL;
  Work work = { 0 };
  TideBackupPage *page;

  if (argc != 3)
    g_error ("usage: window-backup PROJECT FOLDER");
  project = g_file_new_for_path (argv[1]);
  if (!g_application_register (G_APPLICATION (app), NULL, &error))
    g_error ("%s", error->message);
  g_application_open (G_APPLICATION (app), &project, 1, "");
  /* A page is built when it is first shown. */
  while ((page = find_page (app)) == NULL)
    {
      GtkWindow *window = gtk_application_get_active_window (app);

      if (window == NULL || !gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s", "backups"))
        g_main_context_iteration (NULL, TRUE);
    }
  while ((work.conninfo = find_conninfo (page)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  work.folder = argv[2];
  work.conninfo = tide_conninfo_ref (work.conninfo);
  gtk_widget_add_tick_callback (GTK_WIDGET (page), on_tick, NULL, NULL);
  for (guint i = 0; i < 200; i++)
    g_main_context_iteration (NULL, TRUE); /* the first frames lay the page out */
  measure ("backup", tide_backup_page_get_workspace (page), &work, run_backup);
  measure ("restore", tide_backup_page_get_workspace (page), &work, run_restore);
  fflush (stdout);
  /* As if killed: how a program ends is not measured. */
  _exit (0);
}
