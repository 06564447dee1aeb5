/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-faults"

#include "config.h"

#include <locale.h>
#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"
#include "schema/tide-catalog.h"
#include "tide-error.h"

/* What is wrong with a database, or goes wrong while it is read: it is said, and nothing is guessed. */

static TideConninfo *
make_database (const char *sql)
{
  TideConninfo *conninfo = tide_test_create_database ();

  if (conninfo != NULL)
    g_free (tide_test_psql (conninfo, sql));
  return conninfo;
}

/* (transfer full): the name of a role of this test's own; it may stand in SQL as it is */
static char *
dup_role (TideConninfo *conninfo)
{
  return g_strconcat (tide_conninfo_get (conninfo, "dbname"), "_role", NULL);
}

static void G_GNUC_PRINTF (2, 3)
run (TideConninfo *conninfo,
     const char   *format,
     ...)
{
  g_autofree char *sql = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_free (tide_test_psql (conninfo, sql));
}

static char *
dup_script (TideSchema *from,
            TideSchema *to)
{
  g_autoptr(TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
  g_autoptr(TideSchemaScript) script = tide_schema_script_new (diff, NULL);

  return tide_schema_script_dup_text (script);
}

static void
assert_warning (TideSchema *schema,
                guint       index,
                const char *words)
{
  const GError *warning = g_ptr_array_index (tide_schema_get_warnings (schema), index);

  g_assert_nonnull (strstr (warning->message, words));
  g_assert_nonnull (tide_error_get_fields (warning)->hint);
}

/* A part of the catalog that cannot be read is an error, and not an empty part */
static void
assert_refused (TideConninfo *poor)
{
  g_autoptr(GError) problem = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = tide_session_open (poor, NULL, &problem);

  g_assert_no_error (problem);
  g_assert_null (tide_catalog_read (session, NULL, &error));
  g_assert_nonnull (strstr (error->message, "permission denied for table pg_policy"));
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "a role that may read all of the system catalogs"));
  tide_session_close (session);
}

/* What a role may not read is no difference */
static void
test_poor_role (void)
{
  g_autoptr(TideConninfo) conninfo = make_database (
    "CREATE SCHEMA hidden; CREATE TABLE hidden.t (a int PRIMARY KEY, b text DEFAULT 'x' CHECK (b <> ''));"
    "CREATE FUNCTION hidden.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW hidden.v AS SELECT hidden.f() + a AS x FROM hidden.t;"
    "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
    "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'u', password 'geheim');");
  g_autoptr(TideConninfo) poor = NULL;
  g_autoptr(TideSchema) seen = NULL;
  g_autoptr(TideSchema) all = NULL;
  g_autoptr(TideSchema) nothing = NULL;
  g_autofree char *role = NULL;
  g_autofree char *there = NULL;
  g_autofree char *back = NULL;
  g_autofree char *made = NULL;

  if (conninfo == NULL)
    return;
  role = dup_role (conninfo);
  run (conninfo, "CREATE ROLE %s LOGIN", role);
  poor = tide_conninfo_copy (conninfo);
  tide_conninfo_set (poor, "user", role);
  all = tide_test_read_catalog (conninfo);
  seen = tide_test_read_catalog (poor);
  nothing = tide_test_read_schema ("");
  g_assert_cmpuint (tide_schema_get_warnings (all)->len, ==, 0);
  g_assert_cmpuint (tide_schema_get_warnings (seen)->len, ==, 1);
  assert_warning (seen, 0, "the options of user mapping \"PUBLIC SERVER s\" cannot be read");
  there = dup_script (all, seen);
  back = dup_script (seen, all);
  made = dup_script (nothing, seen);
  g_assert_cmpstr (there, ==, "");
  g_assert_cmpstr (back, ==, "");
  g_assert_nonnull (strstr (made, "CREATE USER MAPPING FOR PUBLIC SERVER s;"));
  g_assert_nonnull (strstr (made, "CREATE VIEW \"hidden\".\"v\""));
  run (conninfo, "REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC");
  assert_refused (poor);
  run (conninfo, "DROP ROLE %s", role);
  tide_test_drop_database (conninfo);
}

/* A role that went away by force: its table belongs to the usual owner, its policy does not become everybody's, and what holds for
 * what it makes does not hold for what others make. */
static void
test_lost_role (void)
{
  g_autoptr(TideConninfo) conninfo = make_database ("CREATE TABLE t (a int); CREATE TABLE t2 (a int); CREATE SEQUENCE s");
  g_autoptr(TideSchema) schema = NULL;
  g_autoptr(TideSchema) nothing = NULL;
  g_autofree char *role = NULL;
  g_autofree char *script = NULL;

  if (conninfo == NULL)
    return;
  role = dup_role (conninfo);
  run (conninfo, "CREATE ROLE %s; GRANT CREATE ON SCHEMA public TO %s; ALTER TABLE t OWNER TO %s; ALTER SEQUENCE s OWNER TO %s;"
       "GRANT SELECT ON t2 TO %s; CREATE POLICY p ON t2 TO %s USING (true); REVOKE CREATE ON SCHEMA public FROM %s;"
       "ALTER DEFAULT PRIVILEGES FOR ROLE %s GRANT SELECT ON TABLES TO PUBLIC;"
       "SET allow_system_table_mods = on; DELETE FROM pg_authid WHERE rolname = '%s'", role, role, role, role, role, role, role, role, role);
  schema = tide_test_read_catalog (conninfo);
  nothing = tide_test_read_schema ("");
  g_assert_cmpuint (tide_schema_get_warnings (schema)->len, ==, 1);
  assert_warning (schema, 0, "the owner of 2 objects is no more");
  script = dup_script (nothing, schema);
  g_assert_null (strstr (script, "OWNER TO"));
  g_assert_null (strstr (script, "GRANT"));
  g_assert_nonnull (strstr (script, "CREATE POLICY \"p\" ON \"public\".\"t2\" TO \"unknown (OID="));
  tide_test_drop_database (conninfo);
}

/* Its file is not looked for as long as nobody calls it, and it can be dropped. */
static void
test_missing_library (void)
{
  g_autoptr(TideConninfo) conninfo = make_database (
    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'; CREATE VIEW v AS SELECT f() AS x;"
    "UPDATE pg_proc SET probin = '/nowhere/gone' WHERE proname = 'f'");
  g_autoptr(TideConninfo) nothing = make_database ("");
  g_autoptr(TideSchema) schema = NULL;
  g_autofree char *definition = NULL;
  g_autofree char *script = NULL;
  g_autofree char *trouble = NULL;

  if (conninfo == NULL)
    return;
  schema = tide_test_read_catalog (conninfo);
  definition = tide_schema_object_dup_definition (tide_schema_find (schema, TIDE_OBJECT_FUNCTION, "public", "f()"));
  g_assert_nonnull (strstr (definition, "AS '/nowhere/gone', 'plpgsql_call_handler'"));
  trouble = tide_test_turn (conninfo, nothing, NULL, NULL, &script);
  g_assert_cmpstr (trouble, ==, NULL);
  tide_test_drop_database (conninfo);
  tide_test_drop_database (nothing);
}

/* A catalog that points at nothing, which does not pass by itself */
static void
test_broken_catalog (void)
{
  g_autoptr(TideConninfo) conninfo = make_database ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
                                                    "UPDATE pg_proc SET prorettype = 999999 WHERE proname = 'f'");
  g_autoptr(TideSession) session = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) problem = NULL;
  g_autofree char *text = NULL;

  if (conninfo == NULL)
    return;
  session = tide_session_open (conninfo, NULL, &problem);
  g_assert_no_error (problem);
  g_assert_null (tide_catalog_read (session, NULL, &error));
  text = g_strdup_printf ("cannot read the catalog of \"%s\": cache lookup failed for type 999999", tide_conninfo_get (conninfo, "dbname"));
  g_assert_cmpstr (error->message, ==, text);
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "pg_dump -s"));
  g_assert_cmpint (tide_session_get_transaction_status (session), ==, TIDE_TRANSACTION_IDLE);
  tide_session_close (session);
  tide_test_drop_database (conninfo);
}

/* --- while it is read --- */

/* A reader that stands still in the midst of a catalog: a lock on one that few statements need holds it up */
typedef struct
{
  TideConninfo *conninfo;
  TideSession  *holder;
  TideSession  *reader;
  GCancellable *cancellable;
  GThread      *thread;
  TideSchema   *schema;
  GError       *error;
} Halt;

static gpointer
read_in_thread (gpointer data)
{
  Halt *self = data;

  self->schema = tide_catalog_read (self->reader, self->cancellable, &self->error);
  return NULL;
}

#define WAITING_SQL " FROM pg_locks l WHERE NOT l.granted AND l.relation = 'pg_conversion'::regclass" \
                    " AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())"
#define PATIENCE (90 * G_TIME_SPAN_SECOND)

static void
wait_until_it_waits (Halt *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  for (;;)
    {
      g_autofree char *n = tide_test_psql (self->conninfo, "SELECT count(*)" WAITING_SQL);

      if (g_str_equal (n, "1"))
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (20000);
    }
}

static void
tell_holder (Halt       *self,
             const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tide_session_run (self->holder, sql, NULL, &error);

  g_assert_no_error (error);
}

static void
halt_begin (Halt       *self,
            const char *sql)
{
  g_autoptr(GError) error = NULL;

  self->conninfo = make_database (sql);
  self->holder = tide_session_open (self->conninfo, NULL, &error);
  g_assert_no_error (error);
  self->reader = tide_session_open (self->conninfo, NULL, &error);
  g_assert_no_error (error);
  self->cancellable = g_cancellable_new ();
  tell_holder (self, "BEGIN; LOCK TABLE pg_catalog.pg_conversion IN ACCESS EXCLUSIVE MODE");
  self->thread = g_thread_new ("reader", read_in_thread, self);
  wait_until_it_waits (self);
}

static void
halt_let_go (Halt *self)
{
  tell_holder (self, "COMMIT");
  g_thread_join (g_steal_pointer (&self->thread));
}

static void
halt_end (Halt *self)
{
  tide_session_close (self->reader);
  tide_session_close (self->holder);
  g_object_unref (self->reader);
  g_object_unref (self->holder);
  g_object_unref (self->cancellable);
  tide_test_drop_database (self->conninfo);
  tide_conninfo_unref (self->conninfo);
  g_clear_pointer (&self->schema, tide_schema_unref);
  g_clear_error (&self->error);
}

typedef struct
{
  const char *before;
  const char *meanwhile;
} Vanishing;

/* Of some the server complains, of others it says nothing. */
static const Vanishing vanishing[] = {
  { "CREATE TABLE t (a int PRIMARY KEY DEFAULT 1 + 1, b text CHECK (b <> 'x')); CREATE INDEX i ON t (lower(b)) WHERE a > 1;"
    "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE VIEW v AS SELECT a FROM t;"
    "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; CREATE TYPE e AS ENUM ('a'); CREATE TABLE te (a int, x e, y e[]);"
    "CREATE TRIGGER tr BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "DROP TABLE t CASCADE; DROP TABLE p; DROP TYPE e CASCADE" },
  { "CREATE TABLE t (a int CHECK (a > 0), b text); CREATE STATISTICS st ON a, b FROM t; CREATE INDEX i ON t (a) WHERE b <> 'x';"
    "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
    "DROP TABLE t; DROP TABLE p" },
};

/* What went away meanwhile is not there, or not half. */
static void
test_dropped_meanwhile (gconstpointer data)
{
  const Vanishing *these = data;
  Halt halt = { NULL };
  g_autoptr(TideSchema) nothing = tide_test_read_schema ("");
  g_autofree char *sql = g_strconcat ("CREATE TABLE kept (a int);", these->before, NULL);
  g_autofree char *script = NULL;

  halt_begin (&halt, sql);
  run (halt.conninfo, "%s", these->meanwhile);
  halt_let_go (&halt);
  g_assert_no_error (halt.error);
  g_assert_nonnull (tide_schema_find (halt.schema, TIDE_OBJECT_TABLE, "public", "kept"));
  g_assert_null (tide_schema_find (halt.schema, TIDE_OBJECT_VIEW, "public", "v"));
  script = dup_script (nothing, halt.schema);
  g_assert_null (strstr (script, TIDE_VALUE_VANISHED));
  g_assert_null (strstr (script, "(null)"));
  halt_end (&halt);
}

static void
test_server_gone (void)
{
  Halt halt = { NULL };

  halt_begin (&halt, "");
  run (halt.conninfo, "SELECT pg_terminate_backend(l.pid)" WAITING_SQL);
  halt_let_go (&halt);
  g_assert_null (halt.schema);
  g_assert_error (halt.error, TIDE_ERROR, TIDE_ERROR_LOST);
  halt_end (&halt);
}

static void
test_cancelled (void)
{
  Halt halt = { NULL };

  halt_begin (&halt, "");
  g_cancellable_cancel (halt.cancellable);
  halt_let_go (&halt);
  g_assert_null (halt.schema);
  g_assert_error (halt.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (tide_session_get_transaction_status (halt.reader), ==, TIDE_TRANSACTION_IDLE);
  halt_end (&halt);
}

/* --- names as long as they may be --- */

/* 63 bytes each, which part only at the end; of two and four bytes a character, with quotes, blanks and backslashes */
#define N1 "\"Ünïcode \"\"Näme\"\" \\ mit vielen Zeichen ällerlei ööööö 1é\""
#define N2 "\"Ünïcode \"\"Näme\"\" \\ mit vielen Zeichen ällerlei ööööö 2é\""
#define N3 "\"🐘🐘 'x' % $1 $$ 🐘🐘🐘🐘🐘🐘🐘🐘🐘🐘aa\""
#define N4 "\"Ünïcode \"\"Näme\"\" \\ mit vielen Zeichen ällerlei ööööö 3é\""
#define NAMED                                                                                       \
  "CREATE TYPE " N1 " AS ENUM ('a', 'b'); CREATE TYPE " N2 " AS ENUM ('a', 'b');"                   \
  "CREATE TABLE " N3 " (" N1 " " N1 ", " N2 " " N2 ", " N3 " serial, CONSTRAINT " N1 " CHECK (" N3 " > 0));"

static const TideTestPair names[] = {
  { "enums-made-anew", NAMED,
    "CREATE TYPE " N1 " AS ENUM ('b'); CREATE TYPE " N2 " AS ENUM ('b');"
    "CREATE TABLE " N3 " (" N1 " " N1 ", " N2 " " N2 ", " N3 " serial, CONSTRAINT " N1 " CHECK (" N3 " > 1));" },
  { "all", "",
    NAMED "ALTER TABLE " N3 " ADD CONSTRAINT " N2 " PRIMARY KEY (" N3 "); CREATE INDEX " N1 " ON " N3 " ((" N3 " + 1));"
    "CREATE FUNCTION " N1 "(" N1 " int, " N2 " " N1 ") RETURNS int LANGUAGE sql AS 'SELECT 1';"
    "CREATE FUNCTION " N2 "() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TRIGGER " N1 " BEFORE UPDATE OF " N3 " ON " N3 " FOR EACH ROW EXECUTE FUNCTION " N2 "();"
    "CREATE POLICY " N1 " ON " N3 " USING (" N1 " = 'a'); COMMENT ON COLUMN " N3 "." N1 " IS 'it''s';"
    "CREATE VIEW " N4 " AS SELECT " N1 " AS " N2 ", " N3 " FROM " N3 "; GRANT SELECT (" N2 ") ON " N4 " TO PUBLIC;"
    "CREATE STATISTICS " N1 " ON " N1 ", " N2 " FROM " N3 "; ALTER TABLE " N3 " REPLICA IDENTITY USING INDEX " N2 },
  { "columns", NAMED,
    "CREATE TYPE " N1 " AS ENUM ('a', 'b'); CREATE TYPE " N2 " AS ENUM ('b', 'a', 'c');"
    "CREATE TABLE " N3 " (" N1 " text, " N2 " " N2 " DEFAULT 'c', " N3 " bigint GENERATED ALWAYS AS IDENTITY);" },
  { NULL },
};

/* Views that no one can look into: what they need is gone, which nobody told the server */
static const TideTestPair broken_views[] = {
  { "body-of-nothing",
    "SET check_function_bodies = off; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT a FROM gone';"
    "CREATE VIEW v AS SELECT f() AS x; CREATE VIEW w AS SELECT x FROM v",
    "SET check_function_bodies = off; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT b FROM gone';"
    "CREATE VIEW v AS SELECT f() AS x, f() AS y; CREATE VIEW w AS SELECT y FROM v; CREATE MATERIALIZED VIEW m AS SELECT x FROM v WITH NO DATA" },
  { "no-rows", "CREATE TABLE t (a int)",
    "CREATE TABLE t (a int); CREATE VIEW v AS SELECT 1 / (a - a) AS x FROM t; CREATE MATERIALIZED VIEW m AS SELECT 1 / 0 AS x WITH NO DATA" },
  { NULL },
};

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/faults/poor-role", test_poor_role);
  g_test_add_func ("/schema/faults/lost-role", test_lost_role);
  g_test_add_func ("/schema/faults/missing-library", test_missing_library);
  g_test_add_func ("/schema/faults/broken-catalog", test_broken_catalog);
  g_test_add_data_func ("/schema/faults/dropped-meanwhile/complaints", &vanishing[0], test_dropped_meanwhile);
  g_test_add_data_func ("/schema/faults/dropped-meanwhile/silence", &vanishing[1], test_dropped_meanwhile);
  g_test_add_func ("/schema/faults/server-gone", test_server_gone);
  g_test_add_func ("/schema/faults/cancelled", test_cancelled);
  tide_test_add_pairs ("/schema/faults/names", names);
  tide_test_add_pairs ("/schema/faults/broken-views", broken_views);
  return g_test_run ();
}
