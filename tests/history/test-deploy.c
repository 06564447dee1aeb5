/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "tide-error.h"

#define CREATED "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname = "

/* What Prisma leaves of a success, column by column. */
static void
test_well (Fixture       *fixture,
           gconstpointer  data)
{
  fixture_add (fixture, "1_a",
               "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1) -- no semicolon");
  fixture_add (fixture, "2_b", "-- This is an empty migration.");
  fixture_add (fixture, "3_c", "");
  fixture_deploy_well (fixture, 3);
  fixture_assert_sql (fixture, LEDGER_SQL, "1_a|t|f|1|~\n2_b|t|f|1|~\n3_c|t|f|1|~");
  fixture_assert_sql (fixture, "SELECT count(*) FROM a", "1");
  fixture_assert_sql (fixture,
                      "SELECT checksum FROM _prisma_migrations WHERE migration_name = '3_c'",
                      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  fixture_assert_sql (fixture,
                      "SELECT bool_and(started_at <= finished_at AND length(id) = 36) FROM _prisma_migrations", "t");
  fixture_deploy_well (fixture, 0);

  fixture_add (fixture, "0_late", "CREATE TABLE late ();");
  fixture_deploy_well (fixture, 1);
  fixture_assert_state (fixture, "0_late", TIDE_STATE_APPLIED);
}

static void
test_up_to (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE one ();");
  fixture_add (fixture, "2", "CREATE TABLE two ();");
  fixture_add (fixture, "3", "CREATE TABLE three ();");
  project = fixture_load (fixture);
  g_assert_null (tide_deploy_run (project, fixture->conninfo, "4", 0, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  fixture_assert_sql (fixture, "SELECT to_regclass('_prisma_migrations')", "");

  report = tide_deploy_run (project, fixture->conninfo, "2", 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->applied->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (report->applied, 1), ==, "2");
  fixture_assert_state (fixture, "3", TIDE_STATE_PENDING);
}

static TideDeployReport *
deploy_badly (Fixture    *fixture,
              const char *failed_name)
{
  g_autoptr(GError) error = NULL;
  TideDeployReport *report = fixture_deploy (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (report->failed_name, ==, failed_name);
  g_assert_nonnull (report->failure);
  return report;
}

/* The place of an error that the server points at, and of one that it does not. */
static void
test_fails (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;
  g_autoptr(GError) error = NULL;
  TideErrorFields *fields;

  fixture_add (fixture, "1", "CREATE TABLE one (id int);");
  fixture_add (fixture, "2", "CREATE TABLE two (id int PRIMARY KEY);\n"
                             "-- ünï\n\nINSERT INTO two VALUES (1);\nINSERT INTO two\n  VALUES (1);\nSELECT 1;\n");
  fixture_add (fixture, "3", "SELECT 1;");
  report = deploy_badly (fixture, "2");
  g_assert_cmpuint (report->applied->len, ==, 1);
  assert_prisma_code (report->failure, "P3018");
  fields = tide_error_get_fields (report->failure);
  g_assert_cmpstr (fields->sqlstate, ==, "23505");
  g_assert_cmpstr (fields->statement, ==, "INSERT INTO two\n  VALUES (1)");
  g_assert_cmpint (fields->line, ==, 5);
  g_assert_true (g_str_has_suffix (fields->file, "2/migration.sql"));
  g_assert_nonnull (fields->detail);
  fixture_assert_sql (fixture, CREATED "'two'", "0");
  fixture_assert_sql (fixture,
                      "SELECT migration_name, finished_at IS NULL, rolled_back_at IS NULL, applied_steps_count,"
                      " logs LIKE '%duplicate key%', logs LIKE '%INSERT INTO two%', logs LIKE '%nothing of the file was kept%'"
                      "  FROM _prisma_migrations WHERE migration_name >= '2'",
                      "2|t|t|0|t|t|t");

  g_assert_null (fixture_deploy (fixture, &error));
  assert_prisma_code (error, "P3009");
  g_assert_nonnull (strstr (error->message, "\"2\" (started at 2"));
  g_assert_nonnull (strstr (tide_error_get_fields (error)->detail, "duplicate key"));
}

static void
test_position (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;
  TideErrorFields *fields;

  fixture_add (fixture, "1", "SELECT 'ü';\n\nSELECT 1,\n  'ü' + nope FROM pg_class;\n");
  fixture_add (fixture, "2", "SELECT 1;");
  report = deploy_badly (fixture, "1");
  fields = tide_error_get_fields (report->failure);
  g_assert_cmpstr (fields->sqlstate, ==, "42703");
  g_assert_cmpint (fields->line, ==, 4);
  g_assert_cmpint (fields->position, ==, 19);
  g_assert_cmpstr (fields->statement, ==, "SELECT 1,\n  'ü' + nope FROM pg_class");
}

/* A file of several messages: it is kept as a whole or not at all, and its places are told as those of any other. */
static void
test_long (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GString) sql = g_string_new ("-- ünï\nCREATE TABLE t (n int PRIMARY KEY, s text);\n");
  g_autofree char *fails = NULL;
  g_autofree char *points = NULL;
  g_autofree char *filler = g_strnfill (100000, 'x');

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (sql, "INSERT INTO t VALUES (%u, 'ü%s');\n", i, filler);
  fails = g_strconcat (sql->str, "\nINSERT INTO t\n VALUES (7); -- the end", NULL);
  points = g_strconcat (sql->str, "SELECT 'ü' +\n nope FROM t", NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(TideDeployReport) report = NULL;
      g_autoptr(TideProject) project = NULL;
      g_autoptr(GError) error = NULL;
      TideErrorFields *fields;

      fixture_add (fixture, "1", i == 0 ? fails : points);
      report = deploy_badly (fixture, "1");
      fields = tide_error_get_fields (report->failure);
      g_assert_cmpstr (fields->sqlstate, ==, i == 0 ? "23505" : "42703");
      g_assert_cmpstr (fields->statement, ==, i == 0 ? "INSERT INTO t\n VALUES (7)" : "SELECT 'ü' +\n nope FROM t");
      g_assert_cmpint (fields->line, ==, 34);
      g_assert_cmpint (fields->position, ==, i == 0 ? 0 : 15);
      fixture_assert_sql (fixture, CREATED "'t'", "0");
      project = fixture_load (fixture);
      g_assert_true (tide_resolve_rolled_back (project, fixture->conninfo, "1", NULL, &error));
      g_assert_no_error (error);
    }
  fixture_add (fixture, "1", sql->str);
  fixture_deploy_well (fixture, 1);
  fixture_assert_sql (fixture, "SELECT count(*), sum(length(s)) FROM t", "30|3000030");
}

static void
test_deferred (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE p (id int PRIMARY KEY);\n"
                             "CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\n"
                             "INSERT INTO c VALUES (1);\n");
  fixture_add (fixture, "2", "SELECT 1;");
  report = deploy_badly (fixture, "1");
  g_assert_true (tide_error_has_sqlstate (report->failure, "23503"));
  g_assert_cmpstr (tide_error_get_fields (report->failure)->statement, ==, "COMMIT");
  fixture_assert_sql (fixture, CREATED "'p'", "0");
}

/* What makes the session new for the second file goes wrong behind the COMMIT of the first one. */
static void
test_ends_before_next (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE one ();\n"
                             "ALTER FUNCTION pg_catalog.pg_advisory_unlock_all() RENAME TO gone;");
  fixture_add (fixture, "2", "CREATE TABLE two ();");
  report = deploy_badly (fixture, "2");
  g_assert_true (tide_error_has_sqlstate (report->failure, "42883"));
  g_assert_cmpuint (report->applied->len, ==, 1);
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~");
  fixture_assert_sql (fixture, CREATED "'one'", "1");
}

/* Statement by statement where one of them refuses a transaction: what came before it is kept. */
static void
test_stepwise (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1",
               "CREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON t (id);\nCREATE TABLE u ();");
  fixture_add (fixture, "2", "CREATE TYPE e AS ENUM ('a');");
  fixture_add (fixture, "3", "ALTER TYPE e ADD VALUE 'b';\nCREATE TABLE uses (e e DEFAULT 'b');");
  fixture_add (fixture, "4", "VACUUM t;");
  fixture_deploy_well (fixture, 4);
  fixture_assert_sql (fixture, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass",
                      "t");
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~\n2|t|f|1|~\n3|t|f|1|~\n4|t|f|1|~");

  fixture_add (fixture, "5", "-- first\nINSERT INTO t VALUES (1), (1);\nCREATE TABLE kept ();\n"
                             "CREATE UNIQUE INDEX CONCURRENTLY broken ON t (id);\nCREATE TABLE never ();\n");
  report = deploy_badly (fixture, "5");
  g_assert_true (tide_error_has_sqlstate (report->failure, "23505"));
  g_assert_cmpint (tide_error_get_fields (report->failure)->line, ==, 4);
  g_assert_nonnull (strstr (tide_error_get_fields (report->failure)->hint, "invalid"));
  fixture_assert_sql (fixture, CREATED "'kept'", "1");
  fixture_assert_sql (fixture, CREATED "'never'", "0");
  fixture_assert_sql (fixture,
                      "SELECT logs LIKE '%the first 2 of its 4 statements were kept%' FROM _prisma_migrations"
                      " WHERE migration_name = '5'", "t");
}

/* Prisma writes BEGIN and COMMIT around a changed enum: one that also refuses a transaction has both. */
static void
test_stepwise_with_transactions (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TYPE e AS ENUM ('a');\nCREATE TABLE t (id int);");
  fixture_add (fixture, "2", "BEGIN;\nALTER TYPE e ADD VALUE 'b';\nCOMMIT;\n\nCREATE TABLE uses (e e DEFAULT 'b');");
  fixture_add (fixture, "3", "BEGIN;\nCREATE TABLE u ();\nROLLBACK;\nBEGIN;\nCREATE TABLE v ();\nCOMMIT;\n"
                             "CREATE INDEX CONCURRENTLY i ON t (id);");
  fixture_deploy_well (fixture, 3);
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~\n2|t|f|1|~\n3|t|f|1|~");
  fixture_assert_sql (fixture, "SELECT relname FROM pg_class WHERE relname IN ('uses', 'u', 'v', 'i') ORDER BY 1",
                      "i\nuses\nv");

  fixture_add (fixture, "4", "DROP INDEX CONCURRENTLY i;\nBEGIN;\nCREATE TABLE x ();\nSELECT 1 / 0;\nCOMMIT;\n"
                             "CREATE TABLE y ();");
  report = deploy_badly (fixture, "4");
  g_assert_true (tide_error_has_sqlstate (report->failure, "22012"));
  g_assert_cmpint (tide_error_get_fields (report->failure)->line, ==, 4);
  fixture_assert_sql (fixture, CREATED "'x'", "0");
  fixture_assert_sql (fixture, "SELECT count(*) FROM pg_class WHERE relname = 'i'", "0");
  fixture_assert_sql (fixture, "SELECT logs LIKE '%the first 1 of its 6 statements were kept%' FROM _prisma_migrations"
                               " WHERE migration_name = '4'", "t");
}

static void
test_stepwise_left_open (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON t (id);\nBEGIN;\n"
                             "CREATE TABLE x ();");
  report = deploy_badly (fixture, "1");
  g_assert_nonnull (strstr (report->failure->message, "leaves a transaction open"));
  fixture_assert_sql (fixture, CREATED "'x'", "0");
  fixture_assert_sql (fixture, "SELECT count(*) FROM pg_class WHERE relname = 'i'", "1");
  fixture_assert_sql (fixture, "SELECT logs LIKE '%the first 2 of its 4 statements were kept%' FROM _prisma_migrations",
                      "t");
}

/* What no parser can see: a procedure that commits. It is tried in a transaction, which undoes
 * itself. */
static void
test_refuses_transaction (Fixture       *fixture,
                          gconstpointer  data)
{
  fixture_add (fixture, "1", "CREATE TABLE t (id int);\n"
                             "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN INSERT INTO t VALUES (1); COMMIT; END';");
  fixture_add (fixture, "2", "SET search_path = pg_catalog;");
  fixture_add (fixture, "3", "INSERT INTO t VALUES (2);\nCALL p();");
  fixture_deploy_well (fixture, 3);
  fixture_assert_sql (fixture, "SELECT id FROM t ORDER BY id", "1\n2");
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~\n2|t|f|1|~\n3|t|f|1|~");
}

static void
test_own_transactions (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "BEGIN;\nCREATE TABLE a ();\nCOMMIT;\nCREATE TABLE b ();\n");
  fixture_add (fixture, "2", "CREATE TABLE c ();\nCOMMIT;\nCREATE TABLE d ();\n");
  fixture_deploy_well (fixture, 2);
  fixture_assert_sql (fixture,
                      "SELECT count(*) FROM pg_class WHERE relname IN ('a', 'b', 'c', 'd')", "4");

  fixture_add (fixture, "3", "BEGIN;\nCREATE TABLE x ();\nSELECT 1 / 0;\nCOMMIT;\n");
  report = deploy_badly (fixture, "3");
  g_assert_true (tide_error_has_sqlstate (report->failure, "22012"));
  g_assert_cmpint (tide_error_get_fields (report->failure)->line, ==, 3);
  fixture_assert_sql (fixture, CREATED "'x'", "0");
}

/* Prisma says that this went well and then loses the table and the end of the row. */
static void
test_leaves_transaction_open (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();\nCOMMIT;\nBEGIN;\nCREATE TABLE b ();\n");
  report = deploy_badly (fixture, "1");
  g_assert_error (report->failure, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_nonnull (strstr (report->failure->message, "leaves a transaction open"));
  fixture_assert_sql (fixture, CREATED "'a'", "1");
  fixture_assert_sql (fixture, CREATED "'b'", "0");
  fixture_assert_state (fixture, "1", TIDE_STATE_FAILED);
}

/* Each file would spoil the next one, or the ledger, if it could. */
static void
test_spoiling (Fixture       *fixture,
               gconstpointer  data)
{
  fixture_add (fixture, "1", "CREATE SCHEMA s2;\nSET search_path = s2;\nCREATE TABLE in_s2 ();");
  fixture_add (fixture, "2",
               "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.b ();");
  fixture_add (fixture, "3", "DO $$ BEGIN PERFORM set_config('search_path', 's2', false); END $$;");
  fixture_add (fixture, "4", "CREATE ROLE tide_test_nobody;\nSET ROLE tide_test_nobody;");
  fixture_add (fixture, "5", "SET SESSION AUTHORIZATION tide_test_nobody;");
  fixture_add (fixture, "6",
               "CREATE TEMP TABLE b (x int);\nSET default_transaction_read_only = on;\n"
                             "SET statement_timeout = 1;");
  fixture_add (fixture, "7",
               "SELECT pg_sleep(0.05);\nCREATE TABLE c AS SELECT * FROM b;\nDROP ROLE tide_test_nobody;\n"
                             "SELECT pg_advisory_lock(72707370);");
  fixture_add (fixture, "8", "DISCARD ALL;");
  fixture_add (fixture, "9", "SELECT 1 FROM c;");
  fixture_deploy_well (fixture, 9);
  fixture_assert_sql (fixture,
                      "SELECT string_agg(nspname || '.' || relname, ' ' ORDER BY 1) FROM pg_class c"
                      " JOIN pg_namespace n ON n.oid = relnamespace WHERE relname IN ('in_s2', 'b', 'c')",
                      "public.b public.c s2.in_s2");
  fixture_assert_sql (fixture, "SELECT count(*), count(finished_at) FROM public._prisma_migrations",
                      "9|9");
}

/* Found before anything is recorded: a failed row would block every later deploy. */
static void
assert_refused (Fixture        *fixture,
                const char     *name,
                TideErrorCode   code,
                const char     *words,
                int             line)
{
  g_autoptr(TideDeployReport) report = deploy_badly (fixture, name);

  g_assert_error (report->failure, TIDE_ERROR, (int) code);
  g_assert_nonnull (strstr (report->failure->message, words));
  g_assert_cmpint (tide_error_get_fields (report->failure)->line, ==, line);
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~");
}

static void
test_cannot_run (Fixture       *fixture,
                 gconstpointer  data)
{
  fixture_add (fixture, "1", "SELECT 1;");
  fixture_add (fixture, "2", "CREATE TABLE t (a text);\n\nCOPY t FROM stdin;\n1\n\\.\n");
  assert_refused (fixture, "2", TIDE_ERROR_INVALID, "COPY", 3);
  fixture_add (fixture, "2", "SELECT 1;\n\\echo hello\n");
  assert_refused (fixture, "2", TIDE_ERROR_INVALID, "psql", 2);
  tide_test_write_file (fixture->folder, "prisma/migrations/2/migration.sql", "SELECT '\0';", 11);
  assert_refused (fixture, "2", TIDE_ERROR_INVALID, "zero byte", 0);
}

static void
test_no_file (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTimeline) timeline = NULL;
  g_autoptr(GError) error = NULL;

  fixture_add (fixture, "1", "CREATE TABLE before ();");
  tide_test_write_file (fixture->folder, "prisma/migrations/2/readme.txt", "no sql", -1);
  fixture_add (fixture, "3", "CREATE TABLE after ();");
  project = fixture_load (fixture);
  timeline = fixture_read (fixture);
  g_assert_null (tide_deploy_plan (project, timeline, NULL, &error));
  assert_prisma_code (error, "P3015");

  report = deploy_badly (fixture, "2");
  assert_prisma_code (report->failure, "P3015");
  g_assert_cmpuint (report->applied->len, ==, 1);
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~");
}

static void
test_read_only_profile (Fixture       *fixture,
                        gconstpointer  data)
{
  fixture_add (fixture, "1", "CREATE TABLE a ();");
  tide_conninfo_set_read_only (fixture->conninfo, TRUE);
  fixture_deploy_well (fixture, 1);
}

static void
test_plan (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTimeline) timeline = NULL;
  g_autoptr(GPtrArray) steps = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  fixture_deploy_well (fixture, 1);
  fixture_add (fixture, "2", "CREATE INDEX CONCURRENTLY i ON a (b);");
  fixture_add (fixture, "3", "CREATE TABLE b ();");
  project = fixture_load (fixture);
  timeline = fixture_read (fixture);
  steps = tide_deploy_plan (project, timeline, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (steps->len, ==, 2);
  g_assert_cmpint (tide_sql_script_get_run_mode (((TideDeployStep *) g_ptr_array_index (steps, 0))->script), ==,
                   TIDE_SQL_RUN_STEPWISE);
  g_assert_cmpint (tide_sql_script_get_run_mode (((TideDeployStep *) g_ptr_array_index (steps, 1))->script), ==,
                   TIDE_SQL_RUN_ATOMIC);
}

static void
test_lock_timeout (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) other = NULL;
  g_autoptr(GPtrArray) locked = NULL;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE a ();");
  fixture_deploy_well (fixture, 1);
  fixture_add (fixture, "2", "ALTER TABLE a ADD x int;");
  other = tide_session_open (fixture->conninfo, NULL, &error);
  locked = tide_session_run (other, "BEGIN; LOCK TABLE a", NULL, &error);
  g_assert_no_error (error);
  project = fixture_load (fixture);
  report = tide_deploy_run (project, fixture->conninfo, NULL, 50, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tide_error_has_sqlstate (report->failure, "55P03"));
}

/* The row is written while the file runs, and the file waits for it with its COMMIT. */
static void
test_row_before_commit (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1", "CREATE TABLE one ();");
  fixture_deploy_well (fixture, 1);
  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                          " 'BEGIN RAISE EXCEPTION ''no row %'', NEW.migration_name; END';"
                          "CREATE TRIGGER refuse BEFORE INSERT ON _prisma_migrations FOR EACH ROW"
                          " WHEN (NEW.migration_name = '3') EXECUTE FUNCTION refuse()"));
  fixture_add (fixture, "2", "CREATE TABLE two ();");
  fixture_add (fixture, "3", "CREATE TABLE three ();");
  report = deploy_badly (fixture, "3");
  g_assert_nonnull (strstr (report->failure->message, "cannot write the ledger"));
  g_assert_nonnull (strstr (report->failure->message, "no row 3"));
  g_assert_null (tide_error_get_fields (report->failure)->prisma_code);
  fixture_assert_sql (fixture, CREATED "'three'", "0");
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~\n2|t|f|1|~");
}

/* A file that locks the ledger, which nobody can read from its text, runs again once its row is there. The trigger lets
 * the file come first, once. */
static void
test_locks_ledger (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(TideDeployReport) report = NULL;

  fixture_add (fixture, "1",
               "CREATE SEQUENCE runs; CREATE SEQUENCE rows;\n"
               "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
               "  IF nextval('rows') = 1 THEN\n"
               "    WHILE NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711) LOOP\n"
               "      PERFORM pg_sleep(0.01);\n"
               "    END LOOP;\n"
               "  END IF;\n"
               "  RETURN NEW; END $$;\n"
               "CREATE TRIGGER wait BEFORE INSERT ON _prisma_migrations FOR EACH ROW EXECUTE FUNCTION wait();");
  fixture_add (fixture, "2",
               "SELECT nextval('runs');\n"
               "DO $$ BEGIN EXECUTE 'UPDATE _prisma' || '_migrations SET logs = logs'; END $$;\n"
               "SELECT pg_advisory_xact_lock(4711);");
  fixture_add (fixture, "3", "CREATE TABLE three ();");
  fixture_deploy_well (fixture, 3);
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~\n2|t|f|1|~\n3|t|f|1|~");
  fixture_assert_sql (fixture, "SELECT last_value FROM runs", "2");

  fixture_add (fixture, "4", "DO $$ BEGIN EXECUTE 'LOCK TABLE _prisma' || '_migrations'; END $$; SELECT 1 / 0;");
  report = deploy_badly (fixture, "4");
  g_assert_true (tide_error_has_sqlstate (report->failure, "22012"));
  fixture_assert_sql (fixture, "SELECT finished_at IS NULL, logs LIKE '%division by zero%' FROM _prisma_migrations"
                               " WHERE migration_name = '4'", "t|t");
}

/* As with Prisma a file finds its own row, begun, and those before it, ended. */
static void
test_reads_ledger (Fixture       *fixture,
                   gconstpointer  data)
{
  fixture_add (fixture, "1", "CREATE TABLE one ();");
  fixture_add (fixture, "2", "CREATE TABLE found AS SELECT migration_name, finished_at IS NOT NULL AS ended"
                             "  FROM _prisma_migrations;");
  fixture_deploy_well (fixture, 2);
  fixture_assert_sql (fixture, "SELECT * FROM found ORDER BY 1", "1|t\n2|f");
}

/* Behind a pooler, where no statement stays prepared from one transaction to the next */
static void
test_without_lock (Fixture       *fixture,
                   gconstpointer  data)
{
  g_setenv ("PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK", "1", TRUE);
  fixture_add (fixture, "1", "CREATE TABLE one ();");
  fixture_add (fixture, "2", "CREATE TABLE two ();");
  fixture_deploy_well (fixture, 2);
  g_unsetenv ("PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK");
  fixture_assert_sql (fixture, LEDGER_SQL, "1|t|f|1|~\n2|t|f|1|~");
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
    { "/deploy/well", test_well },
    { "/deploy/up-to", test_up_to },
    { "/deploy/fails", test_fails },
    { "/deploy/position", test_position },
    { "/deploy/long", test_long },
    { "/deploy/deferred", test_deferred },
    { "/deploy/ends-before-next", test_ends_before_next },
    { "/deploy/stepwise", test_stepwise },
    { "/deploy/stepwise-with-transactions", test_stepwise_with_transactions },
    { "/deploy/stepwise-left-open", test_stepwise_left_open },
    { "/deploy/refuses-transaction", test_refuses_transaction },
    { "/deploy/own-transactions", test_own_transactions },
    { "/deploy/leaves-transaction-open", test_leaves_transaction_open },
    { "/deploy/spoiling", test_spoiling },
    { "/deploy/cannot-run", test_cannot_run },
    { "/deploy/no-file", test_no_file },
    { "/deploy/plan", test_plan },
    { "/deploy/read-only-profile", test_read_only_profile },
    { "/deploy/lock-timeout", test_lock_timeout },
    { "/deploy/row-before-commit", test_row_before_commit },
    { "/deploy/locks-ledger", test_locks_ledger },
    { "/deploy/reads-ledger", test_reads_ledger },
    { "/deploy/without-lock", test_without_lock },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].func, fixture_tear_down);
  return g_test_run ();
}
