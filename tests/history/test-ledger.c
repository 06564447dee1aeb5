/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "history/tide-prisma-history.h"
#include "tide-error.h"

#define COLUMNS "id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz," \
                " migration_name varchar(255) NOT NULL, rolled_back_at timestamptz," \
                " started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0"
#define DUMP "SELECT string_agg(table_schema || '.' || table_name, ' ' ORDER BY 1) FROM information_schema.tables" \
             " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"

static GError *
fail_to_deploy (Fixture *fixture)
{
  GError *error = NULL;

  g_assert_null (fixture_deploy (fixture, &error));
  g_assert_nonnull (error);
  return error;
}

static GError *
fail_to_read (Fixture *fixture)
{
  g_autoptr(GError) open_error = NULL;
  g_autoptr(TideProject) project = fixture_load (fixture);
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session = tide_session_open (fixture->conninfo, NULL, &open_error);
  GError *error = NULL;

  g_assert_no_error (open_error);
  g_assert_null (tide_history_read_timeline (history, project, session, NULL, &error));
  g_assert_nonnull (error);
  return error;
}

static void
test_lacks_column (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) read_error = NULL;
  g_autoptr(GError) deploy_error = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  g_free (tide_test_psql (fixture->conninfo, "CREATE TABLE _prisma_migrations (" COLUMNS ")"));
  read_error = fail_to_read (fixture);
  deploy_error = fail_to_deploy (fixture);
  g_assert_error (read_error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_error (deploy_error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_nonnull (strstr (deploy_error->message, "\"logs\""));
  fixture_assert_sql (fixture, DUMP, "public._prisma_migrations");
}

static void
test_wrong_type (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE TABLE _prisma_migrations (" COLUMNS ", logs text);"
                                             "ALTER TABLE _prisma_migrations ALTER finished_at TYPE text"));
  error = fail_to_read (fixture);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_clear_error (&error);

  g_free (tide_test_psql (fixture->conninfo,
                          "DROP TABLE _prisma_migrations; CREATE TABLE _prisma_migrations (" COLUMNS ", logs text);"
                          "INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ('1', 'x', '1', 'infinity')"));
  error = fail_to_read (fixture);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_nonnull (tide_error_get_fields (error)->hint);
}

/* A migration that takes the ledger away: the next one is not run, and is told why. */
static void
test_ledger_dropped (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;
  g_autoptr(GError) error = NULL;

  fixture_add (fixture, "1", "DROP TABLE IF EXISTS _prisma_migrations;");
  fixture_add (fixture, "2", "CREATE TABLE two ();");
  report = fixture_deploy (fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (report->failure);
  g_assert_nonnull (strstr (report->failure->message, "cannot write the ledger"));
  g_assert_nonnull (strstr (tide_error_get_fields (report->failure)->hint, "drops or renames"));
  fixture_assert_sql (fixture, "SELECT to_regclass('two') IS NULL", "t");
}

/* A table made by hand may hold what Prisma's cannot. */
static void
test_row_without_a_name (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE TABLE _prisma_migrations (" COLUMNS ", logs text);"
                          "ALTER TABLE _prisma_migrations ALTER migration_name DROP NOT NULL;"
                          "INSERT INTO _prisma_migrations (id, checksum) VALUES ('1', 'x')"));
  error = fail_to_read (fixture);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "migration_name"));
}

static void
test_in_other_schema (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GError) read_error = NULL;
  g_autoptr(GError) deploy_error = NULL;
  g_autoptr(TideTimeline) timeline = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE SCHEMA app; CREATE TABLE app._prisma_migrations (" COLUMNS ", logs text)"));
  read_error = fail_to_read (fixture);
  deploy_error = fail_to_deploy (fixture);
  g_assert_error (read_error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_nonnull (strstr (deploy_error->message, "\"app\""));
  fixture_assert_sql (fixture, DUMP, "app._prisma_migrations");

  tide_conninfo_set_schema (fixture->conninfo, "app");
  timeline = fixture_read (fixture);
  g_assert_true (tide_timeline_is_initialised (timeline));
}

/* Whoever names a schema means it: it is made when absent, and holds a ledger of its own. */
static void
test_named_schema (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(TideTimeline) before = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  fixture_deploy_well (fixture, 1);
  tide_conninfo_set_schema (fixture->conninfo, "Te\"nant");
  before = fixture_read (fixture);
  g_assert_false (tide_timeline_is_initialised (before));
  fixture_deploy_well (fixture, 1);
  fixture_deploy_well (fixture, 0);
  fixture_assert_sql (fixture, DUMP,
                      "public._prisma_migrations public.a Te\"nant._prisma_migrations Te\"nant.a");
}

/* Prisma's test of emptiness: tables count, nothing else does. */
static void
test_not_empty (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE SCHEMA other; CREATE TABLE other.t (); CREATE VIEW v AS SELECT 1;"
                          "CREATE TYPE e AS ENUM ('a'); CREATE SEQUENCE s; CREATE TABLE spatial_ref_sys ();"
                          "CREATE TABLE parent (a int) PARTITION BY LIST (a); CREATE TABLE \"My Table\" ()"));
  error = fail_to_deploy (fixture);
  assert_prisma_code (error, "P3005");
  g_assert_nonnull (strstr (error->message, "1 table (My Table)"));
  fixture_assert_sql (fixture, "SELECT to_regclass('_prisma_migrations')", "");

  g_free (tide_test_psql (fixture->conninfo, "DROP TABLE \"My Table\""));
  fixture_deploy_well (fixture, 1);
}

/* Where the datasource lists schemas, in those and the URL's, and in no other */
static void
test_not_empty_listed (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  tide_test_write_file (fixture->folder, "prisma/schema.prisma",
                        "datasource db {\n  provider = \"postgresql\"\n  schemas = [\"a\", \"b\"]\n}\n", -1);
  fixture_add (fixture, "1", "CREATE TABLE a.t ();");
  g_free (tide_test_psql (fixture->conninfo, "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.u ();"
                                             "CREATE SCHEMA c; CREATE TABLE c.t (); CREATE TABLE z ()"));
  error = fail_to_deploy (fixture);
  assert_prisma_code (error, "P3005");
  g_assert_nonnull (strstr (error->message, "schema \"b\" is not empty"));
  g_assert_nonnull (strstr (error->message, "1 table (u)"));

  g_free (tide_test_psql (fixture->conninfo, "DROP TABLE b.u"));
  g_clear_error (&error);
  error = fail_to_deploy (fixture);
  g_assert_nonnull (strstr (error->message, "schema \"public\" is not empty"));
  g_free (tide_test_psql (fixture->conninfo, "DROP TABLE z"));
  fixture_deploy_well (fixture, 1);
  fixture_assert_sql (fixture, "SELECT to_regclass('public._prisma_migrations')", "_prisma_migrations");
}

static void
test_lock_file (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  tide_test_write_file (fixture->folder, "prisma/migrations/migration_lock.toml",
                        "provider = \"sqlite\"\n", -1);
  error = fail_to_deploy (fixture);
  assert_prisma_code (error, "P3019");
  fixture_assert_sql (fixture, DUMP, "");
}

/* The failed row of a folder that is gone blocks too, as with Prisma. */
static void
test_failed_and_missing (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  fixture_deploy_well (fixture, 1);
  g_free (tide_test_psql (fixture->conninfo,
                          "INSERT INTO _prisma_migrations (id, checksum, migration_name, logs)"
                                             " VALUES ('x', 'y', '0_gone', 'why it failed')"));
  fixture_add (fixture, "2", "CREATE TABLE b ();");
  error = fail_to_deploy (fixture);
  assert_prisma_code (error, "P3009");
  g_assert_nonnull (strstr (error->message, "0_gone"));
  g_assert_nonnull (strstr (tide_error_get_fields (error)->detail, "why it failed"));
}

static void
test_lock (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TideHistory) history = tide_prisma_history_new (NULL, NULL);
  g_autoptr(TideHistory) unlocked = tide_prisma_history_new ("1", NULL);
  g_autoptr(TideHistory) zero = tide_prisma_history_new ("0", NULL);
  TideHistoryInterface *iface = TIDE_HISTORY_GET_IFACE (history);
  g_autoptr(TideConninfo) named = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(TideSession) holder = NULL;
  g_autoptr(TideSession) waiter = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *pid = NULL;

  tide_conninfo_set (named, "application_name", "night shift");
  holder = tide_session_open (named, NULL, &error);
  waiter = tide_session_open (fixture->conninfo, NULL, &error);
  g_assert_no_error (error);
  pid = g_strdup_printf ("process %d ", tide_session_get_backend_pid (holder));

  g_assert_true (iface->lock (history, holder, 100, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (iface->lock (history, waiter, 100, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  assert_prisma_code (error, "P1002");
  g_assert_nonnull (strstr (error->message, pid));
  g_assert_nonnull (strstr (error->message, "night shift"));
  g_assert_nonnull (strstr (error->message, "user \"tide\""));
  g_assert_nonnull (strstr (error->message, "connected since \"2"));
  g_clear_error (&error);
  g_assert_false (iface->lock (zero, waiter, 100, NULL, &error));
  g_clear_error (&error);
  g_assert_true (iface->lock (unlocked, waiter, 100, NULL, &error));

  tide_session_close (holder);
  g_assert_true (iface->lock (history, waiter, 5000, NULL, &error));
  fixture_assert_sql (fixture,
                      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369"
                      " AND classid = 0 AND objsubid = 1"
                      " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", "1");
}

static gpointer
deploy_in_thread (gpointer data)
{
  g_autoptr(GError) error = NULL;
  TideDeployReport *report = fixture_deploy (data, &error);

  g_assert_no_error (error);
  return report;
}

/* The second one waits, then finds nothing left to do. */
static void
test_two_at_once (Fixture       *fixture,
                  gconstpointer  data)
{
  GThread *threads[2];
  guint n_applied = 0;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u", i);
      g_autofree char *sql = g_strdup_printf ("CREATE TABLE t%u (); SELECT pg_sleep(0.01);", i);

      fixture_add (fixture, name, sql);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("deploy", deploy_in_thread, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr(TideDeployReport) report = g_thread_join (threads[i]);

      g_assert_no_error (report->failure);
      g_assert_true (report->applied->len == 0 || report->applied->len == 20);
      n_applied += report->applied->len;
    }
  g_assert_cmpuint (n_applied, ==, 20);
  fixture_assert_sql (fixture, "SELECT count(*), count(finished_at) FROM _prisma_migrations",
                      "20|20");
}

/* Names that would break SQL made of strings, and Prisma's rules for reading files */
static void
test_odd_files (Fixture       *fixture,
                gconstpointer  data)
{
  static const char *const names[] =
    { "1 it's \"odd\" 100% $$", "2 ümläut 🦄", "3;DROP TABLE a--", "4\\x.sql" };
  g_autoptr(TideTimeline) timeline = NULL;

  fixture_add (fixture, ".hidden", "SELECT 1;\r\nCREATE TABLE crlf ();\r\n");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    fixture_add (fixture, names[i], "SELECT 'it''s';");
  fixture_deploy_well (fixture, 5);
  timeline = fixture_read (fixture);
  g_assert_true (tide_timeline_is_up_to_date (timeline));
  fixture_assert_sql (fixture, "SELECT count(*) FROM pg_class WHERE relname = 'crlf'", "1");

  fixture_add (fixture, ".hidden", "SELECT 1;\nCREATE TABLE crlf ();\n");
  fixture_assert_state (fixture, ".hidden", TIDE_STATE_APPLIED);
  fixture_add (fixture, ".hidden", "SELECT 1;\nCREATE TABLE crlf ();\n\n");
  fixture_assert_state (fixture, ".hidden", TIDE_STATE_EDITED);
}

/* Without a project, as a test of a connection does */
static gint64
count_rows (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideHistory) history = tide_history_for_database ();
  g_autoptr(TideSession) session = tide_session_open (fixture->conninfo, NULL, &error);
  gint64 n_rows = -2;

  g_assert_no_error (error);
  tide_history_count_rows (history, session, &n_rows, NULL, &error);
  g_assert_no_error (error);
  return n_rows;
}

static void
test_count (Fixture       *fixture,
            gconstpointer  data)
{
  g_assert_cmpint (count_rows (fixture), ==, -1);
  g_free (tide_test_psql (fixture->conninfo, "CREATE TABLE _prisma_migrations (" COLUMNS ")"));
  g_assert_cmpint (count_rows (fixture), ==, 0);
  g_free (tide_test_psql (fixture->conninfo, "INSERT INTO _prisma_migrations (id, checksum, migration_name)"
                                             " VALUES ('x', 'y', 'z')"));
  g_assert_cmpint (count_rows (fixture), ==, 1);
}

/* One that another deploy is at, and one that failed, look the same: the lock tells. */
static void
test_plan_beside_a_deploy (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GError) busy = NULL;
  g_autoptr(GError) failed = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideHistory) history = NULL;
  g_autoptr(TideSession) holder = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  fixture_deploy_well (fixture, 1);
  g_free (tide_test_psql (fixture->conninfo, "UPDATE _prisma_migrations SET finished_at = NULL"));
  project = fixture_load (fixture);
  history = tide_history_for_project (project);
  holder = tide_history_open_locked (history, fixture->conninfo, 0, NULL, &error);
  g_assert_no_error (error);

  g_assert_null (tide_deploy_plan_for (project, fixture->conninfo, NULL, 200, NULL, NULL, &busy));
  assert_prisma_code (busy, "P1002");
  tide_session_close (holder);
  g_assert_null (tide_deploy_plan_for (project, fixture->conninfo, NULL, 0, NULL, NULL, &failed));
  assert_prisma_code (failed, "P3009");
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
    { "/ledger/lacks-column", test_lacks_column },
    { "/ledger/wrong-type", test_wrong_type },
    { "/ledger/dropped", test_ledger_dropped },
    { "/ledger/row-without-a-name", test_row_without_a_name },
    { "/ledger/in-other-schema", test_in_other_schema },
    { "/ledger/named-schema", test_named_schema },
    { "/ledger/not-empty", test_not_empty },
    { "/ledger/not-empty-listed", test_not_empty_listed },
    { "/ledger/lock-file", test_lock_file },
    { "/ledger/failed-and-missing", test_failed_and_missing },
    { "/ledger/lock", test_lock },
    { "/ledger/two-at-once", test_two_at_once },
    { "/ledger/odd-files", test_odd_files },
    { "/ledger/count", test_count },
    { "/ledger/plan-beside-a-deploy", test_plan_beside_a_deploy },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].func, fixture_tear_down);
  return g_test_run ();
}
