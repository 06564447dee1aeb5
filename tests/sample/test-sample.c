/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "connect/tide-url.h"
#include "history/tide-history.h"
#include "job/tide-tool.h"
#include "project/tide-authorship.h"
#include "sample/tide-sample.h"
#include "scratch/tide-scratch.h"
#include "support/tide-test.h"
#include "tide-error.h"

typedef struct
{
  char *home; /* the only folder a test writes to */
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->home = tide_test_make_folder ();
  /* As root, the user who runs the server must be able to enter */
  g_assert_no_errno (g_chmod (fixture->home, 0755));
  fixture->folder = g_build_filename (fixture->home, "a shop", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  tide_sample_stop (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  tide_test_remove_folder (fixture->home);
  g_free (fixture->folder);
  g_free (fixture->home);
}

static TideSampleInfo *
start (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  TideSampleInfo *info = tide_sample_start (fixture->folder, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (info->project, ==, fixture->folder);
  return info;
}

static TideProject *
load (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  TideProject *project = tide_project_load (fixture->folder, &error);

  g_assert_no_error (error);
  return project;
}

/* The URL of an environment as the project's tidemark.json tells it */
static TideConninfo *
target (TideProject *project,
        const char  *environment)
{
  const TideEnvironmentSpec *spec = tide_project_find_environment (project, environment);
  g_autoptr(GError) error = NULL;
  TideConninfo *conninfo;

  g_assert_nonnull (spec);
  conninfo = tide_url_parse (spec->url, NULL, &error);
  g_assert_no_error (error);
  return conninfo;
}

static char *
psql (TideProject *project,
      const char  *environment,
      const char  *sql)
{
  g_autoptr(TideConninfo) conninfo = target (project, environment);

  return tide_test_psql (conninfo, sql);
}

static guint
count_pending (TideProject *project,
               const char  *environment)
{
  g_autoptr(TideConninfo) conninfo = target (project, environment);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, &error);
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideTimeline) timeline = NULL;

  g_assert_no_error (error);
  timeline = tide_history_read_timeline (history, project, session, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tide_timeline_get_n_entries (timeline), ==, 19);
  g_assert_cmpuint (tide_timeline_count (timeline, TIDE_STATE_APPLIED)
                    + tide_timeline_count_pending (timeline), ==, 19);
  return tide_timeline_count_pending (timeline);
}

static void
check_authors (TideProject *project)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideAuthorship) authorship = tide_authorship_load (project, NULL, &error);
  GPtrArray *migrations = tide_project_get_migrations (project);

  g_assert_no_error (error);
  for (guint i = 0; i < migrations->len; i++)
    {
      const char *name = tide_migration_get_name (g_ptr_array_index (migrations, i));

      g_assert_nonnull (tide_authorship_lookup (authorship, name));
    }
}

static void
test_three_databases (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(TideSampleInfo) info = start (fixture);
  g_autoptr(TideProject) project = load (fixture);
  g_autofree char *drift = NULL;
  g_autofree char *rows = NULL;
  g_autofree char *name = tide_project_dup_name (project);

  g_assert_cmpstr (name, ==, "broxiva");
  g_assert_cmpuint (tide_project_get_contacts (project)->len, ==, 3);
  g_assert_cmpuint (tide_project_get_warnings (project)->len, ==, 0);
  g_assert_cmpstr (info->url, ==, tide_project_find_environment (project, "dev")->url);
  g_assert_cmpstr (info->url, ==, tide_project_get_variable (project, "DATABASE_URL"));
  g_assert_cmpint (tide_project_find_environment (project, "prod")->kind, ==,
                   TIDE_KIND_PRODUCTION);

  g_assert_cmpuint (count_pending (project, "dev"), ==, 0);
  g_assert_cmpuint (count_pending (project, "staging"), ==, 4);
  g_assert_cmpuint (count_pending (project, "prod"), ==, 7);

  drift = psql (project, "prod",
                "SELECT count(*) FROM pg_indexes WHERE indexname = 'orders_placedAt_hotfix' "
                "UNION ALL "
                "SELECT count(*) FROM orders WHERE \"internalNote\" IS NOT NULL");
  g_assert_cmpstr (drift, ==, "1\n12");
  rows = psql (project, "staging",
               "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM order_items)");
  g_assert_cmpstr (rows, ==, "1200|6000");
  check_authors (project);
}

static void
test_again_changes_nothing (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(TideSampleInfo) info = start (fixture);
  g_autoptr(TideProject) project = load (fixture);
  g_autoptr(TideSampleInfo) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *schema = g_build_filename (fixture->folder, "prisma", "schema.prisma", NULL);
  g_autofree char *text = NULL;
  g_autofree char *left = NULL;

  g_free (psql (project, "dev", "DELETE FROM reviews"));
  tide_test_write_file (fixture->folder, "prisma/schema.prisma", "// mine\n", -1);
  tide_sample_stop (fixture->folder, NULL, &error);
  g_assert_no_error (error);

  again = start (fixture);
  g_assert_cmpstr (again->url, ==, info->url);
  g_assert_true (g_file_get_contents (schema, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "// mine\n");
  left = psql (project, "dev", "SELECT count(*) FROM reviews");
  g_assert_cmpstr (left, ==, "0");
}

/* As a start leaves it that was killed while it filled staging, before the folder was moved into
 * its place */
static void
test_after_a_kill (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(TideSampleInfo) info = start (fixture);
  g_autoptr(TideProject) project = load (fixture);
  g_autofree char *partial = g_build_filename (fixture->home, ".a shop.tidemark-partial", NULL);
  g_autoptr(TideSampleInfo) again = NULL;

  g_free (psql (project, "dev", "DROP DATABASE broxiva_production WITH (FORCE)"));
  g_free (psql (project, "dev",
                "ALTER DATABASE broxiva_staging RENAME TO broxiva_staging_unfinished"));
  g_assert_no_errno (g_rename (fixture->folder, partial));

  again = start (fixture);
  g_assert_false (g_file_test (partial, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_pending (project, "staging"), ==, 4);
  g_assert_cmpuint (count_pending (project, "prod"), ==, 7);
}

static void
test_folder_of_somebody_else (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(TideSampleInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *mine = g_build_filename (fixture->folder, "thesis.txt", NULL);

  tide_test_write_file (fixture->folder, "thesis.txt", "do not touch", -1);
  info = tide_sample_start (fixture->folder, NULL, &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_assert_null (info);
  g_assert_true (g_file_test (mine, G_FILE_TEST_EXISTS));
}

static void
test_stop_before_start (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tide_sample_stop (fixture->folder, NULL, &error));
  g_assert_no_error (error);
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(TideJob) job = tide_job_new ("sample");
  g_autoptr(TideSampleInfo) info = NULL;
  g_autoptr(GError) error = NULL;

  tide_job_cancel (job);
  info = tide_sample_start (fixture->folder, job, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (info);
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
}

static void
skip_without_server (void)
{
  g_autoptr(GPtrArray) installs = tide_tool_list_pg_installs ();

  if (installs->len > 0)
    return;
  g_print ("1..0 # SKIP no PostgreSQL server programs are installed\n");
  exit (77);
}

#define ADD(name, func) g_test_add ("/sample/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  skip_without_server ();
  ADD ("three-databases", test_three_databases);
  ADD ("again-changes-nothing", test_again_changes_nothing);
  ADD ("after-a-kill", test_after_a_kill);
  ADD ("folder-of-somebody-else", test_folder_of_somebody_else);
  ADD ("stop-before-start", test_stop_before_start);
  ADD ("cancelled", test_cancelled);
  return g_test_run ();
}
