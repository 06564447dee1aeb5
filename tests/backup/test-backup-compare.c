/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "backup-fixture.h"
#include "backup/tide-backup-compare.h"
#include "tide-error.h"

static TideRowComparison *
compare (BackupFixture *fixture,
         TideBackup    *backup,
         gint64         exact_below)
{
  g_autoptr(GError) error = NULL;
  TideRowComparison *comparison = tide_backup_compare_rows (backup, fixture->conninfo, exact_below, NULL, &error);

  g_assert_no_error (error);
  return comparison;
}

/* Fails the test unless the table is told of with just this */
static void
assert_rows (TideRowComparison *comparison,
             const char        *schema,
             const char        *name,
             gint64             backup_rows,
             gint64             database_rows,
             TideRowsState      state)
{
  for (guint i = 0; i < comparison->tables->len; i++)
    {
      const TideTableRows *rows = g_ptr_array_index (comparison->tables, i);

      if (!g_str_equal (rows->schema, schema) || !g_str_equal (rows->name, name))
        continue;
      g_assert_cmpint (rows->backup_rows, ==, backup_rows);
      g_assert_cmpint (rows->database_rows, ==, database_rows);
      g_assert_cmpstr (tide_rows_state_to_string (rows->state), ==, tide_rows_state_to_string (state));
      return;
    }
  g_error ("\"%s.%s\" is not told of", schema, name);
}

static TideBackup *
make (BackupFixture           *fixture,
      const TideBackupOptions *options)
{
  TideBackupOptions own = *options;

  own.compression = -1;
  return backup_fixture_make (fixture, &own);
}

static void
run_sql (BackupFixture *fixture,
         const char    *sql)
{
  g_free (tide_test_psql (fixture->conninfo, sql));
}

static void
test_equal_and_different (BackupFixture *fixture,
                          gconstpointer  data)
{
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideRowComparison) same = NULL;
  g_autoptr(TideRowComparison) other = NULL;

  backup_fixture_fill (fixture, 100);
  run_sql (fixture, "CREATE SCHEMA \"my \"\"s\"; CREATE TABLE \"my \"\"s\".\"a\nb.$1\" AS SELECT 1;"
           "CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE TABLE parts_low PARTITION OF parts DEFAULT;"
           "CREATE TABLE child () INHERITS (orders); INSERT INTO child SELECT * FROM orders LIMIT 7");
  backup = make (fixture, &(TideBackupOptions) { 0 });
  same = compare (fixture, backup, 0);
  g_assert_cmpuint (same->tables->len, ==, 5);
  g_assert_cmpuint (same->n_differences + same->n_unknown, ==, 0);
  g_assert_null (same->note);
  assert_rows (same, "my \"s", "a\nb.$1", 1, 1, TIDE_ROWS_EQUAL);
  assert_rows (same, "public", "orders", 100, 100, TIDE_ROWS_EQUAL);

  run_sql (fixture, "DELETE FROM ONLY orders WHERE id <= 30; DROP TABLE \"my \"\"s\".\"a\nb.$1\"; CREATE TABLE added (); ANALYZE");
  other = compare (fixture, backup, 0);
  g_assert_cmpuint (other->tables->len, ==, 6);
  g_assert_cmpuint (other->n_differences, ==, 3);
  assert_rows (other, "public", "orders", 100, 70, TIDE_ROWS_DIFFERENT);
  assert_rows (other, "public", "child", 7, 7, TIDE_ROWS_EQUAL);
  assert_rows (other, "my \"s", "a\nb.$1", 1, -1, TIDE_ROWS_ONLY_BACKUP);
  assert_rows (other, "public", "added", -1, 0, TIDE_ROWS_ONLY_DATABASE);
}

/* What is not in a backup because nobody wanted it there is no difference. */
static void
test_part (BackupFixture *fixture,
           gconstpointer  data)
{
  const char *const tables[] = { "public.users", NULL };
  const char *const schemas[] = { "audit", NULL };
  g_autoptr(TideBackup) of_table = NULL;
  g_autoptr(TideBackup) of_schema = NULL;
  g_autoptr(TideRowComparison) table = NULL;
  g_autoptr(TideRowComparison) schema = NULL;

  backup_fixture_fill (fixture, 10);
  run_sql (fixture, "CREATE SCHEMA audit; CREATE TABLE audit.log ()");
  of_table = make (fixture, &(TideBackupOptions) { .tables = tables });
  of_schema = make (fixture, &(TideBackupOptions) { .schemas = schemas });
  table = compare (fixture, of_table, 0);
  g_assert_cmpuint (table->tables->len, ==, 1);
  assert_rows (table, "public", "users", 10, 10, TIDE_ROWS_EQUAL);
  run_sql (fixture, "CREATE TABLE audit.more ()");
  schema = compare (fixture, of_schema, 0);
  g_assert_cmpuint (schema->tables->len, ==, 2);
  assert_rows (schema, "audit", "more", -1, 0, TIDE_ROWS_ONLY_DATABASE);
}

static void
test_without_rows (BackupFixture *fixture,
                   gconstpointer  data)
{
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideRowComparison) comparison = NULL;

  backup_fixture_fill (fixture, 10);
  backup = make (fixture, &(TideBackupOptions) { .contents = TIDE_BACKUP_SCHEMA_ONLY });
  comparison = compare (fixture, backup, 0);
  g_assert_nonnull (strstr (comparison->note, "schema alone"));
  g_assert_cmpuint (comparison->n_unknown, ==, 2);
  assert_rows (comparison, "public", "users", -1, 10, TIDE_ROWS_UNKNOWN);
}

/* An archive from elsewhere tells its tables, SQL text not even that; neither is taken for a difference in rows. */
static void
test_without_manifest (BackupFixture *fixture,
                       gconstpointer  data)
{
  const TideBackupFormat formats[] = { TIDE_BACKUP_FORMAT_CUSTOM, TIDE_BACKUP_FORMAT_PLAIN };

  backup_fixture_fill (fixture, 10);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(TideBackup) made = make (fixture, &(TideBackupOptions) { .format = formats[i] });
      g_autoptr(TideBackup) backup = NULL;
      g_autoptr(TideRowComparison) comparison = NULL;
      gboolean is_archive = tide_backup_format_is_archive (formats[i]);

      g_assert_cmpint (g_remove (made->manifest_path), ==, 0);
      backup = tide_backup_open (made->path, NULL);
      run_sql (fixture, "CREATE TABLE added (id int); INSERT INTO added VALUES (1)");
      comparison = compare (fixture, backup, 0);
      run_sql (fixture, "DROP TABLE added");
      g_assert_nonnull (strstr (comparison->note, "no manifest"));
      assert_rows (comparison, "public", "users", -1, 10, TIDE_ROWS_UNKNOWN);
      assert_rows (comparison, "public", "added", -1, 1, is_archive ? TIDE_ROWS_ONLY_DATABASE : TIDE_ROWS_UNKNOWN);
      g_assert_cmpuint (comparison->n_differences, ==, is_archive ? 1 : 0);
    }
}

/* Estimates prove nothing; what the backup counted is counted here, too, whatever the limit. */
static void
test_estimates (BackupFixture *fixture,
                gconstpointer  data)
{
  g_autoptr(TideBackup) counted = NULL;
  g_autoptr(TideBackup) estimated = NULL;
  g_autoptr(TideRowComparison) exact = NULL;
  g_autoptr(TideRowComparison) about = NULL;

  backup_fixture_fill (fixture, 1000);
  counted = make (fixture, &(TideBackupOptions) { 0 });
  estimated = make (fixture, &(TideBackupOptions) { .exact_rows_below = 1 });
  run_sql (fixture, "DELETE FROM orders WHERE id > 400; ANALYZE");
  exact = compare (fixture, counted, 1);
  assert_rows (exact, "public", "orders", 1000, 400, TIDE_ROWS_DIFFERENT);
  about = compare (fixture, estimated, 1);
  assert_rows (about, "public", "orders", 1000, 400, TIDE_ROWS_UNKNOWN);
  g_assert_cmpuint (about->n_unknown, ==, 2);
}

/* A table that may not be read is told of as such; the others are counted all the same. */
static void
test_not_readable (BackupFixture *fixture,
                   gconstpointer  data)
{
  g_autofree char *role = g_strdup_printf ("reader_%d", g_test_rand_int_range (0, G_MAXINT));
  g_autofree char *grant = g_strdup_printf ("CREATE ROLE %s LOGIN; GRANT SELECT ON users, \"policed\" TO %s", role, role);
  g_autofree char *drop = g_strdup_printf ("DROP OWNED BY %s; DROP ROLE %s", role, role);
  g_autoptr(TideConninfo) reader = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideRowComparison) comparison = NULL;
  g_autoptr(GError) error = NULL;

  backup_fixture_fill (fixture, 10);
  run_sql (fixture, "CREATE TABLE policed (id int); ALTER TABLE policed ENABLE ROW LEVEL SECURITY");
  run_sql (fixture, grant);
  backup = make (fixture, &(TideBackupOptions) { 0 });
  tide_conninfo_set (reader, "user", role);
  comparison = tide_backup_compare_rows (backup, reader, 0, NULL, &error);
  run_sql (fixture, drop);
  g_assert_no_error (error);
  assert_rows (comparison, "public", "users", 10, 10, TIDE_ROWS_EQUAL);
  assert_rows (comparison, "public", "orders", 10, -1, TIDE_ROWS_UNKNOWN);
  assert_rows (comparison, "public", "policed", 0, -1, TIDE_ROWS_UNKNOWN);
}

static gpointer
run_compare (TideJob  *job,
             gpointer  data,
             GError  **error)
{
  BackupFixture *fixture = data;
  g_autofree char *path = g_build_filename (fixture->folder, "x.dump", NULL);
  g_autoptr(TideBackup) backup = tide_backup_open (path, error);

  g_assert_nonnull (backup);
  tide_job_cancel (job);
  return tide_backup_compare_rows (backup, fixture->conninfo, 0, job, error);
}

static void
test_cancelled (BackupFixture *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "x.dump", NULL);
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideJob) job = tide_job_new ("compare");
  g_autoptr(GError) error = NULL;

  backup_fixture_fill (fixture, 10);
  backup = make (fixture, &(TideBackupOptions) { .path = path });
  g_assert_null (tide_job_run (job, run_compare, fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  const struct { const char *path; void (*test) (BackupFixture *, gconstpointer); } tests[] = {
    { "/backup/compare/equal-and-different", test_equal_and_different },
    { "/backup/compare/part", test_part },
    { "/backup/compare/without-rows", test_without_rows },
    { "/backup/compare/without-manifest", test_without_manifest },
    { "/backup/compare/estimates", test_estimates },
    { "/backup/compare/not-readable", test_not_readable },
    { "/backup/compare/cancelled", test_cancelled },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, BackupFixture, NULL, backup_fixture_set_up, tests[i].test, backup_fixture_tear_down);
  return g_test_run ();
}
