/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

#define F "CREATE FUNCTION f(a integer, b text) RETURNS integer LANGUAGE sql "
#define BODY "AS 'SELECT a'"
#define OPTION(text) F text " " BODY

/* Every attribute changed, added and taken away: each runs both ways. */
static const TideTestPair functions[] = {
  { "overloads-that-could-be-meant",
    "CREATE FUNCTION g(x int DEFAULT 1, y int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT g() AS g0; CREATE TABLE t (x int DEFAULT g(1))",
    "CREATE FUNCTION g(x int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g(x int, y text) RETURNS int LANGUAGE sql AS 'SELECT 1';"
    "CREATE VIEW v AS SELECT g() AS g0, 1 AS n; CREATE TABLE t (x int DEFAULT g(2))" },
  { "overload-takes-over-calls",
    "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g(x int) RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE VIEW v AS SELECT g() AS a; CREATE TABLE t (x int DEFAULT g())",
    "CREATE FUNCTION g(x int DEFAULT 5) RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE VIEW v AS SELECT g() AS a, 1 AS n; CREATE TABLE t (x int DEFAULT g() + 1)" },
  { "added", "", F BODY },
  { "body", F BODY, F "AS 'SELECT a + 1'" },
  { "body-dollars", F BODY, F "AS 'SELECT a /* $function$ $$ ''x'' \\ */ -- $function'" },
  { "body-to-sql", F BODY, F "RETURN a" },
  { "body-atomic", F "RETURN a", F "BEGIN ATOMIC SELECT 1; SELECT a; END" },
  { "language", F BODY, "CREATE FUNCTION f(a integer, b text) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN a; END'" },
  { "volatility", F BODY, OPTION ("IMMUTABLE") },
  { "volatility-stable", OPTION ("IMMUTABLE"), OPTION ("STABLE") },
  { "strict", F BODY, OPTION ("STRICT") },
  { "security", F BODY, OPTION ("SECURITY DEFINER") },
  { "leakproof", F BODY, OPTION ("LEAKPROOF") },
  { "parallel", F BODY, OPTION ("PARALLEL SAFE") },
  { "parallel-restricted", OPTION ("PARALLEL RESTRICTED"), OPTION ("PARALLEL SAFE") },
  { "cost", F BODY, OPTION ("COST 7.5") },
  { "many-options", OPTION ("STRICT STABLE COST 5"), OPTION ("PARALLEL SAFE LEAKPROOF SECURITY DEFINER IMMUTABLE") },
  { "settings", F BODY, OPTION ("SET search_path = a, \"B c\", pg_temp SET work_mem = '1MB'") },
  { "settings-change", OPTION ("SET search_path = a SET work_mem = '1MB'"), OPTION ("SET search_path = b SET enable_sort = off") },
  { "settings-empty-path", OPTION ("SET search_path = ''"), OPTION ("SET search_path = \"$user\", public") },
  { "settings-list", F BODY, OPTION ("SET DateStyle = 'ISO, DMY' SET application_name = 'it''s, \\ so'") },
  { "default-added", F BODY, "CREATE FUNCTION f(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql " BODY },
  { "default-changed", "CREATE FUNCTION f(a integer DEFAULT 1, b text DEFAULT 'x') RETURNS integer LANGUAGE sql " BODY,
    "CREATE FUNCTION f(a integer DEFAULT 1 + 1, b text DEFAULT now()::text) RETURNS integer LANGUAGE sql " BODY },
  { "default-of-function", "CREATE FUNCTION g() RETURNS text LANGUAGE sql AS 'SELECT 1::text';"
    "CREATE FUNCTION f(a integer, b text DEFAULT g()) RETURNS integer LANGUAGE sql " BODY, F BODY },
  { "name-changed", F BODY, "CREATE FUNCTION f(a integer, \"C d\" text) RETURNS integer LANGUAGE sql " BODY },
  { "name-added", "CREATE FUNCTION f(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT $1'", F BODY },
  { "result", F BODY, "CREATE FUNCTION f(a integer, b text) RETURNS bigint LANGUAGE sql AS 'SELECT a::bigint'" },
  { "result-set", F BODY, "CREATE FUNCTION f(a integer, b text) RETURNS SETOF integer LANGUAGE sql ROWS 5 " BODY },
  { "rows", "CREATE FUNCTION f(a integer) RETURNS SETOF integer LANGUAGE sql ROWS 5 " BODY,
    "CREATE FUNCTION f(a integer) RETURNS SETOF integer LANGUAGE sql " BODY },
  { "table", "CREATE FUNCTION f() RETURNS TABLE (a integer, b text) LANGUAGE sql AS 'SELECT 1, ''x'''",
    "CREATE FUNCTION f() RETURNS TABLE (a integer, c text) LANGUAGE sql AS 'SELECT 1, ''x'''" },
  { "out", "CREATE FUNCTION f(a integer, OUT b integer, OUT c text) LANGUAGE sql AS 'SELECT 1, ''x'''",
    "CREATE FUNCTION f(a integer, OUT b integer, OUT c date) LANGUAGE sql AS 'SELECT 1, now()::date'" },
  { "out-body", "CREATE FUNCTION f(a integer, INOUT b integer, OUT c text) LANGUAGE sql AS 'SELECT 1, ''x'''",
    "CREATE FUNCTION f(a integer, INOUT b integer, OUT c text) LANGUAGE sql AS 'SELECT 2, ''y'''" },
  { "variadic", "CREATE FUNCTION f(a integer, b text[]) RETURNS integer LANGUAGE sql " BODY,
    "CREATE FUNCTION f(a integer, VARIADIC b text[]) RETURNS integer LANGUAGE sql " BODY },
  { "overload", F BODY, F BODY "; CREATE FUNCTION f(a text) RETURNS integer LANGUAGE sql AS 'SELECT 1'" },
  { "arguments", F BODY, "CREATE FUNCTION f(a bigint) RETURNS integer LANGUAGE sql AS 'SELECT 1'" },
  { "to-procedure", F BODY, "CREATE PROCEDURE f(a integer, b text) LANGUAGE sql AS 'SELECT a'" },
  { "procedure", "CREATE PROCEDURE p(a integer, OUT b integer) LANGUAGE sql AS 'SELECT a'",
    "CREATE PROCEDURE p(a integer, OUT b integer) LANGUAGE sql SECURITY DEFINER SET work_mem = '1MB' AS 'SELECT a'" },
  { "procedure-body", "CREATE PROCEDURE p(a integer, INOUT b integer DEFAULT 3) LANGUAGE sql AS 'SELECT a'",
    "CREATE PROCEDURE p(a integer, INOUT b integer DEFAULT 4) LANGUAGE sql AS 'SELECT a + 1'" },
  { "window", "CREATE FUNCTION w() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_rank'",
    "CREATE FUNCTION w() RETURNS bigint LANGUAGE internal WINDOW COST 3 AS 'window_dense_rank'" },
  { "c", "CREATE FUNCTION h() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'",
    "CREATE FUNCTION h() RETURNS language_handler LANGUAGE c COST 2 AS 'plpgsql', 'plpgsql_call_handler'" },
  { "support", "CREATE FUNCTION s(a text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT SUPPORT textlike_support AS 'textlike'",
    "CREATE FUNCTION s(a text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'textlike'" },
  { "support-changed", "CREATE FUNCTION s(a text) RETURNS boolean LANGUAGE internal IMMUTABLE SUPPORT textlike_support AS 'textlike'",
    "CREATE FUNCTION s(a text) RETURNS boolean LANGUAGE internal IMMUTABLE SUPPORT texticlike_support AS 'textlike'" },
  { "comment", F BODY, F BODY "; COMMENT ON FUNCTION f IS 'it''s'" },
  { "names", "CREATE SCHEMA \"S\"\" é\"", "CREATE SCHEMA \"S\"\" é\"; CREATE FUNCTION \"S\"\" é\".\"select\"(\"from\" integer DEFAULT 1)"
    " RETURNS TABLE (\"Out put\" text) LANGUAGE plpgsql AS 'BEGIN END'; COMMENT ON FUNCTION \"S\"\" é\".\"select\" IS 'x'" },
  { "of-type", "", "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE FUNCTION f(m mood, ms mood[] DEFAULT '{a}') RETURNS SETOF mood"
    " LANGUAGE sql AS 'SELECT m'" },
  { "uses-function", "", "CREATE FUNCTION a() RETURNS integer LANGUAGE sql RETURN 1; CREATE FUNCTION z() RETURNS integer"
    " LANGUAGE sql RETURN a(); CREATE FUNCTION b() RETURNS integer LANGUAGE sql RETURN z()" },
  { "used-function-remade", "CREATE FUNCTION a() RETURNS integer LANGUAGE sql RETURN 1;"
    "CREATE FUNCTION z() RETURNS integer LANGUAGE sql RETURN a(); COMMENT ON FUNCTION z IS 'kept'",
    "CREATE FUNCTION a() RETURNS bigint LANGUAGE sql RETURN 1;"
    "CREATE FUNCTION z() RETURNS integer LANGUAGE sql RETURN a(); COMMENT ON FUNCTION z IS 'kept'" },
  { NULL },
};

#define Z(result) "CREATE FUNCTION z(a integer) RETURNS " result " LANGUAGE sql IMMUTABLE AS 'SELECT 1::" result "';"
#define BOTH(sql) Z ("integer") sql, Z ("bigint") sql

/* A function that cannot be replaced, under everything that can stand on one: the rest comes back as it was. */
static const TideTestPair dependents[] = {
  { "default", BOTH ("CREATE TABLE t (id bigint DEFAULT z(1), b text); COMMENT ON TABLE t IS 'x'") },
  { "check", BOTH ("CREATE TABLE t (id integer, CONSTRAINT c CHECK (z(id) > 0)); COMMENT ON CONSTRAINT c ON t IS 'x'") },
  { "index", BOTH ("CREATE TABLE t (id integer); CREATE INDEX i ON t (z(id)) WHERE z(id) > 5; COMMENT ON INDEX i IS 'x'") },
  { "generated", BOTH ("CREATE TABLE t (id integer, g bigint GENERATED ALWAYS AS (z(id)) STORED)") },
  { "policy", BOTH ("CREATE TABLE t (id integer); CREATE POLICY p ON t USING (z(id) > 1); COMMENT ON POLICY p ON t IS 'x'") },
  { "trigger", BOTH ("CREATE TABLE t (id integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
                     "CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW WHEN (z(new.id) > 1) EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER tr") },
  { "rule", BOTH ("CREATE TABLE t (id integer); CREATE RULE r AS ON DELETE TO t WHERE z(old.id) > 1 DO INSTEAD NOTHING") },
  { "view", BOTH ("CREATE VIEW v AS SELECT z(1) AS a; CREATE VIEW w AS SELECT a FROM v; GRANT SELECT ON v, w TO PUBLIC; COMMENT ON COLUMN w.a IS 'x'") },
  { "materialized-view", BOTH ("CREATE MATERIALIZED VIEW m AS SELECT z(1) AS a; CREATE UNIQUE INDEX i ON m (a); CREATE VIEW w AS SELECT a FROM m") },
  { "domain", BOTH ("CREATE DOMAIN d AS integer CHECK (z(VALUE) > 0); CREATE TABLE t (id d)") },
  { "function", BOTH ("CREATE FUNCTION f(a bigint DEFAULT z(1)) RETURNS bigint LANGUAGE sql RETURN z(2); CREATE VIEW v AS SELECT f(1)") },
  { "procedure", BOTH ("CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC SELECT z(2); END") },
  { "statistics", BOTH ("CREATE TABLE t (id integer, b integer); CREATE STATISTICS s ON z(id), b FROM t") },
  { "arguments", "CREATE FUNCTION z(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (id integer DEFAULT z(1)); CREATE VIEW v AS SELECT z(1) AS a",
    "CREATE FUNCTION z(a integer, b text) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (id integer DEFAULT z(1, 'x')); CREATE VIEW v AS SELECT z(1, 'y') AS a" },
  { "state", "CREATE FUNCTION add(a bigint, b integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE AGGREGATE g(integer) (SFUNC = add, STYPE = bigint)",
    "CREATE FUNCTION add(x bigint, y integer) RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint'; CREATE AGGREGATE g(integer) (SFUNC = add, STYPE = bigint)" },
  { "aggregate-of-view", "CREATE AGGREGATE g(integer) (SFUNC = int4pl, STYPE = integer); CREATE VIEW v AS SELECT g(a) AS s FROM (VALUES (1)) x (a)",
    "CREATE AGGREGATE g(integer) (SFUNC = int4pl, STYPE = integer, FINALFUNC = pg_catalog.int8); CREATE VIEW v AS SELECT g(a) AS s FROM (VALUES (1)) x (a)" },
  { "row-of-table", "CREATE TABLE t (id integer, a text); CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; CREATE FUNCTION g(t) RETURNS text LANGUAGE sql AS 'SELECT ($1).id::text'",
    "CREATE TABLE t (id bigint, b text); CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; CREATE FUNCTION g(t) RETURNS text LANGUAGE sql AS 'SELECT ($1).id::text'" },
  { "trigger-function-moved", "CREATE TABLE t (id integer); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE TRIGGER tr AFTER INSERT ON t EXECUTE FUNCTION f()",
    "CREATE TABLE t (id integer); CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE TRIGGER tr AFTER INSERT ON t EXECUTE FUNCTION g()" },
  { "enum-argument", "CREATE TYPE e AS ENUM ('a', 'b'); CREATE FUNCTION f(x e DEFAULT 'a') RETURNS e LANGUAGE sql AS 'SELECT x'; CREATE TABLE t (m e DEFAULT f('b'))",
    "CREATE TYPE e AS ENUM ('b', 'a', 'c'); CREATE FUNCTION f(x e DEFAULT 'a') RETURNS e LANGUAGE sql AS 'SELECT x'; CREATE TABLE t (m e DEFAULT f('b'))" },
  { NULL },
};

#define A "CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer"

static const TideTestPair aggregates[] = {
  { "added", "", A ")" },
  { "initial", A ")", A ", INITCOND = '0')" },
  { "parallel", A ")", A ", COMBINEFUNC = int4pl, PARALLEL = SAFE)" },
  { "final", A ")", A ", FINALFUNC = int4um, FINALFUNC_MODIFY = SHAREABLE, SSPACE = 16)" },
  { "result", A ")", "CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer, FINALFUNC = int4out)" },
  { "sort", "CREATE AGGREGATE a(integer) (SFUNC = int4larger, STYPE = integer)",
    "CREATE AGGREGATE a(integer) (SFUNC = int4larger, STYPE = integer, SORTOP = >)" },
  { "moving", A ")", A ", MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MSSPACE = 8, MINITCOND = '0')" },
  { "ordered", "", "CREATE AGGREGATE half(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,"
    " FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA); COMMENT ON AGGREGATE half(float8 ORDER BY anyelement) IS 'x'" },
  { "hypothetical", "", "CREATE AGGREGATE r(VARIADIC \"any\" ORDER BY VARIADIC \"any\") (SFUNC = ordered_set_transition_multi,"
    " STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL)" },
  { "star", "", "CREATE AGGREGATE n(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0'); COMMENT ON AGGREGATE n(*) IS 'x'" },
  { "of-functions", "", "CREATE FUNCTION zz(integer, integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
    "CREATE AGGREGATE a(integer) (SFUNC = zz, STYPE = integer)" },
  { "from-function", A ")", "CREATE FUNCTION a(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'" },
  { NULL },
};

#define HANDLERS \
  "CREATE FUNCTION call() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';" \
  "CREATE FUNCTION inline(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';" \
  "CREATE FUNCTION valid(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';"

static const TideTestPair languages[] = {
  { "added", HANDLERS, HANDLERS "CREATE TRUSTED LANGUAGE added HANDLER call INLINE inline VALIDATOR valid; COMMENT ON LANGUAGE added IS 'x'" },
  { "trusted", HANDLERS "CREATE LANGUAGE l HANDLER call", HANDLERS "CREATE TRUSTED LANGUAGE l HANDLER call VALIDATOR valid" },
  { "with-function", "", HANDLERS "CREATE LANGUAGE \"L l\" HANDLER call;"
    "CREATE FUNCTION f() RETURNS void LANGUAGE \"L l\" AS 'BEGIN END'" },
  { NULL },
};

#define ON_DDL "CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"

static const TideTestPair event_triggers[] = {
  { "added", "", ON_DDL "CREATE EVENT TRIGGER \"T t\" ON ddl_command_end EXECUTE FUNCTION on_ddl(); COMMENT ON EVENT TRIGGER \"T t\" IS 'x'" },
  { "tags", ON_DDL "CREATE EVENT TRIGGER tags ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION on_ddl()",
    ON_DDL "CREATE EVENT TRIGGER tags ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE TABLE') EXECUTE FUNCTION on_ddl()" },
  { "event", ON_DDL "CREATE EVENT TRIGGER event ON ddl_command_start EXECUTE FUNCTION on_ddl()",
    ON_DDL "CREATE EVENT TRIGGER event ON sql_drop EXECUTE FUNCTION on_ddl()" },
  { "disabled", ON_DDL "CREATE EVENT TRIGGER disabled ON sql_drop EXECUTE FUNCTION on_ddl()",
    ON_DDL "CREATE EVENT TRIGGER disabled ON sql_drop EXECUTE FUNCTION on_ddl(); ALTER EVENT TRIGGER disabled DISABLE" },
  { "replica", "", ON_DDL "CREATE EVENT TRIGGER replica ON sql_drop EXECUTE FUNCTION on_ddl(); ALTER EVENT TRIGGER replica ENABLE REPLICA" },
  { NULL },
};

/* What ALTER can do is not done by replacing, and what is replaced is not dropped. */
static void
test_minimal (void)
{
  g_autofree char *options = tide_test_pair (F BODY, OPTION ("STABLE COST 5 SET work_mem = '1MB'"));
  g_autofree char *body = tide_test_pair (F BODY, F "AS 'SELECT 2'");
  g_autofree char *aggregate = tide_test_pair (A ")", A ", INITCOND = '0')");

  g_assert_nonnull (strstr (options, "ALTER FUNCTION \"public\".\"f\"(a integer, b text) STABLE COST 5 SET work_mem='1MB'"));
  g_assert_null (strstr (options, "CREATE"));
  g_assert_nonnull (strstr (body, "CREATE OR REPLACE FUNCTION"));
  g_assert_null (strstr (body, "DROP"));
  g_assert_nonnull (strstr (aggregate, "CREATE OR REPLACE AGGREGATE"));
}

/* What sets anew comes behind what is set: where that is not the order of the other side, all are set anew. */
static void
test_settings_in_order (void)
{
  const char *one = "CREATE FUNCTION f() RETURNS int SET search_path = 'public' SET work_mem = '5MB' LANGUAGE sql AS 'SELECT 1'";
  const char *other = "CREATE FUNCTION f() RETURNS int SET work_mem = '6MB' SET lock_timeout = 3 LANGUAGE sql AS 'SELECT 1'";
  g_autofree char *there = tide_test_pair (one, other);
  g_autofree char *back = tide_test_pair (other, one);

  g_assert_null (strstr (there, "RESET ALL"));
  g_assert_nonnull (strstr (back, "RESET ALL SET search_path='public' SET work_mem='5MB'"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/function", functions);
  tide_test_add_pairs ("/schema/dependents", dependents);
  tide_test_add_pairs ("/schema/aggregate", aggregates);
  tide_test_add_pairs ("/schema/language", languages);
  tide_test_add_pairs ("/schema/event-trigger", event_triggers);
  g_test_add_func ("/schema/routines/settings-in-order", test_settings_in_order);
  g_test_add_func ("/schema/routines/minimal", test_minimal);
  return g_test_run ();
}
