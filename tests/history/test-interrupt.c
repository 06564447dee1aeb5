/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "fixture.h"
#include "tide-error.h"

#define N_MIGRATIONS 12
#define N_KILLS 12
#define SLEEPING "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'" \
                 " AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep%'"
#define TERMINATE "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()" \
                  " AND pid <> pg_backend_pid() AND "

typedef struct
{
  Fixture          *fixture;
  TideJob          *job;
  TideDeployReport *report;
} Deploying;

static gpointer
deploy_in_thread (gpointer data)
{
  Deploying *deploying = data;
  g_autoptr(TideProject) project = fixture_load (deploying->fixture);
  g_autoptr(GError) error = NULL;

  deploying->report =
    tide_deploy_run (project, deploying->fixture->conninfo, NULL, 0, deploying->job, &error);
  g_assert_no_error (error);
  return NULL;
}

static void
wait_for (Fixture    *fixture,
          const char *sql,
          const char *expected)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *text = tide_test_psql (fixture->conninfo, sql);

      if (g_str_equal (text, expected))
        return;
      g_usleep (10000);
    }
  g_error ("\"%s\" did not become \"%s\"", sql, expected);
}

/* Does @sql (or cancels, when it is NULL) while a migration sleeps, and hands out what became of
 * the deploy. */
static TideDeployReport *
disturb (Fixture    *fixture,
         const char *sql)
{
  g_autoptr(TideJob) job = tide_job_new ("test");
  Deploying deploying = { fixture, job, NULL };
  GThread *thread = g_thread_new ("deploy", deploy_in_thread, &deploying);

  wait_for (fixture, SLEEPING, "1");
  if (sql != NULL)
    g_free (tide_test_psql (fixture->conninfo, sql));
  else
    tide_job_cancel (job);
  g_thread_join (thread);
  return deploying.report;
}

static void
assert_kept (Fixture    *fixture,
             const char *table,
             gboolean    kept)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT count(*) FROM pg_class WHERE relname = '%s'", table);

  fixture_assert_sql (fixture, sql, kept ? "1" : "0");
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE one ();");
  fixture_add (fixture, "2", "CREATE TABLE two ();\nSELECT pg_sleep(30);");
  report = disturb (fixture, NULL);
  g_assert_error (report->failure, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (report->failed_name, ==, "2");
  g_assert_cmpuint (report->applied->len, ==, 1);
  assert_kept (fixture, "two", FALSE);
  fixture_assert_sql (fixture, LEDGER_SQL,
                      "1|t|f|1|~\n2|f|f|0|cancelled by the person who ran the deploy\nnothing of the file was kept");
}

static void
test_cancel_stepwise (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1",
               "CREATE TABLE one (id int);\nCREATE INDEX CONCURRENTLY i ON one (id);\nSELECT pg_sleep(30);");
  report = disturb (fixture, NULL);
  g_assert_error (report->failure, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture_assert_sql (fixture, LEDGER_SQL, "1|f|f|0|cancelled by the person who ran the deploy\n"
                                           "the first 2 of its 3 statements were kept");
}

/* Before anything ran there is nothing to record. */
static void
test_cancelled_before (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(TideJob) job = tide_job_new ("test");
  g_autoptr(TideProject) project = NULL;
  g_autoptr(GError) error = NULL;

  fixture_add (fixture, "1", "CREATE TABLE one ();");
  project = fixture_load (fixture);
  tide_job_cancel (job);
  g_assert_null (tide_deploy_run (project, fixture->conninfo, NULL, 0, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture_assert_sql (fixture, "SELECT to_regclass('_prisma_migrations')", "");
}

/* The session that runs the file goes: the other one records it. */
static void
test_script_session_lost (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE one ();\nSELECT pg_sleep(30);");
  report = disturb (fixture, TERMINATE "query LIKE '%pg_sleep%'");
  g_assert_error (report->failure, TIDE_ERROR, TIDE_ERROR_LOST);
  g_assert_cmpstr (report->failed_name, ==, "1");
  assert_kept (fixture, "one", FALSE);
  fixture_assert_sql (fixture,
                      "SELECT logs LIKE '%nothing of the file was kept%' FROM _prisma_migrations",
                      "t");
}

/* The session of the ledger goes: what the file did is recorded on a new one, and nothing more is
 * applied. */
static void
test_ledger_session_lost (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE one ();\nSELECT pg_sleep(1);");
  fixture_add (fixture, "2", "CREATE TABLE two ();");
  report = disturb (fixture,
                    TERMINATE "query NOT LIKE '%pg_sleep%' AND backend_type = 'client backend'");
  g_assert_error (report->failure, TIDE_ERROR, TIDE_ERROR_LOST);
  g_assert_cmpstr (report->failed_name, ==, "2");
  g_assert_cmpuint (report->applied->len, ==, 1);
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~");
  fixture_deploy_well (fixture, 1);
}

static GSubprocess *
spawn_child (Fixture *fixture)
{
  g_autofree char *program =
    g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "history", "deploy-child", NULL);
  g_autoptr(GError) error = NULL;
  GSubprocess *child;

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, fixture->folder,
                            tide_conninfo_get (fixture->conninfo, "host"),
                            tide_conninfo_get (fixture->conninfo, "port"),
                            tide_conninfo_get (fixture->conninfo, "user"),
                            tide_conninfo_get (fixture->conninfo, "dbname"), NULL);
  g_assert_no_error (error);
  return child;
}

static char *
explain_once_settled (Fixture    *fixture,
                      const char *name)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *text = fixture_explain (fixture, name);

      if (strstr (text, "still open") == NULL && strstr (text, "at this moment") == NULL)
        return g_steal_pointer (&text);
      g_usleep (10000);
    }
  g_error ("\"%s\" never settled", name);
}

/* What the status says of a killed migration must be what is there; done as it says, the rest can
 * be applied. */
static void
mend (Fixture    *fixture,
      const char *name)
{
  g_autofree char *text = explain_once_settled (fixture, name);
  g_autofree char *table = g_strconcat ("t_", name, NULL);
  gboolean committed = strstr (text, "was committed") != NULL;
  g_autoptr(TideProject) project = fixture_load (fixture);
  g_autoptr(GError) error = NULL;

  g_test_message ("%s: %s", name, text);
  g_assert_true (committed || strstr (text, "was rolled back") != NULL);
  assert_kept (fixture, table, committed);
  if (committed)
    tide_resolve_applied (project, fixture->conninfo, name, NULL, &error);
  else
    tide_resolve_rolled_back (project, fixture->conninfo, name, NULL, &error);
  g_assert_no_error (error);
}

static void
mend_all (Fixture *fixture)
{
  g_autoptr(TideTimeline) timeline = fixture_read (fixture);

  g_assert_cmpuint (tide_timeline_count (timeline, TIDE_STATE_FAILED), <=, 1);
  for (guint i = 0; i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);
      g_autofree char *table = g_strconcat ("t_", entry->name, NULL);

      if (entry->state == TIDE_STATE_FAILED)
        mend (fixture, entry->name);
      else
        assert_kept (fixture, table, entry->state == TIDE_STATE_APPLIED);
    }
}

/* Killed at any point: at most one row is unfinished, and what is said of it is true. */
static void
test_killed (Fixture       *fixture,
             gconstpointer  data)
{
  for (guint i = 0; i < N_MIGRATIONS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u", i);
      g_autofree char *sql = g_strdup_printf ("CREATE TABLE t_%s ();\nSELECT pg_sleep(0.004);\n"
                                              "CREATE TABLE u_%s AS SELECT generate_series(1, 2000);", name, name);

      fixture_add (fixture, name, sql);
    }
  for (guint i = 0; i < N_KILLS; i++)
    {
      g_autoptr(GSubprocess) child = spawn_child (fixture);

      g_usleep (g_test_rand_int_range (10000, 60000));
      g_subprocess_send_signal (child, SIGKILL);
      g_assert_true (g_subprocess_wait (child, NULL, NULL));
      mend_all (fixture);
    }
  {
    g_autoptr(GSubprocess) child = spawn_child (fixture);
    g_autoptr(GError) error = NULL;

    g_subprocess_wait_check (child, NULL, &error);
    g_assert_no_error (error);
  }
  fixture_assert_sql (fixture, "SELECT count(DISTINCT migration_name) FROM _prisma_migrations"
                      " WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
                      G_STRINGIFY (N_MIGRATIONS));
  fixture_assert_sql (fixture,
                      "SELECT count(*) FROM pg_class WHERE relname ~ '^[tu]_[0-9]{2}$' AND relkind = 'r'", "24");
}

static void
assert_running (Fixture    *fixture,
                const char *name,
                gboolean    running)
{
  g_autoptr(TideTimeline) timeline = fixture_read (fixture);

  g_assert_cmpint (tide_timeline_find (timeline, name)->running, ==, running);
  g_assert_cmpuint (tide_timeline_count (timeline, TIDE_STATE_FAILED), ==, 1);
  g_assert_cmpuint (tide_timeline_count_running (timeline), ==, running ? 1 : 0);
  g_assert_cmpuint (tide_timeline_count_ended (timeline, TIDE_STATE_FAILED), ==, running ? 0 : 1);
}

static void
test_killed_stepwise (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GSubprocess) child = NULL;
  g_autofree char *text = NULL;

  fixture_add (fixture, "1",
               "CREATE TABLE one (id int);\nCREATE INDEX CONCURRENTLY i ON one (id);\n\n"
                             "SELECT pg_sleep(1);\nCREATE TABLE two ();");
  child = spawn_child (fixture);
  wait_for (fixture, SLEEPING, "1");
  {
    g_autofree char *running = fixture_explain (fixture, "1");

    g_assert_nonnull (strstr (running, "a deploy is running at this moment: process "));
    assert_running (fixture, "1", TRUE);
  }
  g_subprocess_send_signal (child, SIGKILL);
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  text = explain_once_settled (fixture, "1");
  assert_running (fixture, "1", FALSE);
  g_assert_nonnull (strstr (text, "statement 3 of 4 (line 4)"));
  g_assert_nonnull (strstr (text, "the 2 before it are"));
  assert_kept (fixture, "i", TRUE);
  assert_kept (fixture, "two", FALSE);
}

static void
test_killed_in_own_transaction (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr(GSubprocess) child = NULL;
  g_autofree char *text = NULL;

  fixture_add (fixture, "1",
               "CREATE TABLE one (id int);\nCREATE INDEX CONCURRENTLY i ON one (id);\n\n"
               "BEGIN;\nCREATE TABLE two ();\nSELECT pg_sleep(1);\nCOMMIT;");
  child = spawn_child (fixture);
  wait_for (fixture, SLEEPING, "1");
  g_subprocess_send_signal (child, SIGKILL);
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  text = explain_once_settled (fixture, "1");
  g_assert_nonnull (strstr (text, "in the transaction that statement 3 of 6 (line 4) begins"));
  g_assert_nonnull (strstr (text, "the 2 before it are"));
  assert_kept (fixture, "i", TRUE);
  assert_kept (fixture, "two", FALSE);
}

static void
set_logs (Fixture    *fixture,
          const char *logs)
{
  g_autofree char *quoted = tide_quote_literal (logs);
  g_autofree char *sql =
    g_strdup_printf ("TRUNCATE _prisma_migrations; INSERT INTO _prisma_migrations"
                                          " (id, checksum, migration_name, logs) VALUES ('x', '', '1', nullif(%s, ''))",
                                          quoted);

  g_free (tide_test_psql (fixture->conninfo, sql));
}

static void
assert_explained (Fixture    *fixture,
                  const char *logs,
                  const char *words)
{
  g_autofree char *text = NULL;

  set_logs (fixture, logs);
  text = fixture_explain (fixture, "1");
  g_assert_nonnull (strstr (text, words));
}

static void
test_explanations (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *place = NULL;
  g_autofree char *other = NULL;
  g_autofree char *future = NULL;

  fixture_add (fixture, "1", "SELECT 1;");
  fixture_deploy_well (fixture, 1);
  place = tide_test_psql (fixture->conninfo,
                          "SELECT 'of database ' || oid || ' on server ' || system_identifier FROM pg_database,"
                          " pg_control_system() WHERE datname = current_database()");
  other = g_strconcat ("tidemark: transaction 3 of database 1", strstr (place, " on server"), NULL);
  future = g_strconcat ("tidemark: transaction 4000000000 ", place, NULL);
  assert_explained (fixture, "", "how far it came is not known");
  assert_explained (fixture, "ERROR: no", "its log says why");
  assert_explained (fixture, other, "of which this one is a copy");
  assert_explained (fixture, future, "no longer knows which");
  assert_explained (fixture, "tidemark: the file's own transactions",
                    "commits transactions itself");
  assert_explained (fixture, "tidemark: statement 1 of 3, line 1", "its first statement of 3");
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/interrupt/cancel", test_cancel },
    { "/interrupt/cancel-stepwise", test_cancel_stepwise },
    { "/interrupt/cancelled-before", test_cancelled_before },
    { "/interrupt/script-session-lost", test_script_session_lost },
    { "/interrupt/ledger-session-lost", test_ledger_session_lost },
    { "/interrupt/killed", test_killed },
    { "/interrupt/killed-stepwise", test_killed_stepwise },
    { "/interrupt/killed-in-own-transaction", test_killed_in_own_transaction },
    { "/interrupt/explanations", test_explanations },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].func, fixture_tear_down);
  return g_test_run ();
}
