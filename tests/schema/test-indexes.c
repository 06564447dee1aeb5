/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-indexes"

#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

static const TideTestPair pairs[] = {
  { "statistics-of-a-column-made-anew",
    "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED, \"c, d\" int); CREATE STATISTICS s ON b, \"c, d\", lower(a::text) FROM t",
    "CREATE TABLE t (a int, b bigint GENERATED ALWAYS AS (a) STORED, \"c, d\" int); CREATE STATISTICS s ON b, \"c, d\", lower(a::text) FROM t" },
  { "clustered-and-identity",
    "CREATE TABLE t (a int not null, b int); "
    "CREATE UNIQUE INDEX ti ON t(a); "
    "CREATE INDEX tj ON t(b)",
    "CREATE TABLE t (a int not null, b int); "
    "CREATE UNIQUE INDEX ti ON t(a); "
    "CREATE INDEX tj ON t(b); "
    "ALTER TABLE t REPLICA IDENTITY USING INDEX ti; "
    "ALTER TABLE t CLUSTER ON tj" },
  { "identity-full-to-index",
    "CREATE TABLE t (a int not null, b int); "
    "CREATE UNIQUE INDEX ti ON t(a); "
    "ALTER TABLE t REPLICA IDENTITY FULL",
    "CREATE TABLE t (a int not null, b int); "
    "CREATE UNIQUE INDEX ti ON t(a); "
    "ALTER TABLE t REPLICA IDENTITY USING INDEX ti" },
  { "statistics",
    "CREATE TABLE a (x int, y text); "
    "CREATE STATISTICS s1 ON x, y FROM a; "
    "CREATE STATISTICS s3 (mcv) ON x, y FROM a;",
    "CREATE TABLE a (x int, y text); "
    "CREATE STATISTICS s1 (ndistinct) ON x, y FROM a; "
    "CREATE STATISTICS s2 ON (x+1), (lower(y)) FROM a; "
    "CREATE STATISTICS s3 (mcv) ON x, y FROM a; "
    "ALTER STATISTICS s3 SET STATISTICS 50; "
    "CREATE STATISTICS s4 ON (x*2) FROM a" },
  { "every-part",
    "CREATE TABLE t (a int, b text); "
    "CREATE INDEX i1 ON t (a); "
    "CREATE INDEX i2 ON t (lower(b)); "
    "CREATE INDEX i3 ON t (a) WHERE a > 0; "
    "CREATE INDEX i4 ON t (a) INCLUDE (b); "
    "CREATE INDEX i5 ON t USING hash (a); "
    "CREATE INDEX i6 ON t(a) WITH (fillfactor=50)",
    "CREATE TABLE t (a int, b text); "
    "CREATE UNIQUE INDEX i1 ON t (a); "
    "CREATE INDEX i2 ON t (upper(b)); "
    "CREATE INDEX i3 ON t (a) WHERE a > 1; "
    "CREATE INDEX i4 ON t (a); "
    "CREATE INDEX i5 ON t USING btree (a); "
    "CREATE INDEX i6 ON t(a) WITH (fillfactor=60)" },
  { "materialized-view",
    "CREATE TABLE t (a int); "
    "CREATE MATERIALIZED VIEW m AS SELECT a FROM t",
    "CREATE TABLE t (a int); "
    "CREATE MATERIALIZED VIEW m AS SELECT a FROM t; "
    "CREATE UNIQUE INDEX mi ON m (a); "
    "CREATE INDEX mj ON m ((a+1), a DESC)" },
  { "orders-and-expressions",
    "CREATE TABLE t (a int, b int);",
    "CREATE TABLE t (a int, b int); "
    "CREATE UNIQUE INDEX t_a ON t (a) NULLS NOT DISTINCT; "
    "CREATE INDEX t_b ON t (b NULLS FIRST, a DESC NULLS LAST); "
    "CREATE INDEX t_brin ON t USING brin (a) WITH (pages_per_range=4); "
    "CREATE INDEX t_h ON t ((a+b), (b IS NULL)); "
    "ALTER INDEX t_h ALTER COLUMN 1 SET STATISTICS 200" },
  { "class-options",
    "CREATE TABLE t (a int, b text, c tsvector GENERATED ALWAYS AS (to_tsvector('simple', coalesce(b,''))) "
    "STORED); "
    "CREATE INDEX ON t USING gin (c); "
    "CREATE INDEX tg ON t USING gist (c tsvector_ops (siglen=100))",
    "CREATE TABLE t (a int, b text, c tsvector); "
    "CREATE INDEX tg ON t USING gist (c tsvector_ops (siglen=200))" },
  { NULL },
};

static void
test_index_safely (void)
{
  TideSchemaScriptOptions options = { .safer = TRUE };
  g_autofree char *script = tide_test_pair_with ("CREATE TABLE t (a integer)",
                                                 "CREATE TABLE t (a integer); CREATE INDEX i ON t (a)",
                                                 NULL, &options);

  g_assert_nonnull (strstr (script, "CREATE INDEX CONCURRENTLY"));
}

/* Queries keep the old index until the new one is there, unless what it stands on changes, too. */
static void
test_replaced_safely (void)
{
  TideSchemaScriptOptions options = { .safer = TRUE };
  g_autofree char *script = tide_test_pair_with (
    "CREATE TABLE t (a int NOT NULL, b int); CREATE INDEX i ON t (a); CREATE UNIQUE INDEX u ON t (a); ALTER TABLE t REPLICA IDENTITY USING INDEX u; "
    "COMMENT ON INDEX i IS 'x'; CREATE TABLE o (a int, b int); CREATE INDEX oi ON o (a)",
    "CREATE TABLE t (a int NOT NULL, b int, c int NOT NULL); CREATE INDEX i ON t (a, c); CREATE UNIQUE INDEX u ON t (a, c); "
    "ALTER TABLE t REPLICA IDENTITY USING INDEX u; COMMENT ON INDEX i IS 'x'; CREATE TABLE o (a bigint, b int); CREATE INDEX oi ON o (a, b)",
    NULL, &options);
  const char *made = strstr (script, "CREATE INDEX CONCURRENTLY \"i\"");

  g_assert_nonnull (made);
  g_assert_nonnull (strstr (made, "DROP INDEX CONCURRENTLY \"public\".\"i__replaced\""));
  g_assert_nonnull (strstr (script, "DROP INDEX CONCURRENTLY \"public\".\"oi\""));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/indexes/pairs", pairs);
  g_test_add_func ("/schema/indexes/index-safely", test_index_safely);
  g_test_add_func ("/schema/indexes/replaced-safely", test_replaced_safely);
  return g_test_run ();
}
