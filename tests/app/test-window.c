/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-window"

#include "config.h"

#include <adwaita.h>

#include "connections/tide-connection-editor.h"
#include "runbook/tide-deploy-window.h"
#include "runbook/tide-rollback-window.h"
#include "support/tide-test.h"
#include "tide-error.h"
#include "tide-job-wait.h"
#include "tide-window-private.h"
#include "timeline/tide-new-migration.h"
#include "wait-until.h"

/* One window over a store and settings of its own */
typedef struct
{
  char             *folder;
  TideProfileStore *profiles;
  GSettings        *settings;
  TideWindow       *window;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = NULL;

  fixture->folder = tide_test_make_folder ();
  path = g_build_filename (fixture->folder, "profiles.json", NULL);
  fixture->profiles = tide_profile_store_new (path);
  fixture->settings = g_settings_new (TIDE_APP_ID);
  fixture->window = g_object_new (TIDE_TYPE_WINDOW, "profiles", fixture->profiles,
                                  "settings", fixture->settings, NULL);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  /* Closing frees all of it: nothing goes on holding the window. */
  wait_until (fixture->window == NULL);
  g_settings_reset (fixture->settings, "recent-projects");
  g_settings_reset (fixture->settings, "last-project");
  g_object_unref (fixture->settings);
  g_object_unref (fixture->profiles);
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static const char *
get_page (Fixture *fixture)
{
  return gtk_stack_get_visible_child_name (fixture->window->stack);
}

/* The first visible widget of @type below @root whose "label" or "title" is @text */
static GtkWidget *
find_text (GtkWidget  *root,
           GType       type,
           const char *text)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;
      g_autofree char *own = NULL;

      if (!gtk_widget_get_child_visible (child) || !gtk_widget_get_visible (child))
        continue;
      if (g_type_is_a (G_OBJECT_TYPE (child), type))
        g_object_get (child, g_object_class_find_property (G_OBJECT_GET_CLASS (child), "label")
                               ? "label" : "title", &own, NULL);
      if (g_strcmp0 (own, text) == 0)
        return child;
      found = find_text (child, type, text);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static gpointer
find_toplevel (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type))
        return window;
    }
  return NULL;
}

#define NOBODY "\"url\": \"postgresql://nobody@localhost:1/none?host=/nowhere\""

/* @environments: of tidemark.json */
static void
write_project_in (const char *folder,
                  const char *environments)
{
  g_autofree char *json = g_strdup_printf ("{ \"environments\": { %s } }", environments);

  tide_test_write_file (folder, "package.json", "{ \"name\": \"harbour\" }", -1);
  tide_test_write_file (folder, "tidemark.json", json, -1);
  tide_test_write_file (folder, "prisma/schema.prisma", "datasource db { provider = \"postgresql\" }\n", -1);
  tide_test_write_file (folder, "prisma/migrations/20250101000000_first/migration.sql", "SELECT 1;", -1);
}

static void
write_project (Fixture    *fixture,
               const char *kind)
{
  g_autofree char *environments = g_strdup_printf ("\"main\": { " NOBODY ", \"kind\": \"%s\" }", kind);

  write_project_in (fixture->folder, environments);
}

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

static gboolean
is_narrow (Fixture *fixture)
{
  return adw_leaflet_get_folded (fixture->window->leaflet)
         && adw_view_switcher_bar_get_reveal (fixture->window->switcher_bar);
}

/* It fits a phone: nothing in it asks for more than 360 pixels, the shadow around it aside. */
static void
test_narrow (Fixture       *fixture,
             gconstpointer  data)
{
  int minimum;

  write_project (fixture, "development");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  /* Its pages are chosen at the foot once it is too narrow for the sidebar. */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 600);
  wait_until (is_narrow (fixture));
  gtk_widget_measure (GTK_WIDGET (fixture->window->toasts), GTK_ORIENTATION_HORIZONTAL, -1, &minimum,
                      NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

static void
changed_cb (gpointer    object,
          GParamSpec *pspec,
          guint      *count)
{
  ++*count;
}

/* However wide it is, the sidebar and the buttons of the pages are there or not: they do not come and go. */
static void
test_widths (Fixture       *fixture,
             gconstpointer  data)
{
  static const char *const pages[] = { "timeline", "drift", "sql", "backups", "health" };
  GtkWidget *window = GTK_WIDGET (fixture->window);
  guint count = 0;

  write_project (fixture, "development");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  g_signal_connect (fixture->window->leaflet, "notify::folded", G_CALLBACK (changed_cb), &count);
  g_signal_connect (fixture->window->squeezer, "notify::visible-child", G_CALLBACK (changed_cb), &count);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (window, "win.show-page", "s", pages[i]);
      for (int width = 1120; width >= 360; width -= 40)
        {
          gboolean settled = FALSE;

          gtk_window_set_default_size (GTK_WINDOW (window), width, 600);
          g_timeout_add (60, time_out_cb, &settled);
          count = 0;
          wait_until (settled);
          g_test_message ("%s, %d wide: %u changes", pages[i], width, count);
          g_assert_cmpuint (count, <=, 2);
        }
    }
  wait_until (gtk_widget_get_width (window) < 500);
  wait_until (is_narrow (fixture));
  gtk_window_set_default_size (GTK_WINDOW (window), 1180, 600);
  wait_until (!adw_leaflet_get_folded (fixture->window->leaflet));
  wait_until (!adw_view_switcher_bar_get_reveal (fixture->window->switcher_bar));
}

/* Where there is no room for the words of the lock, it keeps its name and what it does. */
static void
test_narrow_lock (Fixture       *fixture,
                  gconstpointer  data)
{
  GtkWidget *button = fixture->window->writing_button;
  AdwMessageDialog *dialog;
  TideSqlPage *page;
  int minimum, height;

  write_project (fixture, "production");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 600);
  wait_until (is_narrow (fixture));
  page = tide_window_get_sql_page (fixture->window, TRUE);
  wait_until (tide_sql_page_get_desk (page) != NULL);
  gtk_widget_activate_action (GTK_WIDGET (tide_sql_desk_get_tab (tide_sql_page_get_desk (page))), "tab.unlock", NULL);
  wait_until ((dialog = find_toplevel (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
  adw_message_dialog_response (dialog, "ok");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_until (gtk_widget_get_visible (button));
  gtk_widget_measure (GTK_WIDGET (fixture->window->toasts), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);

  gtk_widget_measure (button, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  gtk_widget_measure (button, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  gtk_widget_allocate (button, minimum, height, -1, NULL);
  g_assert_false (gtk_widget_get_child_visible (gtk_widget_get_last_child (gtk_button_get_child (GTK_BUTTON (button)))));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Writing Allowed");
  g_signal_emit_by_name (button, "clicked");
  wait_until (!gtk_widget_get_visible (button));
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

/* What the application does at its start; there is none here. */
static void
load_resources (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();
  GdkDisplay *display = gdk_display_get_default ();

  gtk_css_provider_load_from_resource (provider, "/com/broxiva/Tidemark/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display),
                                    "/com/broxiva/Tidemark/icons");
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
  add ("narrow", test_narrow);
  add ("widths", test_widths);
  add ("narrow-lock", test_narrow_lock);
  add ("open-nothing", test_open_nothing);
  add ("open-fails-beside", test_open_fails_beside);
  add ("open-project", test_open_project);
  add ("kind-changes", test_kind_changes);
  add ("close-asks", test_close_asks);
  add ("close-cancels", test_close_cancels);
  add ("run-keeps-its-place", test_run_keeps_its_place);
  add ("question-keeps-its-place", test_question_keeps_its_place);
  add ("editor", test_editor);
  add ("editor-cancel", test_editor_cancel);
  return g_test_run ();
}
