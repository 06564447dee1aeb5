/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

#define T "CREATE TABLE t (id integer PRIMARY KEY, name text, made date);"
#define V "CREATE VIEW v AS SELECT id, name FROM t;"
#define M "CREATE MATERIALIZED VIEW m AS SELECT id, name FROM t;"

#define CHAINED "CREATE TABLE n (a int, b int, c int, d date);"

static const TideTestPair views[] = {
  { "rows-of-a-function",
    "CREATE TABLE t (a int, b text); CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; "
    "CREATE VIEW v AS SELECT g.a, x.b FROM g() JOIN g() x USING (a); CREATE MATERIALIZED VIEW m AS SELECT b FROM g(); "
    "CREATE VIEW w AS SELECT q.b FROM g() q",
    "CREATE TABLE t (a int, \"C c\" text, b text); CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; "
    "CREATE VIEW v AS SELECT g.a, x.b, x.\"C c\" FROM g() JOIN g() x USING (a); CREATE MATERIALIZED VIEW m AS SELECT b FROM g(); "
    "CREATE VIEW w AS SELECT q.b FROM g() q" },
  { "names-by-place",
    "CREATE TABLE t (a int, z int, b int, c int); CREATE VIEW v AS SELECT p, r FROM t x(p, q, r, s); "
    "CREATE VIEW w AS SELECT x.p, y.b FROM t x(p) JOIN t y ON y.a = x.p",
    "CREATE TABLE t (c int, n int, b int, a int); CREATE VIEW v AS SELECT p, r FROM t x(s, m, r, p); "
    "CREATE VIEW w AS SELECT x.p, y.b FROM t x(q, o, r, p) JOIN t y ON y.a = x.p; "
    "CREATE VIEW u AS SELECT x.k FROM (SELECT q.\"k k\" AS k FROM t q(i, \"k k\")) x JOIN t y(c, j) ON y.c = x.k; "
    "CREATE MATERIALIZED VIEW m AS SELECT n FROM t x(b, c, n)" },
  { "names-by-place-in-another-order", "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT p FROM t x(p, q)",
    "CREATE TABLE t (b int, a int); CREATE VIEW v AS SELECT p FROM t x(p, q)" },
  { "added", T, T V },
  { "with-table", "", T V },
  { "of-itself", T, T V "CREATE OR REPLACE VIEW v AS SELECT id, name FROM v; COMMENT ON VIEW v IS 'x'" },
  { "of-itself-now", T V, T V "CREATE OR REPLACE VIEW v AS SELECT id, name FROM v" },
  { "condition", T V, T "CREATE VIEW v AS SELECT id, name FROM t WHERE id > 5" },
  { "column-added", T V, T "CREATE VIEW v AS SELECT id, name, made FROM t" },
  { "column-added-first", T V, T "CREATE VIEW v AS SELECT made, id, name FROM t" },
  { "column-named", T V, T "CREATE VIEW v AS SELECT id, name AS \"The name\" FROM t" },
  { "column-type", T V, T "CREATE VIEW v AS SELECT id::bigint AS id, name FROM t" },
  { "column-collation", T V, T "CREATE VIEW v AS SELECT id, name COLLATE \"C\" AS name FROM t" },
  { "no-columns", "CREATE VIEW v AS SELECT", "CREATE VIEW v AS SELECT 1 AS a" },
  { "barrier", T V, T "CREATE VIEW v WITH (security_barrier) AS SELECT id, name FROM t" },
  { "invoker", T V, T "CREATE VIEW v WITH (security_invoker = true) AS SELECT id, name FROM t" },
  { "check", T V, T "CREATE VIEW v AS SELECT id, name FROM t WITH LOCAL CHECK OPTION" },
  { "check-cascaded", T "CREATE VIEW v AS SELECT id, name FROM t WITH LOCAL CHECK OPTION",
    T "CREATE VIEW v WITH (security_barrier = false) AS SELECT id, name FROM t WHERE id > 5 WITH CASCADED CHECK OPTION" },
  { "default", T V, T V "ALTER VIEW v ALTER COLUMN name SET DEFAULT 'it''s' || E'\\n' || 'more'" },
  { "defaults", T V "ALTER VIEW v ALTER id SET DEFAULT 1; ALTER VIEW v ALTER name SET DEFAULT 'x'",
    T V "ALTER VIEW v ALTER id SET DEFAULT 2" },
  { "comments", T V "COMMENT ON COLUMN v.id IS 'goes'; COMMENT ON COLUMN v.name IS 'old'",
    T V "COMMENT ON VIEW v IS 'x'; COMMENT ON COLUMN v.name IS E'it''s = \\\\ \"q\n second line'" },
  { "comments-kept", T V "COMMENT ON COLUMN v.name IS 'x'; COMMENT ON VIEW v IS 'y'",
    T "CREATE VIEW v AS SELECT made, id, name FROM t; COMMENT ON COLUMN v.name IS 'x'; COMMENT ON VIEW v IS 'y'" },
  { "names", T, T "CREATE SCHEMA \"S\"\"s\"; CREATE VIEW \"S\"\"s\".\"select\" AS SELECT id AS \"from\", name AS \"A\"\" = b\" FROM t;"
    "COMMENT ON COLUMN \"S\"\"s\".\"select\".\"A\"\" = b\" IS 'x';"
    "ALTER VIEW \"S\"\"s\".\"select\" ALTER \"A\"\" = b\" SET DEFAULT 'd'" },
  { "over-views", T, T V "CREATE VIEW a AS SELECT * FROM v; CREATE VIEW z AS SELECT a.id, v.name FROM a JOIN v USING (id)" },
  { "over-changed", T V "CREATE VIEW a AS SELECT id FROM v; COMMENT ON VIEW a IS 'x'",
    T "CREATE VIEW v AS SELECT name, id FROM t; CREATE VIEW a AS SELECT id FROM v; COMMENT ON VIEW a IS 'x'" },
  { "over-chain", T V "CREATE VIEW a AS SELECT id, name FROM v; CREATE VIEW b AS SELECT name FROM a; CREATE VIEW c AS SELECT * FROM b",
    T "CREATE VIEW v AS SELECT id, name::varchar AS name FROM t; CREATE VIEW a AS SELECT id, name FROM v;"
    "CREATE VIEW b AS SELECT name FROM a; CREATE VIEW c AS SELECT * FROM b" },
  { "swapped", T "CREATE VIEW a AS SELECT id FROM t; CREATE VIEW b AS SELECT id FROM a",
    T "CREATE VIEW b AS SELECT id FROM t; CREATE VIEW a AS SELECT id FROM b" },
  { "group-by-key", T, T "CREATE VIEW v AS SELECT id, name, count(*) FROM t GROUP BY id" },
  { "recursive", "", "CREATE RECURSIVE VIEW v (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v WHERE n < 5" },
  { "of-function", "", "CREATE FUNCTION zz(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT zz(1) AS a" },
  { "of-function-remade", "CREATE FUNCTION zz(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT zz(1) AS a",
    "CREATE FUNCTION zz(b integer) RETURNS integer LANGUAGE sql AS 'SELECT 2'; CREATE VIEW v AS SELECT zz(1) AS a" },
  { "row-type", T, T V "CREATE FUNCTION f(v) RETURNS text LANGUAGE sql AS 'SELECT ($1).name'" },
  { "to-table", T V, T "CREATE TABLE v (id integer, name text)" },
  { "to-materialized", T V, T "CREATE MATERIALIZED VIEW v AS SELECT id, name FROM t" },
  { "table-column-dropped", T "CREATE VIEW v AS SELECT id, name, made FROM t",
    "CREATE TABLE t (id integer PRIMARY KEY, name text); CREATE VIEW v AS SELECT id, name FROM t" },
  { "table-column-typed", T V, "CREATE TABLE t (id bigint PRIMARY KEY, name text, made date);" V },
  { "chains", CHAINED, CHAINED
    "CREATE VIEW c AS SELECT * FROM n WHERE d BETWEEN '2020-01-01' AND current_date - 3 AND a BETWEEN b AND c + 1 AND (b = 1 OR c = 2);"
    "CREATE VIEW e AS SELECT n.a FROM n JOIN n m ON n.a BETWEEN m.a AND m.b AND n.c = m.c AND (n.a, n.b) = (m.b, m.c)"
    " WHERE (n.a BETWEEN 1 AND 2 AND n.b = 1) AND n.a BETWEEN SYMMETRIC 2 AND 1 AND CASE WHEN n.a BETWEEN 1 AND 2 AND n.b > 0 THEN true END;"
    "ALTER TABLE n ADD CHECK (a BETWEEN 1 AND 5 AND b > 0), ADD CHECK ((a, b) = (1, 2) AND c > 0), ADD CHECK (a NOT BETWEEN 2 AND 3 OR c > 0),"
    " ADD CHECK (((a, b) = (1, 2) AND a BETWEEN 1 AND 2) AND (a BETWEEN 1 AND 2 AND b > 0 OR c = 1));"
    "CREATE INDEX ON n (a) WHERE a BETWEEN 1 AND 10 AND b IS NOT NULL; CREATE POLICY p ON n USING (a BETWEEN 1 AND 2 AND b = 3);"
    "CREATE FUNCTION inside(x int) RETURNS bool LANGUAGE sql RETURN x BETWEEN 1 AND 2 AND x > 0" },
  { NULL },
};

static const TideTestPair materialized[] = {
  { "added", T, T M },
  { "definition", T M, T "CREATE MATERIALIZED VIEW m AS SELECT id, name FROM t WHERE id > 1" },
  { "populated", T M, T "CREATE MATERIALIZED VIEW m AS SELECT id, name FROM t WITH NO DATA" },
  { "options", T M, T "CREATE MATERIALIZED VIEW m WITH (fillfactor = 70, autovacuum_enabled = off) AS SELECT id, name FROM t" },
  { "options-changed", T "CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT id, name FROM t",
    T "CREATE MATERIALIZED VIEW m WITH (fillfactor = 80, toast.autovacuum_enabled = off) AS SELECT id, name FROM t" },
  { "statistics", T M, T M "ALTER MATERIALIZED VIEW m ALTER id SET STATISTICS 50; ALTER MATERIALIZED VIEW m ALTER name SET STATISTICS 0" },
  { "storage", T M, T M "ALTER MATERIALIZED VIEW m ALTER name SET STORAGE EXTERNAL" },
  { "compression", T M, T M "ALTER MATERIALIZED VIEW m ALTER name SET COMPRESSION pglz" },
  { "column-options", T M "ALTER MATERIALIZED VIEW m ALTER id SET (n_distinct = 5)",
    T M "ALTER MATERIALIZED VIEW m ALTER id SET (n_distinct = 6); ALTER MATERIALIZED VIEW m ALTER name SET (n_distinct = -0.5)" },
  { "comments", T M, T M "COMMENT ON MATERIALIZED VIEW m IS 'x'; COMMENT ON COLUMN m.name IS 'y'" },
  { "indexes", T M, T M "CREATE UNIQUE INDEX m_id ON m (id); CREATE INDEX m_name ON m (lower(name)); COMMENT ON INDEX m_id IS 'x'" },
  { "indexes-kept", T M "CREATE UNIQUE INDEX m_id ON m (id)",
    T "CREATE MATERIALIZED VIEW m AS SELECT id, name, made FROM t; CREATE UNIQUE INDEX m_id ON m (id)" },
  { "over-views", T, T V "CREATE MATERIALIZED VIEW a AS SELECT * FROM v; CREATE MATERIALIZED VIEW b AS SELECT id FROM a; CREATE VIEW c AS SELECT * FROM b" },
  { "owned-by-one-without-rights", T, T "CREATE MATERIALIZED VIEW m AS SELECT id FROM t;"
    "ALTER MATERIALIZED VIEW m OWNER TO pg_monitor; GRANT SELECT ON m TO pg_signal_backend" },
  { "read-in-a-body", T, T "CREATE MATERIALIZED VIEW z AS SELECT id FROM t;"
    "CREATE FUNCTION reads() RETURNS SETOF z LANGUAGE sql SET search_path FROM CURRENT AS 'SELECT * FROM z';"
    "CREATE VIEW between AS SELECT count(*) FROM reads(); CREATE MATERIALIZED VIEW a AS SELECT * FROM between" },
  { "access-method", T "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;" M,
    T "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; CREATE MATERIALIZED VIEW m USING heap2 AS SELECT id, name FROM t" },
  { NULL },
};

static const TideTestPair rules[] = {
  { "added", T, T "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; COMMENT ON RULE r ON t IS 'x'" },
  { "definition", T "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
    T "CREATE RULE r AS ON DELETE TO t WHERE old.id > 5 DO ALSO (DELETE FROM t WHERE id = 1; UPDATE t SET id = 2)" },
  { "event", T "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING", T "CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING" },
  { "disabled", T "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
    T "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; ALTER TABLE t DISABLE RULE r" },
  { "always", T "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; ALTER TABLE t ENABLE REPLICA RULE r",
    T "CREATE RULE r AS ON DELETE TO t DO ALSO NOTHING; ALTER TABLE t ENABLE ALWAYS RULE r" },
  { "on-view", T V, T V "CREATE RULE \"R r\" AS ON INSERT TO v DO INSTEAD INSERT INTO t (id, name) VALUES (new.id, new.name) RETURNING id, name" },
  { "of-remade-view", T V "CREATE RULE r AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE id = old.id; COMMENT ON RULE r ON v IS 'x'",
    T "CREATE VIEW v AS SELECT name, id FROM t; CREATE RULE r AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE id = old.id; COMMENT ON RULE r ON v IS 'x'" },
  { "through-two", T V, T V "CREATE TABLE log (id integer); CREATE RULE r AS ON DELETE TO v DO INSTEAD (DELETE FROM t WHERE id = old.id; INSERT INTO log VALUES (old.id))" },
  { NULL },
};

/* A view that keeps its columns is replaced where it stands. */
static void
test_minimal (void)
{
  g_autofree char *condition = tide_test_pair (T V, T "CREATE VIEW v AS SELECT id, name, made FROM t WHERE id > 5");
  g_autofree char *made = tide_test_pair (T, T V);
  g_autofree char *option = tide_test_pair (T V, T "CREATE VIEW v WITH (security_barrier) AS SELECT id, name FROM t");

  g_assert_null (strstr (made, "REPLACE"));
  g_assert_nonnull (strstr (condition, "CREATE OR REPLACE VIEW"));
  g_assert_null (strstr (condition, "DROP"));
  g_assert_nonnull (strstr (option, "ALTER VIEW \"public\".\"v\" SET (security_barrier='true')"));
  g_assert_null (strstr (option, "CREATE"));
}

/* Reads column @column of the rows of g(), and other lists of names that look like those of its columns */
#define READERS(column)                                                                                                        \
  "CREATE FUNCTION g(n int DEFAULT 1) RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';"                                       \
  "CREATE VIEW v AS SELECT g." column ", x.b AS l, s.a AS n, o." column " AS o FROM g() CROSS JOIN (VALUES ('a', 'b')) x(a, b) " \
  "CROSS JOIN generate_series(1, 1) s(a) CROSS JOIN g((SELECT max(1) FROM g() g)) WITH ORDINALITY o;"                           \
  "CREATE TABLE l (a text);"                                                                                                   \
  "CREATE TABLE copied (a text);"                                                                                              \
  "CREATE RULE r AS ON INSERT TO l DO ALSO INSERT INTO copied SELECT g." column " FROM g();"                                    \
  "CREATE POLICY p ON l USING (a IN (SELECT g." column " FROM g()));"                                                           \
  "CREATE FUNCTION s() RETURNS text BEGIN ATOMIC SELECT g." column " FROM g(); END;"

/* Columns of a function's rows are known by their names, whatever their order is. */
static void
test_rows_of_function (void)
{
  const char *before = "CREATE TABLE t (a text, b text); " READERS ("b");
  g_autofree char *script = tide_test_pair (before, "CREATE TABLE t (a text, c text, b text); " READERS ("c"));
  g_autofree char *back = tide_test_pair ("CREATE TABLE t (a text, c text, b text); " READERS ("c"), before);
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *sql = g_strconcat (before, "INSERT INTO t VALUES ('a', 'b');", script, "; UPDATE public.t SET c = 'c';"
                                      "INSERT INTO public.l VALUES ('c'), ('b');"
                                      "ALTER TABLE public.l ENABLE ROW LEVEL SECURITY; ALTER TABLE public.l FORCE ROW LEVEL SECURITY;"
                                      "GRANT ALL ON ALL TABLES IN SCHEMA public TO pg_monitor;", NULL);
  g_autofree char *changed = tide_test_psql (conninfo, sql);
  g_autofree char *rows = tide_test_psql (conninfo, "SELECT * FROM public.v; SELECT public.s(); SELECT DISTINCT a FROM public.copied;"
                                                    "SET ROLE pg_monitor; SELECT a FROM public.l");

  g_assert_cmpstr (g_strchomp (rows), ==, "c|b|1|c\nc\nc\nc");
  tide_test_drop_database (conninfo);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/view-of-rows", test_rows_of_function);
  tide_test_add_pairs ("/schema/view", views);
  tide_test_add_pairs ("/schema/materialized-view", materialized);
  tide_test_add_pairs ("/schema/rule", rules);
  g_test_add_func ("/schema/views/minimal", test_minimal);
  return g_test_run ();
}
