/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-partitions"

#include "config.h"

#include "schema/pair.h"
#include "schema/pairs.h"
#include "wire/tide-session.h"

static const TideTestPair pairs[] = {
  /* The server would take the partition's older index, a key's or one from the other end, for the part of the whole's. */
  { "parts-like-own-indexes",
    "CREATE TABLE p (a int NOT NULL, b int) PARTITION BY LIST (a); CREATE UNIQUE INDEX ui ON p (a); CREATE INDEX bi ON p (b DESC); "
    "CREATE TABLE q (a int NOT NULL, b int, CONSTRAINT qk UNIQUE (a)); CREATE INDEX qb ON q (b); "
    "CREATE TABLE r (a int NOT NULL, b int, PRIMARY KEY (a))",
    "CREATE TABLE p (a int NOT NULL, b int) PARTITION BY LIST (a); CREATE UNIQUE INDEX ui ON p (a); CREATE INDEX bi ON p (b DESC); "
    "CREATE TABLE q PARTITION OF p FOR VALUES IN (1); ALTER TABLE q ADD CONSTRAINT qk UNIQUE (a); CREATE INDEX qb ON q (b); "
    "CREATE TABLE r PARTITION OF p FOR VALUES IN (2); ALTER TABLE p ADD PRIMARY KEY (a)" },
  { "plain-to-partitioned",
    "CREATE TABLE p (a int, d date)",
    "CREATE TABLE p (a int, d date) PARTITION BY RANGE (d); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); "
    "CREATE TABLE pd PARTITION OF p DEFAULT; "
    "CREATE INDEX ON p (a); "
    "ALTER TABLE p ADD PRIMARY KEY (a, d); "
    "ALTER TABLE p ADD CHECK (a > 0);" },
  { "keys-over-partitions",
    "CREATE TABLE p (a int, d date) PARTITION BY RANGE (d); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');",
    "CREATE TABLE p (a int, d date) PARTITION BY RANGE (d); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); "
    "CREATE TABLE pd PARTITION OF p DEFAULT; "
    "CREATE INDEX ON p (a); "
    "ALTER TABLE p ADD PRIMARY KEY (a, d); "
    "ALTER TABLE p ADD CHECK (a > 0);" },
  { "attached",
    "CREATE TABLE p (a int, d date) PARTITION BY RANGE (d); "
    "CREATE TABLE p1 (a int, d date); "
    "CREATE INDEX ON p(a); "
    "ALTER TABLE p ADD PRIMARY KEY (a, d); "
    "CREATE TABLE r (a int, d date, FOREIGN KEY (a,d) REFERENCES p); "
    " ALTER TABLE p ADD CHECK (a > 0);",
    "CREATE TABLE p (a int, d date) PARTITION BY RANGE (d); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); "
    "CREATE INDEX ON p (a); "
    "ALTER TABLE p ADD PRIMARY KEY (a, d);CREATE TABLE r (a int, d date, FOREIGN KEY (a,d) REFERENCES p); "
    "ALTER TABLE p ADD CHECK (a > 0);" },
  { "bounds-and-keys",
    "CREATE TABLE p (a int, d date) PARTITION BY RANGE (d); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); "
    "CREATE INDEX pi ON p (a); "
    "ALTER TABLE p ADD PRIMARY KEY (a, d)",
    "CREATE TABLE p (a int, d date) PARTITION BY RANGE (d); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2022-01-01'); "
    "CREATE INDEX pi ON p (a DESC); "
    "ALTER TABLE p ADD PRIMARY KEY (d, a)" },
  { "two-levels",
    "CREATE TABLE p (a int, d date) PARTITION BY RANGE (d); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (a); "
    "CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1,2)",
    "CREATE TABLE p (a int, d date, z text NOT NULL DEFAULT 'a') PARTITION BY RANGE (d); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (a); "
    "CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1,2); "
    "CREATE INDEX ON p (z); "
    "ALTER TABLE p ADD UNIQUE (d, a)" },
  { "redistributed",
    "CREATE TABLE p (a int, b int, c text) PARTITION BY LIST (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); "
    "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2,3);",
    "CREATE TABLE p (a int, b int, c text) PARTITION BY LIST (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); "
    "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2,4); "
    "CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3) PARTITION BY HASH (b); "
    "CREATE TABLE p31 PARTITION OF p3 FOR VALUES WITH (MODULUS 2, REMAINDER 0); "
    "CREATE TABLE p32 PARTITION OF p3 FOR VALUES WITH (MODULUS 2, REMAINDER 1); "
    "CREATE UNIQUE INDEX pu ON p (a, b); "
    "CREATE INDEX pe ON p ((b+1))" },
  { "attached-with-index",
    "CREATE TABLE p (a int NOT NULL, b int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 (a int NOT NULL, b int); "
    "CREATE INDEX p1i ON p1 (b); "
    "CREATE INDEX pi ON p (b)",
    "CREATE TABLE p (a int NOT NULL, b int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 (a int NOT NULL, b int); "
    "CREATE INDEX p1i ON p1 (b); "
    "CREATE INDEX pi ON p (b); "
    "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10)" },
  { "type-of-key",
    "CREATE TABLE p (a int PRIMARY KEY, b int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10); "
    "CREATE TABLE r (x int REFERENCES p)",
    "CREATE TABLE p (a bigint PRIMARY KEY, b int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10); "
    " CREATE TABLE r (x bigint REFERENCES p)" },
  { "own-defaults",
    "CREATE TABLE q (id int PRIMARY KEY); "
    "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)",
    "CREATE TABLE q (id int PRIMARY KEY); "
    "CREATE TABLE p (a int, b int REFERENCES q, c text NOT NULL DEFAULT 'x') PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10); "
    "CREATE TABLE p2 PARTITION OF p DEFAULT; "
    "ALTER TABLE p2 ALTER c SET DEFAULT 'zz', ALTER b SET NOT NULL" },
  { "index-not-everywhere",
    "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
    "CREATE TABLE p (a int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (2) TO (3); "
    "CREATE INDEX i ON ONLY p (a); "
    "CREATE INDEX i1 ON p1 (a); "
    "ALTER INDEX i ATTACH PARTITION i1" },
  { "column-and-bounds",
    "CREATE TABLE p (a int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (4); "
    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (6) TO (10)",
    "CREATE TABLE p (b bigint, a int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (7); "
    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (7) TO (10)" },
  { "type-under-own-defaults",
    "CREATE TABLE p (a int, b int DEFAULT 3) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (4); "
    "ALTER TABLE ONLY p1 ALTER b SET DEFAULT 4; "
    "CREATE VIEW v AS SELECT b FROM p1; "
    "CREATE TABLE h (c int DEFAULT 5); "
    "CREATE TABLE i (c int DEFAULT 6) INHERITS (h)",
    "CREATE TABLE p (a int, b text DEFAULT USER) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (4); "
    "ALTER TABLE ONLY p1 ALTER b SET DEFAULT 'four'; "
    "CREATE VIEW v AS SELECT b FROM p1; "
    "CREATE TABLE h (c text DEFAULT '5'); "
    "CREATE TABLE i (c text DEFAULT '6') INHERITS (h)" },
  { "index-let-go",
    "CREATE TABLE p (a int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "CREATE INDEX i ON ONLY p (a); "
    "CREATE INDEX i1 ON p1 (a)",
    "CREATE TABLE p (a int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "CREATE INDEX i ON ONLY p (a); "
    "CREATE INDEX i1 ON p1 (a); "
    "ALTER INDEX i ATTACH PARTITION i1" },
  { "key-on-plain-index",
    "CREATE TABLE p (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "ALTER TABLE p ADD CONSTRAINT i PRIMARY KEY (a, b)",
    "CREATE TABLE p (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "CREATE UNIQUE INDEX i ON p (a, b); "
    "ALTER TABLE p1 ADD CONSTRAINT p1_pkey PRIMARY KEY USING INDEX p1_a_b_idx" },
  { "two-equal-indexes",
    "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); "
    "CREATE INDEX z ON p (b); "
    "CREATE TABLE p1 (a int, b int); "
    "CREATE INDEX own ON p1 (b)",
    "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); "
    "CREATE INDEX z ON p (b); "
    "CREATE TABLE p1 (a int, b int); "
    "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (2); "
    "CREATE INDEX own ON p1 (b); "
    "CREATE INDEX y ON p (b)" },
  { "equal-indexes-of-a-whole",
    "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3); "
    "CREATE INDEX z ON p (b); CREATE INDEX y ON p (b)",
    "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3); "
    "CREATE INDEX z ON p (b); CREATE INDEX y ON p (b); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 (a int, b int); CREATE INDEX p2y ON p2 (b); "
    "CREATE INDEX p2a ON p2 (b); ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2)" },
  { "equal-indexes-older-and-younger",
    "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE INDEX z ON p (b); CREATE INDEX y ON p (b); "
    "CREATE TABLE p2 (a int, b int); CREATE INDEX p2y ON p2 (b); CREATE INDEX p2a ON p2 (b); CREATE INDEX p2b ON p2 (b)",
    "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE INDEX z ON p (b); CREATE INDEX y ON p (b); "
    "CREATE TABLE p2 (a int, b int); CREATE INDEX p2a ON p2 (b); CREATE INDEX p2y ON p2 (b); CREATE INDEX p2b ON p2 (b); "
    "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2)" },
  { "settings-of-new-columns",
    "CREATE TABLE t (a int NOT NULL, b int DEFAULT 1) PARTITION BY HASH (a); CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
    "CREATE TABLE t (a int NOT NULL, b int NOT NULL DEFAULT 2, c text) PARTITION BY HASH (a); CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 4, REMAINDER 0);"
    "ALTER TABLE ONLY t0 ALTER c SET STORAGE EXTERNAL, ALTER c SET STATISTICS 7, ALTER c SET DEFAULT 'x'" },
  { "columns-come-and-go-with-the-whole",
    "CREATE TABLE t (a int NOT NULL, b int DEFAULT 1) PARTITION BY LIST (a); CREATE TABLE t0 (a int NOT NULL, b int);"
    "CREATE TABLE u (a int NOT NULL, b int, c text) PARTITION BY LIST (a); CREATE TABLE u0 PARTITION OF u FOR VALUES IN (1);"
    "CREATE TABLE v (a int NOT NULL, b int, c text) PARTITION BY LIST (a); CREATE TABLE v0 PARTITION OF v FOR VALUES IN (1);"
    "CREATE TABLE w (a int NOT NULL, b int, c text) PARTITION BY LIST (a); CREATE TABLE w0 PARTITION OF w FOR VALUES IN (1); CREATE TABLE w1 PARTITION OF w FOR VALUES IN (2)",
    "CREATE TABLE t (a int NOT NULL, b int DEFAULT 1, c text NOT NULL DEFAULT 'q') PARTITION BY LIST (a); CREATE TABLE t0 PARTITION OF t FOR VALUES IN (1);"
    "ALTER TABLE t0 ALTER c SET STATISTICS 5, ALTER c SET DEFAULT 'z'; CREATE TABLE u (a int NOT NULL, b int, c text) PARTITION BY LIST (a); CREATE TABLE u0 (a int NOT NULL, b int);"
    "CREATE TABLE v (a int NOT NULL, b int) PARTITION BY LIST (a); CREATE TABLE v0 (a int NOT NULL, b int, c text);"
    "CREATE TABLE w (a int NOT NULL, b bigint) PARTITION BY LIST (a); CREATE TABLE w0 (a int NOT NULL, b text); CREATE TABLE w1 PARTITION OF w FOR VALUES IN (2)" },
  { "referred-to-by-index",
    "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "CREATE TABLE r (a int, b int)",
    "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "CREATE UNIQUE INDEX u ON p (a, b); "
    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (2) TO (3); "
    "CREATE TABLE r (a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b))" },
  { "new-part-with-key-like-an-index",
    "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "CREATE UNIQUE INDEX i ON p (a)",
    "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "CREATE UNIQUE INDEX i ON p (a); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (2) TO (3); "
    "ALTER TABLE p2 ADD UNIQUE (a), ADD PRIMARY KEY (a)" },
  { "new-whole-of-a-part-with-key-like-an-index",
    "",
    "CREATE TABLE p (a int, b int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); "
    "CREATE UNIQUE INDEX i ON p (a); ALTER TABLE p1 ADD PRIMARY KEY (a); ALTER TABLE p ADD CONSTRAINT c CHECK (a > 0) NOT VALID; "
    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (2) TO (3); ALTER TABLE p2 ADD PRIMARY KEY (a)" },
  { "new-whole-with-twin-keys",
    "",
    "CREATE TABLE p (a int NOT NULL, b int NOT NULL, UNIQUE (a, b)) PARTITION BY RANGE (a); "
    "CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (a, b)) FOR VALUES FROM (1) TO (2); "
    "CREATE INDEX own ON p1 (b, a); "
    "CREATE INDEX x ON p (b, a); "
    "CREATE TABLE r (a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b))" },
  { "valid-below",
    "CREATE TABLE v (a int) PARTITION BY LIST (a); CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1);"
    "CREATE TABLE v2 PARTITION OF v FOR VALUES IN (2)",
    "CREATE TABLE v (a int) PARTITION BY LIST (a); CREATE TABLE v2 PARTITION OF v FOR VALUES IN (2);"
    "ALTER TABLE v ADD CONSTRAINT c CHECK (a > 0) NOT VALID; CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1);"
    "CREATE TABLE v3 PARTITION OF v FOR VALUES IN (3)" },
  { "valid-below-anew",
    "",
    "CREATE TABLE v (a int) PARTITION BY LIST (a); CREATE TABLE v2 PARTITION OF v FOR VALUES IN (2);"
    "ALTER TABLE v ADD CONSTRAINT c CHECK (a > 0) NOT VALID; CREATE TABLE v1 PARTITION OF v FOR VALUES IN (1)" },
  { "moved-with-parts-and-another-index",
    "CREATE TABLE t (a int, b int, c text) PARTITION BY RANGE (a); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY LIST (b); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (1); CREATE INDEX ti ON t (c)",
    "CREATE TABLE t (a int, b int, c text) PARTITION BY RANGE (a); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (20) PARTITION BY LIST (b); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (1, 2); CREATE TABLE t12 PARTITION OF t1 DEFAULT; "
    "CREATE INDEX ti ON t (c, a); ALTER TABLE t ADD CHECK (a < 1000)" },
  { "moved-while-referred-to",
    "CREATE TABLE t (a int PRIMARY KEY) PARTITION BY RANGE (a); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10); CREATE TABLE r (a int REFERENCES t); "
    "INSERT INTO t VALUES (1); INSERT INTO r VALUES (1)",
    "CREATE TABLE t (a int PRIMARY KEY) PARTITION BY RANGE (a); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (20); CREATE TABLE r (a int REFERENCES t); "
    "INSERT INTO t VALUES (1); INSERT INTO r VALUES (1)" },
  { "three-levels-moved-with-another-index",
    "CREATE TABLE t (a int, b int, c int, d text) PARTITION BY RANGE (a); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY LIST (b); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (1) PARTITION BY RANGE (c); "
    "CREATE TABLE t111 PARTITION OF t11 FOR VALUES FROM (0) TO (5); CREATE INDEX ti ON t (d); "
    "INSERT INTO t VALUES (1, 1, 1, 'x')",
    "CREATE TABLE t (a int, b int, c int, d text) PARTITION BY RANGE (a); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (20) PARTITION BY LIST (b); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (1, 2) PARTITION BY RANGE (c); "
    "CREATE TABLE t111 PARTITION OF t11 FOR VALUES FROM (0) TO (50); CREATE INDEX ti ON t (d, c); "
    "INSERT INTO t VALUES (1, 1, 1, 'x')" },
  { "three-levels-moved-with-another-key",
    "CREATE TABLE t (a int, b int, c int, d text) PARTITION BY RANGE (a); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY LIST (b); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (1) PARTITION BY RANGE (c); "
    "CREATE TABLE t111 PARTITION OF t11 FOR VALUES FROM (0) TO (5); ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b, c); "
    "CREATE INDEX ti ON t (d); INSERT INTO t VALUES (1, 1, 1, 'x')",
    "CREATE TABLE t (a int, b int, c int, d text) PARTITION BY RANGE (a); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (20) PARTITION BY LIST (b); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (1, 2) PARTITION BY RANGE (c); "
    "CREATE TABLE t111 PARTITION OF t11 FOR VALUES FROM (0) TO (50); ALTER TABLE t ADD CONSTRAINT k UNIQUE (c, b, a); "
    "CREATE INDEX ti ON t (d DESC); INSERT INTO t VALUES (1, 1, 1, 'x')" },
  { "enum-of-a-key",
    "CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (e e, n int) PARTITION BY LIST (e); "
    "CREATE TABLE ta PARTITION OF t FOR VALUES IN ('a'); CREATE TABLE tb PARTITION OF t DEFAULT; "
    "CREATE INDEX ti ON t (e, n); INSERT INTO t VALUES ('a', 1)",
    "CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (e e, n int) PARTITION BY LIST (e); "
    "CREATE TABLE ta PARTITION OF t FOR VALUES IN ('a'); CREATE TABLE tb PARTITION OF t DEFAULT; "
    "CREATE INDEX ti ON t (e, n); INSERT INTO t VALUES ('a', 1)" },
  { "enum-of-keys-below",
    "CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (e e, f e, n int, PRIMARY KEY (e, f)) PARTITION BY RANGE (e); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('a') TO ('b') PARTITION BY LIST (f); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN ('a'); CREATE TABLE r (e e, f e, FOREIGN KEY (e, f) REFERENCES t); "
    "CREATE VIEW v AS SELECT e FROM t; INSERT INTO t VALUES ('a', 'a', 1)",
    "CREATE TYPE e AS ENUM ('x', 'a', 'b'); CREATE TABLE t (e e, f e, n int, PRIMARY KEY (e, f)) PARTITION BY RANGE (e); "
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('a') TO ('b') PARTITION BY LIST (f); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN ('a'); CREATE TABLE r (e e, f e, FOREIGN KEY (e, f) REFERENCES t); "
    "CREATE VIEW v AS SELECT e FROM t; INSERT INTO t VALUES ('a', 'a', 1)" },
  { "enum-of-an-expression",
    "CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (e text, n e) PARTITION BY LIST ((n = 'a'::e)); "
    "CREATE TABLE ta PARTITION OF t FOR VALUES IN (true); INSERT INTO t VALUES ('a', 'a')",
    "CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (e text, n e) PARTITION BY LIST ((n = 'a'::e)); "
    "CREATE TABLE ta PARTITION OF t FOR VALUES IN (true); INSERT INTO t VALUES ('a', 'a')" },
  { "type-of-a-key",
    "CREATE TABLE t (a int, b text) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9); "
    "CREATE INDEX ON t (b); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE o (a int, b text); CREATE VIEW w AS SELECT a FROM t1; "
    "GRANT SELECT ON t1 TO PUBLIC; COMMENT ON TABLE t IS 'parts'",
    "CREATE TABLE t (a bigint, b text) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9); "
    "CREATE INDEX ON t (b); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE o (a bigint, b text); CREATE VIEW w AS SELECT a FROM t1; "
    "GRANT SELECT ON t1 TO PUBLIC; COMMENT ON TABLE t IS 'parts'" },
  { "type-of-a-key-below",
    "CREATE TABLE t (a int, b int, c text) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9) PARTITION BY LIST (b); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX ON t (c)",
    "CREATE TABLE t (a int, b bigint, c text) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9) PARTITION BY LIST (b); "
    "CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX ON t (c)" },
  { "not-null-of-a-part-alone",
    "CREATE TABLE t (a int, b text NOT NULL, c int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (5); "
    "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (5) TO (9) PARTITION BY RANGE (a); CREATE TABLE t21 PARTITION OF t2 FOR VALUES FROM (5) TO (6); "
    "CREATE TABLE t22 PARTITION OF t2 FOR VALUES FROM (6) TO (7)",
    "CREATE TABLE t (a int, b text, c int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (5); "
    "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (5) TO (9) PARTITION BY RANGE (a); CREATE TABLE t21 PARTITION OF t2 FOR VALUES FROM (5) TO (6); "
    "CREATE TABLE t22 PARTITION OF t2 FOR VALUES FROM (6) TO (7); ALTER TABLE t1 ALTER b SET NOT NULL; ALTER TABLE t22 ALTER b SET NOT NULL" },
  { NULL },
};

/* A table that is partitioned otherwise is made anew, without its rows: each DROP says so. */
static void
test_rows_lost (void)
{
  static const char *const cases[][2] = {
    { "CREATE TABLE t (a int, b int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)",
      "CREATE TABLE t (a int, b int) PARTITION BY RANGE (b); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9)" },
    { "CREATE TABLE t (a int)", "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t DEFAULT" },
    { "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t DEFAULT", "CREATE TABLE t (a int)" },
    { "CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9)",
      "CREATE TABLE t (a bigint) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TideSchema) from = tide_test_read_schema (cases[i][0]);
      g_autoptr (TideSchema) to = tide_test_read_schema (cases[i][1]);
      g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
      g_autoptr (TideSchemaScript) script = tide_schema_script_new (diff, NULL);
      GPtrArray *statements = tide_schema_script_get_statements (script);
      guint n_dropped = 0;

      for (guint j = 0; j < statements->len; j++)
        {
          const TideScriptStatement *statement = g_ptr_array_index (statements, j);

          g_test_message ("%s", statement->sql);
          if (!g_str_has_prefix (statement->sql, "DROP TABLE"))
            continue;
          g_assert_cmpuint (statement->hazards & TIDE_HAZARD_DATA_LOSS, !=, 0);
          n_dropped++;
        }
      g_assert_cmpuint (n_dropped, >, 0);
    }
}

/* Nothing waits for what goes from a schema that is granted on: a type may go with a column only after the table was altered. */
static void
test_schema_granted (void)
{
  tide_test_pair_both_ways ("CREATE TYPE e AS ENUM ('a'); CREATE TYPE p AS (l int); CREATE TABLE t OF p; CREATE TABLE u (a int, b e)",
                            "COMMENT ON SCHEMA public IS 'x'; GRANT CREATE ON SCHEMA public TO PUBLIC; CREATE TYPE p AS (l int);"
                            "CREATE TABLE t (l int); ALTER TABLE t SET (fillfactor = 50); CREATE TABLE u (a int) WITH (fillfactor = 50);"
                            "CREATE TABLE w (a int) PARTITION BY LIST (a); CREATE TABLE a_part PARTITION OF w FOR VALUES IN (1)");
}

/* The check of the old bound that PostgreSQL leaves on it goes again; beside a default partition it detaches none so. */
static void
test_detach_safely (void)
{
#define WHOLE "CREATE TABLE other (b int PRIMARY KEY); CREATE TABLE t (a int, b int REFERENCES other, CONSTRAINT k CHECK (b > 0)) PARTITION BY RANGE (a); "
  TideSchemaScriptOptions options = { .safer = TRUE };
  g_autofree char *script = tide_test_pair_with (
    WHOLE "CREATE TABLE \"P 1\" PARTITION OF t FOR VALUES FROM (1) TO (10); ALTER TABLE \"P 1\" ADD CONSTRAINT l CHECK (b < 9)",
    WHOLE "CREATE TABLE \"P 1\" (a int, b int, CONSTRAINT l CHECK (b < 9), CONSTRAINT \"it's\" CHECK (a > 1))", NULL, &options);
  g_autofree char *beside_default = tide_test_pair_with (
    WHOLE "CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (10); CREATE TABLE d PARTITION OF t DEFAULT",
    WHOLE "CREATE TABLE p (a int, b int); CREATE TABLE d PARTITION OF t DEFAULT", NULL, &options);

  g_assert_nonnull (strstr (script, "DETACH PARTITION \"public\".\"P 1\" CONCURRENTLY"));
  g_assert_nonnull (strstr (beside_default, "DETACH PARTITION \"public\".\"p\";"));
}

/* What neither side knows of, as it came after both were read, is nobody's to drop. */
static void
test_detach_spares_others (void)
{
#define DIVIDED "CREATE TABLE t (a int, v bool) PARTITION BY LIST (v); CREATE TABLE w (a int, v bool) PARTITION BY HASH (a); "
  TideSchemaScriptOptions options = { .safer = TRUE };
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *made = tide_test_psql (conninfo, DIVIDED "CREATE TABLE p PARTITION OF t FOR VALUES IN (true);"
                                          "CREATE TABLE q PARTITION OF w FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
  g_autoptr (TideSchema) from = tide_test_read_catalog (conninfo);
  g_autoptr (TideSchema) to = tide_test_read_schema (DIVIDED "CREATE TABLE p (a int, v bool); CREATE TABLE q (a int, v bool)");
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
  g_autoptr (TideSchemaScript) script = tide_schema_script_new (diff, &options);
  g_autoptr (GError) error = NULL;
  g_autoptr (TideSession) session = NULL;
  GPtrArray *statements = tide_schema_script_get_statements (script);
  g_autofree char *late = tide_test_psql (conninfo, "ALTER TABLE p ADD CONSTRAINT late CHECK (a > 0), ADD CONSTRAINT p_a_check CHECK (a > 1);"
                                          "ALTER TABLE q ADD CONSTRAINT q_check CHECK (a > 2)");
  g_autofree char *left = NULL;

  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);
      g_autoptr (GPtrArray) results = tide_session_run (session, statement->sql, NULL, &error);

      g_assert_no_error (error);
    }
  tide_session_close (session);
  left = tide_test_psql (conninfo, "SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0");
  g_assert_cmpstr (left, ==, "late p_a_check q_check");
  tide_test_drop_database (conninfo);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/partitions/pairs", pairs);
  g_test_add_func ("/schema/partitions/rows-lost", test_rows_lost);
  g_test_add_func ("/schema/partitions/schema-granted", test_schema_granted);
  g_test_add_func ("/schema/partitions/detach-safely", test_detach_safely);
  g_test_add_func ("/schema/partitions/detach-spares-others", test_detach_spares_others);
  return g_test_run ();
}
