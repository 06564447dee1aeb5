/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-rows"

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "query/tide-export.h"
#include "query/tide-row-order.h"
#include "query/tide-value-text.h"
#include "rows-fixture.h"
#include "tide-error.h"
#include "tide-file.h"

static void
assert_cell (TideRowStore *store,
             guint         row,
             guint         column,
             const char   *expected)
{
  gsize length;
  g_autofree char *value = tide_row_store_dup_value (store, row, column, &length);

  g_assert_cmpstr (value, ==, expected);
  g_assert_cmpuint (length, ==, expected ? strlen (expected) : 0);
}

static void
test_values (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64,
                                        "SELECT n, NULLIF (n, 2), CASE n WHEN 3 THEN '' ELSE repeat ('x', n) END,"
                                        " 'NaN'::float8, '-infinity'::date, '0044-03-15 BC'::date"
                                        " FROM generate_series (1, 30000) n", 0);

  g_assert_cmpint (tide_row_store_get_state (store), ==, TIDE_ROW_STORE_COMPLETE);
  g_assert_cmpuint (tide_row_store_get_n_rows (store), ==, 30000);
  g_assert_cmpuint (tide_row_store_get_n_columns (store), ==, 6);
  g_assert_cmpuint (tide_row_store_get_column_type (store, 0), ==, 23);
  g_assert_cmpint (tide_row_store_get_first_row (store), <=, tide_row_store_get_elapsed (store));
  for (guint i = 0; i < 30000; i += 997)
    {
      g_autofree char *number = g_strdup_printf ("%u", i + 1);

      assert_cell (store, i, 0, number);
    }
  assert_cell (store, 1, 1, NULL);
  assert_cell (store, 2, 2, "");
  assert_cell (store, 4, 2, "xxxxx");
  assert_cell (store, 0, 3, "NaN");
  assert_cell (store, 29999, 4, "-infinity");
  assert_cell (store, 29999, 5, "0044-03-15 BC");
}

/* Values of megabytes, and as many columns as a table can have */
static void
test_large (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GString) sql = g_string_new ("SELECT 0");
  g_autoptr(TideRowStore) cell = fill (fixture, 0, "SELECT repeat ('ä', 10000000), NULL, 'z' FROM generate_series (1, 2)", 0);
  g_autoptr(TideRowStore) wide = NULL;
  gsize length;
  g_autofree char *value = tide_row_store_dup_value (cell, 1, 0, &length);

  g_assert_cmpuint (length, ==, 20000000);
  g_assert_true (g_str_has_suffix (value, "ää"));
  assert_cell (cell, 1, 1, NULL);
  assert_cell (cell, 0, 2, "z");
  for (guint i = 1; i < 1600; i++)
    g_string_append_printf (sql, ", %u", i);
  g_string_append (sql, " FROM generate_series (1, 300)");
  wide = fill (fixture, G_MAXUINT64, sql->str, 0);
  g_assert_cmpuint (tide_row_store_get_n_columns (wide), ==, 1600);
  assert_cell (wide, 299, 1599, "1599");
}

static void
test_spill (Fixture       *fixture,
            gconstpointer  data)
{
  const char *sql = "SELECT n, repeat (chr (65 + n % 26), 100) FROM generate_series (1, 100000) n";
  g_autoptr(TideRowStore) spilled = fill (fixture, 2 * 1024 * 1024, sql, 0);
  g_auto(TideRowReader) reader = { NULL };
  gsize length;

  g_assert_cmpint (tide_row_store_get_state (spilled), ==, TIDE_ROW_STORE_COMPLETE);
  g_assert_cmpuint (tide_row_store_get_spilled (spilled), >, 7 * 1024 * 1024);
  tide_row_reader_init (&reader, spilled);
  for (guint i = 0; i < 100000; i++)
    {
      const char *text = tide_row_reader_get (&reader, (guint) ((guint64) i * 7919 % 100000), 1, &length);

      g_assert_cmpuint (length, ==, 100);
      g_assert_cmpint (text[99], ==, 65 + ((guint64) i * 7919 % 100000 + 1) % 26);
    }
}

static void
test_disk_full (Fixture       *fixture,
                gconstpointer  data)
{
  struct rlimit old, limit;
  g_autoptr(TideRowStore) store = NULL;
  g_autoptr(GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old);
  limit = old;
  limit.rlim_cur = 4 * 1024 * 1024;
  setrlimit (RLIMIT_FSIZE, &limit);
  store = fill (fixture, 0, "SELECT n, repeat ('x', 100) FROM generate_series (1, 200000) n", 0);
  setrlimit (RLIMIT_FSIZE, &old);
  error = tide_row_store_dup_error (store);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "cannot keep more rows"));
  g_assert_cmpint (tide_row_store_get_state (store), ==, TIDE_ROW_STORE_FAILED);
  g_assert_cmpuint (tide_row_store_get_n_rows (store), >, 30000);
  assert_cell (store, 29999, 0, "30000");
}

/* What came stays. */
static void
test_killed (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64, "SELECT n FROM generate_series (1, 5000000) n", 500000);
  g_autoptr(GError) error = tide_row_store_dup_error (store);

  g_assert_cmpint (tide_row_store_get_state (store), ==, TIDE_ROW_STORE_FAILED);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_LOST);
  g_assert_cmpuint (tide_row_store_get_n_rows (store), >=, 500000);
  g_assert_cmpuint (tide_row_store_get_n_rows (store), <, 5000000);
  assert_cell (store, 499999, 0, "500000");
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    const char *values;
    const char *expected;
    gboolean    descending;
  } cases[] = {
    { "10), (9), (NULL), (-1), (9", "-1,9,9,10,", FALSE },
    { "10), (9), (NULL), (-1", ",10,9,-1", TRUE },
    { "'NaN'::float8), (1), ('-Infinity'), (2", "-Infinity,1,2,NaN", FALSE },
    { "123456789012345678901.5), (123456789012345678902), (123456789012345678900",
      "123456789012345678900,123456789012345678901.5,123456789012345678902", FALSE },
    { "'2020-01-01'::date), ('infinity'), ('0044-03-15 BC'), ('0045-01-01 BC'), ('10000-01-01'",
      "0045-01-01 BC,0044-03-15 BC,2020-01-01,10000-01-01,infinity", FALSE },
    { "'b'), ('abcdefghZ'), ('abcdefghA'), (''", ",abcdefghA,abcdefghZ,b", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM (VALUES (%s)) v", cases[i].values);
      g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64, sql, 0);
      guint n = tide_row_store_get_n_rows (store);
      g_autoptr(GBytes) order = tide_row_order_new (store, NULL, n, 0, cases[i].descending, NULL, NULL);
      const guint32 *rows = g_bytes_get_data (order, NULL);
      g_autoptr(GString) text = g_string_new (NULL);

      for (guint k = 0; k < n; k++)
        {
          g_autofree char *value = tide_row_store_dup_value (store, rows[k], 0, NULL);

          g_string_append_printf (text, "%s%s", k > 0 ? "," : "", value ? value : "");
        }
      g_assert_cmpstr (text->str, ==, cases[i].expected);
    }
}

static void
test_formats (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const expected[] = {
    [TIDE_ROW_FORMAT_CSV] = "n,n,t,j\n1,,\"a,\"\"b\",\"{\"\"x\"\": 1.50}\"\n2,t,\"\",\n",
    [TIDE_ROW_FORMAT_TSV] = "n\tn\tt\tj\n1\t\t\"a,\"\"b\"\t\"{\"\"x\"\": 1.50}\"\n2\tt\t\"\"\t\n",
    [TIDE_ROW_FORMAT_JSON] = "[\n  {\"n\":1,\"n_2\":null,\"t\":\"a,\\\"b\",\"j\":{\"x\": 1.50}},\n"
                             "  {\"n\":2,\"n_2\":true,\"t\":\"\",\"j\":null}\n]\n",
    [TIDE_ROW_FORMAT_NDJSON] = "{\"n\":1,\"n_2\":null,\"t\":\"a,\\\"b\",\"j\":{\"x\": 1.50}}\n"
                               "{\"n\":2,\"n_2\":true,\"t\":\"\",\"j\":null}\n",
    [TIDE_ROW_FORMAT_MARKDOWN] = "| n | n | t | j |\n| ---: | --- | --- | --- |\n| 1 | *NULL* | a,\"b | {\"x\": 1.50} |\n"
                                 "| 2 | t |  | *NULL* |\n",
    [TIDE_ROW_FORMAT_INSERT] = "INSERT INTO table_name (\"n\", \"n\", \"t\", \"j\") VALUES\n  (1, NULL, 'a,\"b', '{\"x\": 1.50}'),\n"
                               "  (2, true, '', NULL);\n",
    [TIDE_ROW_FORMAT_IN_LIST] = "((1, NULL, 'a,\"b', '{\"x\": 1.50}'), (2, true, '', NULL))",
  };
  g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64,
                                        "SELECT * FROM (VALUES (1, NULL::bool, 'a,\"b', '{\"x\": 1.50}'::json),"
                                        " (2, true, '', NULL)) v (n, n, t, j)", 0);

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      GString *text = tide_export_range (store, NULL, 0, 1, 0, 3, i, TRUE, NULL, NULL);

      g_assert_cmpstr (text->str, ==, expected[i]);
      g_string_free (text, TRUE);
    }
}

/* The table is named where the rows are those of one. */
static void
test_table_of_insert (Fixture       *fixture,
                      gconstpointer  data)
{
  static const char *const wanted[][2] = {
    { "SELECT amname, amtype FROM pg_catalog.pg_am WHERE amname = 'heap'",
      "INSERT INTO \"pg_catalog\".\"pg_am\" (\"amname\", \"amtype\") VALUES\n  ('heap', 't');\n" },
    { "SELECT a.amname, a.amtype FROM pg_am a JOIN pg_am b USING (oid) WHERE a.amname = 'heap'",
      "INSERT INTO table_name (\"amname\", \"amtype\") VALUES\n  ('heap', 't');\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64, wanted[i][0], 0);
      GString *text = tide_export_range (store, NULL, 0, 0, 0, 1, TIDE_ROW_FORMAT_INSERT, TRUE, NULL, NULL);

      g_assert_cmpstr (text->str, ==, wanted[i][1]);
      g_string_free (text, TRUE);
    }
}

/* Arrays become arrays, of values that are told apart as those of columns are. */
static void
test_json_arrays (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64,
                                        "SELECT '{1,NULL,3}'::int[] a, '{{a,\"b, c\"},{\"NULL\",NULL}}'::text[] b, '{}'::text[] c,"
                                        " '[0:1]={t,f}'::bool[] d, '{1.50,NaN}'::numeric[] e, array['{\"x\": \"}, \\\"y\"}'::jsonb] f,"
                                        " array[E'q\"\\\\\n', ''] g, NULL::int[] h, '1 2'::int2vector i", 0);
  GString *text = tide_export_range (store, NULL, 0, 0, 0, 8, TIDE_ROW_FORMAT_NDJSON, TRUE, NULL, NULL);

  g_assert_cmpstr (text->str, ==, "{\"a\":[1,null,3],\"b\":[[\"a\",\"b, c\"],[\"NULL\",null]],\"c\":[],\"d\":[true,false],"
                   "\"e\":[1.50,\"NaN\"],\"f\":[{\"x\": \"}, \\\"y\"}],\"g\":[\"q\\\"\\\\\\n\",\"\"],\"h\":null,\"i\":\"1 2\"}\n");
  g_string_free (text, TRUE);
}

/* The file takes its place only when it is whole, and is what psql writes. */
static guint
count_files (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_files = 0;

  while (g_dir_read_name (dir) != NULL)
    n_files++;
  return n_files;
}

static void
test_export (Fixture       *fixture,
             gconstpointer  data)
{
  const char *sql = "/* all */ SELECT n, NULLIF (md5 (n::text), md5 ('7')) AS \"a b\", E'x\\ny' FROM generate_series (1, 50000) n -- end";
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *ours = g_build_filename (folder, "ours.csv", NULL);
  g_autofree char *held = g_build_filename (folder, "held.csv", NULL);
  g_autofree char *link = g_build_filename (folder, "link.csv", NULL);
  g_autofree char *text = NULL;
  g_autofree char *of_store = NULL;
  g_autofree char *theirs = tide_test_psql (fixture->conninfo,
                                            "COPY (SELECT n, NULLIF (md5 (n::text), md5 ('7')) AS \"a b\", E'x\\ny'"
                                            " FROM generate_series (1, 50000) n) TO STDOUT (FORMAT csv, HEADER)");
  g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64, sql, 0);
  g_autoptr(GError) error = NULL;
  struct stat state;
  guint64 n_rows;

  g_assert_true (tide_export_query_to_file (fixture->session, sql, TIDE_ROW_FORMAT_CSV, ours, NULL, &n_rows, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_rows, ==, 50000);
  g_assert_true (g_file_get_contents (ours, &text, NULL, NULL));
  g_strchomp (text);
  g_assert_true (g_str_equal (text, theirs));
  g_assert_true (tide_export_store_to_file (store, 50000, NULL, TIDE_ROW_FORMAT_CSV, held, NULL, &error));
  g_assert_true (g_file_get_contents (held, &of_store, NULL, NULL));
  g_assert_true (g_str_equal (g_strchomp (of_store), theirs));

  /* What nobody else may read stays so, and a link stays one. */
  g_assert_cmpint (g_chmod (held, 0600), ==, 0);
  g_assert_cmpint (symlink ("held.csv", link), ==, 0);
  g_assert_true (tide_export_store_to_file (store, 1, NULL, TIDE_ROW_FORMAT_CSV, link, NULL, &error));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (stat (held, &state), ==, 0);
  g_assert_cmpint (state.st_mode & 0777, ==, 0600);
  g_assert_cmpint (state.st_size, <, 100);
  g_assert_true (tide_file_replace (link, "text", 4, &error));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (stat (held, &state), ==, 0);
  g_assert_cmpint (state.st_mode & 0777, ==, 0600);
  g_assert_cmpint (state.st_size, ==, 4);
  g_assert_cmpint (g_unlink (link), ==, 0);

  g_assert_false (tide_export_query_to_file (fixture->session, "SELECT 1 / (n - 40000) FROM generate_series (1, 50000) n",
                                             TIDE_ROW_FORMAT_JSON, ours, NULL, NULL, &error));
  g_assert_true (tide_error_has_sqlstate (error, "22012"));
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (ours, &text, NULL, NULL));
  g_assert_true (g_str_equal (g_strchomp (text), theirs));
  g_assert_cmpuint (count_files (folder), ==, 2);
  tide_test_remove_folder (folder);
}

/* What stood there before stays, and nothing that is only half of it is left. */
static void
test_export_disk_full (Fixture       *fixture,
                       gconstpointer  data)
{
  const char *sql = "SELECT n, repeat ('x', 100) FROM generate_series (1, 50000) n";
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "rows.json", NULL);
  g_autoptr(TideRowStore) store = fill (fixture, G_MAXUINT64, sql, 0);

  if (geteuid () != 0 || mount ("tmpfs", folder, "tmpfs", 0, "size=256k") != 0)
    {
      g_test_skip ("only where a small file system can be mounted");
      tide_test_remove_folder (folder);
      return;
    }
  tide_test_write_file (folder, "rows.json", "before", -1);
  for (guint i = 0; i < 4; i++)
    {
      TideRowFormat format = i % 2 == 0 ? TIDE_ROW_FORMAT_CSV : TIDE_ROW_FORMAT_JSON;
      g_autoptr(GError) error = NULL;
      g_autofree char *text = NULL;

      if (i < 2)
        g_assert_false (tide_export_query_to_file (fixture->session, sql, format, path, NULL, NULL, &error));
      else
        g_assert_false (tide_export_store_to_file (store, 50000, NULL, format, path, NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, "No space left"));
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_cmpstr (text, ==, "before");
      g_assert_cmpuint (count_files (folder), ==, 1);
    }
  g_assert_cmpint (umount (folder), ==, 0);
  tide_test_remove_folder (folder);
}

static void
test_value_texts (void)
{
  const char *json = "{\"a\":[1.50,{}],\"b\":\"x{,:\\\"\",\"c\":123456789012345678901234567890}";
  g_autofree char *laid_out = tide_value_lay_out_json (json, strlen (json));
  g_autoptr(GBytes) bytes = tide_value_read_bytea ("\\x0041ff", 8);
  g_autofree char *dump = tide_value_dump_bytes (bytes, 100);

  g_assert_cmpstr (laid_out, ==, "{\n  \"a\": [\n    1.50,\n    {}\n  ],\n  \"b\": \"x{,:\\\"\",\n"
                                 "  \"c\": 123456789012345678901234567890\n}");
  g_assert_cmpstr (dump, ==, "00000000  00 41 ff                                         .A.\n");
  g_assert_null (tide_value_read_bytea ("\\x0", 3));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/query/rows/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("values", test_values);
  ADD ("large", test_large);
  ADD ("spill", test_spill);
  ADD ("disk-full", test_disk_full);
  ADD ("killed", test_killed);
  ADD ("order", test_order);
  ADD ("formats", test_formats);
  ADD ("table-of-insert", test_table_of_insert);
  ADD ("json-arrays", test_json_arrays);
  ADD ("export", test_export);
  ADD ("export-disk-full", test_export_disk_full);
  g_test_add_func ("/query/rows/value-texts", test_value_texts);
  return g_test_run ();
}
