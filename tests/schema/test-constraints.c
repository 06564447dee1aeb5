/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-constraints"

#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

static const TideTestPair pairs[] = {
  { "own-as-well-as-given",
    "CREATE TABLE p (a int, b int, CONSTRAINT k CHECK (a > 0), CONSTRAINT n CHECK (b > 0) NO INHERIT, CONSTRAINT l CHECK (a < 99));"
    "CREATE TABLE c (CONSTRAINT k CHECK (a > 0), CONSTRAINT own CHECK (b < 9), CONSTRAINT l CHECK (a < 99)) INHERITS (p); CREATE TABLE d (x int, CONSTRAINT l CHECK (a < 99)) INHERITS (c)",
    "CREATE TABLE p (a int, b int, CONSTRAINT k CHECK (a > 1), CONSTRAINT n CHECK (b > 0), CONSTRAINT l CHECK (a < 99));"
    "CREATE TABLE c (CONSTRAINT own CHECK (b < 8)) INHERITS (p); CREATE TABLE d (x int, CONSTRAINT own CHECK (b < 8)) INHERITS (c)" },
  { "stored-alike", /* the same trees, of other columns, tables, types and labels */
    "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a > 0), CONSTRAINT w CHECK (t.* IS NOT NULL)); "
    "CREATE TABLE u (a int, b int, CONSTRAINT c CHECK (a > 0), CONSTRAINT w CHECK (u.* IS NOT NULL)); "
    "CREATE TABLE v (a e, b oid, CONSTRAINT c CHECK (a <> 'a'), CONSTRAINT r CHECK (b <> 't'::regclass)); "
    "CREATE INDEX i ON t (b) WHERE a > 1; CREATE INDEX j ON u (b) WHERE a > 1",
    "CREATE TYPE f AS ENUM ('b', 'a'); CREATE TABLE t (b int, a int, CONSTRAINT c CHECK (b > 0), CONSTRAINT w CHECK (t.* IS NOT NULL)); "
    "CREATE TABLE u (x int, b int, CONSTRAINT c CHECK (x > 0), CONSTRAINT w CHECK (u.* IS NOT NULL)); "
    "CREATE TABLE v (a f, b oid, CONSTRAINT c CHECK (a <> 'a'), CONSTRAINT r CHECK (b <> 'u'::regclass)); "
    "CREATE INDEX i ON t (a) WHERE b > 1; CREATE INDEX j ON u (b) WHERE x > 1" },
  { "one-of-some-words",
    "CREATE TABLE t (s varchar(10), c char(3))",
    "CREATE TABLE t (s varchar(10), c char(3), CHECK (s IN ('a', 'it''s', '(ARRAY[')), CHECK (c NOT IN ('a', 'b'))); "
    "CREATE INDEX i ON t (s) WHERE s IN ('a', 'b'); "
    "CREATE VIEW v AS SELECT s FROM t WHERE s IN ('a', 'b') AND s LIKE ANY (ARRAY['a'::varchar, 'b']); "
    "CREATE FUNCTION f(varchar) RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT $1 IN ('a', 'b'); END" },
  { "key-of-other-column",
    "CREATE TABLE t (a int PRIMARY KEY, b int); "
    "CREATE TABLE u (x int REFERENCES t)",
    "CREATE TABLE t (a int, b int PRIMARY KEY); "
    "CREATE TABLE u (x int REFERENCES t ON DELETE CASCADE)" },
  { "types-of-foreign-key",
    "CREATE TABLE t (a int PRIMARY KEY); "
    "CREATE TABLE u (x int REFERENCES t)",
    "CREATE TABLE t (a bigint PRIMARY KEY); "
    "CREATE TABLE u (x bigint REFERENCES t DEFERRABLE INITIALLY DEFERRED)" },
  { "types-without-way-between",
    "CREATE TABLE t (a int PRIMARY KEY); "
    "CREATE TABLE u (x int REFERENCES t)",
    "CREATE TABLE t (a uuid PRIMARY KEY); "
    "CREATE TABLE u (x uuid REFERENCES t)" },
  { "kinds",
    "CREATE TABLE t (a int, b text, c jsonb, CONSTRAINT k CHECK (a > 0), CONSTRAINT u UNIQUE (a))",
    "CREATE TABLE t (a int, b text, c jsonb, CONSTRAINT u UNIQUE (a) DEFERRABLE, CONSTRAINT x EXCLUDE USING "
    "btree (a WITH =) WHERE (a > 0)); "
    "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID; "
    "CREATE INDEX gi ON t USING gin (c jsonb_path_ops); "
    "CREATE INDEX bi ON t (b text_pattern_ops, b COLLATE \"C\")" },
  { "foreign-keys-in-a-circle",
    "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t); "
    "CREATE TABLE u (x int REFERENCES t, y int);",
    "CREATE TABLE t (a int PRIMARY KEY, b int); "
    "CREATE TABLE u (x int, y int PRIMARY KEY); "
    "ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES u; "
    "ALTER TABLE u ADD FOREIGN KEY (x) REFERENCES t" },
  { "grouped-by",
    "CREATE TABLE t (a int PRIMARY KEY, b text); "
    "CREATE VIEW v AS SELECT a, b, count(*) FROM t GROUP BY a",
    "CREATE TABLE t (a int, b text, CONSTRAINT pk2 PRIMARY KEY (a)); "
    "CREATE VIEW v AS SELECT a, b, count(*) FROM t GROUP BY a" },
  { "inherited-and-not-valid",
    "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT VALID, CONSTRAINT d CHECK (a > 0) NO INHERIT)",
    "CREATE TABLE t (a int, CONSTRAINT d CHECK (a > 0)); "
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID" },
  { "validated",
    "CREATE TABLE t (a int); "
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; "
    "CREATE TABLE u (b int PRIMARY KEY); "
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u NOT VALID",
    "CREATE TABLE t (a int); "
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); "
    " CREATE TABLE u (b int PRIMARY KEY); "
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u DEFERRABLE" },
  { "check-of-child-first",
    "CREATE TABLE p (a int); "
    "CREATE TABLE c () INHERITS (p)",
    "CREATE TABLE p (a int); "
    "CREATE TABLE c () INHERITS (p); "
    "ALTER TABLE c ADD CONSTRAINT k CHECK (a > 0); "
    "CREATE TABLE q (a int); "
    "CREATE TABLE d () INHERITS (q); "
    "ALTER TABLE d ADD CONSTRAINT k CHECK (a > 0); "
    "ALTER TABLE q ADD CONSTRAINT k CHECK (a > 0) NOT VALID" },
  { "same-key-twice",
    "CREATE TABLE t (a int, b int)",
    "CREATE TABLE t (a int, b int, UNIQUE (a) INCLUDE (b)); "
    "ALTER TABLE t ADD CONSTRAINT again UNIQUE (a) INCLUDE (b); "
    "CREATE TABLE u (a int, UNIQUE (a)); "
    "ALTER TABLE u ADD CONSTRAINT twice UNIQUE (a)" },
  { "comment-on-index",
    "CREATE TABLE t (a int, b int UNIQUE, PRIMARY KEY (a))",
    "CREATE TABLE t (a int, b int UNIQUE, PRIMARY KEY (a)); "
    "COMMENT ON INDEX t_pkey IS 'under the key'; "
    "COMMENT ON CONSTRAINT t_pkey ON t IS 'the key'; "
    "CREATE TABLE u (a int PRIMARY KEY); "
    "COMMENT ON INDEX u_pkey IS 'under another'" },
  { NULL },
};

static const TideTestPair lone_pairs[] = {
  { "renamed-under-foreign-key",
    "CREATE TABLE t (a int PRIMARY KEY, b int, UNIQUE (b)); "
    "CREATE TABLE u (x int REFERENCES t (b))",
    "CREATE TABLE t (a int PRIMARY KEY, b int, CONSTRAINT other UNIQUE (b)); "
    "CREATE TABLE u (x int REFERENCES t (b) MATCH FULL)" },
  { NULL },
};

static void
test_foreign_key_safely (void)
{
  TideSchemaScriptOptions options = { .safer = TRUE };
  g_autofree char *script = tide_test_pair_with ("CREATE TABLE t (a integer PRIMARY KEY); CREATE TABLE u (b integer)",
                                                 "CREATE TABLE t (a integer PRIMARY KEY); CREATE TABLE u (b integer REFERENCES t)",
                                                 NULL, &options);

  g_assert_nonnull (strstr (script, "NOT VALID"));
  g_assert_nonnull (strstr (script, "VALIDATE CONSTRAINT"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/constraints/pairs", pairs);
  tide_test_add_lone_pairs ("/schema/constraints/lone", lone_pairs);
  g_test_add_func ("/schema/constraints/foreign-key-safely", test_foreign_key_safely);
  return g_test_run ();
}
