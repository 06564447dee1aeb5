/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-round-trip"

#include "config.h"

#include <string.h>

#include "schema/pair.h"

static void
make_roles (void)
{
  static const char *const roles[] = { "everything_owner", "everything_reader" };
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autofree char *create = g_strdup_printf ("DO $$BEGIN CREATE ROLE %s; EXCEPTION WHEN duplicate_object OR unique_violation THEN"
                                                 " END$$", roles[i]);

      g_free (tide_test_psql (conninfo, create));
    }
  tide_test_drop_database (conninfo);
}

/* A database with a subscription cannot be dropped: those have a test of their own. */
static void
leave_out_subscription (char *sql)
{
  char *start = strstr (sql, "CREATE SUBSCRIPTION");

  g_assert_nonnull (start);
  memset (start, ' ', strchr (start, ';') - start);
}

/* From nothing to a database with every kind of object, and back: nothing may be left out, or behind. */
static void
test_everything (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "schema", "everything.sql", NULL);
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &sql, NULL, &error);
  g_assert_no_error (error);
  make_roles ();
  leave_out_subscription (sql);
  tide_test_pair_both_ways ("", sql);
}

/* Fields change places in the elements of arrays, too: whatever is in them stays with its name. */
static void
test_array_of_moved_fields (void)
{
  static const char rows[] = "SELECT string_agg(id || coalesce(v::text, ' none'), ' ' ORDER BY id) FROM t";
  g_autoptr (TideConninfo) left = tide_test_create_database ();
  g_autoptr (TideConninfo) right = tide_test_create_database ();
  g_autofree char *script = NULL;
  g_autofree char *trouble = NULL;
  g_autofree char *after = NULL;

  g_free (tide_test_psql (left, "CREATE TYPE p AS (a text, b float8); CREATE TABLE t (id int, v p[]);"
                                "INSERT INTO t VALUES (1, ARRAY[ROW('x', 1e-300)::p, NULL]), (2, '{}'), (3, NULL),"
                                "(4, ARRAY[[ROW(NULL, 'NaN')::p]])"));
  g_free (tide_test_psql (right, "CREATE TYPE p AS (b float8, c int, a text); CREATE TABLE t (id int, v p[])"));
  trouble = tide_test_turn (left, right, NULL, NULL, &script);
  g_assert_cmpstr (trouble, ==, NULL);
  after = tide_test_psql (left, rows);
  g_assert_cmpstr (after, ==, "1{\"(1e-300,,x)\",NULL} 2{} 3 none 4{{\"(NaN,,)\"}}");
  tide_test_drop_database (left);
  tide_test_drop_database (right);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/round-trip/everything", test_everything);
  g_test_add_func ("/schema/round-trip/array-of-moved-fields", test_array_of_moved_fields);
  return g_test_run ();
}
