/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

#define MOOD "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');"
#define LESS "CREATE TYPE mood AS ENUM ('ok', 'happy');"
#define PAIR_IN "CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';"
#define PAIR_OUT "CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';"
#define PAIR_SEND "CREATE FUNCTION pair_send(pair) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int8send';"
#define PAIR_SHELL "CREATE TYPE pair;" PAIR_IN PAIR_OUT
#define PAIR PAIR_SHELL "CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint);"
#define NUMBER PAIR_SHELL "CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint, CATEGORY = 'N');"
#define IN_USE "CREATE TABLE t (id int PRIMARY KEY, p pair NOT NULL DEFAULT '4', ps pair[]); COMMENT ON TYPE pair IS 'two';" \
  "CREATE VIEW v AS SELECT id, p FROM t; CREATE FUNCTION f(pair) RETURNS int LANGUAGE sql AS 'SELECT 1'"
#define OPERATORS "CREATE FUNCTION lt(pair, pair) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int8lt';" \
  "CREATE FUNCTION gt(pair, pair) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int8gt';" \
  "CREATE FUNCTION le(pair, pair) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int8le';" \
  "CREATE FUNCTION ge(pair, pair) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int8ge';" \
  "CREATE FUNCTION eq(pair, pair) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int8eq';" \
  "CREATE FUNCTION cmp(pair, pair) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'btint8cmp';" \
  "CREATE OPERATOR < (LEFTARG = pair, RIGHTARG = pair, FUNCTION = lt, COMMUTATOR = >);" \
  "CREATE OPERATOR > (LEFTARG = pair, RIGHTARG = pair, FUNCTION = gt, COMMUTATOR = <);" \
  "CREATE OPERATOR <= (LEFTARG = pair, RIGHTARG = pair, FUNCTION = le);" \
  "CREATE OPERATOR >= (LEFTARG = pair, RIGHTARG = pair, FUNCTION = ge);" \
  "CREATE OPERATOR = (LEFTARG = pair, RIGHTARG = pair, FUNCTION = eq, COMMUTATOR = =);" \
  "CREATE OPERATOR CLASS pair_ops DEFAULT FOR TYPE pair USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=," \
  "  OPERATOR 5 >, FUNCTION 1 cmp(pair, pair);" \
  "CREATE CAST (int8 AS pair) WITHOUT FUNCTION AS ASSIGNMENT; CREATE CAST (pair AS int8) WITHOUT FUNCTION;"
#define IN_TYPES "CREATE DOMAIN d AS pair CHECK (VALUE > '0'::pair); CREATE TYPE c AS (x pair, y int);" \
  "CREATE TABLE t (a pair PRIMARY KEY, d d, c c, ds d[]); CREATE INDEX ON t (d); CREATE TABLE u (a pair REFERENCES t);" \
  "CREATE TABLE w (a pair, k int) PARTITION BY RANGE (k); CREATE TABLE x PARTITION OF w FOR VALUES FROM (0) TO (10);" \
  "CREATE TABLE h (z int) INHERITS (t); CREATE FUNCTION f(pair) RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'"
#define WORD(options) "CREATE TYPE mood; CREATE FUNCTION mood_in(cstring) RETURNS mood LANGUAGE internal IMMUTABLE STRICT AS 'textin';" \
  "CREATE FUNCTION mood_out(mood) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';" \
  "CREATE TYPE mood (INPUT = mood_in, OUTPUT = mood_out, LIKE = text" options ");"

static const TideTestPair pairs[] = {
  { "enum", "", MOOD "COMMENT ON TYPE mood IS 'how one feels'; REVOKE USAGE ON TYPE mood FROM PUBLIC" },
  { "enum-empty", "CREATE TYPE e AS ENUM ()", "CREATE TYPE e AS ENUM ('a')" },
  { "enum-quoted", "CREATE TYPE e AS ENUM ('a')", "CREATE TYPE e AS ENUM ('it''s', 'a', 'b\\c', 'two\nlines', '(\"')" },
  { "enum-add-in-the-middle", "CREATE TYPE e AS ENUM ('a', 'd')", "CREATE TYPE e AS ENUM ('0', 'a', 'b', 'c', 'd', 'e')" },
  { "enum-reorder", MOOD, "CREATE TYPE mood AS ENUM ('happy', 'ok', 'sad')" },
  { "enum-remove-in-use", MOOD "CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok' NOT NULL, ms mood[] DEFAULT '{ok}')",
    LESS "CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok' NOT NULL, ms mood[] DEFAULT '{ok}')" },
  { "enum-remove-under-all",
    MOOD "CREATE TABLE t (id int, m mood, CHECK (m <> 'happy')); CREATE INDEX i ON t (m) WHERE m = 'ok';"
         "CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok'; COMMENT ON VIEW v IS 'fine';"
         "CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1';"
         "CREATE FUNCTION g(t) RETURNS bool LANGUAGE sql BEGIN ATOMIC SELECT ($1).m = 'ok'; END;"
         "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (m = 'ok');",
    LESS "CREATE TABLE t (id int, m mood, CHECK (m <> 'happy')); CREATE INDEX i ON t (m) WHERE m = 'ok';"
         "CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok'; COMMENT ON VIEW v IS 'fine';"
         "CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1';"
         "CREATE FUNCTION g(t) RETURNS bool LANGUAGE sql BEGIN ATOMIC SELECT ($1).m = 'ok'; END;"
         "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (m = 'ok');" },
  { "enum-goes-with-its-column", MOOD "CREATE TABLE t (a int, m mood)",
    "CREATE TABLE t (a int, m int GENERATED ALWAYS AS (a + 1) STORED)" },
  { "enum-remove-under-domain", MOOD "CREATE DOMAIN d AS mood CHECK (VALUE <> 'happy'); CREATE TABLE t (a d, b mood)",
    LESS "CREATE DOMAIN d AS mood CHECK (VALUE <> 'happy'); CREATE TABLE t (a d, b mood)" },
  { "enum-remove-under-composite", MOOD "CREATE TYPE c AS (m mood, n int); CREATE TABLE t (a c)",
    LESS "CREATE TYPE c AS (m mood, n int); CREATE TABLE t (a c)" },
  { "enum-remove-under-partitions",
    MOOD "CREATE TABLE t (id int, m mood) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9)",
    LESS "CREATE TABLE t (id int, m mood) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (9)" },
  { "enum-remove-and-column-goes", MOOD "CREATE TABLE t (id int, m mood)", LESS "CREATE TABLE t (id int)" },
  { "enum-column-to-text", MOOD "CREATE TABLE t (id int, m mood DEFAULT 'ok')", "CREATE TABLE t (id int, m text DEFAULT 'ok')" },
  { "enum-add-and-use-as-default", LESS "CREATE TABLE t (m mood DEFAULT 'ok')", MOOD "CREATE TABLE t (m mood DEFAULT 'sad')" },
  { "enum-add-and-use-in-check", LESS "CREATE TABLE t (m mood)", MOOD "CREATE TABLE t (m mood CHECK (m <> 'sad'))" },
  { "enum-add-and-use-in-index", LESS "CREATE TABLE t (m mood)", MOOD "CREATE TABLE t (m mood); CREATE INDEX ON t (m) WHERE m = 'sad'" },
  { "enum-add-and-use-in-view", LESS "CREATE TABLE t (m mood)", MOOD "CREATE TABLE t (m mood); CREATE VIEW v AS SELECT FROM t WHERE m = 'sad'" },
  { "enum-add-and-use-in-array", LESS "CREATE TABLE t (m mood[])", MOOD "CREATE TABLE t (m mood[] DEFAULT '{ok,sad}')" },
  { "enum-and-table", "", MOOD "CREATE TABLE t (id int, m mood DEFAULT 'sad', ms mood[])" },
  { "composite", "", "CREATE TYPE c AS (a int, \"B c\" text COLLATE \"C\", d numeric(5,2)[]); COMMENT ON TYPE c IS 'three';"
                     "COMMENT ON COLUMN c.a IS 'first'" },
  { "composite-empty", "CREATE TYPE c AS ()", "CREATE TYPE c AS (a int)" },
  { "composite-type", "CREATE TYPE c AS (a int, b varchar(10))", "CREATE TYPE c AS (a bigint, b varchar(20))" },
  { "composite-collation", "CREATE TYPE c AS (a text)", "CREATE TYPE c AS (a text COLLATE \"C\")" },
  { "composite-order", "CREATE TYPE c AS (a int, b int)", "CREATE TYPE c AS (b int, a int)" },
  { "composite-comments", "CREATE TYPE c AS (a int, b int); COMMENT ON COLUMN c.a IS 'x'",
    "CREATE TYPE c AS (a int, b int); COMMENT ON COLUMN c.b IS 'it''s'" },
  { "composite-add-in-use", "CREATE TYPE c AS (a int); CREATE TABLE t (v c, w c[])", "CREATE TYPE c AS (a int, b text); CREATE TABLE t (v c, w c[])" },
  { "composite-in-middle", "CREATE TYPE c AS (a int, b text); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT ($1).a'",
    "CREATE TYPE c AS (a int, n int, b text); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT ($1).a'" },
  { "composite-type-in-use", "CREATE TYPE c AS (a int); CREATE TABLE t (v c); CREATE VIEW w AS SELECT (v).a FROM t",
    "CREATE TYPE c AS (a bigint); CREATE TABLE t (v c); CREATE VIEW w AS SELECT (v).a FROM t" },
  { "composite-view", "CREATE TYPE c AS (a int, b int); CREATE TABLE t (v c); CREATE VIEW w AS SELECT (v).a, (v).b FROM t",
    "CREATE TYPE c AS (a int); CREATE TABLE t (v c); CREATE VIEW w AS SELECT (v).a FROM t" },
  { "composite-typed-table", "CREATE TYPE c AS (a int); CREATE TABLE t OF c", "CREATE TYPE c AS (a int, b text); CREATE TABLE t OF c" },
  { "composite-nested", "CREATE TYPE i AS (a int); CREATE TYPE o AS (i i)", "CREATE TYPE i AS (a text); CREATE TYPE o AS (i i, j i[])" },
  { "domain", "", "CREATE DOMAIN d AS varchar(10) COLLATE \"C\" DEFAULT 'x' NOT NULL CHECK (VALUE <> ''); COMMENT ON DOMAIN d IS 'few'" },
  { "domain-over-default", "CREATE DOMAIN d AS int",
    "CREATE DOMAIN d AS int; CREATE DOMAIN e AS d CHECK (VALUE > 1); CREATE DOMAIN f AS d DEFAULT 3; ALTER DOMAIN d SET DEFAULT 5" },
  { "domain-default", "CREATE DOMAIN d AS int DEFAULT 1", "CREATE DOMAIN d AS int DEFAULT 2" },
  { "domain-no-default", "CREATE DOMAIN d AS int DEFAULT 1 NOT NULL", "CREATE DOMAIN d AS int" },
  { "domain-check", "CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 0)",
    "CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 1) CONSTRAINT \"b c\" CHECK (VALUE < 9); COMMENT ON CONSTRAINT \"b c\" ON DOMAIN d IS 'small'" },
  { "domain-not-valid", "CREATE DOMAIN d AS int", "CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID" },
  { "domain-validated", "CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > 0)",
    "CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID" },
  { "domain-case", "CREATE DOMAIN d AS int CHECK (CASE WHEN VALUE > 1 THEN VALUE < 9 ELSE VALUE > -1 END)", "CREATE DOMAIN d AS int" },
  { "domain-type", "CREATE DOMAIN d AS int", "CREATE DOMAIN d AS text" },
  { "domain-type-in-use", "CREATE DOMAIN d AS int; CREATE TABLE t (a d DEFAULT 1, b d[]); CREATE VIEW v AS SELECT a FROM t",
    "CREATE DOMAIN d AS bigint; CREATE TABLE t (a d DEFAULT 1, b d[]); CREATE VIEW v AS SELECT a FROM t" },
  { "domain-function", "", "CREATE FUNCTION f(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'; CREATE DOMAIN d AS int CHECK (f(VALUE));" },
  { "domain-check-inside-others",
    "CREATE DOMAIN d AS int; CREATE DOMAIN n AS text; CREATE TYPE c AS (x d); CREATE DOMAIN o AS d; CREATE TABLE r (y n); "
    "CREATE TABLE t (a d[] DEFAULT '{1}', b c, e o[], f r, g d); INSERT INTO t VALUES ('{2}', '(3)', '{4}', '(z)', 5); "
    "CREATE VIEW v AS SELECT a, (b).x FROM t; CREATE DOMAIN plain AS int; CREATE TABLE p (a plain)",
    "CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE DOMAIN n AS text NOT NULL; CREATE TYPE c AS (x d); CREATE DOMAIN o AS d; "
    "CREATE TABLE r (y n); CREATE TABLE t (a d[] DEFAULT '{1}', b c, e o[], f r, g d); "
    "CREATE VIEW v AS SELECT a, (b).x FROM t; CREATE DOMAIN plain AS int CHECK (VALUE > 0); CREATE TABLE p (a plain)" },
  { "domain-check-inside-others-over-composite",
    "CREATE TYPE c AS (a int, b text); CREATE DOMAIN d AS c CHECK ((VALUE).a > 0); CREATE TABLE t (x d, y d[]); "
    "INSERT INTO t VALUES ('(2,b)', '{\"(3,c)\"}')",
    "CREATE TYPE c AS (a int, b text, z date); CREATE DOMAIN d AS c CHECK ((VALUE).a > 1); CREATE TABLE t (x d, y d[])" },
  { "array-of-domain-over-array",
    "CREATE DOMAIN a AS int[]; CREATE DOMAIN b AS a NOT NULL; CREATE TABLE t (x b[], y a[]); INSERT INTO t VALUES ('{\"{1,2}\"}', '{}')",
    "CREATE DOMAIN a AS bigint[]; CREATE DOMAIN b AS a; CREATE TABLE t (x b[], y a[])" },
  { "domain-over-domain", "CREATE DOMAIN a AS int; CREATE DOMAIN b AS a", "CREATE DOMAIN a AS int NOT NULL; CREATE DOMAIN b AS a CHECK (VALUE > 0)" },
  { "range", "", "CREATE TYPE r AS RANGE (subtype = text, collation = \"C\"); COMMENT ON TYPE r IS 'from to'" },
  { "range-subtype", "CREATE TYPE r AS RANGE (subtype = int)", "CREATE TYPE r AS RANGE (subtype = bigint)" },
  { "range-in-use", "CREATE TYPE r AS RANGE (subtype = int); CREATE TABLE t (a r, b r[])", "CREATE TYPE r AS RANGE (subtype = bigint); CREATE TABLE t (a r, b r[])" },
  { "range-options", "CREATE TYPE r AS RANGE (subtype = float8)", "CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = float8mi)" },
  { "range-operator-class", "CREATE TYPE r AS RANGE (subtype = text)", "CREATE TYPE r AS RANGE (subtype = text, subtype_opclass = text_pattern_ops)" },
  { "range-canonical", "", "CREATE TYPE r; CREATE FUNCTION canon(r) RETURNS r LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';"
                           "CREATE TYPE r AS RANGE (subtype = int, canonical = canon); CREATE TABLE t (a r)" },
  { "shell", "", "CREATE TYPE s" },
  { "base", "", PAIR "COMMENT ON TYPE pair IS 'two'; CREATE TABLE t (p pair DEFAULT '1', ps pair[])" },
  { "base-options", "", PAIR_SHELL "CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, INTERNALLENGTH = 8, PASSEDBYVALUE, ALIGNMENT = double,"
                                   "STORAGE = plain, CATEGORY = 'N', PREFERRED = true, DEFAULT = '7', DELIMITER = ';')" },
  { "base-send", PAIR_SHELL PAIR_SEND "CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint)",
    PAIR_SHELL PAIR_SEND "CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, SEND = pair_send, LIKE = bigint)" },
  { "base-category", PAIR, PAIR_SHELL "CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint, CATEGORY = 'N')" },
  { "base-from-shell", PAIR_SHELL, PAIR },
  { "base-in-use", PAIR IN_USE, NUMBER IN_USE },
  { "base-other-input", PAIR "CREATE TABLE t (p pair, ps pair[] DEFAULT '{1}')",
    "CREATE TYPE pair;" PAIR_OUT "CREATE FUNCTION pair_read(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';"
    "CREATE TYPE pair (INPUT = pair_read, OUTPUT = pair_out, LIKE = bigint); CREATE TABLE t (p pair, ps pair[] DEFAULT '{1}')" },
  { "base-under-all", PAIR OPERATORS IN_TYPES, NUMBER OPERATORS IN_TYPES },
  { "enum-foreign-key", MOOD "CREATE TABLE a (m mood PRIMARY KEY); CREATE TABLE b (m mood REFERENCES a)",
    LESS "CREATE TABLE a (m mood PRIMARY KEY); CREATE TABLE b (m mood REFERENCES a)" },
  { "enum-under-materialized-view", MOOD "CREATE TABLE a (id int, m mood); CREATE MATERIALIZED VIEW v AS SELECT m FROM a; CREATE INDEX ON v (m);"
    "CREATE VIEW w AS SELECT m FROM v",
    LESS "CREATE TABLE a (id int, m mood); CREATE MATERIALIZED VIEW v AS SELECT m FROM a; CREATE INDEX ON v (m); CREATE VIEW w AS SELECT m FROM v" },
  { "enum-under-trigger", MOOD "CREATE TABLE a (m mood); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW WHEN (NEW.m = 'ok') EXECUTE FUNCTION f()",
    LESS "CREATE TABLE a (m mood); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW WHEN (NEW.m = 'ok') EXECUTE FUNCTION f()" },
  { "enum-under-generated", MOOD "CREATE TABLE a (m mood, ok bool GENERATED ALWAYS AS (m = 'ok') STORED)",
    LESS "CREATE TABLE a (m mood, ok bool GENERATED ALWAYS AS (m = 'ok') STORED)" },
  { "enum-under-aggregate", MOOD "CREATE FUNCTION f(mood, mood) RETURNS mood LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE g(mood) (SFUNC = f, STYPE = mood);"
    "CREATE CAST (mood AS varchar) WITH INOUT",
    LESS "CREATE FUNCTION f(mood, mood) RETURNS mood LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE g(mood) (SFUNC = f, STYPE = mood);"
    "CREATE CAST (mood AS varchar) WITH INOUT" },
  { "enum-in-inheritance", MOOD "CREATE TABLE a (m mood); CREATE TABLE b (n int) INHERITS (a)", LESS "CREATE TABLE a (m mood); CREATE TABLE b (n int) INHERITS (a)" },
  { "enum-of-function-default", MOOD "CREATE FUNCTION f(m mood DEFAULT 'ok') RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (m mood)",
    LESS "CREATE FUNCTION f(m mood DEFAULT 'ok') RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (m mood)" },
  { "enum-to-text-and-gone", MOOD "CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok' NOT NULL); CREATE INDEX ON t (m) WHERE m = 'ok'",
    "CREATE TABLE t (id int PRIMARY KEY, m text DEFAULT 'ok' NOT NULL); CREATE INDEX ON t (m) WHERE m = 'ok'" },
  { "domain-under-key", "CREATE DOMAIN d AS int; CREATE TABLE a (d d PRIMARY KEY); CREATE TABLE b (d d REFERENCES a, UNIQUE (d))",
    "CREATE DOMAIN d AS bigint; CREATE TABLE a (d d PRIMARY KEY); CREATE TABLE b (d d REFERENCES a, UNIQUE (d))" },
  { "domain-of-column-goes", "CREATE DOMAIN d AS int; CREATE TABLE a (x d)", "CREATE TABLE a (x int)" },
  { "composite-function", "CREATE TYPE c AS (a int); CREATE FUNCTION f() RETURNS SETOF c LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT a FROM f()",
    "CREATE TYPE c AS (a int, b int); CREATE FUNCTION f() RETURNS SETOF c LANGUAGE sql AS 'SELECT 1, 2'; CREATE VIEW v AS SELECT a FROM f()" },
  { "range-constraint", "CREATE TYPE r AS RANGE (subtype = int); CREATE TABLE t (v r DEFAULT '[1,2)', EXCLUDE USING gist (v WITH &&))",
    "CREATE TYPE r AS RANGE (subtype = bigint); CREATE TABLE t (v r DEFAULT '[1,2)', EXCLUDE USING gist (v WITH &&))" },
  { "multirange", "CREATE TYPE r AS RANGE (subtype = int); CREATE TABLE t (v r_multirange)", "CREATE TYPE r AS RANGE (subtype = int, multirange_type_name = many); CREATE TABLE t (v many)" },
  { "kind-changes", "CREATE TYPE x AS ENUM ('a')", "CREATE DOMAIN x AS text" },
  { "named-multirange",
    "CREATE TYPE r AS RANGE (SUBTYPE = int4, MULTIRANGE_TYPE_NAME = mr); CREATE TABLE t (a mr, b r)",
    "CREATE TYPE r AS RANGE (SUBTYPE = int8, MULTIRANGE_TYPE_NAME = mr); CREATE TABLE t (a mr, b r)" },
  { "rows-in-rows",
    "CREATE TYPE r AS (a int, b text, d int); CREATE TYPE o AS (r r); CREATE TYPE w AS (a int); "
    "CREATE TABLE t (r r, o o, os o[], w w); INSERT INTO t VALUES ('(1,x,2)', '(\"(1,x,2)\")', ARRAY[ROW(ROW(1, 'x', 2))::o], '(1)')",
    "CREATE TYPE r AS (a bigint, b text, e date); CREATE TYPE o AS (r r); CREATE TABLE w (a int); "
    "CREATE TABLE t (r r, o o, os o[], w w); INSERT INTO t VALUES ('(1,x,)', '(\"(1,x,)\")', ARRAY[ROW(ROW(1, 'x', NULL))::o], '(1)')" },
  { "arrays-of-another-delimiter",
    WORD (", DELIMITER = ';'") "CREATE TABLE t (a mood[]); INSERT INTO t VALUES (ARRAY['x,y', 'z;w']::mood[])",
    WORD ("") "CREATE TABLE t (a mood[]); INSERT INTO t VALUES (ARRAY['x,y', 'z;w']::mood[])" },
  { NULL },
};

static const TideTestPair lone_pairs[] = {
  { "extension", "", "CREATE EXTENSION hstore; CREATE TABLE t (h hstore); CREATE INDEX ON t USING gin (h)" },
  { "extension-schema", "CREATE SCHEMA a; CREATE EXTENSION hstore", "CREATE SCHEMA a; CREATE EXTENSION hstore SCHEMA a" },
  { "extension-members",
    "CREATE EXTENSION hstore; REVOKE ALL ON FUNCTION tconvert(text, text) FROM PUBLIC",
    "CREATE EXTENSION hstore; DO 'BEGIN CREATE ROLE \"Tide m\"; EXCEPTION WHEN OTHERS THEN END'; GRANT ALL ON FUNCTION hstore(text, text) TO \"Tide m\" WITH GRANT OPTION;"
    " REVOKE ALL ON FUNCTION akeys(hstore) FROM PUBLIC" },
  { "extension-wrapper", "CREATE EXTENSION file_fdw",
    "CREATE EXTENSION file_fdw; DO 'BEGIN CREATE ROLE \"Tide m\"; EXCEPTION WHEN OTHERS THEN END'; GRANT USAGE ON FOREIGN DATA WRAPPER file_fdw TO \"Tide m\"" },
  { "extension-members-anew", "",
    "CREATE EXTENSION hstore; REVOKE ALL ON FUNCTION akeys(hstore) FROM PUBLIC" },
  { "extension-comment", "CREATE EXTENSION hstore", "CREATE EXTENSION hstore; COMMENT ON EXTENSION hstore IS 'mine'" },
  { "types-in-schemas", "CREATE SCHEMA \"a b\"; CREATE TYPE \"a b\".\"E\"\"\" AS ENUM ('x', 'y'); CREATE TABLE t (v \"a b\".\"E\"\"\")",
    "CREATE SCHEMA \"a b\"; CREATE TYPE \"a b\".\"E\"\"\" AS ENUM ('y', 'x'); CREATE TABLE t (v \"a b\".\"E\"\"\")" },
  { NULL },
};

/* A value that is added and used cannot be both in one transaction: the safer form says so, and writes no table anew. */
static void
test_enum_safer (void)
{
  TideSchemaScriptOptions options = { .safer = TRUE };
  g_autofree char *script = tide_test_pair_with (LESS "CREATE TABLE t (m mood DEFAULT 'ok')",
                                                 MOOD "CREATE TABLE t (m mood DEFAULT 'sad')", NULL, &options);

  g_assert_nonnull (strstr (script, "ADD VALUE 'sad' BEFORE 'ok'"));
  g_assert_null (strstr (script, "USING"));
}

/* There is no way back but to drop all that stands on it. */
static void
test_extension_version (void)
{
  g_autoptr (TideSchema) old = tide_test_read_schema ("CREATE EXTENSION hstore VERSION '1.4'");
  g_autoptr (TideSchema) new = tide_test_read_schema ("CREATE EXTENSION hstore");
  g_autoptr (TideSchemaDiff) there = tide_schema_diff_new (old, new, NULL);
  g_autoptr (TideSchemaDiff) back = tide_schema_diff_new (new, old, NULL);
  g_autoptr (TideSchemaScript) forward = tide_schema_script_new (there, NULL);
  g_autoptr (TideSchemaScript) backward = tide_schema_script_new (back, NULL);
  g_autoptr (GPtrArray) there_notes = tide_schema_diff_list_notes (there);
  g_autoptr (GPtrArray) back_notes = tide_schema_diff_list_notes (back);

  g_assert_cmpuint (tide_schema_script_get_statements (forward)->len, ==, 1);
  g_assert_cmpuint (tide_schema_script_get_statements (backward)->len, ==, 0);
  g_assert_cmpuint (tide_schema_diff_get_changes (back)->len, ==, 1);
  g_assert_cmpuint (there_notes->len, ==, 0);
  g_assert_cmpuint (back_notes->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (back_notes, 0), "1.4"));
}

/* A value that only old rows could have is no reason to write a table anew. */
static void
test_enum_minimal (void)
{
  g_autofree char *script = tide_test_pair (LESS "CREATE TABLE t (m mood DEFAULT 'ok')", MOOD "CREATE TABLE t (m mood DEFAULT 'ok')");

  g_assert_null (strstr (script, "TABLE"));
}

/* The columns that a table is partitioned by keep their type: the value is added, in a transaction of its own. */
static void
test_enum_of_partition_key (void)
{
  g_autofree char *script
    = tide_test_pair (LESS "CREATE TABLE t (m mood) PARTITION BY LIST (m)",
                      MOOD "CREATE TABLE t (m mood) PARTITION BY LIST (m); CREATE TABLE s PARTITION OF t FOR VALUES IN ('sad')");

  g_assert_nonnull (strstr (script, "ADD VALUE 'sad' BEFORE 'ok'"));
}

/* What stands in a column stays there when its type is replaced. */
static void
test_rows_stay (void)
{
  const char *const pairs[][2] = {
    { MOOD "CREATE TABLE t (m mood, ms mood[])", LESS "CREATE TABLE t (m mood, ms mood[])" },
    { "CREATE COLLATION mood (locale = 'C'); CREATE TABLE t (m text COLLATE mood, ms text[] COLLATE mood)",
      "CREATE COLLATION mood (provider = icu, locale = 'de'); CREATE TABLE t (m text COLLATE mood, ms text[] COLLATE mood)" },
    { "CREATE DOMAIN mood AS varchar; CREATE TABLE t (m mood, ms mood[])",
      "CREATE DOMAIN mood AS text; CREATE TABLE t (m mood, ms mood[])" },
    { WORD ("") "CREATE TABLE t (m mood, ms mood[])", WORD (", PREFERRED = true") "CREATE TABLE t (m mood, ms mood[])" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *script = tide_test_pair (pairs[i][0], pairs[i][1]);
      g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
      g_autofree char *sql = g_strconcat (pairs[i][0], ";INSERT INTO t VALUES ('ok', '{ok,happy}');", script, NULL);
      g_autofree char *changed = tide_test_psql (conninfo, sql);
      g_autofree char *rows = tide_test_psql (conninfo, "SELECT m, ms FROM public.t");

      g_assert_cmpstr (g_strchomp (rows), ==, "ok|{ok,happy}");
      tide_test_drop_database (conninfo);
    }
}

/* A table of a type lets go of it while it is made anew, and keeps its rows. */
static void
test_typed_rows_stay (void)
{
  const char *before = MOOD "CREATE TYPE c AS (m mood, k int); CREATE TABLE t OF c (PRIMARY KEY (k)); CREATE VIEW v AS SELECT * FROM t; "
                       "CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT 1'";
  g_autofree char *script
    = tide_test_pair (before, LESS "CREATE TYPE c AS (m mood, k int); CREATE TABLE t OF c (PRIMARY KEY (k)); "
                              "CREATE VIEW v AS SELECT * FROM t; CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT 1'");
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *sql = g_strconcat (before, ";INSERT INTO t VALUES ('ok', 1), (NULL, 2);", script, NULL);
  g_autofree char *changed = tide_test_psql (conninfo, sql);
  g_autofree char *rows = tide_test_psql (conninfo, "SELECT m, k FROM public.t ORDER BY k");

  g_assert_cmpstr (g_strchomp (rows), ==, "ok|1\n|2");
  tide_test_drop_database (conninfo);
}

/* Fields keep their values by name, not by place. */
static void
test_fields_stay (void)
{
  const char *before = "CREATE TYPE c AS (a int, b int, gone int); CREATE TABLE t (v c)";
  g_autofree char *script = tide_test_pair (before, "CREATE TYPE c AS (b int, more text, a bigint); CREATE TABLE t (v c)");
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *sql = g_strconcat (before, ";INSERT INTO t VALUES ('(1,2,3)'), (NULL);", script, NULL);
  g_autofree char *changed = tide_test_psql (conninfo, sql);
  g_autofree char *rows = tide_test_psql (conninfo, "SELECT v, v IS NULL FROM public.t");

  g_assert_cmpstr (g_strchomp (rows), ==, "(2,,1)|f\n|t");
  tide_test_drop_database (conninfo);
}

/* A table whose rows others store is rewritten around them. */
static void
test_stored_rows_stay (void)
{
  const char *before = "CREATE TABLE r (a int, b text, c float8); CREATE TABLE t (k int, r r, rs r[])";
  g_autofree char *script = tide_test_pair (before, "CREATE TABLE r (a bigint, b text, c float8, d int DEFAULT 4); CREATE TABLE t (k int, r r, rs r[])");
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *sql = g_strconcat (before, ";INSERT INTO t VALUES (1, '(1,\"x,\"\"\",NaN)', '{\"(2,,0.1)\",NULL}'), (2, NULL, '{}'),"
                                      " (3, '(,,)', NULL);", script, NULL);
  g_autofree char *changed = tide_test_psql (conninfo, sql);
  g_autofree char *rows = tide_test_psql (conninfo, "SELECT r, rs, r IS NOT DISTINCT FROM NULL FROM public.t ORDER BY k");

  g_assert_cmpstr (g_strchomp (rows), ==, "(1,\"x,\"\"\",NaN,)|{\"(2,,0.1,)\",NULL}|f\n|{}|t\n(,,,)||f");
  tide_test_drop_database (conninfo);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/types/pairs", pairs);
  tide_test_add_lone_pairs ("/schema/types/lone", lone_pairs);
  g_test_add_func ("/schema/types/stored-rows-stay", test_stored_rows_stay);
  g_test_add_func ("/schema/types/extension-version", test_extension_version);
  g_test_add_func ("/schema/types/enum-safer", test_enum_safer);
  g_test_add_func ("/schema/types/enum-minimal", test_enum_minimal);
  g_test_add_func ("/schema/types/enum-of-partition-key", test_enum_of_partition_key);
  g_test_add_func ("/schema/types/rows-stay", test_rows_stay);
  g_test_add_func ("/schema/types/typed-rows-stay", test_typed_rows_stay);
  g_test_add_func ("/schema/types/fields-stay", test_fields_stay);
  return g_test_run ();
}
