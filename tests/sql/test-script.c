/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "sql/tide-sql-script.h"

/* One statement each: alone it decides the mode */
static const struct
{
  const char     *sql;
  TideSqlTraits   traits;
  TideSqlRunMode  mode;
} statements[] = {
#define ATOMIC TIDE_SQL_RUN_ATOMIC
#define STEPWISE TIDE_SQL_RUN_STEPWISE
#define OWN TIDE_SQL_RUN_OWN
#define REFUSES TIDE_SQL_TRAIT_NO_TRANSACTION
#define CONTROLS TIDE_SQL_TRAIT_CONTROLS
#define SESSION TIDE_SQL_TRAIT_CHANGES_SESSION
  { "CREATE TABLE a (b int)", 0, ATOMIC },
  { "CREATE INDEX concurrently_named ON a (b)", 0, ATOMIC },
  { "create /* x */ unique\nindex -- y\nconcurrently i ON a (b)", REFUSES, STEPWISE },
  { "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b)", REFUSES, STEPWISE },
  { "CREATE INDEX \"concurrently\" ON a (b)", 0, ATOMIC },
  { "DROP INDEX CONCURRENTLY IF EXISTS i", REFUSES, STEPWISE },
  { "DROP INDEX i", 0, ATOMIC },
  { "REINDEX INDEX CONCURRENTLY i", REFUSES, STEPWISE },
  { "REINDEX (VERBOSE, CONCURRENTLY) TABLE a", REFUSES, STEPWISE },
  { "REINDEX (CONCURRENTLY false) TABLE a", 0, ATOMIC },
  { "REINDEX TABLE a", 0, ATOMIC },
  { "REINDEX SCHEMA s", REFUSES, STEPWISE },
  { "REINDEX DATABASE d", REFUSES, STEPWISE },
  { "REINDEX SYSTEM d", REFUSES, STEPWISE },
  { "REFRESH MATERIALIZED VIEW CONCURRENTLY v", 0, ATOMIC },
  { "VACUUM", REFUSES, STEPWISE },
  { "VACUUM (FULL, ANALYZE) a", REFUSES, STEPWISE },
  { "ANALYZE a", 0, ATOMIC },
  { "CREATE DATABASE d", REFUSES, STEPWISE },
  { "DROP DATABASE IF EXISTS d", REFUSES, STEPWISE },
  { "ALTER DATABASE d SET TABLESPACE t", REFUSES, STEPWISE },
  { "ALTER DATABASE d SET search_path TO tablespace", 0, ATOMIC },
  { "ALTER DATABASE d SET timezone TO 'UTC'", 0, ATOMIC },
  { "CREATE TABLESPACE t LOCATION '/x'", REFUSES, STEPWISE },
  { "DROP TABLESPACE t", REFUSES, STEPWISE },
  { "ALTER SYSTEM SET work_mem = '1GB'", REFUSES, STEPWISE },
  { "CLUSTER", REFUSES, STEPWISE },
  { "CLUSTER VERBOSE", REFUSES, STEPWISE },
  { "CLUSTER a USING i", 0, ATOMIC },
  { "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", REFUSES, STEPWISE },
  { "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)", 0, ATOMIC },
  { "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = off)", 0, ATOMIC },
  { "DROP SUBSCRIPTION s", REFUSES, STEPWISE },
  { "ALTER SUBSCRIPTION s ENABLE", 0, ATOMIC },
  { "ALTER SUBSCRIPTION s REFRESH PUBLICATION", REFUSES, STEPWISE },
  { "ALTER SUBSCRIPTION s ADD PUBLICATION p", REFUSES, STEPWISE },
  { "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)", 0, ATOMIC },
  { "ALTER TABLE a DETACH PARTITION b CONCURRENTLY", REFUSES, STEPWISE },
  { "ALTER TABLE a DETACH PARTITION b", 0, ATOMIC },
  { "ALTER TABLE a DETACH PARTITION b FINALIZE", 0, ATOMIC },
  { "DISCARD ALL", REFUSES | SESSION, STEPWISE },
  { "DISCARD PLANS", SESSION, ATOMIC },
  { "COMMIT PREPARED 'x'", REFUSES, STEPWISE },
  { "ROLLBACK PREPARED 'x'", REFUSES, STEPWISE },
  { "BEGIN", CONTROLS, OWN },
  { "begin transaction isolation level serializable", CONTROLS, OWN },
  { "START TRANSACTION", CONTROLS, OWN },
  { "COMMIT AND CHAIN", CONTROLS, OWN },
  { "END", CONTROLS, OWN },
  { "ABORT", CONTROLS, OWN },
  { "ROLLBACK", CONTROLS, OWN },
  { "ROLLBACK TO SAVEPOINT x", 0, ATOMIC },
  { "ROLLBACK WORK TO x", 0, ATOMIC },
  { "SAVEPOINT x", 0, ATOMIC },
  { "RELEASE x", 0, ATOMIC },
  { "PREPARE TRANSACTION 'x'", CONTROLS, OWN },
  { "PREPARE x AS SELECT 1", 0, ATOMIC },
  { "SET search_path = x", SESSION, ATOMIC },
  { "SET LOCAL search_path = x", 0, ATOMIC },
  { "SET ROLE x", SESSION, ATOMIC },
  { "SET CONSTRAINTS ALL DEFERRED", 0, ATOMIC },
  { "RESET ALL", SESSION, ATOMIC },
  { "SELECT pg_catalog.set_config('search_path', '', false)", SESSION, ATOMIC },
  { "SELECT 'set_config'", 0, ATOMIC },
  { "COPY a (b, c) FROM stdin", TIDE_SQL_TRAIT_COPY_STDIN, ATOMIC },
  { "COPY a FROM '/tmp/x'", 0, ATOMIC },
  { "COPY (SELECT 1 FROM a) TO STDOUT", 0, ATOMIC },
  { "\\i other.sql", TIDE_SQL_TRAIT_META, ATOMIC },
  { "SELECT 'a", TIDE_SQL_TRAIT_UNTERMINATED, ATOMIC },
  { "ALTER TYPE e ADD VALUE 'x'", TIDE_SQL_TRAIT_ADDS_ENUM_VALUE, ATOMIC },
  { "ALTER TYPE s.\"E\" ADD VALUE IF NOT EXISTS 'x' BEFORE 'y'", TIDE_SQL_TRAIT_ADDS_ENUM_VALUE, ATOMIC },
  { "ALTER TYPE e RENAME VALUE 'x' TO 'y'", 0, ATOMIC },
  { "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$", 0, ATOMIC },
  { "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END", 0, ATOMIC },
  { "DO $$ BEGIN PERFORM 1; EXCEPTION WHEN OTHERS THEN NULL; END $$", 0, ATOMIC },
  { "DO $x$ BEGIN\n UPDATE a SET b = 1;\n COMMIT;\nEND $x$", REFUSES, STEPWISE },
  { "DO $$ BEGIN RAISE NOTICE 'commit;'; -- commit;\nEND $$", 0, ATOMIC },
  { "SELECT JSON_TABLE (newer, syntax NESTED)", 0, ATOMIC },
  { "REINDEX (SOMETHING_NEW) INDEX CONCURRENTLY i NEWER", REFUSES, STEPWISE },
};

static void
test_statements (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr(TideSqlScript) script = tide_sql_script_new (statements[i].sql, -1);

      g_test_message ("%s", statements[i].sql);
      g_assert_cmpuint (tide_sql_script_get_n_statements (script), ==, 1);
      g_assert_cmpint (tide_sql_script_get_traits (script, 0), ==, statements[i].traits);
      g_assert_cmpint (tide_sql_script_get_run_mode (script), ==, statements[i].mode);
    }
}

static void
assert_mode (const char     *sql,
             TideSqlRunMode  mode,
             const char     *reason)
{
  g_autoptr(TideSqlScript) script = tide_sql_script_new (sql, -1);
  g_autofree char *told = tide_sql_script_dup_reason (script);

  g_test_message ("%s", sql);
  g_assert_cmpint (tide_sql_script_get_run_mode (script), ==, mode);
  if (reason != NULL)
    g_assert_cmpstr (told, ==, reason);
}

static void
test_files (void)
{
  assert_mode ("", TIDE_SQL_RUN_ATOMIC, "nothing in it refuses a transaction");
  assert_mode ("CREATE TABLE a (b int);\n\nCREATE INDEX CONCURRENTLY i ON a (b);", TIDE_SQL_RUN_STEPWISE,
               "statement 2 (line 3) CREATE INDEX CONCURRENTLY cannot run in a transaction");
  assert_mode ("-- x\nBEGIN;\nCREATE TABLE a (b int);\nCOMMIT;", TIDE_SQL_RUN_OWN,
               "statement 1 (line 2) BEGIN shows that the file controls its transactions itself");
  assert_mode ("SAVEPOINT a; SELECT 1; ROLLBACK TO a;", TIDE_SQL_RUN_ATOMIC, NULL);
  assert_mode ("CREATE TABLE z (); COMMIT; CREATE INDEX CONCURRENTLY i ON z (a);", TIDE_SQL_RUN_STEPWISE, NULL);
}

#define ADD "ALTER TYPE \"Role\" ADD VALUE 'guest';\n"

static void
test_enums (void)
{
  assert_mode (ADD, ATOMIC, NULL);
  assert_mode (ADD "ALTER TABLE u ALTER COLUMN r SET DEFAULT 'guest';", STEPWISE,
               "statement 2 (line 2) uses the enum value 'guest' that statement 1 adds, "
               "which cannot be in the same transaction");
  assert_mode (ADD "ALTER TABLE u ALTER COLUMN r SET DEFAULT 'user';", ATOMIC, NULL);
  assert_mode ("UPDATE u SET n = 'guest';" ADD, ATOMIC, NULL);
  assert_mode (ADD "UPDATE u SET r = $$guest$$;", STEPWISE, NULL);
  assert_mode (ADD "UPDATE u SET r = E'guest';", STEPWISE, NULL);
  assert_mode (ADD "DO $$ BEGIN UPDATE u SET r = 'guest'; END $$;", STEPWISE, NULL);
  assert_mode (ADD "CREATE FUNCTION f() RETURNS \"Role\" LANGUAGE sql AS $$ SELECT 'guest'::\"Role\" $$;", STEPWISE, NULL);
  assert_mode (ADD "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE u SET r = 'guest'; END $$;",
               ATOMIC, NULL);
  assert_mode (ADD "ALTER TYPE other ADD VALUE 'guest';", ATOMIC, NULL);
  assert_mode (ADD "ALTER TYPE \"Role\" ADD VALUE 'admin' AFTER 'guest';", ATOMIC, NULL);
  assert_mode (ADD "COMMENT ON TYPE \"Role\" IS 'guest';", ATOMIC, NULL);
  assert_mode ("CREATE TYPE \"Role\" AS ENUM ('user');" ADD "UPDATE u SET r = 'guest';", ATOMIC, NULL);
  assert_mode ("CREATE TYPE role AS ENUM ('user');" ADD "UPDATE u SET r = 'guest';", STEPWISE, NULL);
  assert_mode ("CREATE TYPE s.ROLE AS ENUM ('user'); ALTER TYPE s.role ADD VALUE 'x'; SELECT 'x'::s.role;", ATOMIC, NULL);
  assert_mode ("ALTER TYPE role ADD VALUE 'it''s'; SELECT 'it''s';", STEPWISE, NULL);
  assert_mode ("BEGIN; SELECT 1; COMMIT;" ADD "SELECT 'guest'::\"Role\";", STEPWISE, NULL);
}

static void
assert_summary (const char *sql,
                const char *expected)
{
  g_autoptr(TideSqlScript) script = tide_sql_script_new (sql, -1);
  g_autofree char *summary = tide_sql_script_dup_summary (script);

  g_assert_cmpstr (summary, ==, expected);
}

static void
test_summaries (void)
{
  assert_summary ("-- nothing", "no statements");
  assert_summary ("CREATE TABLE a (); CREATE UNLOGGED TABLE b (); CREATE UNIQUE INDEX i ON a (x); SELECT 1; SET x = 1;",
                  "2 tables, 1 index, 5 statements");
  assert_summary ("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS ''; ALTER TABLE a ADD b int; DROP TABLE c;"
                  "INSERT INTO a VALUES (1); UPDATE a SET b = 1; CREATE MATERIALIZED VIEW v AS SELECT 1",
                  "1 view, 1 function, 1 alteration, 1 drop, 2 data changes, 6 statements");
  assert_summary ("SELECT 1", "1 statement");
}

static void
test_texts (void)
{
  g_autoptr(TideSqlScript) script = tide_sql_script_new (" SELECT 1 ; /* x */ SELECT /* y */ 2 -- z\n;", -1);
  g_autofree char *first = tide_sql_script_dup_statement (script, 0);
  g_autofree char *second = tide_sql_script_dup_statement (script, 1);

  g_assert_cmpuint (tide_sql_script_get_n_statements (script), ==, 2);
  g_assert_cmpstr (first, ==, "SELECT 1");
  g_assert_cmpstr (second, ==, "SELECT /* y */ 2");
}

/* A dump of a large table must not take long to look through */
static void
test_speed (void)
{
  GString *text = g_string_new (NULL);
  gint64 started;

  while (text->len < 4 * 1024 * 1024)
    g_string_append (text, "INSERT INTO \"a\" (\"b\", c) VALUES (1, 'x; y''z', $$;$$, 1.5); -- note\n");
  started = g_get_monotonic_time ();
  tide_sql_script_unref (tide_sql_script_new (text->str, text->len));
  g_test_minimized_result ((g_get_monotonic_time () - started) / 1e6, "seconds for 4 MB");
  g_assert_cmpint (g_get_monotonic_time () - started, <, 10 * G_USEC_PER_SEC);
  g_string_free (text, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script/statements", test_statements);
  g_test_add_func ("/script/files", test_files);
  g_test_add_func ("/script/enums", test_enums);
  g_test_add_func ("/script/summaries", test_summaries);
  g_test_add_func ("/script/texts", test_texts);
  g_test_add_func ("/script/speed", test_speed);
  return g_test_run ();
}
