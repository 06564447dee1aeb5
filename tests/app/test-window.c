/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-window"

#include "config.h"

#include <adwaita.h>

#include "connections/tide-connection-editor.h"
#include "runbook/tide-deploy-window.h"
#include "runbook/tide-rollback-window.h"
#include "tide-error.h"
#include "tide-job-wait.h"
#include "timeline/tide-migration-details.h"
#include "timeline/tide-new-migration.h"
#include "timeline/tide-timeline-item.h"
#include "window-fixture.h"

static void
test_first_start (Fixture       *fixture,
                  gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  g_assert_cmpstr (get_page (fixture), ==, "welcome");
  g_assert_nonnull (find_text (window, GTK_TYPE_BUTTON, "_Open a Project…"));
  g_assert_nonnull (find_text (window, GTK_TYPE_BUTTON, "_Connect to a Database…"));
  g_assert_nonnull (find_text (window, GTK_TYPE_BUTTON, "Try the _Sample Project"));
  /* Nothing to choose from yet */
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (fixture->window->sidebar)));
}

static void
test_open_nothing (Fixture       *fixture,
                   gconstpointer  data)
{
  g_auto(GStrv) recent = NULL;
  g_autofree char *folder = g_build_filename (fixture->folder, "later", NULL);
  GtkWidget *button;

  tide_window_open_project (fixture->window, folder);
  g_assert_cmpstr (get_page (fixture), ==, "loading");
  wait_until (g_str_equal (get_page (fixture), "error"));
  g_assert_nonnull (fixture->window->error);
  recent = g_settings_get_strv (fixture->settings, "recent-projects");
  g_assert_null (recent[0]);

  /* Once the folder is there, Retry opens it. */
  tide_test_write_file (folder, "prisma/schema.prisma", "datasource db { provider = \"postgresql\" }\n", -1);
  button = find_text (GTK_WIDGET (fixture->window->error_place), GTK_TYPE_BUTTON, "_Retry");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  wait_until (g_str_equal (get_page (fixture), "project"));
  g_assert_null (fixture->window->error);
}

/* What cannot be opened takes nothing away: one click leads back. */
static void
test_open_fails_beside (Fixture       *fixture,
                        gconstpointer  data)
{
  GObject *environment;

  write_project (fixture, "development");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_str_equal (get_page (fixture), "project"));
  tide_window_open_project (fixture->window, "/nowhere/at/all");
  wait_until (g_str_equal (get_page (fixture), "error"));

  environment = G_OBJECT (tide_workspace_get_environment (fixture->window->workspace));
  g_assert_nonnull (environment);
  tide_sidebar_set_selected (fixture->window->sidebar, environment);
  g_assert_cmpstr (get_page (fixture), ==, "project");
}

static void
test_open_project (Fixture       *fixture,
                   gconstpointer  data)
{
  g_auto(GStrv) recent = NULL;

  write_project (fixture, "production");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_str_equal (get_page (fixture), "project"));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "harbour — Tidemark");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (fixture->window), "production"));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture->window->sidebar)));
  g_assert_nonnull (find_text (GTK_WIDGET (fixture->window->sidebar), GTK_TYPE_LABEL, "production"));

  recent = g_settings_get_strv (fixture->settings, "recent-projects");
  g_assert_cmpstr (recent[0], ==, fixture->folder);
  g_assert_cmpint (g_menu_model_get_n_items (G_MENU_MODEL (fixture->window->recent_menu)), ==, 1);
}

/* The kind is changed in tidemark.json while the window shows it. */
static void
test_kind_changes (Fixture       *fixture,
                   gconstpointer  data)
{
  write_project (fixture, "development");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_str_equal (get_page (fixture), "project"));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (fixture->window), "production"));
  write_project (fixture, "production");
  wait_until (gtk_widget_has_css_class (GTK_WIDGET (fixture->window), "production"));
}

static gpointer
wait_for_cancel (TideJob   *job,
                 gpointer   data,
                 GError   **error)
{
  while (!g_cancellable_set_error_if_cancelled (tide_job_get_cancellable (job), error))
    g_usleep (1000);
  return NULL;
}

static void
test_close_asks (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TideJob) job = tide_job_new ("Waiting for the test");
  AdwMessageDialog *dialog;

  tide_workspace_run_job (fixture->window->workspace, job, wait_for_cancel,
                          NULL, NULL, NULL, NULL, NULL);
  gtk_window_close (GTK_WINDOW (fixture->window));
  wait_until ((dialog = find_toplevel (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
  g_assert_nonnull (fixture->window);

  /* No: everything goes on. */
  adw_message_dialog_response (dialog, "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_until (find_toplevel (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_nonnull (fixture->window);
  g_assert_cmpint (tide_job_get_state (job), ==, TIDE_JOB_RUNNING);

  /* What was said of the SQL page held for that closing only. */
  fixture->window->closing_sql = TRUE;
  gtk_window_close (GTK_WINDOW (fixture->window));
  g_assert_false (fixture->window->closing_sql);
  wait_until ((dialog = find_toplevel (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
  adw_message_dialog_response (dialog, "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));

  /* Yes: the job is cancelled first. */
  gtk_window_close (GTK_WINDOW (fixture->window));
  wait_until ((dialog = find_toplevel (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
  adw_message_dialog_response (dialog, "ok");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_until (fixture->window == NULL);
  g_assert_cmpint (tide_job_get_state (job), ==, TIDE_JOB_CANCELLED);
}

static void
count_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      window)
{
  guint n = GPOINTER_TO_UINT (g_object_get_data (window, "n-calls"));

  g_object_set_data (window, "n-calls", GUINT_TO_POINTER (n + 1));
}

static gpointer
succeed (TideJob   *job,
         gpointer   data,
         GError   **error)
{
  return GINT_TO_POINTER (TRUE);
}

/* (transfer full): what @window waits for */
static TideJob *
wait_in (GtkWindow     *window,
         TideWorkspace *workspace,
         TideJobFunc    func)
{
  TideJob *job = tide_job_new ("Waiting for the test");

  gtk_window_present (window);
  tide_job_run_for_window (job, window, workspace, func, NULL, NULL, NULL, count_cb);
  return job;
}

/* A window that waits for a job ends it when it is closed, even where somebody else holds the window. */
static void
test_close_cancels (Fixture       *fixture,
                    gconstpointer  data)
{
  TideWorkspace *workspace = fixture->window->workspace;
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  g_autoptr(TideJob) ended = wait_in (window, workspace, succeed);
  g_autoptr(TideJob) closed = NULL;
  TideJob *held;

  wait_until (g_object_get_data (G_OBJECT (window), "n-calls") == GUINT_TO_POINTER (1));
  closed = wait_in (window, workspace, wait_for_cancel);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_close (window);
  wait_until (window == NULL && tide_job_get_state (closed) == TIDE_JOB_CANCELLED);

  window = GTK_WINDOW (g_object_ref (gtk_window_new ()));
  held = wait_in (window, NULL, wait_for_cancel);
  g_object_add_weak_pointer (G_OBJECT (held), (gpointer *) &held);
  g_object_unref (held);
  gtk_window_close (window);
  /* Only its own work holds it. */
  wait_until (held == NULL);
  g_assert_null (g_object_get_data (G_OBJECT (window), "n-calls"));
  g_object_unref (window);
}

static TideEnvironment *
open_and_settle (Fixture    *fixture,
                 const char *folder)
{
  TideWorkspace *workspace = fixture->window->workspace;
  TideEnvironment *environment;

  tide_window_open_project (fixture->window, folder);
  wait_until (tide_workspace_get_project (workspace) != NULL
              && g_str_equal (tide_project_get_root (tide_workspace_get_project (workspace)), folder));
  environment = tide_workspace_get_environment (workspace);
  wait_until (tide_environment_get_state (environment) == TIDE_ENVIRONMENT_FAILED);
  g_assert_nonnull (tide_environment_get_target (environment));
  return environment;
}

/* What a window runs on is what it was opened for, whatever is selected or opened beside it. */
static void
test_run_keeps_its_place (Fixture       *fixture,
                          gconstpointer  data)
{
  TideWorkspace *workspace = fixture->window->workspace;
  g_autofree char *other = g_build_filename (fixture->folder, "beside", NULL);
  g_autoptr(TideRunOutcome) outcome = tide_run_outcome_new ();
  g_autoptr(TideEnvironment) one = NULL;
  g_autoptr(TideEnvironment) two = NULL;
  TideRunWindow *deploy, *roll_back;

  write_project_in (fixture->folder, "\"one\": { " NOBODY " }, \"two\": { " NOBODY " }");
  write_project_in (other, "\"one\": { " NOBODY " }");
  one = g_object_ref (open_and_settle (fixture, fixture->folder));
  two = g_list_model_get_item (tide_workspace_get_environments (workspace), 1);

  outcome->state = TIDE_RUN_FAILED;
  tide_deploy_window_present_past (GTK_WIDGET (fixture->window), workspace, outcome);
  deploy = find_toplevel (TIDE_TYPE_DEPLOY_WINDOW);
  tide_workspace_set_environment (workspace, two);
  TIDE_RUN_WINDOW_GET_CLASS (deploy)->take_way (deploy, "rollback-emergency", "");
  roll_back = find_toplevel (TIDE_TYPE_ROLLBACK_WINDOW);
  g_assert_true (tide_run_window_get_environment (roll_back) == one);
  g_assert_true (tide_run_window_get_target (roll_back) == tide_run_window_get_target (deploy));

  /* A beginning goes with its project; what came of a run stays, with the project that it was of. */
  open_and_settle (fixture, other);
  wait_until (find_toplevel (TIDE_TYPE_ROLLBACK_WINDOW) == NULL);
  g_assert_true (find_toplevel (TIDE_TYPE_DEPLOY_WINDOW) == deploy);
  g_assert_cmpstr (tide_project_get_root (tide_run_window_get_project (deploy)), ==, fixture->folder);
  g_assert_true (tide_run_window_get_environment (deploy) == one);
  gtk_window_destroy (GTK_WINDOW (deploy));
}

/* How many migrations there are in @folder, as it is read now */
static guint
count_migrations (const char *folder)
{
  g_autoptr(TideProject) project = tide_project_load (folder, NULL);

  return tide_project_get_migrations (project)->len;
}

/* A question is answered for what it was asked about. */
static void
test_question_keeps_its_place (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "beside", NULL);
  AdwMessageDialog *dialog;

  write_project (fixture, "development");
  write_project_in (other, "\"one\": { " NOBODY " }");
  open_and_settle (fixture, fixture->folder);
  tide_new_migration_present_sql (GTK_WIDGET (fixture->window), fixture->window->workspace, "add a berth", "SELECT 1;", NULL);
  wait_until ((dialog = find_toplevel (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
  open_and_settle (fixture, other);
  adw_message_dialog_response (dialog, "ok");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_until (count_migrations (fixture->folder) == 2);
  g_assert_cmpuint (count_migrations (other), ==, 1);
}

static GtkWidget *
find_entry (GtkWidget  *root,
            const char *title)
{
  GtkWidget *row = find_text (root, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);
  return row;
}

static void
test_editor (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWidget *editor;
  TideProfile *profile;
  g_autofree char *host = NULL;
  g_autofree char *sslmode = NULL;

  gtk_widget_activate_action (window, "win.new-connection", NULL);
  wait_until ((editor = find_toplevel (TIDE_TYPE_CONNECTION_EDITOR)) != NULL);
  gtk_test_widget_wait_for_draw (editor);

  /* Nothing to save yet, and it says why. */
  g_assert_false (gtk_widget_get_sensitive (find_text (editor, GTK_TYPE_BUTTON, "_Save")));
  g_assert_nonnull (find_text (editor, GTK_TYPE_LABEL,
                               "the connection has no name: give it a name to find it by"));

  gtk_editable_set_text (GTK_EDITABLE (find_entry (editor, "Paste a URL")),
                         "postgresql://ada@db.example.com:6543/shop?sslmode=require");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_entry (editor, "Host or Socket Folder"))),
                   ==, "db.example.com");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_entry (editor, "Port"))), ==, "6543");
  gtk_editable_set_text (GTK_EDITABLE (find_entry (editor, "Name")), "Shop");
  g_assert_true (gtk_widget_get_sensitive (find_text (editor, GTK_TYPE_BUTTON, "_Save")));
  /* Anybody on the way may answer in the server's place: that is said. */
  g_assert_nonnull (find_text (editor, ADW_TYPE_ACTION_ROW, "Less Protection Than Recommended"));

  gtk_editable_set_text (GTK_EDITABLE (find_entry (editor, "Port")), "70000");
  g_assert_false (gtk_widget_get_sensitive (find_text (editor, GTK_TYPE_BUTTON, "_Save")));
  gtk_editable_set_text (GTK_EDITABLE (find_entry (editor, "Port")), "5433");

  gtk_widget_activate_action (editor, "editor.save", NULL);
  wait_until (find_toplevel (TIDE_TYPE_CONNECTION_EDITOR) == NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->profiles)), ==, 1);
  profile = tide_profile_store_find (fixture->profiles, "Shop");
  g_assert_nonnull (profile);
  g_object_get (profile, "host", &host, "sslmode", &sslmode, NULL);
  g_assert_cmpstr (host, ==, "db.example.com");
  g_assert_cmpstr (sslmode, ==, "require");
  /* It is shown, and tried. */
  g_assert_cmpstr (get_page (fixture), ==, "connection");
}

static void
test_editor_cancel (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(TideProfile) profile = tide_profile_new ();
  g_autoptr(GError) error = NULL;
  GtkWindow *editor;

  g_object_set (profile, "name", "Old", "host", "/nowhere", NULL);
  tide_profile_store_save (fixture->profiles, profile, &error);
  g_assert_no_error (error);
  editor = tide_connection_editor_new (fixture->profiles, profile);
  gtk_window_present (editor);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (editor));
  gtk_editable_set_text (GTK_EDITABLE (find_entry (GTK_WIDGET (editor), "Name")), "New");
  gtk_window_close (editor);
  wait_until (find_toplevel (TIDE_TYPE_CONNECTION_EDITOR) == NULL);
  g_assert_nonnull (tide_profile_store_find (fixture->profiles, "Old"));
}

/* A search that finds nothing takes the migration away whose text is still being read. */
static void
test_details_of_nothing (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTimeline) timeline = NULL;
  g_autoptr(TideTimelineItem) item = NULL;
  TideMigrationDetails *details = g_object_ref_sink (g_object_new (TIDE_TYPE_MIGRATION_DETAILS, NULL));

  write_project (fixture, "development");
  project = tide_project_load (fixture->folder, NULL);
  g_assert_nonnull (project);
  timeline = tide_timeline_new (tide_project_get_migrations (project), NULL);
  item = tide_timeline_item_new (timeline, 0, NULL, NULL);
  tide_migration_details_set_item (details, item);
  tide_migration_details_set_item (details, NULL);

  /* Who reads keeps it until that is done. */
  g_object_add_weak_pointer (G_OBJECT (details), (gpointer *) &details);
  g_object_unref (details);
  g_assert_nonnull (details);
  wait_until (details == NULL);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  load_resources ();

#define add(path, function) \
  g_test_add ("/app/window/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  add ("first-start", test_first_start);
  add ("open-nothing", test_open_nothing);
  add ("open-fails-beside", test_open_fails_beside);
  add ("open-project", test_open_project);
  add ("kind-changes", test_kind_changes);
  add ("close-asks", test_close_asks);
  add ("close-cancels", test_close_cancels);
  add ("run-keeps-its-place", test_run_keeps_its_place);
  add ("question-keeps-its-place", test_question_keeps_its_place);
  add ("details-of-nothing", test_details_of_nothing);
  add ("editor", test_editor);
  add ("editor-cancel", test_editor_cancel);
  return g_test_run ();
}
