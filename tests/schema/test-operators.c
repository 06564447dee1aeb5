/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "schema/pairs.h"

#define CMP "CREATE FUNCTION cmp(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $2 - $1';"
#define OP(name, function, more) "CREATE OPERATOR " name " (LEFTARG = int, RIGHTARG = int, FUNCTION = " function more ");"
#define CLASS "CREATE OPERATOR CLASS back FOR TYPE int USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=," \
              "OPERATOR 5 <, FUNCTION 1 cmp(int, int)"
#define PAIR "CREATE TYPE pair AS (a int, b int);"
#define PAIR_TEXT "CREATE FUNCTION pair_text(pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a::text';"
#define ROUND "CREATE FUNCTION rnd(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'prsd_lextype';"

static const TideTestPair pairs[] = {
  { "operator", "", OP ("<<<", "int4lt", ", COMMUTATOR = >>>, RESTRICT = scalarltsel, JOIN = scalarltjoinsel")
                    OP (">>>", "int4gt", ", COMMUTATOR = <<<") "COMMENT ON OPERATOR <<< (int, int) IS 'less'" },
  { "operator-equal", OP ("===", "int4eq", ""), OP ("===", "int4eq", ", COMMUTATOR = ===, NEGATOR = !==, HASHES, MERGES")
                                                OP ("!==", "int4ne", ", NEGATOR = ===") },
  { "operator-estimators", OP ("===", "int4eq", ", RESTRICT = eqsel, JOIN = eqjoinsel"), OP ("===", "int4eq", ", JOIN = neqjoinsel") },
  { "operator-of-function", "CREATE FUNCTION f(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1';" OP ("<+>", "f", ""),
    "CREATE FUNCTION f(int, int) RETURNS text LANGUAGE sql AS 'SELECT ''1''';" OP ("<+>", "f", "") },
  { "class", "", CMP CLASS "; CREATE TABLE t (a int); CREATE INDEX ON t (a back); COMMENT ON OPERATOR CLASS back USING btree IS 'backwards'" },
  { "class-changed", CMP CLASS "; CREATE TABLE t (a int); CREATE INDEX ON t (a back)",
    CMP CLASS ", FUNCTION 4 btequalimage(oid); CREATE TABLE t (a int); CREATE INDEX ON t (a back)" },
  { "class-storage", "", "CREATE OPERATOR CLASS boxes FOR TYPE polygon USING gist AS OPERATOR 3 && (polygon, polygon),"
                         "FUNCTION 1 gist_poly_consistent(internal, polygon, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal),"
                         "FUNCTION 3 gist_poly_compress(internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),"
                         "FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal), STORAGE box" },
  { "family", "", "CREATE OPERATOR FAMILY f USING btree; COMMENT ON OPERATOR FAMILY f USING btree IS 'ours'" },
  { "family-members", "CREATE OPERATOR FAMILY f USING btree; ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 < (int, bigint), FUNCTION 1 (int, bigint) btint48cmp(int, bigint)",
    "CREATE OPERATOR FAMILY f USING btree; ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 3 = (int, bigint), FUNCTION 1 (int, bigint) btint48cmp(int, bigint)" },
  { "family-of-class", CMP "CREATE OPERATOR FAMILY f USING btree;" CLASS, CMP "CREATE OPERATOR FAMILY f USING btree;"
    "CREATE OPERATOR CLASS back FOR TYPE int USING btree FAMILY f AS OPERATOR 1 >, FUNCTION 1 cmp(int, int)" },
  { "cast", "", PAIR PAIR_TEXT "CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair) AS ASSIGNMENT; COMMENT ON CAST (pair AS text) IS 'x'" },
  { "cast-context", PAIR "CREATE CAST (pair AS varchar) WITH INOUT", PAIR "CREATE CAST (pair AS varchar) WITH INOUT AS IMPLICIT" },
  { "cast-method", PAIR PAIR_TEXT "CREATE CAST (pair AS text) WITH INOUT", PAIR PAIR_TEXT "CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair)" },
  { "cast-used-by-view", PAIR PAIR_TEXT "CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair); CREATE VIEW v AS SELECT ROW(1, 2)::pair::text AS x",
    PAIR PAIR_TEXT "CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair) AS IMPLICIT; CREATE VIEW v AS SELECT ROW(1, 2)::pair::text AS x" },
  { "conversion", "CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    "CREATE DEFAULT CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; COMMENT ON CONVERSION c IS 'west'" },
  { "transform", "", PAIR ROUND "CREATE TRANSFORM FOR pair LANGUAGE plpgsql (FROM SQL WITH FUNCTION rnd(internal))" },
  { "collation", "", "CREATE COLLATION c (provider = icu, locale = 'de-u-co-phonebk', deterministic = false); COMMENT ON COLLATION c IS 'book'" },
  { "collation-libc", "CREATE COLLATION c (lc_collate = 'C', lc_ctype = 'POSIX')", "CREATE COLLATION c (locale = 'C')" },
  { "collation-in-use", "CREATE COLLATION c (locale = 'C'); CREATE TABLE t (a text COLLATE c); CREATE INDEX ON t (a); CREATE VIEW v AS SELECT a FROM t",
    "CREATE COLLATION c (provider = icu, locale = 'de'); CREATE TABLE t (a text COLLATE c); CREATE INDEX ON t (a); CREATE VIEW v AS SELECT a FROM t" },
  { NULL },
};

static const TideTestPair lone_pairs[] = {
  { "operator-prefix", "", "CREATE SCHEMA s; CREATE OPERATOR s.!!! (RIGHTARG = int, FUNCTION = int4um); CREATE VIEW v AS SELECT OPERATOR(s.!!!) 1 AS x" },
  { "access-method", "", "CREATE ACCESS METHOD two TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE t (a int) USING two; COMMENT ON ACCESS METHOD two IS '2'" },
  { NULL },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/operators/pairs", pairs);
  tide_test_add_lone_pairs ("/schema/operators/lone", lone_pairs);
  return g_test_run ();
}
