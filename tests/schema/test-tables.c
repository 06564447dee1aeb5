/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-tables"

#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

static const TideTestPair pairs[] = {
  { "check-from-above-the-parent",
    "CREATE TABLE base (id int, CONSTRAINT c CHECK (id > 0), CONSTRAINT d CHECK (id < 99)); CREATE TABLE kid (x int) INHERITS (base); "
    "CREATE TABLE low () INHERITS (kid); CREATE TABLE two () INHERITS (base, kid)",
    "CREATE TABLE base (id bigint, CONSTRAINT c CHECK (id > 1), CONSTRAINT d CHECK (id < 99)); CREATE TABLE kid (x int) INHERITS (base); "
    "CREATE TABLE low (z int) INHERITS (base); CREATE TABLE two () INHERITS (base)" },
  { "options",
    "CREATE TABLE t (a text, b text) WITH (fillfactor=50)",
    "CREATE TABLE t (a text, b text) WITH (fillfactor=60, toast.autovacuum_enabled=off, "
    "autovacuum_vacuum_scale_factor=0.1); "
    "ALTER TABLE t ALTER a SET STORAGE MAIN, ALTER a SET STATISTICS 5, ALTER a SET (n_distinct=-0.5), ALTER "
    "b SET COMPRESSION pglz; "
    "ALTER TABLE t REPLICA IDENTITY FULL; "
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY; "
    "ALTER TABLE t FORCE ROW LEVEL SECURITY" },
  { "unlogged",
    "CREATE TABLE t (a int)",
    "CREATE UNLOGGED TABLE t (a int)" },
  { "inheritance",
    "CREATE TABLE a (x int, y text)",
    "CREATE TABLE a (x int, y text); "
    "CREATE TABLE b (z int) INHERITS (a); "
    "CREATE TABLE c (x int NOT NULL DEFAULT 4, q int) INHERITS (a)" },
  { "parent-changed",
    "CREATE TABLE a (x int, y text); "
    "CREATE TABLE b (z int) INHERITS (a)",
    "CREATE TABLE a (x bigint NOT NULL, y text DEFAULT 'q', n int, CHECK (x > 0)); "
    "CREATE TABLE b (z int) INHERITS (a)" },
  { "parents-taken",
    "CREATE TABLE a (x int, y text); "
    "CREATE TABLE a2 (z int); "
    "CREATE TABLE b (x int, y text, z int);",
    "CREATE TABLE a (x int, y text); "
    "CREATE TABLE a2 (z int); "
    "CREATE TABLE b (x int, y text, z int) INHERITS (a2, a);" },
  { "another-parent",
    "CREATE TABLE a (x int, y text, CHECK (x > 0)); "
    "CREATE TABLE c (z int) INHERITS (a)",
    "CREATE TABLE a (q date); "
    "CREATE TABLE b (x int, y text); "
    "CREATE TABLE c (z int) INHERITS (b)" },
  { "other-parents-of-another-type",
    "CREATE TABLE a (x int DEFAULT 1 CHECK (x > 0), y text); "
    "CREATE TABLE b (z int) INHERITS (a); "
    "CREATE TABLE c () INHERITS (a, b)",
    "CREATE TABLE a (x bigint DEFAULT 2 CONSTRAINT ck CHECK (x > 1) NO INHERIT, w int NOT NULL); "
    "CREATE TABLE b (z int) INHERITS (a); "
    "ALTER TABLE b ALTER x SET DEFAULT 5; "
    "CREATE TABLE c (q int) INHERITS (b)" },
  { "parent-between",
    "CREATE TABLE a (x int, y text); "
    "CREATE TABLE c (z int) INHERITS (a); "
    "CREATE INDEX i ON c (y)",
    "CREATE TABLE a (x int, y text); "
    "CREATE TABLE m (k int DEFAULT 3 NOT NULL) INHERITS (a); "
    "CREATE TABLE c (z int) INHERITS (m); "
    "CREATE INDEX i ON c (y, k)" },
  { "parent-that-takes-over",
    "CREATE TABLE c (x int NOT NULL DEFAULT 3 PRIMARY KEY, y varchar(9) UNIQUE, z int); "
    "INSERT INTO c VALUES (1, '2', 3); "
    "CREATE VIEW v AS SELECT x, y FROM c",
    "CREATE TABLE a (x int NOT NULL DEFAULT 3, y bigint); "
    "CREATE TABLE c (z int, PRIMARY KEY (x), UNIQUE (y)) INHERITS (a); "
    "CREATE VIEW v AS SELECT x, y FROM c" },
  { "parents-of-two-roots",
    "CREATE TABLE a (x int); "
    "CREATE TABLE b (x int); "
    "CREATE TABLE c () INHERITS (a, b); "
    "CREATE TABLE d () INHERITS (c)",
    "CREATE TABLE a (x bigint); "
    "CREATE TABLE b (x bigint); "
    "CREATE TABLE c () INHERITS (a, b); "
    "CREATE TABLE d () INHERITS (c)" },
  { "parent-between-while-a-type-is-replaced",
    "CREATE TYPE e AS ENUM ('a', 'b'); "
    "CREATE TABLE a (x e); "
    "CREATE TABLE c () INHERITS (a)",
    "CREATE TYPE e AS ENUM ('b', 'a'); "
    "CREATE TABLE a (x e); "
    "CREATE TABLE b () INHERITS (a); "
    "CREATE TABLE c () INHERITS (b)" },
  { "order-of-options",
    "CREATE TABLE t (a int, b int) WITH (fillfactor=80, autovacuum_enabled=true)",
    "CREATE TABLE t (a int, b int) WITH (autovacuum_enabled=true, fillfactor=80); "
    "ALTER TABLE t ALTER a SET (n_distinct_inherited=0.5, n_distinct=-1); "
    "CREATE INDEX i ON t (b) WITH (deduplicate_items=off, fillfactor=70)" },
  { "typed",
    "CREATE TYPE ct AS (a int, b text)",
    "CREATE TYPE ct AS (a int, b text); "
    "CREATE TABLE t OF ct (a NOT NULL DEFAULT 5, PRIMARY KEY (a)); "
    "CREATE TABLE t2 OF ct" },
  { "typed-later",
    "CREATE TYPE ct AS (a int, b text); "
    "CREATE TABLE t OF ct; "
    "CREATE TABLE u (a int, b text)",
    "CREATE TYPE ct AS (a bigint, b text, c int); "
    "CREATE TABLE t OF ct (c DEFAULT 4); "
    "CREATE TABLE u OF ct" },
  { "removed",
    "CREATE TABLE t (id int PRIMARY KEY)",
    "" },
  { "odd-names",
    "CREATE TABLE \"Odd \"\"T\" (\"a b\" int, \"é\" text); "
    "CREATE INDEX \"I \"\"x\" ON \"Odd \"\"T\" (\"a b\")",
    "CREATE TABLE \"Odd \"\"T\" (\"a b\" bigint DEFAULT 7, \"é\" text NOT NULL, CONSTRAINT \"C c\" CHECK "
    "(\"a b\" > 5)); "
    "CREATE UNIQUE INDEX \"I \"\"x\" ON \"Odd \"\"T\" (\"a b\", \"é\")" },
  { "inherited-defaults",
    "CREATE TABLE a (x int DEFAULT 1); "
    "CREATE TABLE b (y int) INHERITS (a)",
    "CREATE TABLE a (x int DEFAULT 1); "
    "CREATE TABLE b (y int) INHERITS (a); "
    "ALTER TABLE b ALTER x SET DEFAULT 3; "
    "CREATE TABLE c () INHERITS (a); "
    "ALTER TABLE c ALTER x DROP DEFAULT" },
  { "own-and-inherited-column-added",
    "CREATE TABLE p (a int); "
    "CREATE TABLE c (b int) INHERITS (p); "
    "CREATE TABLE d (c int) INHERITS (c)",
    "CREATE TABLE p (a int, x int NOT NULL DEFAULT 1); "
    "CREATE TABLE c (b int, x int DEFAULT 2) INHERITS (p); "
    "CREATE TABLE d (c int, x int) INHERITS (c)" },
  { "other-order-than-inherited",
    "CREATE TABLE p (a int, b text, c int GENERATED ALWAYS AS (a * 2) STORED, CHECK (a > 0))",
    "CREATE TABLE p (a int, b text, c int GENERATED ALWAYS AS (a * 2) STORED, CHECK (a > 0)); "
    "CREATE TABLE q (c int GENERATED ALWAYS AS (a * 2) STORED, b text, a int, CONSTRAINT p_a_check CHECK (a > 0)); "
    "ALTER TABLE q INHERIT p" },
  { "merged-generated",
    "CREATE TABLE p (a int, b int GENERATED ALWAYS AS (a * 2) STORED)",
    "CREATE TABLE p (a int, b int GENERATED ALWAYS AS (a * 2) STORED); "
    "CREATE TABLE q (a int, b int) INHERITS (p)" },
  { "parent-that-takes-over-what-others-see",
    "CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin raise exception ''seen''; end'; "
    "CREATE TABLE p (a int, b text); "
    "CREATE TABLE c (a serial, b text, d int); "
    "CREATE TABLE g (e int) INHERITS (c); "
    "INSERT INTO c (b, d) VALUES ('x', 2); "
    "INSERT INTO g (b, d, e) VALUES ('y', 3, 4); "
    "CREATE TRIGGER tr BEFORE UPDATE OF a ON c FOR EACH ROW EXECUTE FUNCTION tf(); "
    "CREATE TRIGGER tg BEFORE UPDATE ON g FOR EACH ROW EXECUTE FUNCTION tf(); "
    "CREATE INDEX i ON g (a); "
    "CREATE VIEW v AS SELECT a, b FROM c",
    "CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin raise exception ''seen''; end'; "
    "CREATE TABLE p (a int, b text); "
    "CREATE TABLE c (d int) INHERITS (p); "
    "CREATE SEQUENCE c_a_seq AS int OWNED BY c.a; "
    "ALTER TABLE c ALTER a SET DEFAULT nextval('c_a_seq'), ALTER a SET NOT NULL; "
    "CREATE TABLE g (e int) INHERITS (c); "
    "CREATE TRIGGER tr BEFORE UPDATE OF a ON c FOR EACH ROW EXECUTE FUNCTION tf(); "
    "CREATE TRIGGER tg BEFORE UPDATE ON g FOR EACH ROW EXECUTE FUNCTION tf(); "
    "CREATE INDEX i ON g (a); "
    "CREATE VIEW v AS SELECT a, b FROM c" },
  { "parent-that-generates",
    "CREATE TABLE p (d int, a int GENERATED ALWAYS AS (d + 1) STORED); "
    "CREATE TABLE c (d int, a int GENERATED ALWAYS AS (d + 1) STORED); "
    "CREATE TABLE k (d int); "
    "CREATE TABLE l (d int); "
    "INSERT INTO c VALUES (1)",
    "CREATE TABLE p (d int, a int GENERATED ALWAYS AS (d + 1) STORED); "
    "CREATE TABLE c () INHERITS (p); "
    "CREATE TABLE k () INHERITS (p); "
    "CREATE TABLE l (d int) INHERITS (p)" },
  { "identity-own-to-inherited",
    "CREATE TABLE p (a int); CREATE TABLE c (a int GENERATED BY DEFAULT AS IDENTITY, b int) INHERITS (p); INSERT INTO c (b) VALUES (1)",
    "CREATE TABLE p (a int NOT NULL); CREATE TABLE c (b int) INHERITS (p)" },
  { "identity-of-its-own-beside-parents",
    "CREATE TABLE p (a int NOT NULL); CREATE TABLE c (a int NOT NULL GENERATED ALWAYS AS IDENTITY) INHERITS (p)",
    "CREATE TABLE p (a int NOT NULL); CREATE TABLE c () INHERITS (p)" },
  { "unlogged-with-mutual-keys",
    "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); "
    "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE TABLE s (id int PRIMARY KEY REFERENCES s)",
    "CREATE UNLOGGED TABLE a (id int PRIMARY KEY, b int); CREATE UNLOGGED TABLE b (id int PRIMARY KEY, a int REFERENCES a); "
    "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE UNLOGGED TABLE s (id int PRIMARY KEY REFERENCES s)" },
  { "unlogged-in-a-ring",
    "CREATE TABLE a (id int PRIMARY KEY, c int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE); "
    "CREATE TABLE c (id int PRIMARY KEY REFERENCES b DEFERRABLE); ALTER TABLE a ADD FOREIGN KEY (c) REFERENCES c; "
    "CREATE TABLE o (a int REFERENCES a); COMMENT ON CONSTRAINT a_c_fkey ON a IS 'x'",
    "CREATE UNLOGGED TABLE a (id int PRIMARY KEY, c int); CREATE UNLOGGED TABLE b (id int PRIMARY KEY, a int REFERENCES a); "
    "CREATE UNLOGGED TABLE c (id int PRIMARY KEY REFERENCES b DEFERRABLE); ALTER TABLE a ADD FOREIGN KEY (c) REFERENCES c; "
    "CREATE UNLOGGED TABLE o (a int REFERENCES a); COMMENT ON CONSTRAINT a_c_fkey ON a IS 'x'" },
  { "unlogged-with-keys",
    "CREATE TABLE a (id serial PRIMARY KEY); "
    "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); "
    "CREATE TABLE c (b int REFERENCES b)",
    "CREATE UNLOGGED TABLE a (id serial PRIMARY KEY); "
    "CREATE UNLOGGED TABLE b (id int PRIMARY KEY, a int REFERENCES a); "
    "CREATE UNLOGGED TABLE c (b int REFERENCES b)" },
  { "column-of-a-stored-row",
    "CREATE TABLE r (a int, b text); CREATE TABLE t (id int PRIMARY KEY, r r, rs r[]); INSERT INTO t VALUES (1, '(1,x)', '{\"(2,y)\"}')",
    "CREATE TABLE r (a bigint, b text); CREATE TABLE t (id int PRIMARY KEY, r r, rs r[]); INSERT INTO t VALUES (1, '(1,x)', '{\"(2,y)\"}')" },
  { "column-of-a-stored-row-in-use",
    "CREATE TABLE r (a int PRIMARY KEY, b text DEFAULT 'x'); CREATE INDEX ri ON r (b); CREATE TABLE t (id int, r r NOT NULL); "
    "CREATE INDEX ti ON t (((r).b)); CREATE VIEW v AS SELECT (r).a FROM t; CREATE TABLE f (a int REFERENCES r); "
    "INSERT INTO r VALUES (1); INSERT INTO t VALUES (1, '(1,x)'); INSERT INTO f VALUES (1)",
    "CREATE TABLE r (a bigint PRIMARY KEY, b varchar(9) DEFAULT 'x'); CREATE INDEX ri ON r (b); CREATE TABLE t (id int, r r NOT NULL); "
    "CREATE INDEX ti ON t (((r).b)); CREATE VIEW v AS SELECT (r).a FROM t; CREATE TABLE f (a bigint REFERENCES r); "
    "INSERT INTO r VALUES (1); INSERT INTO t VALUES (1, '(1,x)'); INSERT INTO f VALUES (1)" },
  { "column-of-a-row-in-a-row",
    "CREATE TABLE r (a int, b text); CREATE TYPE c AS (r r, n int); CREATE TABLE t (id int, c c); INSERT INTO t VALUES (1, '(\"(1,x)\",2)')",
    "CREATE TABLE r (a text, b text); CREATE TYPE c AS (r r, n int); CREATE TABLE t (id int, c c); INSERT INTO t VALUES (1, '(\"(1,x)\",2)')" },
  { "column-of-a-stored-row-of-its-own-heirs",
    "CREATE TABLE r (a int, b text); CREATE TABLE h (c int) INHERITS (r); CREATE TABLE t (h h); INSERT INTO h VALUES (1, 'x', 2); "
    "INSERT INTO t VALUES ('(1,x,2)')",
    "CREATE TABLE r (a bigint, b text); CREATE TABLE h (c int) INHERITS (r); CREATE TABLE t (h h); INSERT INTO h VALUES (1, 'x', 2); "
    "INSERT INTO t VALUES ('(1,x,2)')" },
  { "default-of-a-stored-row",
    "CREATE TABLE r (a int); CREATE TABLE t (r r DEFAULT '(1)', CHECK ((r).a > 0)); INSERT INTO t DEFAULT VALUES",
    "CREATE TABLE r (a int, b int DEFAULT 1, c serial); CREATE TABLE t (r r DEFAULT '(1,2,3)', CHECK ((r).a > 0)); INSERT INTO t DEFAULT VALUES" },
  { "row-stored-in-parts",
    "CREATE TABLE r (a int); CREATE DOMAIN d AS r; CREATE TABLE t (k int, d d, r r) PARTITION BY LIST (k); "
    "CREATE TABLE u PARTITION OF t FOR VALUES IN (1); CREATE INDEX ON u (r); CREATE INDEX ON t (((d).a)); INSERT INTO t VALUES (1, '(1)', '(2)')",
    "CREATE TABLE r (a text); CREATE DOMAIN d AS r; CREATE TABLE t (k int, d d, r r) PARTITION BY LIST (k); "
    "CREATE TABLE u PARTITION OF t FOR VALUES IN (1); CREATE INDEX ON u (r); CREATE INDEX ON t (((d).a)); INSERT INTO t VALUES (1, '(1)', '(2)')" },
  { "row-stored-in-materialized-view",
    "CREATE TABLE r (a int, b int); CREATE MATERIALIZED VIEW m AS SELECT r FROM r; CREATE INDEX ON m (((r).b)); CREATE VIEW v AS SELECT (r).b FROM m",
    "CREATE TABLE r (a bigint, b int); CREATE MATERIALIZED VIEW m AS SELECT r FROM r; CREATE INDEX ON m (((r).b)); CREATE VIEW v AS SELECT (r).b FROM m" },
  { "stored-row-unlogged",
    "CREATE TABLE r (a int); CREATE TABLE t (r r, s r[]); CREATE UNLOGGED TABLE q (a int); CREATE TABLE w (q q)",
    "CREATE UNLOGGED TABLE r (a int); CREATE TABLE t (r r, s r[]); CREATE TABLE q (a int); CREATE TABLE w (q q NOT NULL)" },
  { "stored-row-comes-and-goes",
    "CREATE TABLE r (a int); CREATE TABLE t (k int, r r); CREATE TABLE u (r r); CREATE TABLE v (r text); CREATE TABLE w (r r)",
    "CREATE TABLE r (a bigint); CREATE TABLE t (k int, s r); CREATE TABLE x (r r); CREATE TABLE v (r r); CREATE TABLE w (r text)" },
  { "own-to-given-while-below-leave",
    "CREATE TABLE a (x int DEFAULT 1, y text); CREATE TABLE b (x int, z date, CONSTRAINT bz CHECK (z > '2000-01-01')); "
    "CREATE TABLE c (own int) INHERITS (a, b); CREATE TABLE d () INHERITS (c)",
    "CREATE TABLE a (x bigint DEFAULT 2, y text, CONSTRAINT ay CHECK (y <> '')); CREATE TABLE b (x bigint, z date, w int); "
    "CREATE TABLE c (own int, y text) INHERITS (b); CREATE TABLE d (y text) INHERITS (c, a)" },
  { "own-to-given-while-below-change-parents",
    "CREATE TABLE p (a int DEFAULT 1, b text NOT NULL); CREATE TABLE q (a int DEFAULT 1, c date); CREATE TABLE k (d int) INHERITS (p, q); "
    "ALTER TABLE k ALTER a SET DEFAULT 9; CREATE TABLE g () INHERITS (k)",
    "CREATE TABLE p (a bigint, b text); CREATE TABLE q (a bigint DEFAULT 2, c timestamp); CREATE TABLE k (d int, a bigint DEFAULT 10) "
    "INHERITS (q); CREATE TABLE g (x int) INHERITS (k, p)" },
  { "own-to-given-while-below-lose-a-parent",
    "CREATE TABLE p (a int); CREATE TABLE q (b int); CREATE TABLE k (d int) INHERITS (p); CREATE TABLE g (e int) INHERITS (k); "
    "CREATE TABLE h () INHERITS (g)",
    "CREATE TABLE p (a int); CREATE TABLE q (b int); CREATE TABLE k (d int, a int) INHERITS (p); CREATE TABLE g (e int) INHERITS (k, p); "
    "CREATE TABLE h () INHERITS (g, q)" },
  { "parents-of-parents", "CREATE TABLE p (a int, b text NOT NULL, z int); CREATE TABLE q (c date); CREATE TABLE k (d int) INHERITS (p, q); CREATE TABLE g () INHERITS (k);"
    "INSERT INTO g VALUES (1, 'x', 2, '2020-01-01', 3)",
    "CREATE TABLE p (a bigint, b text); CREATE TABLE q (z int, c timestamp); CREATE TABLE k (d int) INHERITS (q); CREATE TABLE g (x int) INHERITS (k, p);"
    "INSERT INTO g (a, b) VALUES (1, 'x')" },
  { "type-left-that-gets-columns", "CREATE TYPE p AS (l int, r int); CREATE TABLE t OF p; CREATE TABLE u OF p (PRIMARY KEY (l)); INSERT INTO u VALUES (1, 2)",
    "CREATE TYPE p AS (l int, r int, b int); CREATE TABLE t (a int, b text); CREATE TABLE u OF p (b NOT NULL DEFAULT 4, PRIMARY KEY (l)); INSERT INTO u VALUES (1)" },
  { "type-left-that-changes", "CREATE TYPE p AS (l int, r text); CREATE TABLE t OF p (PRIMARY KEY (l)); CREATE TABLE u OF p; INSERT INTO u VALUES (1, '2')",
    "CREATE TYPE p AS (l int, r int); CREATE TABLE t (b boolean, a text); CREATE TABLE u OF p; INSERT INTO u VALUES (1, 2)" },
  { "type-with-another-order", "CREATE TYPE p AS (l int, r text, z date); CREATE TABLE t OF p (l NOT NULL); CREATE TABLE u (z date DEFAULT '2020-01-01' NOT NULL, l serial PRIMARY KEY); "
    "INSERT INTO t VALUES (1, '2'); INSERT INTO u VALUES ('2020-02-02', 7); CREATE INDEX ui ON u (z); CREATE VIEW v AS SELECT l, r FROM t",
    "CREATE TYPE p AS (z date, r text, l int); CREATE TABLE t OF p (l NOT NULL); CREATE TABLE u OF p (z NOT NULL DEFAULT '2020-01-01', PRIMARY KEY (l)); "
    "CREATE INDEX ui ON u (z); CREATE VIEW v AS SELECT l, r FROM t; INSERT INTO t VALUES ('2020-01-01', 'x', 1)" },
  { "another-type", "CREATE TYPE p AS (l int, r text); CREATE TYPE q AS (r text, l int); CREATE TABLE t OF p (PRIMARY KEY (l))",
    "CREATE TYPE p AS (l int, r date); CREATE TYPE q AS (r text, l int); CREATE TABLE t OF q (PRIMARY KEY (l))" },
  { "type-left-with-its-columns", "CREATE TYPE p AS (l int, r int); CREATE TABLE t OF p", "CREATE TYPE p AS (l int, r int); CREATE TABLE t (l int, e text)" },
  { NULL },
};

static const TideTestPair lone_pairs[] = {
  { "everything-at-once",
    "",
    "CREATE TABLE t (id serial PRIMARY KEY, a text NOT NULL DEFAULT 'x', b varchar(10) UNIQUE, CHECK (id > "
    "0)); "
    "CREATE INDEX ti ON t (a, b DESC); "
    "COMMENT ON TABLE t IS 'x'; "
    "COMMENT ON COLUMN t.a IS 'y'; "
    "COMMENT ON CONSTRAINT t_pkey ON t IS 'z'; "
    "COMMENT ON INDEX ti IS 'i';" },
  { "foreign",
    "CREATE FOREIGN DATA WRAPPER w; "
    "CREATE SERVER s FOREIGN DATA WRAPPER w; "
    "CREATE FOREIGN TABLE f (a int) SERVER s",
    "CREATE FOREIGN DATA WRAPPER w; "
    "CREATE SERVER s FOREIGN DATA WRAPPER w; "
    "CREATE FOREIGN TABLE f (a int OPTIONS (x 'y') NOT NULL, b text DEFAULT 'x', CHECK (a > 1)) SERVER s "
    "OPTIONS (q 'r')" },
  { "moved",
    "CREATE SCHEMA x; "
    "CREATE TABLE x.t (a int, b int)",
    "CREATE SCHEMA y; "
    "CREATE TABLE y.t (a int, b int)" },
  { NULL },
};

/* A table that the script makes holds nobody up, and has no rows */
static void
test_new_table_safely (void)
{
  static const char *const tables[] = {
    "CREATE TABLE old (a int PRIMARY KEY); CREATE TABLE old2 (a int)",
    "CREATE TABLE old (a int PRIMARY KEY); CREATE TABLE old2 (a int); CREATE INDEX old2_i ON old2 (a); "
    "CREATE TABLE t (a int REFERENCES old, b int UNIQUE, c int NOT NULL CHECK (c > 0)); CREATE INDEX i ON t (a); "
    "CREATE UNIQUE INDEX u ON t (b, c); ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES t (b)",
  };
  TideSchemaScriptOptions options = { .safer = TRUE };
  g_autofree char *text = tide_test_pair_with (tables[0], tables[1], NULL, &options);
  g_autoptr (TideSchema) from = tide_test_read_schema (tables[0]);
  g_autoptr (TideSchema) to = tide_test_read_schema (tables[1]);
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
  g_autoptr (TideSchemaScript) script = tide_schema_script_new (diff, NULL);
  GPtrArray *statements = tide_schema_script_get_statements (script);

  g_assert_null (strstr (text, "NOT VALID"));
  g_assert_nonnull (strstr (text, "INDEX CONCURRENTLY \"old2_i\""));
  g_assert_null (strstr (text, "INDEX CONCURRENTLY \"i\""));
  g_assert_null (strstr (text, "INDEX CONCURRENTLY \"u\""));
  for (guint i = 0; i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);

      if (strstr (statement->sql, "old2") != NULL)
        g_assert_cmpint (statement->hazards, ==, TIDE_HAZARD_LONG_LOCK);
      else if (strstr (statement->sql, "\"old\"") != NULL)
        g_assert_cmpint (statement->hazards, ==, TIDE_HAZARD_LOCK);
      else
        g_assert_cmpint (statement->hazards, ==, TIDE_HAZARD_NONE);
    }
}

/* That it is a parent's alone again can be said of no column that is there. */
static void
test_own_as_well_as_inherited (void)
{
  g_autofree char *script = tide_test_pair ("CREATE TABLE a (x int, y int); CREATE TABLE b (z int); CREATE TABLE c () INHERITS (b, a)",
                                            "CREATE TABLE a (x int, y int); CREATE TABLE b (z int); CREATE TABLE c (y int) INHERITS (b, a)");

  g_assert_nonnull (strstr (script, "NO INHERIT"));
}

/* What a parent loses and its child keeps is the child's own, with its values. */
static void
test_kept_below (void)
{
  g_autofree char *script = tide_test_pair ("CREATE TABLE p (a int, e int); CREATE TABLE q (b int) INHERITS (p)",
                                            "CREATE TABLE p (a int); CREATE TABLE q (b int) INHERITS (p); ALTER TABLE q ADD e int");

  g_assert_cmpstr (g_strchomp (script), ==, "ALTER TABLE ONLY \"public\".\"p\" DROP COLUMN \"e\";");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/tables/pairs", pairs);
  tide_test_add_lone_pairs ("/schema/tables/lone", lone_pairs);
  g_test_add_func ("/schema/tables/own-as-well-as-inherited", test_own_as_well_as_inherited);
  g_test_add_func ("/schema/tables/kept-below", test_kept_below);
  g_test_add_func ("/schema/tables/new-table-safely", test_new_table_safely);
  return g_test_run ();
}
