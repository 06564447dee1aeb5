/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-workspace"

#include "config.h"

#include <glib/gstdio.h>

#include "support/tide-test.h"
#include "tide-error.h"
#include "tide-workspace.h"
#include "wait-until.h"

#define LEDGER \
  "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL," \
  " finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ," \
  " started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)"
#define APPLY_FIRST \
  "INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at)" \
  " SELECT '1', encode(sha256('SELECT 1;'), 'hex'), '20250101000000_first', now(), now()"

/* A project with two databases: "dev" is there, "prod" answers nobody. */
typedef struct
{
  char          *folder;
  TideConninfo  *database;
  TideWorkspace *workspace;
  gboolean       done;
  GError        *error;
} Fixture;

static void
write_settings (Fixture    *fixture,
                const char *dev_url,
                const char *extra)
{
  g_autofree char *json = NULL;

  json = g_strdup_printf ("{ \"environments\": {"
                          " \"dev\": { \"url\": \"%s\", \"kind\": \"development\" }%s } }", dev_url, extra);
  tide_test_write_file (fixture->folder, "tidemark.json", json, -1);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *url = NULL;

  fixture->folder = tide_test_make_folder ();
  fixture->database = tide_test_create_database ();
  url = tide_test_dup_url (fixture->database);
  write_settings (fixture, url, ", \"prod\": { \"url\": \"postgresql://nobody@localhost:1/none?host=/nowhere\","
                                " \"kind\": \"production\" }");
  tide_test_write_file (fixture->folder, "prisma/schema.prisma",
                        "datasource db { provider = \"postgresql\" }\n", -1);
  tide_test_write_file (fixture->folder, "prisma/migrations/20250101000000_first/migration.sql",
                        "SELECT 1;", -1);
  tide_test_write_file (fixture->folder, "prisma/migrations/20250201000000_second/migration.sql",
                        "SELECT 2;", -1);
  fixture->workspace = tide_workspace_new ();
}

static void
gone_cb (gpointer  n_alive,
         GObject  *environment)
{
  (*(guint *) n_alive)--;
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  GListModel *environments = tide_workspace_get_environments (fixture->workspace);
  guint n_alive = g_list_model_get_n_items (environments);

  for (guint i = 0; i < g_list_model_get_n_items (environments); i++)
    {
      g_autoptr(GObject) environment = g_list_model_get_item (environments, i);

      g_object_weak_ref (environment, gone_cb, &n_alive);
    }
  g_object_add_weak_pointer (G_OBJECT (fixture->workspace), (gpointer *) &fixture->workspace);
  g_object_unref (fixture->workspace);
  /* Reads that are under way hold them until they have ended: one that connects now would keep the database from being dropped. */
  wait_until (fixture->workspace == NULL && n_alive == 0);
  tide_test_drop_database (fixture->database);
  tide_conninfo_unref (fixture->database);
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_clear_error (&fixture->error);
}

static void
open_cb (GObject      *source_object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  tide_workspace_open_project_finish (TIDE_WORKSPACE (source_object), result, &fixture->error);
  fixture->done = TRUE;
}

static void
open_folder (Fixture    *fixture,
             const char *folder)
{
  fixture->done = FALSE;
  g_clear_error (&fixture->error);
  tide_workspace_open_project_async (fixture->workspace, folder, NULL, open_cb, fixture);
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
}

static TideEnvironment *
get_environment (Fixture    *fixture,
                 const char *name)
{
  GListModel *environments = tide_workspace_get_environments (fixture->workspace);

  for (guint i = 0; i < g_list_model_get_n_items (environments); i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (environments, i);

      if (g_str_equal (tide_environment_get_name (environment), name))
        return environment;
    }
  return NULL;
}

static guint
n_pending (TideEnvironment *environment)
{
  guint n;

  g_object_get (environment, "n-pending", &n, NULL);
  return n;
}

static gboolean
is_settled (TideEnvironment *environment)
{
  return tide_environment_get_state (environment) == TIDE_ENVIRONMENT_READY ||
         tide_environment_get_state (environment) == TIDE_ENVIRONMENT_FAILED;
}

static TideEnvironment *
open_and_settle (Fixture *fixture)
{
  TideEnvironment *dev;

  open_folder (fixture, fixture->folder);
  g_assert_no_error (fixture->error);
  dev = get_environment (fixture, "dev");
  wait_until (is_settled (dev));
  g_assert_no_error (tide_environment_get_error (dev));
  return dev;
}

static void
test_open (Fixture       *fixture,
           gconstpointer  data)
{
  TideEnvironment *dev = open_and_settle (fixture);
  TideEnvironment *prod = get_environment (fixture, "prod");
  g_autofree char *version = NULL;

  g_assert_true (tide_workspace_get_environment (fixture->workspace) == dev);
  g_assert_cmpint (tide_environment_get_kind (dev), ==, TIDE_KIND_DEVELOPMENT);
  g_assert_cmpuint (n_pending (dev), ==, 2);
  g_assert_false (tide_timeline_is_initialised (tide_environment_get_timeline (dev)));
  g_assert_nonnull (tide_environment_get_target (dev));
  g_object_get (dev, "server-version", &version, NULL);
  g_assert_nonnull (version);

  wait_until (is_settled (prod));
  g_assert_error (tide_environment_get_error (prod), TIDE_ERROR, TIDE_ERROR_UNREACHABLE);
  g_assert_null (tide_environment_get_timeline (prod));
  g_assert_cmpint (tide_environment_get_state (prod), ==, TIDE_ENVIRONMENT_FAILED);
}

/* A folder inside the project opens the project. */
static void
test_open_inside (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *inside = g_build_filename (fixture->folder, "prisma", "migrations", NULL);

  open_folder (fixture, inside);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (tide_project_get_root (tide_workspace_get_project (fixture->workspace)),
                   ==, fixture->folder);
}

static void
test_open_nothing (Fixture       *fixture,
                   gconstpointer  data)
{
  TideProject *project;

  open_and_settle (fixture);
  project = tide_workspace_get_project (fixture->workspace);
  open_folder (fixture, "/nowhere/at/all");
  g_assert_error (fixture->error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_nonnull (tide_error_get_fields (fixture->error)->hint);
  /* What was open stays open. */
  g_assert_true (tide_workspace_get_project (fixture->workspace) == project);
}

/* Somebody else deploys: seen at the next look, and only while the window is looked at. */
static void
test_poll (Fixture       *fixture,
           gconstpointer  data)
{
  TideEnvironment *dev = open_and_settle (fixture);

  g_object_set (fixture->workspace, "poll-interval", 1, "active", TRUE, NULL);
  g_free (tide_test_psql (fixture->database, LEDGER));
  g_free (tide_test_psql (fixture->database, APPLY_FIRST));
  wait_until (n_pending (dev) == 1);

  g_free (tide_test_psql (fixture->database,
                          "UPDATE _prisma_migrations SET rolled_back_at = now(), finished_at = NULL"));
  wait_until (n_pending (dev) == 2);
  g_assert_cmpuint (tide_timeline_count (tide_environment_get_timeline (dev), TIDE_STATE_ROLLED_BACK),
                    ==, 1);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* A look that finds nothing new reads nothing and tells nobody. */
static void
test_poll_quiet (Fixture       *fixture,
                 gconstpointer  data)
{
  TideEnvironment *dev = open_and_settle (fixture);
  gboolean passed = FALSE;
  guint notified = 0;

  g_signal_connect_swapped (dev, "notify::timeline", G_CALLBACK (count_cb), &notified);
  g_signal_connect_swapped (dev, "notify::state", G_CALLBACK (count_cb), &notified);
  g_object_set (fixture->workspace, "poll-interval", 1, "active", TRUE, NULL);
  g_timeout_add (2500, time_out_cb, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (notified, ==, 0);
  g_signal_handlers_disconnect_by_data (dev, &notified);
}

/* The server ended our idle connection: the next look makes a new one, and nobody is told of trouble. */
static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  TideEnvironment *dev = open_and_settle (fixture);

  g_free (tide_test_psql (fixture->database,
                          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                          " WHERE datname = current_database() AND pid <> pg_backend_pid()"));
  g_free (tide_test_psql (fixture->database, LEDGER));
  g_free (tide_test_psql (fixture->database, APPLY_FIRST));
  g_object_set (fixture->workspace, "poll-interval", 1, "active", TRUE, NULL);
  wait_until (n_pending (dev) == 1);
  g_assert_cmpint (tide_environment_get_state (dev), ==, TIDE_ENVIRONMENT_READY);
}

static void
test_folder_appears (Fixture       *fixture,
                     gconstpointer  data)
{
  TideEnvironment *dev = open_and_settle (fixture);

  tide_test_write_file (fixture->folder, "prisma/migrations/20250301000000_third/migration.sql",
                        "SELECT 3;", -1);
  wait_until (n_pending (dev) == 3);
  /* The same object, so whoever shows it goes on showing it. */
  g_assert_true (get_environment (fixture, "dev") == dev);
}

static void
test_settings_change (Fixture       *fixture,
                      gconstpointer  data)
{
  TideEnvironment *dev = open_and_settle (fixture);
  g_autofree char *url = tide_test_dup_url (fixture->database);

  tide_workspace_set_environment (fixture->workspace, get_environment (fixture, "prod"));
  write_settings (fixture, url, "");
  wait_until (g_list_model_get_n_items (tide_workspace_get_environments (fixture->workspace)) == 1);
  g_assert_true (tide_workspace_get_environment (fixture->workspace) == dev);

  /* Broken in the middle of an edit: told, and what was read before stays. */
  tide_test_write_file (fixture->folder, "tidemark.json", "{ \"environments\": ", -1);
  wait_until (tide_workspace_get_error (fixture->workspace) != NULL);
  g_assert_true (get_environment (fixture, "dev") == dev);
  write_settings (fixture, url, "");
  wait_until (tide_workspace_get_error (fixture->workspace) == NULL);
}

/* Another one comes and goes while the selected one stays. */
static void
test_renamed (Fixture       *fixture,
              gconstpointer  data)
{
  TideEnvironment *dev = open_and_settle (fixture);
  g_autofree char *url = tide_test_dup_url (fixture->database);

  g_assert_nonnull (get_environment (fixture, "prod"));
  write_settings (fixture, url, ", \"live\": { \"url\": \"postgresql://nobody@localhost:1/none?host=/nowhere\" }");
  wait_until (get_environment (fixture, "live") != NULL);
  g_assert_null (get_environment (fixture, "prod"));
  g_assert_true (tide_workspace_get_environment (fixture->workspace) == dev);
  g_assert_true (get_environment (fixture, "dev") == dev);
}

/* What the database is for is told by the environment and by its target, and both agree. */
static void
test_kind_changes (Fixture       *fixture,
                   gconstpointer  data)
{
  TideEnvironment *dev = open_and_settle (fixture);
  g_autofree char *url = tide_test_dup_url (fixture->database);
  g_autofree char *json = g_strdup_printf ("{ \"environments\": { \"dev\": { \"url\": \"%s\", \"kind\": \"production\" } } }", url);

  tide_test_write_file (fixture->folder, "tidemark.json", json, -1);
  wait_until (tide_environment_get_kind (dev) == TIDE_KIND_PRODUCTION);
  wait_until (tide_environment_get_target (dev) != NULL);
  g_assert_cmpint (tide_target_get_kind (tide_environment_get_target (dev)), ==, TIDE_KIND_PRODUCTION);
}

/* Of another database nothing is shown that was read of the one before. */
static void
test_another_database (Fixture       *fixture,
                       gconstpointer  data)
{
  TideEnvironment *dev = open_and_settle (fixture);

  g_assert_nonnull (tide_environment_get_timeline (dev));
  write_settings (fixture, "postgresql://nobody@localhost:1/none?host=/nowhere", "");
  wait_until (tide_environment_get_state (dev) == TIDE_ENVIRONMENT_FAILED);
  g_assert_null (tide_environment_get_timeline (dev));
  g_assert_cmpuint (n_pending (dev), ==, 0);
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
job_cb (GObject      *source_object,
        GAsyncResult *result,
        gpointer      user_data)
{
  GError **error = user_data;

  g_assert_null (tide_job_run_finish (TIDE_JOB (source_object), result, error));
}

static void
test_jobs (Fixture       *fixture,
           gconstpointer  data)
{
  GListModel *jobs = tide_workspace_get_jobs (fixture->workspace);
  g_autoptr(TideJob) job = tide_job_new ("Waiting for the test");
  g_autoptr(GError) error = NULL;

  g_assert_false (tide_workspace_has_running_job (fixture->workspace));
  tide_workspace_run_job (fixture->workspace, job, wait_for_cancel, NULL, NULL, NULL, job_cb, &error);
  g_assert_cmpuint (g_list_model_get_n_items (jobs), ==, 1);
  g_assert_true (tide_workspace_has_running_job (fixture->workspace));

  /* One that runs cannot be waved away. */
  tide_workspace_dismiss_job (fixture->workspace, job);
  g_assert_cmpuint (g_list_model_get_n_items (jobs), ==, 1);

  tide_job_cancel (job);
  wait_until (error != NULL && !tide_workspace_has_running_job (fixture->workspace));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  tide_workspace_dismiss_job (fixture->workspace, job);
  g_assert_cmpuint (g_list_model_get_n_items (jobs), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define add(path, function) \
  g_test_add ("/app/workspace/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  add ("open", test_open);
  add ("open-inside", test_open_inside);
  add ("open-nothing", test_open_nothing);
  add ("poll", test_poll);
  add ("poll-quiet", test_poll_quiet);
  add ("dropped", test_dropped);
  add ("folder-appears", test_folder_appears);
  add ("settings-change", test_settings_change);
  add ("renamed", test_renamed);
  add ("kind-changes", test_kind_changes);
  add ("another-database", test_another_database);
  add ("jobs", test_jobs);
  return g_test_run ();
}
