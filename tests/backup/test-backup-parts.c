/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "backup-fixture.h"
#include "backup/tide-backup-names.h"
#include "tide-error.h"

static void
test_parts (BackupFixture *fixture,
            gconstpointer  data)
{
  TideBackupOptions schema_only = { .compression = -1, .contents = TIDE_BACKUP_SCHEMA_ONLY };
  TideBackupOptions one_table = { .compression = -1, .tables = (const char *const[]) { "public.users", NULL } };
  TideBackupOptions one_schema = { .compression = -1, .schemas = (const char *const[]) { "other", NULL } };
  g_autoptr(TideBackup) first = NULL;
  g_autoptr(TideBackup) second = NULL;
  g_autoptr(TideBackup) third = NULL;

  backup_fixture_fill (fixture, 100);
  g_free (tide_test_psql (fixture->conninfo, "CREATE SCHEMA other; CREATE TABLE other.things AS SELECT 1"));
  first = backup_fixture_make (fixture, &schema_only);
  g_assert_cmpuint (first->manifest->tables->len, ==, 0);
  second = backup_fixture_make (fixture, &one_table);
  g_assert_cmpuint (second->manifest->tables->len, ==, 1);
  g_assert_cmpint (backup_fixture_find_table (second->manifest, "users")->rows, ==, 100);
  third = backup_fixture_make (fixture, &one_schema);
  g_assert_cmpuint (third->manifest->tables->len, ==, 1);
  g_assert_nonnull (backup_fixture_find_table (third->manifest, "things"));
}

/* Of several tables whose names look alike in a pattern or without quotes, only the one that was chosen. */
static void
test_quoted_names (BackupFixture *fixture,
                   gconstpointer  data)
{
  static const struct
  {
    const char *text, *schema, *table;
  } cases[] = {
    { "\"a.b\".c", "a.b", "c" },
    { "a.b.c", "a", "b.c" },
    { "\"a\".\"b.c\"", "a", "b.c" },
    { "w*?d.*", "w*?d", "*" },
    { "\"\"\"q\"\"\".\"\"\"t\"", "\"q\"", "\"t" },
  };

  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE SCHEMA \"a.b\"; CREATE SCHEMA a; CREATE SCHEMA \"w*?d\"; CREATE SCHEMA wxyd; CREATE SCHEMA \"\"\"q\"\"\";"
                          "CREATE TABLE \"a.b\".c (); CREATE TABLE a.\"b.c\" (); CREATE TABLE a.c (); CREATE TABLE \"w*?d\".\"*\" ();"
                          "CREATE TABLE \"w*?d\".other (); CREATE TABLE wxyd.t (); CREATE TABLE \"\"\"q\"\"\".\"\"\"t\" ()"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const tables[] = { cases[i].text, NULL };
      TideBackupOptions options = { .compression = -1, .tables = tables, .format = TIDE_BACKUP_FORMAT_PLAIN };
      g_autofree char *joined = tide_backup_names_join (cases[i].schema, cases[i].table);
      g_autoptr(TideBackup) backup = backup_fixture_make (fixture, &options);
      const TideManifestTable *entry = g_ptr_array_index (backup->manifest->tables, 0);
      g_autofree char *again_schema = NULL;
      g_autofree char *again_table = NULL;
      g_autofree char *text = NULL;
      const char *create;

      g_assert_cmpuint (backup->manifest->tables->len, ==, 1);
      g_assert_cmpstr (entry->schema, ==, cases[i].schema);
      g_assert_cmpstr (entry->name, ==, cases[i].table);
      g_assert_true (g_file_get_contents (backup->path, &text, NULL, NULL));
      create = strstr (text, "\nCREATE TABLE ");
      g_assert_nonnull (create);
      g_assert_null (strstr (create + 1, "\nCREATE TABLE "));
      g_assert_true (tide_backup_names_split (joined, &again_schema, &again_table));
      g_assert_cmpstr (again_schema, ==, cases[i].schema);
      g_assert_cmpstr (again_table, ==, cases[i].table);
    }
}

/* A partitioned table that was chosen comes with all that is below it, wherever that is. */
static void
test_partitions (BackupFixture *fixture,
                 gconstpointer  data)
{
  const char *const tables[] = { "public.events", "elsewhere.Ev'e,n", NULL };
  TideBackupOptions options = { .compression = -1, .tables = tables };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideBackupPlan) plan = NULL;

  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE TABLE events (id int) PARTITION BY LIST (id); CREATE SCHEMA elsewhere; CREATE TABLE other (id int);"
                          "CREATE TABLE elsewhere.\"Ev'e,n\" PARTITION OF events FOR VALUES IN (2);"
                          "CREATE TABLE odd PARTITION OF events FOR VALUES IN (1, 3) PARTITION BY LIST (id);"
                          "CREATE TABLE \"odd 3\" PARTITION OF odd FOR VALUES IN (3);"
                          "INSERT INTO events VALUES (2), (3), (3)"));
  backup = backup_fixture_make (fixture, &options);
  g_assert_cmpuint (backup->manifest->tables->len, ==, 2);
  g_assert_cmpint (backup_fixture_find_table (backup->manifest, "Ev'e,n")->rows, ==, 1);
  g_assert_cmpint (backup_fixture_find_table (backup->manifest, "odd 3")->rows, ==, 2);
  options.folder = fixture->folder;
  options.no_owner = options.no_privileges = TRUE;
  plan = tide_backup_plan_make (fixture->conninfo, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *) plan->command, "--table=\"public\".\"odd 3\""));
  g_assert_cmpuint (plan->warnings->len, ==, 0);
  backup_fixture_verify (backup, 4);
}

/* What a part needs and does not hold is told before, and what is not there is no backup at all: pg_dump would leave it out. */
static void
test_part_of_a_whole (BackupFixture *fixture,
                      gconstpointer  data)
{
  static const char *const nothing[][2] = { { "public.nothing", NULL }, { "public.Users", NULL } };
  const char *const tables[] = { "public.orders", NULL };
  const char *const schemas[] = { "public", NULL };
  const char *const gone[] = { "public", "gone", NULL };
  TideBackupOptions options = { .compression = -1, .tables = tables, .folder = fixture->folder, .no_owner = TRUE,
                                .no_privileges = TRUE };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackupPlan) plan = NULL;
  g_autoptr(TideBackupPlan) whole = NULL;

  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE TABLE users (id int PRIMARY KEY); CREATE SCHEMA x; CREATE TYPE x.mood AS ENUM ('a');"
                          "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
                          "CREATE TABLE orders (id serial, of int REFERENCES users, mood x.mood);"
                          "CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION touch()"));
  plan = tide_backup_plan_make (fixture->conninfo, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plan->warnings->len, ==, 1);
  g_assert_true (g_str_has_suffix (g_ptr_array_index (plan->warnings, 0), ": function public.touch(), table public.users, type x.mood"));

  options.tables = NULL;
  options.schemas = schemas;
  whole = tide_backup_plan_make (fixture->conninfo, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (g_ptr_array_index (whole->warnings, 0), " is: type x.mood"));

  options.schemas = gone;
  g_assert_null (tide_backup_run (fixture->conninfo, &options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  options.schemas = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      const char *const some[] = { "public.users", nothing[i][0], NULL };

      g_clear_error (&error);
      options.tables = some;
      g_assert_null (tide_backup_run (fixture->conninfo, &options, NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
      g_assert_nonnull (strstr (error->message, nothing[i][0]));
    }
  g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (BackupFixture *, gconstpointer);
  } tests[] = {
    { "/backup-parts/parts", test_parts },
    { "/backup-parts/quoted-names", test_quoted_names },
    { "/backup-parts/partitions", test_partitions },
    { "/backup-parts/part-of-a-whole", test_part_of_a_whole },
  };

  g_autofree char *cache = NULL;
  int failed;

  g_test_init (&argc, &argv, NULL);
  cache = tide_test_make_folder ();
  g_assert_no_errno (g_chmod (cache, 0755));
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, BackupFixture, NULL, backup_fixture_set_up, tests[i].func, backup_fixture_tear_down);
  failed = g_test_run ();
  tide_test_remove_folder (cache);
  return failed;
}
