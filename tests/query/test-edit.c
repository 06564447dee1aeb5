/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-edit"

#include "config.h"

#include <string.h>

#include "query/tide-row-edit.h"
#include "query/tide-row-order.h"
#include "rows-fixture.h"
#include "tide-error.h"

static TideRowEdit *
edit (Fixture       *fixture,
      TideRowStore  *store,
      GError       **error)
{
  TideRowTable *table = tide_row_table_read (store, fixture->session, NULL, error);

  return table ? tide_row_edit_new (store, table) : NULL;
}

/* @wanted: of each row the second column and the fifth */
static void
assert_shown (TideRowStore *store,
              GBytes       *rows,
              const char   *wanted)
{
  gsize size;
  const guint32 *row = g_bytes_get_data (rows, &size);
  g_autoptr(GString) shown = g_string_new (NULL);

  for (guint i = 0; i < size / sizeof *row; i++)
    {
      g_autofree char *text = tide_row_store_dup_value (store, row[i], 1, NULL);
      g_autofree char *twice = tide_row_store_dup_value (store, row[i], 4, NULL);

      g_string_append_printf (shown, "%s %s, ", text ? text : "NULL", twice);
    }
  g_assert_cmpstr (shown->str, ==, wanted);
}

static void
test_edit (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRowStore) store = NULL;
  g_autoptr(TideRowEdit) changes = NULL;
  g_autoptr(GBytes) rows = NULL;
  g_autoptr(GBytes) order = NULL;
  g_autofree char *after = NULL;
  g_autofree char *sql = NULL;
  const char *value;
  gsize length;
  TideRowChange change;

  g_free (tide_test_psql (fixture->conninfo, "CREATE TABLE \"T x\" (id int PRIMARY KEY, \"a'b\" text, j json, p point,"
                          " twice int GENERATED ALWAYS AS (id * 2) STORED);"
                          "INSERT INTO \"T x\" SELECT n, 'v' || n, '{}', '(1,2)' FROM generate_series (1, 5) n"));
  store = fill (fixture, G_MAXUINT64, "SELECT *, id + 1 FROM \"T x\" ORDER BY id", 0);
  changes = edit (fixture, store, &error);
  g_assert_no_error (error);
  g_assert_false (tide_row_edit_set (changes, 0, 4, "1", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_true (tide_row_edit_set (changes, 0, 1, "it's", NULL));
  g_assert_true (tide_row_edit_set (changes, 1, 1, NULL, NULL));
  g_assert_true (tide_row_edit_set (changes, 1, 2, "[1.50]", NULL));
  g_assert_true (tide_row_edit_set (changes, 2, 1, "other", NULL));
  g_assert_true (tide_row_edit_set (changes, 2, 1, "v3", NULL));
  tide_row_edit_toggle_removed (changes, 4);
  g_assert_cmpuint (tide_row_edit_add (changes), ==, TIDE_ROW_EDIT_FIRST_NEW);
  g_assert_cmpuint (tide_row_edit_add (changes), ==, TIDE_ROW_EDIT_FIRST_NEW + 1);
  tide_row_edit_toggle_removed (changes, TIDE_ROW_EDIT_FIRST_NEW + 1);
  g_assert_cmpuint (tide_row_edit_get_n_added (changes), ==, 1);
  g_assert_true (tide_row_edit_set (changes, TIDE_ROW_EDIT_FIRST_NEW, 0, "9", NULL));
  g_assert_true (tide_row_edit_look_up (changes, TIDE_ROW_EDIT_FIRST_NEW, 0, &value, &length, &change));
  g_assert_cmpint (change, ==, TIDE_ROW_ADDED);
  g_assert_true (tide_row_edit_look_up (changes, TIDE_ROW_EDIT_FIRST_NEW, 1, &value, &length, &change));
  g_assert_cmpint (change, ==, TIDE_ROW_DEFAULT);
  g_assert_cmpuint (tide_row_edit_get_n_changes (changes), ==, 4);
  sql = tide_row_edit_dup_sql (changes);
  g_assert_nonnull (strstr (sql, "UPDATE public.\"T x\" SET \"a'b\" = 'it''s' WHERE id = '1'::integer AND \"a'b\" = 'v1'::text;"));
  g_assert_true (tide_row_edit_apply (changes, fixture->session, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (tide_row_edit_get_n_changes (changes), ==, 0);
  after = tide_test_psql (fixture->conninfo, "SELECT string_agg (concat_ws (':', id, coalesce (\"a'b\", '~'), j), ' ' ORDER BY id) FROM \"T x\"");
  g_assert_cmpstr (after, ==, "1:it's:{} 2:~:[1.50] 3:v3:{} 4:v4:{} 9:~");

  /* What is shown is what the table has: without the row that is gone, and in any order. */
  rows = tide_row_edit_renew (changes, NULL, 5);
  assert_shown (store, rows, "it's 2, NULL 4, v3 6, v4 8, NULL 18, ");
  g_assert_cmpuint (tide_row_edit_get_n_added (changes), ==, 0);
  order = tide_row_order_new (store, rows, 0, 0, TRUE, NULL, &error);
  assert_shown (store, order, "NULL 18, v4 8, v3 6, NULL 4, it's 2, ");

  /* What is taken back leaves no row behind. */
  tide_row_edit_add (changes);
  tide_row_edit_discard (changes);
  g_assert_cmpuint (tide_row_edit_get_n_added (changes), ==, 0);

  /* Somebody else was there: all or nothing, and it says where. */
  g_free (tide_test_psql (fixture->conninfo, "UPDATE \"T x\" SET \"a'b\" = 'theirs' WHERE id = 3"));
  g_assert_true (tide_row_edit_set (changes, ((const guint32 *) g_bytes_get_data (rows, NULL))[0], 1, "mine", NULL));
  g_assert_true (tide_row_edit_set (changes, 2, 1, "mine", NULL));
  g_assert_false (tide_row_edit_apply (changes, fixture->session, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "row id = 3"));
  g_assert_cmpint (tide_session_get_transaction_status (fixture->session), ==, TIDE_TRANSACTION_IDLE);
  g_clear_pointer (&after, g_free);
  after = tide_test_psql (fixture->conninfo, "SELECT string_agg (\"a'b\", ' ' ORDER BY id) FROM \"T x\" WHERE id IN (1, 3)");
  g_assert_cmpstr (after, ==, "it's theirs");
}

/* One row of a table that is out of the ordinary. @column: of "SELECT * ... ORDER BY 1"; -1: the row goes; -2: a new row gets @value
 * in its second column. @wanted: the rows after it, as texts, or "!" and a part of what is said instead */
typedef struct
{
  const char *table;
  const char *make;
  guint       row;
  int         column;
  const char *value;
  const char *wanted;
} OddTable;

static const OddTable odd_tables[] = {
  { "o1", "CREATE TABLE o1 (a int, b text, c int, PRIMARY KEY (b, a)); INSERT INTO o1 VALUES (1, 'it''s', 1), (2, '', 2)", 1, 2, "5", "1,it's,1;2,,5" },
  { "o2", "CREATE TABLE o2 (a float8 PRIMARY KEY, b int); INSERT INTO o2 VALUES ('-infinity', 1), ('-0', 2), (0.1, 3), ('NaN', 4)", 3, 1, "9", "-Infinity,1;-0,2;0.1,3;NaN,9" },
  { "o2", NULL, 1, -1, NULL, "-Infinity,1;0.1,3;NaN,9" },
  { "o3", "CREATE TABLE o3 (a numeric PRIMARY KEY, b numeric(6,2)); INSERT INTO o3 VALUES (1.500, 1), ('NaN', NULL)", 0, 1, "2.50", "1.500,2.50;NaN,~" },
  { "o4", "CREATE TABLE o4 (a bytea PRIMARY KEY, b bytea); INSERT INTO o4 VALUES ('\\x005c27ff', ''), ('', NULL)", 0, 1, "\\xff00", "\\x,\\xff00;\\x005c27ff,\\x" },
  { "o5", "CREATE TABLE o5 (a uuid PRIMARY KEY, b uuid); INSERT INTO o5 VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')", 0, 1, "{A0EEBC999C0B4EF8BB6D6BB9BD380A12}", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12" },
  { "o6", "CREATE SCHEMA away; CREATE EXTENSION citext SCHEMA away; CREATE EXTENSION hstore SCHEMA away;"
          "CREATE TABLE o6 (a away.citext PRIMARY KEY, b away.citext, c away.hstore); INSERT INTO o6 VALUES ('Ab', 'cD', 'x=>1')", 0, 2, "y=>2", "Ab,cD,\"y\"=>\"2\"" },
  { "o6", NULL, 0, 1, "CD", "Ab,CD,\"y\"=>\"2\"" },
  { "o6", NULL, 0, -1, NULL, "" },
  { "o7", "CREATE TABLE o7 (a timestamptz PRIMARY KEY, b interval); INSERT INTO o7 VALUES ('2024-10-27 02:30:00.123456+02', '1 mon'), ('infinity', NULL)", 0, 1, "-1 day", "2024-10-27 00:30:00.123456+00,-1 days;infinity,~" },
  { "\"o \"\"8\"", "CREATE TABLE \"o \"\"8\" (\"i d\" int PRIMARY KEY, \"it's; \u00e4\u00df\u20ac\" text, \"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\" int);"
                   "INSERT INTO \"o \"\"8\" VALUES (1, 'x', 1)", 0, 1, "\u00fc", "1,\u00fc,1" },
  { "\"o \"\"8\"", NULL, 0, 2, "7", "1,\u00fc,7" },
  { "o9", "CREATE TABLE o9 (a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b text DEFAULT 'd', c text GENERATED ALWAYS AS (upper (b)) STORED); INSERT INTO o9 (b) VALUES ('x')", 0, 1, "y", "1,y,Y" },
  { "o9", NULL, 0, 0, "5", "!written by the server" },
  { "o9", NULL, 0, -2, "new", "1,y,Y;2,new,NEW" },
  { "o10", "CREATE VIEW o10 AS SELECT * FROM o1", 0, 2, "9", "!not those of a table" },
  { "o11", "CREATE TABLE o11 (a int, b text, PRIMARY KEY (a)) PARTITION BY RANGE (a); CREATE TABLE o11a PARTITION OF o11 FOR VALUES FROM (0) TO (10);"
           "CREATE TABLE o11b PARTITION OF o11 FOR VALUES FROM (10) TO (20); INSERT INTO o11 VALUES (1, 'x'), (2, 'y')", 0, 0, "15", "2,y;15,x" },
  { "o11", NULL, 0, 0, "99", "!no partition" },
  { "o12", "CREATE TABLE o12 (a int PRIMARY KEY, b text, c int DEFAULT 0); INSERT INTO o12 VALUES (1, 'x');"
           "CREATE FUNCTION o12 () RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.b := upper (NEW.b); NEW.c := NEW.c + 1; RETURN NEW; END';"
           "CREATE TRIGGER o12 BEFORE UPDATE OR INSERT ON o12 FOR EACH ROW EXECUTE FUNCTION o12 ()", 0, 1, "new", "1,NEW,1" },
  { "o13", "CREATE TABLE o13 (a int PRIMARY KEY, b text); INSERT INTO o13 VALUES (1, 'x');"
           "CREATE FUNCTION o13 () RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
           "CREATE TRIGGER o13 BEFORE UPDATE OR INSERT OR DELETE ON o13 FOR EACH ROW EXECUTE FUNCTION o13 ()", 0, 1, "new", "!row a = 1 is as it was: a trigger" },
  { "o13", NULL, 0, -1, NULL, "!row a = 1 is as it was: a trigger" },
  { "o13", NULL, 0, -2, "new", "!new row 1 was not added: a trigger" },
  { "o14", "CREATE TABLE o14 (a int PRIMARY KEY, b text); INSERT INTO o14 VALUES (1, 'x'); CREATE RULE o14 AS ON UPDATE TO o14 DO INSTEAD NOTHING", 0, 1, "new", "!row a = 1: cannot perform UPDATE RETURNING" },
  { "o15", "CREATE TABLE o15 (a int PRIMARY KEY, b varchar(3)); INSERT INTO o15 VALUES (1, 'x')", 0, 1, "abcdef", "!value too long" },
  { "o15", NULL, 0, 1, "abc", "1,abc" },
  { "o16", "CREATE DOMAIN d16 AS json; CREATE TYPE c16 AS (x json, y int); CREATE TABLE o16 (a char(4) PRIMARY KEY, b d16, c json[], d c16, e inet, f \"char\", g xml, h point[]);"
           "INSERT INTO o16 VALUES ('x', '[1.0]', '{\"{}\"}', '([],1)', '1.2.3.4/32', 'q', '<a/>', '{\"(1,2)\"}')", 0, 1, "[2.0]", "x   ,[2.0],{\"{}\"},([],1),1.2.3.4,q,<a/>,{\"(1,2)\"}" },
  { "o16", NULL, 0, 2, "{[]}", "x   ,[2.0],{[]},([],1),1.2.3.4,q,<a/>,{\"(1,2)\"}" },
  { "o16", NULL, 0, 3, "({},2)", "x   ,[2.0],{[]},({},2),1.2.3.4,q,<a/>,{\"(1,2)\"}" },
  { "o16", NULL, 0, 4, "::1", "x   ,[2.0],{[]},({},2),::1,q,<a/>,{\"(1,2)\"}" },
  { "o16", NULL, 0, -1, NULL, "" },
  { "o17", "CREATE TABLE o17 (a int PRIMARY KEY DEFERRABLE, b text); INSERT INTO o17 VALUES (1, 'x')", 0, 1, "y", "1,y" },
  { "o18", "CREATE TABLE o18 (a int PRIMARY KEY, b text); CREATE TABLE o18b () INHERITS (o18); INSERT INTO o18 VALUES (1, 'x'); INSERT INTO o18b VALUES (1, 'x')", 0, 1, "y", "!more than one row" },
  { "o19", "CREATE TYPE e19 AS ENUM ('it''s', 'b'); CREATE TABLE o19 (a e19 PRIMARY KEY, b int4range, c money, d bit(3), e jsonb); INSERT INTO o19 VALUES ('it''s', '[1,3)', '1.5', '101', '{\"a\": 1.50}')", 0, 4, "{}", "it's,[1,3),$1.50,101,{}" },
  { "o19", NULL, 0, 3, "1011", "!bit string length 4 does not match" },
  { "o19", NULL, 0, -1, NULL, "" },
};

/* (transfer full): "1,x;2,~" */
static char *
dup_rows (Fixture    *fixture,
          const char *sql)
{
  g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64, sql, 0);
  GString *text = g_string_new (NULL);

  for (guint row = 0; row < tide_row_store_get_n_rows (store); row++)
    for (guint i = 0; i < tide_row_store_get_n_columns (store); i++)
      {
        g_autofree char *value = tide_row_store_dup_value (store, row, i, NULL);

        g_string_append_printf (text, "%s%s", i > 0 ? "," : row > 0 ? ";" : "", value ? value : "~");
      }
  return g_string_free (text, FALSE);
}

/* (transfer full): what is wrong; %NULL: nothing */
static char *
try_odd_table (Fixture        *fixture,
               const OddTable *odd)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *select = g_strdup_printf ("SELECT * FROM %s ORDER BY 1", odd->table);
  g_autoptr(TideRowStore) store = NULL;
  g_autoptr(TideRowEdit) changes = NULL;
  g_autofree char *said = NULL;
  gboolean done;

  if (odd->make != NULL)
    g_free (tide_test_psql (fixture->conninfo, odd->make));
  store = fill (fixture, G_MAXUINT64, select, 0);
  changes = edit (fixture, store, &error);
  done = changes != NULL;
  if (done && odd->column == -1)
    tide_row_edit_toggle_removed (changes, odd->row);
  else if (done && odd->column == -2)
    done = tide_row_edit_set (changes, tide_row_edit_add (changes), 1, odd->value, &error);
  else if (done)
    done = tide_row_edit_set (changes, odd->row, odd->column, odd->value, &error);
  done = done && tide_row_edit_apply (changes, fixture->session, NULL, &error);
  said = done ? dup_rows (fixture, select) : g_strdup (error->message);
  if (odd->wanted[0] == '!' ? !done && strstr (said, odd->wanted + 1) != NULL : done && g_str_equal (said, odd->wanted))
    return NULL;
  return g_strdup_printf ("%s %d: \"%s\", not \"%s\"\n", odd->table, odd->column, said, odd->wanted);
}

static void
test_edit_odd_tables (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GString) wrong = g_string_new (NULL);

  g_ptr_array_unref (tide_session_run (fixture->session, "SET timezone = 'UTC'", NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (odd_tables); i++)
    {
      g_autofree char *text = try_odd_table (fixture, &odd_tables[i]);

      g_string_append (wrong, text ? text : "");
    }
  g_assert_cmpstr (wrong->str, ==, "");
}

static void
test_edit_refused (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char *const statements[] = {
    "SELECT a FROM t", "SELECT t.* FROM t, t AS u", "SELECT id, count (*) FROM t GROUP BY id", "SELECT 1", "SELECT * FROM v",
    "SELECT * FROM loose", "SELECT id FROM t UNION SELECT 1",
  };

  g_free (tide_test_psql (fixture->conninfo, "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT * FROM t;"
                          "CREATE TABLE loose (id int UNIQUE)"));
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64, statements[i], 0);

      g_assert_null (edit (fixture, store, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
    }
}

/* (transfer full): another connection to the same database, in the same way */
static TideSession *
connect_again (Fixture    *fixture,
               const char *setting)
{
  g_autoptr(GError) error = NULL;
  TideSession *session = tide_session_open (fixture->conninfo, NULL, &error);

  g_assert_no_error (error);
  if (setting != NULL)
    g_ptr_array_unref (tide_session_run (session, setting, NULL, &error));
  g_assert_no_error (error);
  return session;
}

static void
assert_may_follow (TideRowEdit *changes,
                   Fixture     *fixture,
                   TideSession *to,
                   const char  *refusal)
{
  g_autoptr(GError) error = NULL;
  gboolean may = tide_row_edit_may_follow (changes, fixture->session, to, NULL, &error);

  if (refusal == NULL)
    g_assert_no_error (error);
  else
    g_assert_nonnull (strstr (error->message, refusal));
  g_assert_cmpint (may, ==, refusal == NULL);
}

/* The connection is gone; the changes are not. */
static void
test_edit_by_another_connection (Fixture       *fixture,
                                 gconstpointer  data)
{
  TideConninfo *elsewhere = tide_test_create_database ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRowStore) store = NULL;
  g_autoptr(TideRowEdit) changes = NULL;
  g_autoptr(TideSession) again = NULL;
  g_autoptr(TideSession) abroad = NULL;
  g_autoptr(TideSession) odd = NULL;
  g_autofree char *end = NULL;
  g_autofree char *after = NULL;
  static const char make[] = "CREATE TABLE t (id int PRIMARY KEY, a date); INSERT INTO t VALUES (1, '2026-02-01')";

  g_free (tide_test_psql (fixture->conninfo, make));
  g_free (tide_test_psql (elsewhere, make));
  store = fill (fixture, G_MAXUINT64, "SELECT * FROM t", 0);
  changes = edit (fixture, store, &error);
  g_assert_no_error (error);
  g_assert_true (tide_row_edit_set (changes, 0, 1, "2026-03-04", NULL));
  end = g_strdup_printf ("SELECT pg_terminate_backend (%d, 5000)", tide_session_get_backend_pid (fixture->session));
  g_free (tide_test_psql (fixture->conninfo, end));
  g_assert_false (tide_row_edit_apply (changes, fixture->session, NULL, NULL));

  abroad = tide_session_open (elsewhere, NULL, &error);
  g_assert_no_error (error);
  assert_may_follow (changes, fixture, abroad, "leads to another database");
  odd = connect_again (fixture, "SET DateStyle = 'SQL, DMY'");
  assert_may_follow (changes, fixture, odd, "DateStyle was \"ISO, MDY\"");

  again = connect_again (fixture, NULL);
  assert_may_follow (changes, fixture, again, NULL);
  g_assert_true (tide_row_edit_apply (changes, again, NULL, &error));
  g_assert_no_error (error);
  after = tide_test_psql (fixture->conninfo, "TABLE t");
  g_assert_cmpstr (after, ==, "1|2026-03-04");

  /* One of the same name is not the same. */
  g_assert_true (tide_row_edit_set (changes, 0, 1, "2026-05-06", NULL));
  g_free (tide_test_psql (fixture->conninfo, "ALTER TABLE t RENAME TO old; CREATE TABLE t (LIKE old INCLUDING ALL)"));
  assert_may_follow (changes, fixture, again, "another one by now");
  tide_session_close (abroad);
  tide_test_drop_database (elsewhere);
  tide_conninfo_unref (elsewhere);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/query/edit/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("changes", test_edit);
  ADD ("odd-tables", test_edit_odd_tables);
  ADD ("refused", test_edit_refused);
  ADD ("another-connection", test_edit_by_another_connection);
  return g_test_run ();
}
