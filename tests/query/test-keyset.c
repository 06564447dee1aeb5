/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "query/tide-keyset.h"
#include "support/tide-test.h"
#include "tide-error.h"

static TideConninfo *conninfo;
static TideSession *session;

/* (transfer full): the first column named @column of all pages, in order, with a bar between pages */
static char *
read_pages (TideKeyset *keyset,
            const char *column,
            guint       limit,
            const char *by)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *columns = NULL;
  g_auto(GStrv) last = NULL;
  GString *text = g_string_new (NULL);
  gboolean first = TRUE;
  gboolean nulls = FALSE;

  columns = g_strjoinv (",", (char **) tide_keyset_get_columns (keyset));
  g_assert_cmpstr (columns, ==, by);
  for (;;)
    {
      g_autofree char *sql = tide_keyset_dup_sql (keyset, first, nulls, limit);
      g_autoptr(TideResult) page = tide_session_query (session, sql, (const char * const *) last, last ? g_strv_length (last) : 0,
                                                       NULL, &error);
      guint n;

      g_assert_no_error (error);
      n = tide_result_get_n_rows (page);
      for (guint i = 0; i < n; i++)
        {
          const char *value = tide_result_get_value (page, i, (guint) tide_result_find_column (page, column));

          g_string_append_printf (text, "%s%s", i > 0 ? " " : text->len == 0 ? "" : "|", value ? value : "NULL");
        }
      g_strfreev (last);
      last = tide_keyset_dup_last (keyset, nulls, page);
      first = n < limit;
      if (first && (nulls || !tide_keyset_has_nulls (keyset)))
        return g_string_free (text, FALSE);
      if (!first && last == NULL)
        return g_string_free (text, FALSE);
      if (first)
        {
          nulls = TRUE;
          g_clear_pointer (&last, g_strfreev);
        }
    }
}

/* (transfer full): the same of all rows at once */
static char *
read_all (TideKeyset *keyset,
          const char *column)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *sql = tide_keyset_dup_all_sql (keyset);
  g_autoptr(TideResult) all = tide_session_query (session, sql, NULL, 0, NULL, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < tide_result_get_n_rows (all); i++)
    {
      const char *value = tide_result_get_value (all, i, (guint) tide_result_find_column (all, column));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", value ? value : "NULL");
    }
  return g_string_free (text, FALSE);
}

static const struct
{
  const char *name;
  const char *column;
  const char *by;
  const char *pages; /* of three rows */
} cases[] = {
  { "one", "id", "id", "1 2 3|4 5 6|7" },
  { "two", "b", "a,b", "1 2 3|1 2 3|1" },
  { "Odd \"name\"", "The Key", "The Key", "A b c|d d 'e' f|ß" },
  { "nullable", "id", "ctid", "3 NULL 1|NULL 2" },
  { "chosen", "v", "u", "1 2 3|4" },
  { "keyless", "v", "ctid", "9 8 7|6 5 4|3" },
  { "parted", "v", "tableoid,ctid", "1 2 3|4 5" },
  { "parent", "v", "tableoid,ctid", "1 2 3|4 5 6|7 8" },
  { "a_view", "id", "", "1 2 3" },
  { "snapshot", "id", "ctid", "1 2 3|4 5 6|7" },
  { "empty", "id", "id", "" },
  { "times", "t", "t,x", "2020-01-01 00:00:00.123456+00 2020-01-01 00:00:00.123457+00 infinity" },
};

static void
test_pages (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideKeyset) keyset = tide_keyset_read (session, "public", cases[i].name, NULL, &error);
      g_autofree char *pages = NULL;
      g_autofree char *whole = NULL;

      g_assert_no_error (error);
      g_test_message ("%s", cases[i].name);
      pages = read_pages (keyset, cases[i].column, 3, cases[i].by);
      g_assert_cmpstr (pages, ==, cases[i].pages);
      whole = read_all (keyset, cases[i].column);
      /* Without a key there is one page, and there may be more. */
      if (*cases[i].by != '\0')
        g_assert_cmpstr (g_strdelimit (pages, "|", ' '), ==, whole);
    }
}

/* Each row once, in the order that was asked for, those without a value last */
static void
test_order (void)
{
  static const struct
  {
    const char *name;
    const char *column;
    gboolean    descending;
    const char *by;
    const char *shown;
    const char *pages;
  } orders[] = {
    { "nullable", "id", FALSE, "id,ctid", "id", "1 2 3|NULL NULL" },
    { "nullable", "id", TRUE, "id,ctid", "id", "3 2 1|NULL NULL" },
    { "parent", "id", FALSE, "id,tableoid,ctid", "id", "1 1 2|2 3 3|4 4" },
    { "two", "a", TRUE, "a,b", "b", "1 3 2|1 3 2|1" },
    { "chosen", "w", FALSE, "w,u", "u", "1 2 3|4" },
    { "sorted", "n", FALSE, "n,id", "id", "3 6 7|1 4|2 5 8|9" },
    { "sorted", "n", TRUE, "n,id", "id", "4 1 7|6 3|9 8 5|2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr(TideKeyset) keyset = tide_keyset_read (session, "public", orders[i].name, NULL, NULL);
      g_autoptr(TideKeyset) ordered = tide_keyset_order (keyset, orders[i].column, orders[i].descending);
      g_autofree char *pages = NULL;
      g_autofree char *whole = NULL;

      g_assert_nonnull (ordered);
      g_test_message ("%s by %s", orders[i].name, orders[i].column);
      pages = read_pages (ordered, orders[i].shown, 3, orders[i].by);
      g_assert_cmpstr (pages, ==, orders[i].pages);
      whole = read_all (ordered, orders[i].shown);
      g_assert_cmpstr (g_strdelimit (pages, "|", ' '), ==, whole);
      g_assert_null (tide_keyset_order (keyset, "no such", FALSE));
      /* A column that no index begins with, and one whose index leaves rows out */
      g_assert_false (tide_keyset_can_order (keyset, "partial"));
      g_assert_false (tide_keyset_can_order (keyset, "v"));
    }
}

/* The last page of many costs what the first does: it is read by the index */
static void
test_plan (void)
{
  g_autoptr(TideKeyset) keyset = tide_keyset_read (session, "public", "many", NULL, NULL);
  g_autofree char *sql = tide_keyset_dup_sql (keyset, FALSE, FALSE, 100);
  g_autofree char *explain = g_strconcat ("EXPLAIN (FORMAT JSON) ", sql, NULL);
  const char *last[] = { "19000", "1" };
  g_autoptr(TideResult) plan = tide_session_query (session, explain, last, 2, NULL, NULL);

  g_assert_nonnull (strstr (tide_result_get_value (plan, 0, 0), "Index Cond"));
  g_assert_null (strstr (tide_result_get_value (plan, 0, 0), "Sort"));
}

static void
test_missing (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tide_keyset_read (session, "public", "no_such_table", NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  conninfo = tide_test_create_database ();
  g_free (tide_test_psql (conninfo,
                          "CREATE TABLE parent (id int PRIMARY KEY, v int); CREATE TABLE child () INHERITS (parent);"
                          "INSERT INTO parent SELECT i, i FROM generate_series(1, 4) i;"
                          "INSERT INTO child SELECT i, i + 4 FROM generate_series(1, 4) i;"
                          "CREATE TABLE one (id int PRIMARY KEY, v text); INSERT INTO one SELECT i FROM generate_series(7, 1, -1) i;"
                          "CREATE TABLE two (b int, a int, PRIMARY KEY (a, b));"
                          "INSERT INTO two SELECT b, a FROM generate_series(1, 3) a, generate_series(1, 3) b WHERE a < 3 OR b < 2;"
                          "CREATE TABLE \"Odd \"\"name\"\"\" (\"The Key\" text COLLATE \"C\" PRIMARY KEY);"
                          "INSERT INTO \"Odd \"\"name\"\"\" VALUES ('A'), ('b'), ('c'), ('d'), ('d ''e''' ), ('f'), ('ß');"
                          "CREATE TABLE nullable (id int UNIQUE, v int); INSERT INTO nullable VALUES (3), (NULL), (1), (NULL), (2);"
                          "CREATE TABLE chosen (v int, u int NOT NULL UNIQUE, w int UNIQUE); INSERT INTO chosen SELECT i, i FROM generate_series(1, 4) i;"
                          "CREATE TABLE keyless (v int); INSERT INTO keyless SELECT i FROM generate_series(9, 3, -1) i;"
                          "CREATE TABLE parted (v int) PARTITION BY RANGE (v); CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM (0) TO (3);"
                          "CREATE TABLE parted_b PARTITION OF parted FOR VALUES FROM (3) TO (9); INSERT INTO parted SELECT generate_series(1, 5);"
                          "CREATE VIEW a_view AS SELECT * FROM one ORDER BY id; CREATE MATERIALIZED VIEW snapshot AS SELECT * FROM one ORDER BY id;"
                          "CREATE TABLE empty (id int PRIMARY KEY);"
                          "CREATE TABLE sorted (id int PRIMARY KEY, n int, partial int); CREATE INDEX ON sorted (n, partial);"
                          "CREATE INDEX ON sorted (partial) WHERE n > 1; CREATE INDEX ON sorted ((n + 1));"
                          "INSERT INTO sorted VALUES (1, 3), (2, NULL), (3, 1), (4, 3), (5, NULL), (6, 1), (7, 2), (8, NULL), (9, NULL);"
                          "CREATE TABLE times (t timestamptz, x float8, PRIMARY KEY (t, x));"
                          "INSERT INTO times VALUES ('2020-01-01 00:00:00.123457+00', 0.1), ('2020-01-01 00:00:00.123456+00', 'NaN'), ('infinity', 1e300);"
                          "CREATE TABLE many (a int, b int, PRIMARY KEY (a, b)); INSERT INTO many SELECT i, 1 FROM generate_series(1, 20000) i; ANALYZE many"));
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  g_ptr_array_unref (tide_session_run (session, "SET timezone = 'UTC'", NULL, NULL));
  g_test_add_func ("/keyset/pages", test_pages);
  g_test_add_func ("/keyset/order", test_order);
  g_test_add_func ("/keyset/plan", test_plan);
  g_test_add_func ("/keyset/missing", test_missing);
  status = g_test_run ();
  tide_session_close (session);
  g_clear_object (&session);
  tide_test_drop_database (conninfo);
  tide_conninfo_unref (conninfo);
  return status;
}
