/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-source"

#include "config.h"

#include <locale.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "schema/tide-schema-source.h"
#include "schema/tide-schema-workshop.h"
#include "support/tide-test.h"
#include "tide-error.h"

/* A project, in a folder that the private server's user may read */
typedef struct
{
  char *folder;
} Fixture;

static void
fixture_set_up (Fixture       *self,
                gconstpointer  data)
{
  self->folder = tide_test_make_folder ();
  tide_test_write_file (self->folder, "prisma/schema.prisma",
                        "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n", -1);
  tide_test_write_file (self->folder, "prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n", -1);
}

static void
fixture_tear_down (Fixture       *self,
                   gconstpointer  data)
{
  tide_test_remove_folder (self->folder);
  g_free (self->folder);
}

static void
add (Fixture    *self,
     const char *name,
     const char *sql)
{
  g_autofree char *path = g_build_filename ("prisma/migrations", name, "migration.sql", NULL);

  tide_test_write_file (self->folder, path, sql, -1);
}

static TideSchemaSource *
parse (Fixture    *self,
       const char *text,
       GError    **error)
{
  g_autoptr(GError) problem = NULL;
  g_autoptr(TideProject) project = tide_project_load (self->folder, &problem);

  g_assert_no_error (problem);
  return tide_schema_source_parse (text, project, NULL, NULL, error);
}

static TideSchema *
load (Fixture    *self,
      const char *text,
      GError    **error)
{
  g_autoptr(TideSchemaSource) source = parse (self, text, error);

  return source != NULL ? tide_schema_source_load (source, NULL, error) : NULL;
}

/* Whether @text has a schema called @name */
static void
assert_schema (Fixture    *self,
               const char *text,
               const char *name,
               gboolean    expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchema) schema = load (self, text, &error);

  g_assert_no_error (error);
  g_assert_cmpint (tide_schema_find (schema, TIDE_OBJECT_SCHEMA, NULL, name) != NULL, ==, expected);
}

static void
test_points (Fixture       *self,
             gconstpointer  data)
{
  add (self, "1_first", "CREATE SCHEMA first;");
  add (self, "2_second", "CREATE SCHEMA second; COMMENT ON SCHEMA first IS 'of old';");
  add (self, "3_third", "DROP SCHEMA first;");

  assert_schema (self, "migrations@2_second", "second", TRUE);
  assert_schema (self, "migrations", "first", FALSE);
  assert_schema (self, "migrations@1_first", "second", FALSE);
  assert_schema (self, "migrations@1_first", "first", TRUE);
  assert_schema (self, "empty", "first", FALSE);
  assert_schema (self, "empty", "public", TRUE);
}

static guint
count_kept (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchemaWorkshop) workshop = tide_schema_workshop_open (NULL, &error);
  g_autoptr(GHashTable) kept = NULL;

  g_assert_no_error (error);
  kept = tide_schema_workshop_list (workshop, &error);
  g_assert_no_error (error);
  return g_hash_table_size (kept);
}

/* What is kept on disk needs no server; a point after one whose database is kept is a copy of it: the first migration, which
 * leaves a line in a file each time, runs once */
static void
test_cached (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("ran-%d", (int) getpid ());
  g_autofree char *trace = g_build_filename (g_get_tmp_dir (), name, NULL);
  g_autofree char *sql = g_strdup_printf ("CREATE SCHEMA cached; COPY (SELECT 1) TO PROGRAM 'cat >>%s';", trace);
  g_autofree char *ran = NULL;
  guint before;

  add (self, "1_first", sql);
  assert_schema (self, "migrations", "cached", TRUE);
  before = count_kept ();
  for (guint i = 0; i < 2; i++)
    {
      assert_schema (self, "migrations", "cached", TRUE);
      g_assert_cmpuint (count_kept (), ==, before);
      add (self, "2_second", "CREATE SCHEMA more;");
      if (i == 0)
        assert_schema (self, "migrations", "more", TRUE);
      before = count_kept ();
    }
  g_file_get_contents (trace, &ran, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ran, ==, "1\n");
  g_assert_no_errno (g_unlink (trace));
}

static void
test_broken_cache (Fixture       *self,
                   gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "tidemark", "schemas", NULL);
  g_autoptr(GDir) dir = NULL;
  g_autoptr(GError) error = NULL;
  const char *name;
  guint n = 0;

  add (self, "1_first", "CREATE SCHEMA whole;");
  assert_schema (self, "migrations", "whole", TRUE);
  dir = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *contents = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
      contents[length / 2] ^= 0x55;
      g_assert_true (g_file_set_contents (path, contents, n++ % 2 == 0 ? length : length / 3, NULL));
    }
  g_assert_cmpuint (n, >, 0);
  assert_schema (self, "migrations", "whole", TRUE);
  assert_schema (self, "empty", "whole", FALSE);
}

static void
test_roles (Fixture       *self,
            gconstpointer  data)
{
  add (self, "1_role", "CREATE SCHEMA ours;\nCREATE SCHEMA theirs AUTHORIZATION \"web app\";\n"
                       "GRANT USAGE ON SCHEMA ours TO \"web app\", reader;");
  add (self, "2_concurrent", "CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);\nGRANT SELECT ON t TO late;");
  add (self, "3_makes", "CREATE ROLE made_here;\nGRANT USAGE ON SCHEMA ours TO made_here;");
  assert_schema (self, "migrations", "theirs", TRUE);
  /* The role that it makes is there now */
  add (self, "1_role", "CREATE SCHEMA ours;\nCREATE SCHEMA others AUTHORIZATION \"web app\";");
  assert_schema (self, "migrations", "others", TRUE);
}

static void
test_failing (Fixture       *self,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchemaSource) source = NULL;
  g_autoptr(TideSchemaSource) before = NULL;
  g_autoptr(TideSchema) schema = NULL;
  g_autofree char *label = NULL;

  add (self, "1_first", "CREATE SCHEMA good;");
  add (self, "2_bad", "CREATE SCHEMA better;\n\nSELECT nothing FROM nowhere;");
  add (self, "3_third", "CREATE SCHEMA best;");
  source = parse (self, "migrations", &error);
  g_assert_no_error (error);
  schema = tide_schema_source_load (source, NULL, &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_null (schema);
  g_assert_nonnull (strstr (error->message, "\"2_bad\""));
  g_assert_nonnull (strstr (tide_error_get_fields (error)->file, "2_bad/migration.sql"));
  g_assert_cmpint (tide_error_get_fields (error)->line, ==, 3);
  g_assert_cmpstr (tide_error_get_fields (error)->statement, ==, "SELECT nothing FROM nowhere");

  before = tide_schema_source_new_before_failure (source, error);
  g_clear_error (&error);
  g_assert_nonnull (before);
  label = tide_schema_source_dup_label (before);
  g_assert_cmpstr (label, ==, "the migrations before 2_bad");
  schema = tide_schema_source_load (before, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (tide_schema_find (schema, TIDE_OBJECT_SCHEMA, NULL, "good"));
  g_assert_null (tide_schema_find (schema, TIDE_OBJECT_SCHEMA, NULL, "better"));
}

static void
test_extension (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchema) schema = NULL;

  add (self, "1_first", "CREATE EXTENSION surely_not_there;");
  schema = load (self, "migrations", &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "surely_not_there"));
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "install the extension"));
}

static void
test_sql_file (Fixture       *self,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *file = g_build_filename (self->folder, "it's.sql", NULL);
  g_autofree char *text = g_strconcat ("sql:", file, NULL);
  g_autoptr(TideSchema) schema = NULL;

  tide_test_write_file (self->folder, "it's.sql", "-- so\nCREATE SCHEMA filed;\nGRANT USAGE ON SCHEMA filed TO clerk", -1);
  assert_schema (self, text, "filed", TRUE);
  tide_test_write_file (self->folder, "it's.sql", "CREATE SCHEMA filed;\nCREATE SCHEMA filed", -1);
  schema = load (self, text, &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_cmpint (tide_error_get_fields (error)->line, ==, 2);
}

/* Of a dump the rows are left out, and its roles made */
static void
test_backup (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  static const char *const formats[] = { "plain", "custom", "directory" };

  g_free (tide_test_psql (conninfo, "DROP ROLE IF EXISTS teller; CREATE ROLE teller; CREATE SCHEMA vault AUTHORIZATION teller;"
                                    "CREATE TABLE vault.t (a int); INSERT INTO vault.t SELECT generate_series(1, 1000);"
                                    "COMMENT ON SCHEMA vault IS E'COPY x FROM stdin;\\n\\\\.'"));
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *path = g_build_filename (self->folder, formats[i], NULL);
      g_autofree char *format = g_strconcat ("--format=", formats[i], NULL);
      g_autofree char *text = g_strconcat (i == 0 ? "sql:" : "backup:", path, NULL);
      int status;

      g_spawn_sync (NULL, (char *[]) { "pg_dump", "-h", (char *) tide_conninfo_get (conninfo, "host"),
                                       "-p", (char *) tide_conninfo_get (conninfo, "port"),
                                       "-U", (char *) tide_conninfo_get (conninfo, "user"), format, "-f", path,
                                       (char *) tide_conninfo_get (conninfo, "dbname"), NULL },
                    NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
      g_assert_no_error (error);
      g_assert_cmpint (status, ==, 0);
      assert_schema (self, text, "vault", TRUE);
    }
  g_free (tide_test_psql (conninfo, "DROP SCHEMA vault CASCADE; DROP ROLE teller"));
  tide_test_drop_database (conninfo);
}

static void
test_rebuild (Fixture       *self,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *url = tide_test_dup_url (conninfo);
  g_autofree char *text = g_strconcat ("url:", url, NULL);
  g_autoptr(TideSchemaSource) source = parse (self, text, &error);
  g_autoptr(TideConninfo) rebuilt = NULL;
  g_autofree char *names = NULL;

  g_assert_no_error (error);
  g_free (tide_test_psql (conninfo, "CREATE SCHEMA vault; DROP SCHEMA public; CREATE TABLE vault.t (a int)"));
  rebuilt = tide_schema_source_rebuild (source, NULL, &error);
  g_assert_no_error (error);
  names = tide_test_psql (rebuilt, "SELECT string_agg(nspname, ' ' ORDER BY 1), to_regclass('vault.t'),"
                                   " (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database())"
                                   " FROM pg_namespace WHERE nspname !~ '^pg_|^inf'");
  g_assert_cmpstr (names, ==, "vault|vault.t|tide");
  tide_test_drop_database (rebuilt);
  tide_test_drop_database (conninfo);
}

static void
test_words (Fixture       *self,
            gconstpointer  data)
{
  static const struct
  {
    const char    *text;
    TideErrorCode  code;
    const char    *says;
  } cases[] = {
    { "", TIDE_ERROR_USAGE, "not a source" },
    { "nonsense", TIDE_ERROR_USAGE, "\"nonsense\"" },
    { "migrations@", TIDE_ERROR_USAGE, "not a source" },
    { "migrations@9_none", TIDE_ERROR_NOT_FOUND, "\"9_none\"" },
    { "migrations@2", TIDE_ERROR_NOT_FOUND, "more than one" },
    { "schema", TIDE_ERROR_UNSUPPORTED, "yet" },
    { "postgresql://x/y", TIDE_ERROR_USAGE, "URL alone" },
    { "database", TIDE_ERROR_USAGE, "which database" },
    { "env:nowhere", TIDE_ERROR_USAGE, "nowhere" },
    { "sql:/nowhere/at/all", TIDE_ERROR_NOT_FOUND, "/nowhere/at/all" },
    { "backup:/nowhere/at/all", TIDE_ERROR_NOT_FOUND, "/nowhere/at/all" },
  };

  add (self, "20_a", "");
  add (self, "21_b", "");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideSchemaSource) source = parse (self, cases[i].text, &error);

      g_test_message ("%s: %s", cases[i].text, error != NULL ? error->message : "no error");
      g_assert_error (error, TIDE_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_null (source);
    }
}

static void
test_no_folder (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchemaSource) source = NULL;
  g_autofree char *folder = g_build_filename (self->folder, "prisma", "migrations", NULL);

  tide_test_remove_folder (folder);
  source = parse (self, "migrations", &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "prisma/migrations"));
}

/* Strides leave marks on a long way, and the way back is short */
static void
test_long (Fixture       *self,
           gconstpointer  data)
{
  guint before = count_kept ();

  for (guint i = 0; i < 130; i++)
    {
      g_autofree char *name = g_strdup_printf ("%04u_step", i);
      g_autofree char *sql = g_strdup_printf ("CREATE SCHEMA step_%u;", i);

      add (self, name, sql);
    }
  assert_schema (self, "migrations", "step_129", TRUE);
  g_assert_cmpuint (count_kept (), >=, MIN (before + 2, 16));
  assert_schema (self, "migrations@0060_step", "step_60", TRUE);
  assert_schema (self, "migrations@0060_step", "step_61", FALSE);
}

static void
test_pair (Fixture       *self,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchemaSource) left = NULL, right = NULL, wrong = NULL;
  g_autoptr(TideSchema) left_schema = NULL, right_schema = NULL;

  add (self, "1_first", "CREATE SCHEMA one;");
  add (self, "2_second", "CREATE SCHEMA two;");
  add (self, "3_wrong", "CREATE SCHEMA two;");
  left = parse (self, "migrations@1_first", NULL);
  right = parse (self, "migrations@2_second", NULL);
  wrong = parse (self, "migrations", NULL);
  g_assert_true (tide_schema_source_load_pair (left, right, NULL, &left_schema, &right_schema, &error));
  g_assert_no_error (error);
  g_assert_null (tide_schema_find (left_schema, TIDE_OBJECT_SCHEMA, NULL, "two"));
  g_assert_nonnull (tide_schema_find (right_schema, TIDE_OBJECT_SCHEMA, NULL, "two"));

  g_clear_pointer (&left_schema, tide_schema_unref);
  g_clear_pointer (&right_schema, tide_schema_unref);
  g_assert_false (tide_schema_source_load_pair (left, wrong, NULL, &left_schema, &right_schema, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_null (left_schema);
  g_assert_null (right_schema);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void      (*test) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/schema/source/points", test_points },
    { "/schema/source/cached", test_cached },
    { "/schema/source/broken-cache", test_broken_cache },
    { "/schema/source/roles", test_roles },
    { "/schema/source/failing", test_failing },
    { "/schema/source/extension", test_extension },
    { "/schema/source/sql-file", test_sql_file },
    { "/schema/source/backup", test_backup },
    { "/schema/source/rebuild", test_rebuild },
    { "/schema/source/words", test_words },
    { "/schema/source/no-folder", test_no_folder },
    { "/schema/source/long", test_long },
    { "/schema/source/pair", test_pair },
  };
  g_autofree char *cache = tide_test_make_folder ();
  int result;

  setlocale (LC_ALL, "");
  g_assert_no_errno (chmod (cache, 0755));
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].test, fixture_tear_down);
  result = g_test_run ();
  tide_scratch_stop (NULL, NULL, NULL);
  tide_test_remove_folder (cache);
  return result;
}
