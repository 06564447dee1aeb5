/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "query/tide-guard.h"
#include "support/tide-test.h"
#include "wire/tide-session.h"

/* What reads, and must not be refused */
static const char * const reading[] = {
  "SELECT 1",
  "TABLE t",
  "VALUES (1), (2)",
  "WITH a AS (SELECT * FROM t) SELECT * FROM a",
  "SELECT 'delete from t', \"update\" FROM (SELECT 1 AS \"update\") x",
  "SELECT $$DELETE FROM t$$",
  "SHOW search_path",
  "SET search_path = public",
  "SET LOCAL statement_timeout = 0",
  "SET TIME ZONE 'UTC'",
  "RESET search_path",
  "EXPLAIN SELECT * FROM t",
  "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM t",
  "EXPLAIN DELETE FROM t",
  "BEGIN",
  "BEGIN READ ONLY",
  "START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY",
  "SET TRANSACTION READ ONLY",
  "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
  "COMMIT",
  "COMMIT AND CHAIN",
  "ROLLBACK",
  "SAVEPOINT a",
  "COPY t TO STDOUT",
  "COPY (SELECT 1) TO STDOUT",
  "DECLARE c CURSOR FOR SELECT 1",
  "FETCH 1 FROM c",
  "CLOSE c",
  "PREPARE p AS SELECT $1::int",
  "DEALLOCATE p",
  "LISTEN a",
  "SELECT set_config FROM (SELECT 1 AS set_config) x",
  "/* DELETE FROM t */ SELECT 1 -- DROP TABLE t",
};

/* What must not slip through, and whether the server stops it, too: it stops no BEGIN READ WRITE, no COMMIT inside of DO, and
 * nothing that leaves the transaction alone. */
typedef struct
{
  const char *sql;
  gboolean    server;
} Sneaky;

static const Sneaky sneaky[] = {
  { "INSERT INTO t VALUES (2)", TRUE },
  { "UPDATE t SET a = 2 WHERE a = 1", TRUE },
  { "DELETE FROM t", TRUE },
  { "MERGE INTO t USING (SELECT 1 AS a) s ON t.a = s.a WHEN MATCHED THEN DELETE", TRUE },
  { "TRUNCATE t", TRUE },
  { "DROP TABLE t", TRUE },
  { "CREATE TABLE u (a int)", TRUE },
  { "CREATE TABLE u AS SELECT 1", TRUE },
  { "CREATE MATERIALIZED VIEW u AS SELECT 1", TRUE },
  { "CREATE INDEX ON t (a)", TRUE },
  { "ALTER TABLE t ADD COLUMN b int", TRUE },
  { "COMMENT ON TABLE t IS 'x'", TRUE },
  { "GRANT SELECT ON t TO PUBLIC", TRUE },
  { "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", TRUE },
  { "WITH a AS (SELECT 1), x AS (INSERT INTO t SELECT 5 RETURNING a) SELECT * FROM a, x", TRUE },
  { "WITH x AS MATERIALIZED (UPDATE t SET a = 3 RETURNING *) TABLE x", TRUE },
  { "wItH\tx/* */As(dElEtE\nfrom t returning*)select*from x", TRUE },
  { "SELECT * INTO u FROM t", TRUE },
  { "SELECT 1 AS a INTO TABLE u", TRUE },
  { "SELECT * FROM t FOR UPDATE", TRUE },
  { "SELECT * FROM (SELECT * FROM t FOR SHARE) x", TRUE },
  { "EXPLAIN ANALYZE DELETE FROM t", TRUE },
  { "EXPLAIN (ANALYZE on, COSTS off) WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", TRUE },
  { "EXPLAIN (ANALYZE) CREATE TABLE u AS SELECT 1", FALSE },
  { "EXPLAIN ANALYZE EXECUTE p", TRUE },
  { "COPY (DELETE FROM t RETURNING *) TO STDOUT", TRUE },
  { "COPY t FROM PROGRAM 'echo 7'", TRUE },
  { "COPY t TO PROGRAM 'cat >/dev/null'", FALSE },
  { "COPY (SELECT 1) TO '/dev/null'", FALSE },
  { "DECLARE c CURSOR FOR SELECT * FROM t FOR UPDATE", TRUE },
  { "PREPARE q AS DELETE FROM t", FALSE },
  { "EXECUTE p", TRUE },
  { "DO $$ BEGIN DELETE FROM t; END $$", TRUE },
  { "DO $$ BEGIN PERFORM set_config('default_transaction_read_only', 'off', false); COMMIT; DELETE FROM t; END $$", FALSE },
  { "CALL wipe()", TRUE },
  { "CALL sneak()", FALSE },
  { "SELECT wipe_function()", TRUE },
  { "SELECT nextval('s')", TRUE },
  { "SELECT setval('s', 100)", TRUE },
  { "SELECT lo_create(0)", FALSE },
  { "SELECT lo_unlink(1), lo_put(1, 0, 'x')", FALSE },
  { "SELECT query_to_xml('DELETE FROM t RETURNING a', true, true, '')", TRUE },
  { "SELECT set_config('default_transaction_read_only', 'off', false)", FALSE },
  { "SELECT pg_catalog.set_config('transaction_read_only', 'off', true)", TRUE },
  { "SELECT \"set_config\"('default_transaction_read_only', 'off', false)", FALSE },
  { "SELECT U&\"\\0073et_config\"('default_transaction_read_only', 'off', false)", FALSE },
  { "SELECT * FROM t WHERE EXISTS (SELECT set_config('default_transaction_read_only', 'off', false))", FALSE },
  { "VALUES (set_config('default_transaction_read_only', 'off', false))", FALSE },
  { "SELECT pg_terminate_backend(0)", FALSE },
  { "SELECT pg_notify('a', 'b')", FALSE },
  { "SELECT query_to_xmlschema('SELECT pg_reload_conf()', true, true, '')", FALSE },
  { "SELECT * FROM ts_stat('SELECT set_config(''search_path'', '''', false)::tsvector')", FALSE },
  { "SELECT pg_import_system_collations('pg_catalog')", FALSE },
  { "SELECT brin_summarize_new_values('i')", FALSE },
  { "SELECT gin_clean_pending_list('i')", FALSE },
  { "SELECT heap_force_kill('t', ARRAY['(0,1)']::tid[])", FALSE },
  { "SELECT pg_truncate_visibility_map('t')", FALSE },
  { "SELECT pg_clear_relation_stats('public', 't')", FALSE },
  { "SELECT pg_advisory_lock(1)", FALSE },
  { "SET \"DEFAULT_transaction_READ_ONLY\" = off", FALSE },
  { "COMMIT PREPARED 'x'", FALSE },
  { "BEGIN READ WRITE", FALSE },
  { "START TRANSACTION READ WRITE", FALSE },
  { "BEGIN ISOLATION LEVEL REPEATABLE READ, READ WRITE", FALSE },
  { "SET TRANSACTION READ WRITE", FALSE },
  { "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", FALSE },
  { "SET default_transaction_read_only = off", FALSE },
  { "SET default_transaction_read_only TO DEFAULT", FALSE },
  { "SET SESSION \"default_transaction_read_only\" = off", FALSE },
  { "SET LOCAL transaction_read_only = off", FALSE },
  { "RESET default_transaction_read_only", FALSE },
  { "RESET ALL", FALSE },
  { "DISCARD ALL", FALSE },
  { "SET SESSION AUTHORIZATION DEFAULT", FALSE },
  { "SET session_replication_role = replica", FALSE },
  { "SET standard_conforming_strings = off", FALSE },
  { "PREPARE TRANSACTION 'x'", FALSE },
  { "ROLLBACK PREPARED 'x'", FALSE },
  { "LOCK TABLE t", TRUE },
  { "VACUUM t", FALSE },
  { "CLUSTER", FALSE },
  { "REINDEX TABLE t", FALSE },
  { "REFRESH MATERIALIZED VIEW m", TRUE },
  { "NOTIFY a", FALSE },
  { "LOAD 'plpgsql'", FALSE },
  { "CHECKPOINT", FALSE },
  { "ALTER SYSTEM SET work_mem = '8MB'", FALSE },
  { "ALTER ROLE CURRENT_USER SET default_transaction_read_only = off", TRUE },
  { "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'", TRUE },
  { "SELECT 1; DELETE FROM t", TRUE },
  { "this is no SQL", TRUE },
  /* Newer than the grammar, or with a mistake: not plainly reading */
  { "MERGE INTO t USING t s ON t.a = s.a WHEN NOT MATCHED BY SOURCE THEN DELETE", TRUE },
  { "WITH x AS (MERGE INTO t USING t s ON t.a = s.a WHEN MATCHED THEN DELETE RETURNING *) SELECT * FROM x", TRUE },
};

static char *
read_rows (TideConninfo *conninfo)
{
  return tide_test_psql (conninfo, "SELECT (SELECT string_agg(a::text, ',') FROM t) || ' ' || (SELECT count(*) FROM pg_class WHERE relnamespace = "
                                   "'public'::regnamespace) || ' ' || (SELECT last_value FROM s)");
}

static void
test_reading (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (reading); i++)
    {
      g_auto(TideGuard) guard = { 0 };

      tide_guard_check (&guard, reading[i]);
      g_test_message ("%s: %s", reading[i], guard.reason);
      g_assert_true (guard.reads);
      g_assert_null (guard.reason);
    }
}

/* The first wall alone */
static void
test_guard (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sneaky); i++)
    {
      g_auto(TideGuard) guard = { 0 };

      if (strstr (sneaky[i].sql, "wipe_function") != NULL || strstr (sneaky[i].sql, "nextval") != NULL
          || strstr (sneaky[i].sql, "setval") != NULL)
        continue; /* what functions do, only the server knows */
      tide_guard_check (&guard, sneaky[i].sql);
      g_test_message ("%s: %s", sneaky[i].sql, guard.reason);
      g_assert_false (guard.reads);
      g_assert_nonnull (guard.reason);
    }
}

/* The second wall alone: a real session that only reads */
static void
test_server (void)
{
  TideConninfo *conninfo = tide_test_create_database ();
  g_autofree char *made = NULL;
  g_autofree char *before = NULL;

  if (conninfo == NULL)
    return;
  made = tide_test_psql (conninfo, "CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE SEQUENCE s; "
                                   "CREATE MATERIALIZED VIEW m AS SELECT 1; "
                                   "CREATE PROCEDURE wipe() LANGUAGE sql AS 'DELETE FROM t'; "
                                   "CREATE FUNCTION wipe_function() RETURNS void LANGUAGE sql AS 'DELETE FROM t'; "
                                   "CREATE PROCEDURE sneak() LANGUAGE plpgsql AS $$ BEGIN NULL; END $$");
  before = read_rows (conninfo);
  for (guint i = 0; i < G_N_ELEMENTS (sneaky); i++)
    {
      g_autoptr(TideConninfo) read_only = tide_conninfo_copy (conninfo);
      g_autoptr(GError) error = NULL;
      g_autoptr(TideSession) session = NULL;
      g_autoptr(TideResult) prepared = NULL;
      g_autoptr(TideResult) result = NULL;
      g_autofree char *after = NULL;

      if (!sneaky[i].server)
        continue;
      tide_conninfo_set_read_only (read_only, TRUE);
      session = tide_session_open (read_only, NULL, &error);
      g_assert_no_error (error);
      prepared = tide_session_query (session, "PREPARE p AS DELETE FROM t", NULL, 0, NULL, &error);
      g_assert_no_error (error);
      result = tide_session_query (session, sneaky[i].sql, NULL, 0, NULL, &error);
      g_test_message ("%s: %s", sneaky[i].sql, error ? error->message : "done");
      g_assert_null (result);
      g_clear_error (&error);
      after = read_rows (conninfo);
      g_assert_cmpstr (before, ==, after);
    }
  tide_test_drop_database (conninfo);
  tide_conninfo_unref (conninfo);
}

static void
test_dangers (void)
{
  static const struct
  {
    const char       *sql;
    TideGuardDangers  dangers;
  } table[] = {
    { "DELETE FROM t", TIDE_GUARD_DANGER_DELETE_ALL },
    { "DELETE FROM t WHERE true", TIDE_GUARD_DANGER_DELETE_ALL },
    { "DELETE FROM t WHERE 1 = 1", TIDE_GUARD_DANGER_DELETE_ALL },
    { "DELETE FROM t WHERE a = 1", TIDE_GUARD_DANGER_NONE },
    { "DELETE FROM t USING u WHERE t.a = u.a", TIDE_GUARD_DANGER_NONE },
    { "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x WHERE a = 1", TIDE_GUARD_DANGER_DELETE_ALL },
    { "UPDATE t SET a = 1", TIDE_GUARD_DANGER_UPDATE_ALL },
    { "UPDATE t SET a = 1 WHERE b", TIDE_GUARD_DANGER_NONE },
    { "TRUNCATE t", TIDE_GUARD_DANGER_TRUNCATE },
    { "DROP TABLE t", TIDE_GUARD_DANGER_DROP },
    { "DROP DATABASE d", TIDE_GUARD_DANGER_DROP },
    { "ALTER TABLE t DROP COLUMN a", TIDE_GUARD_DANGER_DROP },
    { "ALTER TABLE t ADD COLUMN a int", TIDE_GUARD_DANGER_NONE },
    { "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM t; END", TIDE_GUARD_DANGER_NONE },
    { "INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", TIDE_GUARD_DANGER_NONE },
    { "DELETE FROM t RETURNING old.*, WITH", TIDE_GUARD_DANGER_DELETE_ALL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto(TideGuard) guard = { 0 };

      tide_guard_check (&guard, table[i].sql);
      g_test_message ("%s", table[i].sql);
      g_assert_cmpuint (guard.dangers, ==, table[i].dangers);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/guard/reading", test_reading);
  g_test_add_func ("/query/guard/sneaky", test_guard);
  g_test_add_func ("/query/guard/server", test_server);
  g_test_add_func ("/query/guard/dangers", test_dangers);
  return g_test_run ();
}
