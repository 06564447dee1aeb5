/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "project/tide-migration-private.h"
#include "project/tide-node-text.h"
#include "support/tide-test.h"
#include "tide-error.h"
#include "tide-icu.h"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = tide_test_make_folder ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static TideMigration *
write_migration (Fixture    *fixture,
                 const char *name,
                 const char *sql,
                 gssize      size)
{
  g_autofree char *relative = g_strconcat (name, "/migration.sql", NULL);

  tide_test_write_file (fixture->folder, relative, sql, size);
  return tide_migration_new (fixture->folder, name);
}

/* The figures were measured with Prisma's own engine */
static void
test_checksums (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(TideMigration) empty = write_migration (fixture, "a", "", 0);
  g_autoptr(TideMigration) prisma_empty = write_migration (fixture, "b", "-- This is an empty migration.", -1);

  g_assert_cmpstr (tide_migration_get_checksum (empty), ==,
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  g_assert_true (g_str_has_prefix (tide_migration_get_checksum (prisma_empty), "122d743a0403e77a"));
  g_assert_cmpuint (strlen (tide_migration_get_checksum (prisma_empty)), ==, 64);
  g_assert_null (tide_migration_get_problem (empty));
}

static void
assert_matches (TideMigration *migration,
                const char    *text,
                gboolean       expected)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  g_assert_cmpint (tide_migration_matches (migration, sum), ==, expected);
}

static void
test_line_ends (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(TideMigration) unix_ends = write_migration (fixture, "a", "x\ny\n", -1);
  g_autoptr(TideMigration) windows_ends = write_migration (fixture, "b", "x\r\ny\r\n", -1);
  g_autoptr(TideMigration) mixed = write_migration (fixture, "c", "x\r\ny\nz\rw", -1);

  assert_matches (unix_ends, "x\ny\n", TRUE);
  assert_matches (unix_ends, "x\r\ny\r\n", TRUE);
  assert_matches (unix_ends, "x\r\ny\n", FALSE);
  assert_matches (unix_ends, "x\ny", FALSE);
  assert_matches (windows_ends, "x\r\ny\r\n", TRUE);
  assert_matches (windows_ends, "x\ny\n", TRUE);
  assert_matches (windows_ends, "x\r\r\ny\r\r\n", TRUE);
  assert_matches (mixed, "x\ny\nz\rw", TRUE);
  assert_matches (mixed, "x\r\ny\r\nz\rw", FALSE);
  g_assert_false (tide_migration_matches (unix_ends, ""));
  g_assert_false (tide_migration_matches (unix_ends, NULL));
}

static void
test_old_checksums (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(TideMigration) migration = write_migration (fixture, "a", "", 0);

  /* e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 with each byte unpadded: no byte under 16 */
  g_assert_false (tide_migration_matches (migration, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85"));
  g_clear_pointer (&migration, tide_migration_unref);
  /* "x\n" hashes to 73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac: one byte 01 */
  migration = write_migration (fixture, "b", "x\n", -1);
  g_assert_cmpstr (tide_migration_get_checksum (migration), ==,
                   "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac");
  g_assert_true (tide_migration_matches (migration, "73cb3858a687a8494ca332305316282f3dad39d42cf62ca4e79dda2aac7d9ac"));
}

/* What Node's decoder makes of each, by the WHATWG encoding standard */
static void
test_decoding (void)
{
  static const struct { const char *bytes, *text; } cases[] = {
    { "a\xFF" "b", "a\xEF\xBF\xBD" "b" },
    { "\xEF\xBB\xBFx", "\xEF\xBB\xBFx" },
    { "\xE2\x82", "\xEF\xBF\xBD" },
    { "\xE2\x82x", "\xEF\xBF\xBDx" },
    { "\xF0\x9F\x98", "\xEF\xBF\xBD" },
    { "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD" },
    { "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
    { "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
    { "caf\xE9 \xF0\x9F\x98\x80", "caf\xEF\xBF\xBD \xF0\x9F\x98\x80" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize size;
      g_autofree char *text = tide_node_text_decode (cases[i].bytes, strlen (cases[i].bytes), &size);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpuint (size, ==, strlen (cases[i].text));
    }
}

static void
test_odd_texts (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(TideMigration) latin1 = write_migration (fixture, "a", "-- caf\xE9\n", -1);
  g_autoptr(TideMigration) bom = write_migration (fixture, "b", "\xEF\xBB\xBFSELECT 1", -1);
  g_autoptr(TideMigration) nul = write_migration (fixture, "c", "a\0b", 3);

  g_assert_cmpstr (tide_migration_get_sql (latin1), ==, "-- caf\xEF\xBF\xBD\n");
  assert_matches (latin1, "-- caf\xEF\xBF\xBD\n", TRUE);
  g_assert_cmpstr (tide_migration_get_sql (bom), ==, "\xEF\xBB\xBFSELECT 1");
  assert_matches (bom, "\xEF\xBB\xBFSELECT 1", TRUE);
  g_assert_cmpuint (tide_migration_get_sql_size (nul), ==, 3);
  g_assert_null (tide_migration_get_problem (nul));
}

static void
assert_problem (TideMigration *migration,
                int            code,
                const char    *words)
{
  const GError *problem = tide_migration_get_problem (migration);

  g_assert_error (problem, TIDE_ERROR, code);
  g_assert_nonnull (strstr (problem->message, words));
  g_assert_nonnull (strstr (problem->message, tide_migration_get_name (migration)));
  g_assert_nonnull (tide_error_get_fields (problem)->hint);
  g_assert_nonnull (tide_error_get_fields (problem)->file);
  g_assert_cmpstr (tide_error_get_fields (problem)->prisma_code, ==, "P3015");
  g_assert_null (tide_migration_get_sql (migration));
  g_assert_null (tide_migration_get_checksum (migration));
  g_assert_false (tide_migration_matches (migration, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

static void
test_problems (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *empty_folder = g_build_filename (fixture->folder, "empty", NULL);
  g_autofree char *directory = g_build_filename (fixture->folder, "directory", "migration.sql", NULL);
  g_autofree char *fifo_folder = g_build_filename (fixture->folder, "fifo", NULL);
  g_autofree char *fifo = g_build_filename (fifo_folder, "migration.sql", NULL);
  g_autoptr(TideMigration) missing = tide_migration_new (fixture->folder, "empty");
  g_autoptr(TideMigration) not_a_file = tide_migration_new (fixture->folder, "directory");
  g_autoptr(TideMigration) never_ends = tide_migration_new (fixture->folder, "fifo");

  g_mkdir_with_parents (empty_folder, 0755);
  g_mkdir_with_parents (directory, 0755);
  g_mkdir_with_parents (fifo_folder, 0755);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  assert_problem (missing, TIDE_ERROR_NOT_FOUND, "has no migration.sql");
  assert_problem (not_a_file, TIDE_ERROR_INVALID, "is a directory");
  assert_problem (never_ends, TIDE_ERROR_INVALID, "is not a plain file");
}

static void
test_titles_and_dates (void)
{
  static const struct { const char *name, *title, *date; } cases[] = {
    { "20251119004754_add_vendor_management_system", "add vendor management system", "2025-11-19T00:47:54Z" },
    { "20251202_add_owner_relation", "add owner relation", "2025-12-02T00:00:00Z" },
    { "add_performance_indexes", "add performance indexes", NULL },
    { "20240101000000", "20240101000000", "2024-01-01T00:00:00Z" },
    { "20241350000000_no_such_month", "no such month", NULL },
    { "00000000_zero", "zero", NULL },
    { "1_init", "1 init", NULL },
    { "o'hara \"x\" 100% \xF0\x9F\x98\x80", "o'hara \"x\" 100% \xF0\x9F\x98\x80", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TideMigration) migration = tide_migration_new ("/nowhere", cases[i].name);
      g_autofree char *title = tide_migration_dup_title (migration);
      g_autoptr(GDateTime) date = tide_migration_dup_date (migration);
      g_autofree char *text = date ? g_date_time_format_iso8601 (date) : NULL;

      g_assert_cmpstr (title, ==, cases[i].title);
      g_assert_cmpstr (text, ==, cases[i].date);
    }
}

/* Measured with Node's localeCompare() */
static int
sign (int number)
{
  return (number > 0) - (number < 0);
}

/* Names of plain characters are compared without ICU, and must come out as if with it. */
static void
test_plain_order (Fixture       *fixture,
                  gconstpointer  user_data)
{
  static const char letters[] = "019abz_-";
  g_autoptr(GError) error = NULL;
  const TideIcu *icu = tide_icu_get (&error);
  UErrorCode status = U_ZERO_ERROR;
  UCollator *collator;

  g_assert_no_error (error);
  collator = icu->ucol_open ("en", &status);
  for (guint i = 0; i < 20000; i++)
    {
      char names[2][5] = { "", "" };
      int expected;

      for (guint j = 0; j < 8; j++)
        names[j / 4][j % 4] = letters[g_random_int_range (0, sizeof letters)];
      expected = icu->ucol_strcollUTF8 (collator, names[0], -1, names[1], -1, &status);
      g_assert_cmpint (sign (tide_migration_compare_names (names[0], names[1])), ==, sign (expected));
    }
  icu->ucol_close (collator);
}

static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const measured[] = {
    ".hidden", "10", "2", "20240101000000", "20240101000000_a", "20240101000000_b", "20240101000000_B",
    "20240101000000_\xC3\xA9", "20240101000000-x", "20240101000000a", "init", "Init", "nested", "zz",
  };
  g_autoptr(GPtrArray) migrations = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (measured); i++)
    tide_migration_unref (write_migration (fixture, measured[(i * 5) % G_N_ELEMENTS (measured)], "", 0));

  migrations = tide_migration_list_directory (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (migrations->len, ==, G_N_ELEMENTS (measured));
  for (guint i = 0; i < migrations->len; i++)
    g_assert_cmpstr (tide_migration_get_name (g_ptr_array_index (migrations, i)), ==, measured[i]);
}

static void
test_what_counts (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *real = g_build_filename (fixture->folder, "real", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autofree char *directory = g_build_filename (fixture->folder, "x.sql", NULL);
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", NULL);
  g_autofree char *file = g_build_filename (fixture->folder, "migration_lock.toml", NULL);
  g_autoptr(GPtrArray) migrations = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GError) error = NULL;

  tide_test_write_file (fixture->folder, "migration_lock.toml", "", 0);
  tide_test_write_file (fixture->folder, ".hidden/migration.sql", "", 0);
  tide_test_write_file (fixture->folder, "bad\xFF" "name/migration.sql", "", 0);
  g_mkdir_with_parents (real, 0755);
  g_mkdir_with_parents (directory, 0755);
  g_assert_cmpint (symlink (real, link), ==, 0);

  migrations = tide_migration_list_directory (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (migrations->len, ==, 4);
  g_assert_cmpstr (tide_migration_get_name (g_ptr_array_index (migrations, 0)), ==, ".hidden");
  g_assert_cmpstr (tide_migration_get_name (g_ptr_array_index (migrations, 1)), ==, "bad\xEF\xBF\xBDname");
  g_assert_cmpstr (tide_migration_get_sql (g_ptr_array_index (migrations, 1)), ==, "");
  g_assert_cmpstr (tide_migration_get_name (g_ptr_array_index (migrations, 2)), ==, "real");
  g_assert_cmpstr (tide_migration_get_name (g_ptr_array_index (migrations, 3)), ==, "x.sql");

  none = tide_migration_list_directory (missing, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_null (tide_migration_list_directory (file, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
}

static gpointer
ask_checksum (gpointer migration)
{
  return (gpointer) tide_migration_get_checksum (migration);
}

static void
test_many_threads (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *big = g_strnfill (50 * 1024 * 1024, 'x');
  g_autoptr(TideMigration) migration = write_migration (fixture, "a", big, -1);
  GThread *threads[8];
  const char *first;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("checksum", ask_checksum, migration);
  first = g_thread_join (threads[0]);
  for (guint i = 1; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (g_thread_join (threads[i]) == first);
  assert_matches (migration, big, TRUE);
  g_assert_cmpuint (tide_migration_get_sql_size (migration), ==, 50 * 1024 * 1024);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/migration/checksums", test_checksums);
  ADD ("/migration/line-ends", test_line_ends);
  ADD ("/migration/old-checksums", test_old_checksums);
  ADD ("/migration/odd-texts", test_odd_texts);
  ADD ("/migration/problems", test_problems);
  ADD ("/migration/order", test_order);
  ADD ("/migration/plain-order", test_plain_order);
  ADD ("/migration/what-counts", test_what_counts);
  ADD ("/migration/many-threads", test_many_threads);
  g_test_add_func ("/migration/decoding", test_decoding);
  g_test_add_func ("/migration/titles-and-dates", test_titles_and_dates);
  return g_test_run ();
}
