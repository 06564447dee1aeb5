/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"
#include "schema/tide-privileges.h"

/* Roles are the server's: whichever pair comes first makes them. */
#define ROLES \
  "DO 'BEGIN CREATE ROLE tide_reader; EXCEPTION WHEN OTHERS THEN END';" \
  "DO 'BEGIN CREATE ROLE \"tide Wri=ter\"\" é\"; EXCEPTION WHEN OTHERS THEN END';" \
  "DO 'BEGIN CREATE ROLE tide_owner SUPERUSER; EXCEPTION WHEN OTHERS THEN END';"
#define WRITER "\"tide Wri=ter\"\" é\""
#define T ROLES "CREATE TABLE t (id integer, name text, made date);"
#define V T "CREATE VIEW v AS SELECT id, name FROM t;"
#define S ROLES "CREATE TABLE t (a serial, k integer GENERATED ALWAYS AS IDENTITY);"
#define F ROLES "CREATE FUNCTION f(a integer, VARIADIC b text[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';"

/* By others than the owner */
static const TideTestPair chains[] = {
  { "option-used", T, T "GRANT SELECT ON t TO tide_reader WITH GRANT OPTION; SET ROLE tide_reader; GRANT SELECT ON t TO PUBLIC, " WRITER "; RESET ROLE" },
  { "owner-instead", T "GRANT SELECT ON t TO tide_reader WITH GRANT OPTION; GRANT SELECT ON t TO " WRITER,
    T "GRANT SELECT ON t TO tide_reader WITH GRANT OPTION; SET ROLE tide_reader; GRANT SELECT ON t TO " WRITER "; RESET ROLE; GRANT INSERT ON t TO " WRITER },
  { "longer", T "GRANT SELECT, UPDATE ON t TO tide_reader WITH GRANT OPTION; SET ROLE tide_reader; GRANT SELECT ON t TO " WRITER " WITH GRANT OPTION;"
    "SET ROLE " WRITER "; GRANT SELECT ON t TO PUBLIC; RESET ROLE; REVOKE ALL ON t FROM CURRENT_USER",
    T "GRANT SELECT ON t TO " WRITER " WITH GRANT OPTION; SET ROLE " WRITER "; GRANT SELECT ON t TO tide_reader WITH GRANT OPTION;"
    "SET ROLE tide_reader; GRANT SELECT ON t TO PUBLIC" },
  { "column", T, T "GRANT UPDATE (id) ON t TO tide_reader WITH GRANT OPTION; SET ROLE tide_reader; GRANT UPDATE (id) ON t TO PUBLIC" },
  { "grantor-becomes-owner", T "GRANT SELECT, UPDATE (id) ON t TO tide_reader WITH GRANT OPTION; GRANT INSERT ON t TO tide_reader;"
    "SET ROLE tide_reader; GRANT SELECT, UPDATE (id) ON t TO " WRITER " WITH GRANT OPTION; SET ROLE " WRITER "; GRANT SELECT ON t TO tide_reader, PUBLIC; RESET ROLE",
    T "ALTER TABLE t OWNER TO tide_reader; GRANT SELECT, UPDATE (name) ON t TO " WRITER "; GRANT DELETE ON t TO " WRITER " WITH GRANT OPTION;"
    "SET ROLE " WRITER "; GRANT DELETE ON t TO PUBLIC" },
  { "owner-becomes-grantor", T "ALTER TABLE t OWNER TO tide_reader; GRANT SELECT, UPDATE (id) ON t TO " WRITER ", PUBLIC",
    T "ALTER TABLE t OWNER TO " WRITER "; GRANT SELECT, UPDATE (id) ON t TO tide_reader WITH GRANT OPTION; SET ROLE tide_reader; GRANT SELECT, UPDATE (id) ON t TO PUBLIC" },
  { "grantor-of-sequence-becomes-owner", S "GRANT USAGE ON SEQUENCE t_a_seq TO tide_reader WITH GRANT OPTION; SET ROLE tide_reader; GRANT USAGE ON SEQUENCE t_a_seq TO PUBLIC; RESET ROLE",
    S "ALTER TABLE t OWNER TO tide_reader; GRANT USAGE ON SEQUENCE t_k_seq TO PUBLIC" },
  { "of-the-system", ROLES "GRANT USAGE ON LANGUAGE plpgsql TO tide_reader; REVOKE USAGE ON LANGUAGE sql FROM PUBLIC; GRANT SELECT ON pg_authid TO tide_reader;"
    "GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO tide_reader; REVOKE USAGE ON TYPE point FROM PUBLIC",
    ROLES "REVOKE EXECUTE ON FUNCTION pg_sleep(double precision), pg_read_file(text) FROM PUBLIC; GRANT EXECUTE ON FUNCTION pg_read_file(text) TO tide_reader WITH GRANT OPTION;"
    "REVOKE SELECT ON pg_stats FROM PUBLIC; GRANT USAGE ON SCHEMA information_schema TO " WRITER "; REVOKE ALL ON LANGUAGE plpgsql FROM PUBLIC; GRANT SELECT ON information_schema.tables TO tide_reader" },
  { "columns-of-the-system",
    ROLES "GRANT SELECT (rolname) ON pg_authid TO PUBLIC; REVOKE SELECT (subname) ON pg_subscription FROM PUBLIC; REVOKE SELECT ON pg_class FROM PUBLIC;"
    " GRANT SELECT (oid, relname) ON pg_class TO PUBLIC",
    ROLES "GRANT SELECT (rolname, oid) ON pg_authid TO tide_reader WITH GRANT OPTION; GRANT UPDATE (relname) ON pg_class TO tide_reader" },
  { "of-the-system-alone", ROLES, ROLES "REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC" },
  { "new-function", ROLES, F "GRANT EXECUTE ON FUNCTION f TO tide_reader WITH GRANT OPTION; SET ROLE tide_reader; GRANT EXECUTE ON FUNCTION f TO " WRITER },
  { NULL },
};

/* Each runs both ways. */
static const TideTestPair grants[] = {
  { "table", T, T "GRANT SELECT ON t TO tide_reader" },
  { "table-all", T, T "GRANT ALL ON t TO " WRITER },
  { "table-public", T, T "GRANT SELECT, INSERT ON t TO PUBLIC" },
  { "table-changed", T "GRANT SELECT, UPDATE ON t TO tide_reader", T "GRANT UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON t TO tide_reader" },
  { "table-option", T "GRANT SELECT, INSERT ON t TO tide_reader", T "GRANT SELECT ON t TO tide_reader WITH GRANT OPTION; GRANT INSERT ON t TO tide_reader" },
  { "table-new", ROLES, T "GRANT SELECT ON t TO tide_reader; GRANT ALL ON t TO " WRITER " WITH GRANT OPTION" },
  { "table-owner", T, T "REVOKE INSERT, DELETE ON t FROM CURRENT_USER" },
  { "table-owner-none", T, T "REVOKE ALL ON t FROM CURRENT_USER; GRANT SELECT ON t TO tide_reader" },
  { "other-owner", T "GRANT SELECT ON t TO tide_reader", T "ALTER TABLE t OWNER TO tide_owner; GRANT UPDATE ON t TO tide_reader" },
  { "owner-was-grantee", T "GRANT SELECT ON t TO tide_owner", T "ALTER TABLE t OWNER TO tide_owner" },
  { "column", T, T "GRANT SELECT (id), UPDATE (id, name) ON t TO tide_reader" },
  { "column-changed", T "GRANT SELECT (id) ON t TO tide_reader", T "GRANT UPDATE (id) ON t TO tide_reader; GRANT ALL (name) ON t TO PUBLIC" },
  { "column-option", T "GRANT SELECT (id) ON t TO tide_reader", T "GRANT SELECT (id) ON t TO tide_reader WITH GRANT OPTION" },
  { "column-kept", T "GRANT SELECT ON t TO tide_reader; GRANT SELECT (id) ON t TO tide_reader", T "GRANT SELECT (id) ON t TO tide_reader" },
  { "system-columns", T "GRANT SELECT (xmin) ON t TO tide_reader; GRANT INSERT ON t TO tide_reader",
    T "GRANT SELECT (ctid, tableoid), SELECT (id) ON t TO tide_reader; GRANT SELECT (tableoid) ON t TO " WRITER " WITH GRANT OPTION" },
  { "system-columns-of-new", ROLES, T "GRANT SELECT (ctid), UPDATE (name) ON t TO tide_reader;"
    "CREATE TABLE w (k int) PARTITION BY RANGE (k); GRANT SELECT (tableoid) ON w TO PUBLIC" },
  { "column-of-new", ROLES, T "GRANT SELECT (id, name) ON t TO tide_reader, PUBLIC" },
  { "view", V, V "GRANT SELECT ON v TO tide_reader; GRANT UPDATE (name) ON v TO tide_reader" },
  { "view-remade", V "GRANT SELECT ON v TO tide_reader; GRANT UPDATE (name) ON v TO " WRITER,
    T "CREATE VIEW v AS SELECT name, id FROM t; GRANT SELECT ON v TO tide_reader; GRANT UPDATE (name) ON v TO " WRITER },
  { "view-column-kept", V "GRANT UPDATE ON v TO tide_reader; GRANT UPDATE (name) ON v TO tide_reader", V "GRANT UPDATE (name) ON v TO tide_reader" },
  { "materialized-view", T "CREATE MATERIALIZED VIEW m AS SELECT id FROM t",
    T "CREATE MATERIALIZED VIEW m AS SELECT id FROM t; GRANT SELECT ON m TO tide_reader; GRANT SELECT (id) ON m TO PUBLIC" },
  { "sequence", ROLES "CREATE SEQUENCE s", ROLES "CREATE SEQUENCE s; GRANT USAGE, SELECT ON SEQUENCE s TO tide_reader; GRANT ALL ON SEQUENCE s TO PUBLIC" },
  { "sequence-of-column", S "ALTER TABLE t OWNER TO tide_owner",
    S "ALTER TABLE t OWNER TO tide_owner; GRANT SELECT ON SEQUENCE t_a_seq, t_k_seq TO PUBLIC; GRANT USAGE ON SEQUENCE t_k_seq TO tide_reader" },
  { "sequence-of-column-to-usual-owner", S "ALTER TABLE t OWNER TO tide_owner",
    S "ALTER TABLE t OWNER TO tide_owner; GRANT USAGE ON SEQUENCE t_a_seq, t_k_seq TO CURRENT_USER" },
  { "sequence-of-column-less", S "ALTER TABLE t OWNER TO tide_owner; GRANT SELECT ON SEQUENCE t_a_seq TO tide_reader",
    S "ALTER TABLE t OWNER TO tide_owner; REVOKE UPDATE ON SEQUENCE t_a_seq, t_k_seq FROM tide_owner" },
  { "sequence-of-column-handed-over", S "GRANT SELECT ON SEQUENCE t_a_seq, t_k_seq TO tide_reader",
    S "ALTER TABLE t OWNER TO tide_owner; GRANT USAGE ON SEQUENCE t_a_seq, t_k_seq TO tide_reader; GRANT ALL ON SEQUENCE t_k_seq TO CURRENT_USER" },
  { "sequence-of-column-handed-over-less", S "REVOKE UPDATE ON SEQUENCE t_a_seq FROM CURRENT_USER; GRANT SELECT ON SEQUENCE t_k_seq TO tide_owner",
    S "ALTER TABLE t OWNER TO tide_owner; REVOKE UPDATE ON SEQUENCE t_k_seq FROM tide_owner" },
  { "sequence-of-column-of-new", ROLES, S "ALTER TABLE t OWNER TO tide_owner; GRANT SELECT ON SEQUENCE t_a_seq, t_k_seq TO PUBLIC;"
    "REVOKE UPDATE ON SEQUENCE t_a_seq, t_k_seq FROM tide_owner; GRANT USAGE ON SEQUENCE t_k_seq TO CURRENT_USER" },
  { "sequence-taken-by-column", ROLES "CREATE TABLE t (a integer NOT NULL); CREATE SEQUENCE t_a_seq AS integer; GRANT SELECT ON SEQUENCE t_a_seq TO tide_reader;"
    "ALTER TABLE t ADD k integer NOT NULL; ALTER TABLE t OWNER TO tide_owner",
    S "ALTER TABLE t OWNER TO tide_owner; GRANT USAGE ON SEQUENCE t_a_seq TO PUBLIC; GRANT SELECT ON SEQUENCE t_k_seq TO tide_reader" },
  { "function", F, F "GRANT EXECUTE ON FUNCTION f TO tide_reader" },
  { "function-public", F, F "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC" },
  { "function-new", ROLES, F "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO tide_reader WITH GRANT OPTION" },
  { "function-remade", F "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO tide_reader",
    ROLES "CREATE FUNCTION f(a integer, VARIADIC b text[]) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';"
    "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO tide_reader" },
  { "function-owner", F, F "ALTER FUNCTION f OWNER TO tide_owner; REVOKE ALL ON FUNCTION f FROM tide_owner, PUBLIC" },
  { "procedure", ROLES "CREATE PROCEDURE p(a integer, OUT b integer) LANGUAGE sql AS 'SELECT 1'",
    ROLES "CREATE PROCEDURE p(a integer, OUT b integer) LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON PROCEDURE p FROM PUBLIC" },
  { "aggregate", ROLES, ROLES "CREATE AGGREGATE n(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0'); REVOKE EXECUTE ON FUNCTION n() FROM PUBLIC;"
    "CREATE AGGREGATE half(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,"
    " FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA); GRANT EXECUTE ON FUNCTION half(float8, anyelement) TO tide_reader" },
  { "type", ROLES "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS integer",
    ROLES "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS integer; REVOKE USAGE ON TYPE e FROM PUBLIC; GRANT USAGE ON DOMAIN d TO tide_reader" },
  { "schema", ROLES "CREATE SCHEMA inner_a", ROLES "CREATE SCHEMA inner_a; GRANT USAGE ON SCHEMA inner_a TO tide_reader; GRANT CREATE ON SCHEMA inner_a TO PUBLIC" },
  { "schema-owner", ROLES "CREATE SCHEMA inner_b", ROLES "CREATE SCHEMA inner_b AUTHORIZATION tide_owner" },
  { "language", ROLES, ROLES "GRANT USAGE ON SCHEMA language TO tide_reader" },
  { "wrapper", ROLES "CREATE FOREIGN DATA WRAPPER tide_w; CREATE SERVER tide_s FOREIGN DATA WRAPPER tide_w",
    ROLES "CREATE FOREIGN DATA WRAPPER tide_w; CREATE SERVER tide_s FOREIGN DATA WRAPPER tide_w;"
    "GRANT USAGE ON FOREIGN DATA WRAPPER tide_w TO tide_reader; GRANT USAGE ON FOREIGN SERVER tide_s TO PUBLIC" },
  { "defaults", ROLES, ROLES "ALTER DEFAULT PRIVILEGES IN SCHEMA defaults GRANT SELECT ON TABLES TO tide_reader;"
    "ALTER DEFAULT PRIVILEGES IN SCHEMA defaults GRANT EXECUTE ON FUNCTIONS TO tide_reader WITH GRANT OPTION" },
  { "defaults-of-role", ROLES "ALTER DEFAULT PRIVILEGES FOR ROLE tide_owner IN SCHEMA \"defaults-of-role\" GRANT ALL ON SEQUENCES TO tide_reader",
    ROLES "ALTER DEFAULT PRIVILEGES FOR ROLE tide_owner IN SCHEMA \"defaults-of-role\" GRANT USAGE ON SEQUENCES TO " WRITER },
  /* What is made where default privileges hold has what it is to have, no more. */
  { "under-defaults", ROLES "ALTER DEFAULT PRIVILEGES IN SCHEMA \"under-defaults\" GRANT ALL ON TABLES TO tide_reader, PUBLIC",
    T "ALTER DEFAULT PRIVILEGES IN SCHEMA \"under-defaults\" GRANT ALL ON TABLES TO tide_reader, PUBLIC" },
  { "under-defaults-some", ROLES "ALTER DEFAULT PRIVILEGES IN SCHEMA \"under-defaults-some\" GRANT ALL ON TABLES TO tide_reader",
    T "GRANT SELECT ON t TO tide_reader; ALTER DEFAULT PRIVILEGES IN SCHEMA \"under-defaults-some\" GRANT SELECT ON TABLES TO tide_reader" },
  { NULL },
};

/* What a role granted on goes with its right to do so, and comes back where it is to stay. */
static void
test_granted_on (void)
{
  g_autofree char *script =
    tide_test_pair (T "GRANT SELECT ON t TO tide_reader WITH GRANT OPTION; SET ROLE tide_reader;"
                    "GRANT SELECT ON t TO " WRITER ", tide_owner; RESET ROLE",
                    T "GRANT SELECT ON t TO " WRITER);

  g_assert_nonnull (strstr (script, "FROM \"tide_reader\" CASCADE"));
}

/* What a role granted is its own when it becomes the owner: nothing is taken back by a role that may not even look into the schema. */
static void
test_grantor_becomes_owner (void)
{
  g_autofree char *script =
    tide_test_pair (T "GRANT SELECT, UPDATE (id) ON t TO tide_reader WITH GRANT OPTION; GRANT INSERT, DELETE, TRUNCATE, REFERENCES, TRIGGER, UPDATE ON t TO tide_reader;"
                    "SET ROLE tide_reader; GRANT SELECT, UPDATE (id) ON t TO " WRITER "; RESET ROLE; REVOKE USAGE ON SCHEMA public FROM PUBLIC",
                    T "ALTER TABLE t OWNER TO tide_reader; GRANT SELECT, UPDATE (id) ON t TO " WRITER "; REVOKE USAGE ON SCHEMA public FROM PUBLIC");

  g_assert_null (strstr (script, "SET ROLE"));
}

#define EVERYWHERE "ALTER DEFAULT PRIVILEGES "

static void
test_defaults_everywhere (void)
{
  tide_test_pair_both_ways (ROLES, ROLES EVERYWHERE "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;"
                            EVERYWHERE "FOR ROLE tide_owner GRANT USAGE ON SCHEMAS TO tide_reader;"
                            EVERYWHERE "REVOKE INSERT ON TABLES FROM CURRENT_USER;"
                            EVERYWHERE "GRANT USAGE ON TYPES TO tide_reader");
  tide_test_pair_both_ways (ROLES EVERYWHERE "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                            F EVERYWHERE "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC");
}

/* Whatever a server says of its "public", a new database's is no difference. */
static void
test_public_schema (void)
{
  g_autofree char *commented = tide_test_pair ("", "COMMENT ON SCHEMA public IS 'standard public schema'");
  g_autofree char *owned = tide_test_pair ("", ROLES "ALTER SCHEMA public OWNER TO tide_owner");

  g_assert_cmpstr (commented, ==, "");
  g_assert_nonnull (strstr (owned, "OWNER TO"));
  tide_test_pair_both_ways ("", "REVOKE USAGE ON SCHEMA public FROM PUBLIC; COMMENT ON SCHEMA public IS 'ours'");
  tide_test_pair_both_ways ("", ROLES "GRANT ALL ON SCHEMA public TO PUBLIC; GRANT USAGE ON SCHEMA public TO tide_reader");
  tide_test_pair_both_ways ("", "DROP SCHEMA public");
  tide_test_pair_both_ways ("", ROLES "ALTER SCHEMA public OWNER TO tide_owner");
}

static void
test_public_schema_remade (void)
{
  g_autoptr (TideSchema) fresh = tide_test_read_schema ("");
  g_autoptr (TideSchema) remade = tide_test_read_schema ("DROP SCHEMA public; CREATE SCHEMA public");
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (fresh, remade, NULL);

  g_assert_cmpuint (tide_schema_diff_get_changes (diff)->len, ==, 0);
}

static void
test_normalise (void)
{
  static const struct
  {
    TideObjectKind  kind;
    const char     *acl;
    const char     *owner;
    const char     *wanted;
  } cases[] = {
    { TIDE_OBJECT_TABLE, NULL, "o", NULL },
    { TIDE_OBJECT_TABLE, "{}", "o", "" },
    { TIDE_OBJECT_TABLE, "{o=arwdDxt/o}", "o", NULL },
    { TIDE_OBJECT_TABLE, "{o=arwdDxtm/o}", "o", NULL },
    { TIDE_OBJECT_TABLE, "{o=arwdDxt/o,a=r*w/o,=r/o,a=d/b}", "o", "\"a\"=r*wd\n@owner=arwdDxt\nPUBLIC=r" },
    { TIDE_OBJECT_TABLE, "{o=r/o,16999=r/o,123=r/o}", "o", "\"123\"=r\n@owner=r" },
    { TIDE_OBJECT_TABLE, "{\"\\\"A \\\"\\\"b=\\\"=a/o\"}", "o", "\"A \"\"b=\"=a" },
    { TIDE_OBJECT_FUNCTION, "{=X/o,o=X/o}", "o", NULL },
    { TIDE_OBJECT_FUNCTION, "{o=X/o}", "o", "@owner=X" },
    { TIDE_OBJECT_COLUMN, "{}", "o", NULL },
    { TIDE_OBJECT_COLUMN, "{a=r/o}", "o", "\"a\"=r" },
    { TIDE_OBJECT_SCHEMA, "{o=UC/o,a=U/o}", "o", "\"a\"=U\n@owner=UC" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = tide_privileges_normalise (cases[i].kind, cases[i].acl, cases[i].owner);

      g_assert_cmpstr (text, ==, cases[i].wanted);
    }
}

/* Settings and the comment follow; where the database stands does not matter. pg_dump -s does not tell of them. */
static void
test_database (void)
{
  static const char *const set =
    ROLES "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = a, \"B b\"', current_database());"
    " EXECUTE format('ALTER DATABASE %I SET application_name = ''100 %% it''''s''', current_database());"
    " EXECUTE format('ALTER ROLE tide_reader IN DATABASE %I SET work_mem = ''2MB''', current_database());"
    " EXECUTE format('COMMENT ON DATABASE %I IS ''ours''', current_database()); END $$";
  g_autofree char *script = tide_test_pair (ROLES, set);

  g_assert_nonnull (strstr (script, "ALTER ROLE tide_reader IN DATABASE %I SET work_mem=''2MB''"));
  tide_test_pair_both_ways (ROLES, set);
}

/* What a role gets that the other server does not have is told: the SQL would fail there, whatever was proved elsewhere. */
static void
test_missing_role (void)
{
  g_autoptr (TideSchema) left = tide_test_read_schema ("CREATE TABLE t (a int); CREATE TABLE same (a int)");
  g_autoptr (TideSchema) right = tide_test_read_schema (
    "CREATE ROLE \"late one\"; CREATE TABLE t (a int); CREATE TABLE same (a int); CREATE TABLE u (a int); "
    "ALTER TABLE u OWNER TO \"late one\"; GRANT SELECT ON t, u TO \"late one\", PUBLIC");
  g_autoptr (TideSchemaDiff) there = tide_schema_diff_new (left, right, NULL);
  g_autoptr (TideSchemaDiff) back = tide_schema_diff_new (right, left, NULL);
  g_autoptr (TideSchemaDiff) nothing = tide_schema_diff_new (right, right, NULL);
  g_autoptr (GPtrArray) notes = tide_schema_diff_list_notes (there);
  g_autoptr (GPtrArray) notes_back = tide_schema_diff_list_notes (back);
  g_autoptr (GPtrArray) no_notes = tide_schema_diff_list_notes (nothing);
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *dropped = tide_test_psql (conninfo, "DROP ROLE \"late one\"");

  g_assert_cmpuint (notes->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (notes, 0), ==, "role \"late one\" is not on the server of the left, but owns or may use 2 "
                   "objects that differ: create it there before the SQL is run");
  g_assert_cmpuint (notes_back->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (notes_back, 0), "of the right"));
  g_assert_cmpuint (no_notes->len, ==, 0);
  tide_test_drop_database (conninfo);
}

/* Policies, default privileges and user mappings name roles, too. */
static void
test_missing_role_that_is_named (void)
{
  g_autoptr (TideSchema) left = tide_test_read_schema ("CREATE TABLE t (a int)");
  g_autoptr (TideSchema) right = tide_test_read_schema (
    "CREATE ROLE \"late, one\"; CREATE ROLE late_two; CREATE ROLE late_three; CREATE TABLE t (a int); CREATE TABLE u (a int);"
    "CREATE POLICY p ON t TO CURRENT_USER, \"late, one\", late_two; CREATE POLICY p ON u TO \"late, one\";"
    "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR late_two SERVER s;"
    "CREATE USER MAPPING FOR PUBLIC SERVER s; ALTER DEFAULT PRIVILEGES FOR ROLE late_three GRANT SELECT ON TABLES TO late_three, late_two");
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (left, right, NULL);
  g_autoptr (GPtrArray) notes = tide_schema_diff_list_notes (diff);
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *dropped = tide_test_psql (conninfo, "DROP ROLE \"late, one\"; DROP ROLE late_two; DROP ROLE late_three");

  g_assert_cmpuint (notes->len, ==, 3);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (notes, 0), "role \"late, one\" is not on the server of the left, but owns or may use 2 "));
  g_assert_true (g_str_has_prefix (g_ptr_array_index (notes, 1), "role \"late_three\" is not on the server of the left, but owns or may use 1 "));
  g_assert_true (g_str_has_prefix (g_ptr_array_index (notes, 2), "role \"late_two\" is not on the server of the left, but owns or may use 3 "));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/privileges/normalise", test_normalise);
  tide_test_add_lone_pairs ("/schema/privileges/chains", chains);
  tide_test_add_pairs ("/schema/privileges/grants", grants);
  g_test_add_func ("/schema/privileges/granted-on", test_granted_on);
  g_test_add_func ("/schema/privileges/grantor-becomes-owner", test_grantor_becomes_owner);
  g_test_add_func ("/schema/privileges/defaults-everywhere", test_defaults_everywhere);
  g_test_add_func ("/schema/privileges/public-schema", test_public_schema);
  g_test_add_func ("/schema/privileges/public-schema-remade", test_public_schema_remade);
  g_test_add_func ("/schema/privileges/database", test_database);
  g_test_add_func ("/schema/privileges/missing-role", test_missing_role);
  g_test_add_func ("/schema/privileges/missing-role-that-is-named", test_missing_role_that_is_named);
  return g_test_run ();
}
