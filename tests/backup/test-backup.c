/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup-fixture.h"
#include "backup/tide-backup-catalog.h"
#include "backup/tide-backup-progress.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define N_RIVALS 3

/* One of those who back up at the same time */
typedef struct
{
  TideConninfo      *conninfo;
  TideBackupOptions  options;
  TideBackup        *backup;
  GError            *error;
} Rival;

static mode_t
get_mode (const char *path)
{
  GStatBuf buf;

  g_assert_no_errno (g_stat (path, &buf));
  return buf.st_mode & 0777;
}

static void
test_formats (BackupFixture *fixture,
              gconstpointer  data)
{
  static const struct
  {
    TideBackupFormat format;
    int              compression;
  } cases[] = {
    { TIDE_BACKUP_FORMAT_UNKNOWN, -1 }, { TIDE_BACKUP_FORMAT_CUSTOM, 0 },     { TIDE_BACKUP_FORMAT_DIRECTORY, -1 },
    { TIDE_BACKUP_FORMAT_DIRECTORY, 0 }, { TIDE_BACKUP_FORMAT_PLAIN, -1 },    { TIDE_BACKUP_FORMAT_GZIP, -1 },
    { TIDE_BACKUP_FORMAT_TAR, -1 },
  };

  backup_fixture_fill (fixture, 1000);
  g_free (tide_test_psql (fixture->conninfo, "SELECT lo_from_bytea(0, 'large'); CREATE TABLE empty ()"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TideBackupOptions options = { .format = cases[i].format, .compression = cases[i].compression };
      g_autoptr(TideBackup) backup = backup_fixture_make (fixture, &options);
      g_autoptr(TideBackup) again = NULL;
      g_autoptr(GError) error = NULL;
      gboolean is_folder = cases[i].format == TIDE_BACKUP_FORMAT_DIRECTORY;

      again = tide_backup_open (backup->path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (again->format, ==, i == 0 ? TIDE_BACKUP_FORMAT_CUSTOM : cases[i].format);
      g_assert_cmpint (again->manifest->level, ==, 2);
      g_assert_cmpint (again->bytes, ==, tide_manifest_get_bytes (again->manifest));
      g_assert_cmpint (get_mode (backup->path), ==, is_folder ? 0700 : 0600);
      g_assert_cmpint (get_mode (backup->manifest_path), ==, 0600);
      if (is_folder)
        {
          g_autofree char *toc = g_build_filename (backup->path, "toc.dat", NULL);
          g_assert_cmpint (get_mode (toc), ==, 0600);
        }
      g_assert_true (g_str_has_suffix (backup->path, tide_backup_format_get_suffix (again->format)));
      backup_fixture_verify (again, 2);
    }
  g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 2 * G_N_ELEMENTS (cases));
}

static void
test_manifest (BackupFixture *fixture,
               gconstpointer  data)
{
  TideBackupOptions options = { .compression = -1, .purpose = "before the change", .migration = "2_next",
                                .environment = "staging", .kind = TIDE_KIND_STAGING };
  g_autoptr(TideBackup) made = NULL;
  g_autoptr(TideBackup) backup = NULL;
  const TideManifestTable *users;
  TideManifest *manifest;

  backup_fixture_fill (fixture, 1234);
  g_free (tide_test_psql (fixture->conninfo, "CREATE EXTENSION pg_trgm"));
  made = backup_fixture_make (fixture, &options);
  backup = tide_backup_open (made->path, NULL);
  manifest = backup->manifest;
  users = backup_fixture_find_table (manifest, "users");
  g_assert_cmpuint (manifest->tables->len, ==, 2);
  g_assert_cmpstr (users->schema, ==, "public");
  g_assert_cmpint (users->rows, ==, 1234);
  g_assert_true (users->exact);
  g_assert_cmpint (users->bytes, >, 8192);
  g_assert_cmpstr (manifest->database, ==, tide_conninfo_get (fixture->conninfo, "dbname"));
  g_assert_cmpstr (manifest->purpose, ==, "before the change");
  g_assert_cmpstr (manifest->migration, ==, "2_next");
  g_assert_cmpstr (manifest->environment, ==, "staging");
  g_assert_cmpint (manifest->kind, ==, TIDE_KIND_STAGING);
  g_assert_cmpstr (manifest->encoding, ==, "UTF8");
  g_assert_true (g_str_has_prefix (manifest->tool_version, "pg_dump (PostgreSQL) "));
  g_assert_cmpint (atoi (manifest->server_version), >=, 12);
  g_assert_true (g_str_has_prefix (manifest->extensions[0], "pg_trgm 1."));
  g_assert_cmpuint (manifest->files->len, ==, 1);
  g_assert_cmpint (manifest->level, ==, 2);
  g_assert_cmpint (manifest->verified_at, >=, manifest->created_at);
  g_assert_nonnull (strchr (manifest->lsn, '/'));
  g_assert_cmpint (ABS (manifest->created_at - g_get_real_time ()), <, 60 * G_USEC_PER_SEC);
  g_assert_true (g_strv_contains ((const char *const *) manifest->roles, g_getenv ("TIDE_TEST_PGUSER")));
  g_assert_true (g_strv_contains ((const char *const *) manifest->options, "--format=custom"));
}

/* What is too large to count is told as an estimate. */
static void
test_estimates (BackupFixture *fixture,
                gconstpointer  data)
{
  TideBackupOptions options = { .compression = -1, .exact_rows_below = 16384 };
  g_autoptr(TideBackup) backup = NULL;

  backup_fixture_fill (fixture, 5000);
  g_free (tide_test_psql (fixture->conninfo, "CREATE TABLE small AS SELECT 1; CREATE TABLE child () INHERITS (small)"));
  backup = backup_fixture_make (fixture, &options);
  g_assert_false (backup_fixture_find_table (backup->manifest, "users")->exact);
  g_assert_cmpint (backup_fixture_find_table (backup->manifest, "users")->rows, ==, 5000);
  g_assert_true (backup_fixture_find_table (backup->manifest, "small")->exact);
  g_assert_cmpint (backup_fixture_find_table (backup->manifest, "small")->rows, ==, 1);
  g_assert_cmpint (backup_fixture_find_table (backup->manifest, "child")->rows, ==, 0);
}

/* The counts and the rows are of one moment: what is written after it began is in neither. */
static gpointer
write_rows (gpointer data)
{
  BackupFixture *fixture = data;

  for (guint i = 0; i < 20; i++)
    g_free (tide_test_psql (fixture->conninfo, "INSERT INTO users (name) SELECT 'more' FROM generate_series(1, 100)"));
  return NULL;
}

static void
test_one_moment (BackupFixture *fixture,
                 gconstpointer  data)
{
  TideBackupOptions options = { .format = TIDE_BACKUP_FORMAT_DIRECTORY, .compression = -1, .jobs = 2 };
  g_autoptr(TideBackup) backup = NULL;
  GThread *writer;

  backup_fixture_fill (fixture, 50000);
  writer = g_thread_new ("writer", write_rows, fixture);
  backup = backup_fixture_make (fixture, &options);
  g_thread_join (writer);
  backup_fixture_verify (backup, 4);
}

static gpointer
copy_forever (gpointer data)
{
  TideSession *session = data;
  g_autoptr(TideResult) result = tide_session_query (session, "COPY b TO PROGRAM 'while kill -0 $PPID; do sleep 0.2; done'", NULL, 0, NULL, NULL);

  g_assert_null (result);
  return NULL;
}

/* How far it is, is what the server says of the rows, and each table counts for its size: one that nobody reads any more stops half-way. */
static void
test_progress (BackupFixture *fixture,
               gconstpointer  data)
{
  TideBackupTable tables[] = { { .schema = (char *) "public", .name = (char *) "a", .data_bytes = 30 << 20 },
                               { .schema = (char *) "public", .name = (char *) "b", .data_bytes = 10 << 20 } };
  g_autoptr(GPtrArray) list = g_ptr_array_new ();
  g_autoptr(TideManifest) manifest = tide_manifest_new ();
  g_autoptr(TideConninfo) named = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(TideJob) job = tide_job_new ("test");
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = NULL;
  g_autofree char *status = NULL;
  g_autofree char *oid = NULL;
  TideBackupProgress *progress;
  GThread *thread;

  g_free (tide_test_psql (fixture->conninfo, "CREATE TABLE b AS SELECT i FROM generate_series(1, 1000000) i"));
  oid = tide_test_psql (fixture->conninfo, "SELECT 'b'::regclass::oid");
  tables[1].oid = g_ascii_strtoull (oid, NULL, 10);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_ptr_array_add (list, &tables[i]);
      tide_manifest_add_table (manifest, "public", tables[i].name)->rows = 1000000;
    }
  tide_conninfo_set (named, "application_name", "tidemark-dump-of-this-test");
  session = tide_session_open (named, NULL, &error);
  g_assert_no_error (error);
  thread = g_thread_new ("copy", copy_forever, session);
  progress = tide_backup_progress_start (fixture->conninfo, "tidemark-dump-of-this-test", list, manifest, FALSE, job);
  while (!g_regex_match_simple ("^reading \"public\\.b\": [0-9.]+.*/s, [0-9]+ (s|min) left$", status ? status : "", 0, 0))
    {
      g_usleep (20000);
      g_free (status);
      status = tide_job_dup_status (job);
    }
  /* "a" is behind it, and three quarters of all; of "b" what a pipe takes in */
  g_assert_cmpfloat ((tide_job_get_fraction (job) - TIDE_BACKUP_DUMP_FROM) / (TIDE_BACKUP_DUMP_TO - TIDE_BACKUP_DUMP_FROM), >, 0.74);
  g_assert_cmpfloat ((tide_job_get_fraction (job) - TIDE_BACKUP_DUMP_FROM) / (TIDE_BACKUP_DUMP_TO - TIDE_BACKUP_DUMP_FROM), <, 0.8);
  tide_backup_progress_stop (progress);
  g_free (tide_test_psql (fixture->conninfo, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                          " WHERE application_name = 'tidemark-dump-of-this-test'"));
  g_thread_join (thread);
}

static void
test_roles (BackupFixture *fixture,
            gconstpointer  data)
{
  TideBackupOptions options = { .compression = -1, .with_roles = TRUE };
  g_autoptr(TideBackup) backup = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  backup_fixture_fill (fixture, 10);
  backup = backup_fixture_make (fixture, &options);
  path = g_build_filename (fixture->folder, backup->manifest->globals, NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "CREATE ROLE tide"));
  g_assert_null (strstr (text, "SCRAM"));
  g_assert_cmpint (get_mode (path), ==, 0600);
  backup_fixture_verify (backup, 2);

  g_assert_no_errno (g_unlink (path));
  {
    g_autoptr(TideVerdict) verdict = tide_verify_run (backup, 2, NULL, NULL);
    g_assert_false (verdict->ok);
    g_assert_cmpint (verdict->level, ==, 1);
  }
}

/* Every name that PostgreSQL takes, in every place that a name can stand. */
static void
test_hostile_names (BackupFixture *fixture,
                    gconstpointer  data)
{
  static const char *const name = "o'no \"$(id)\" \\ `x` --\n; Zoë 🐘";
  g_autofree char *quoted = tide_quote_identifier (name);
  g_autofree char *sql = g_strdup_printf ("CREATE SCHEMA %s; CREATE TABLE %s.%s (%s int); INSERT INTO %s.%s VALUES (1), (2)",
                                          quoted, quoted, quoted, quoted, quoted, quoted);
  g_autofree char *full = g_strconcat (name, ".", name, NULL);
  g_autofree char *database = g_strdup_printf ("d %d %s", g_random_int_range (0, 1000000), "o'no \"$(id)\" \\ ë");
  g_autofree char *create = NULL;
  g_autofree char *drop = NULL;
  g_autofree char *quoted_database = tide_quote_identifier (database);
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autofree char *path = g_build_filename (fixture->folder, "it's \"mine\" $HOME\n.dump", NULL);
  TideBackupOptions options = { .compression = -1, .path = path, .tables = (const char *const[]) { full, NULL } };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackup) backup = NULL;

  create = g_strdup_printf ("CREATE DATABASE %s", quoted_database);
  drop = g_strdup_printf ("DROP DATABASE %s", quoted_database);
  g_free (tide_test_psql (fixture->conninfo, create));
  tide_conninfo_set (conninfo, "dbname", database);
  {
    g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, &error);
    g_autoptr(GPtrArray) results = NULL;

    g_assert_no_error (error);
    results = tide_session_run (session, sql, NULL, &error);
    g_assert_no_error (error);
  }
  backup = tide_backup_run (conninfo, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (backup->manifest->tables->len, ==, 1);
  g_assert_cmpint (backup_fixture_find_table (backup->manifest, name)->rows, ==, 2);
  g_assert_cmpstr (backup->manifest->database, ==, database);
  backup_fixture_verify (backup, 2);
  g_free (tide_test_psql (fixture->conninfo, drop));
}

static void
test_refusals (BackupFixture *fixture,
               gconstpointer  data)
{
  static const char *const names[] = { "a", NULL };
  static const char *const tables[] = { "nodot", NULL };
  const TideBackupOptions cases[] = {
    { .folder = "/tmp", .format = TIDE_BACKUP_FORMAT_ZSTD, .compression = -1 },
    { .folder = "/tmp", .format = TIDE_BACKUP_FORMAT_TAR, .compression = 5 },
    { .folder = "/tmp", .format = TIDE_BACKUP_FORMAT_PLAIN, .compression = 5 },
    { .folder = "/tmp", .format = TIDE_BACKUP_FORMAT_GZIP, .compression = 0 },
    { .folder = "/tmp", .format = TIDE_BACKUP_FORMAT_CUSTOM, .compression = 10 },
    { .folder = "/tmp", .format = TIDE_BACKUP_FORMAT_CUSTOM, .jobs = 4 },
    { .folder = "/tmp", .jobs = -1 },
    { .folder = "/tmp", .verify_level = 5 },
    { .folder = "/tmp", .schemas = names, .tables = names },
    { .folder = "/tmp", .tables = tables },
    { .folder = NULL, .compression = -1 },
    { .folder = "/tmp", .path = "/tmp/x" },
    { .path = "/tmp/x.partial" },
    { .path = "/tmp/x.json" },
    { .path = "/tmp/\xff" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("case %u", i);
      g_assert_false (tide_backup_options_check (&cases[i], &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_USAGE);
      g_clear_error (&error);
      g_assert_null (tide_backup_run (fixture->conninfo, &cases[i], NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_USAGE);
    }
}

static void
test_name_taken (BackupFixture *fixture,
                 gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, BACKUP_FIXTURE_NAME, NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  TideBackupOptions options = { .compression = -1, .path = path };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackup) backup = NULL;
  g_autofree char *text = NULL;

  /* What a crash left is no hindrance. */
  backup_fixture_leave (fixture->folder, BACKUP_FIXTURE_NAME ".partial", "half");
  backup = backup_fixture_make (fixture, &options);
  g_assert_false (g_file_test (partial, G_FILE_TEST_EXISTS));
  g_assert_null (tide_backup_run (fixture->conninfo, &options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  backup_fixture_verify (backup, 2);
  g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 2);
}

/* What belongs to a backup takes nobody's place, and a failure removes nothing that was there before. */
static void
test_beside_others (BackupFixture *fixture,
                    gconstpointer  data)
{
  const char *const nothing[] = { "public.nothing", NULL };
  g_autofree char *path = g_build_filename (fixture->folder, "package", NULL);
  g_autofree char *foreign = g_strconcat (path, ".json", NULL);
  g_autofree char *roles = g_strconcat (path, ".roles.sql", NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  const char *const mine[] = { foreign, roles, partial };
  TideBackupOptions options = { .compression = -1, .path = path, .with_roles = TRUE };
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  tide_test_write_file (fixture->folder, "package.partial", "somebody's", -1);
  tide_test_write_file (fixture->folder, "package.json", "{\"name\": \"shop\"}", -1);
  tide_test_write_file (fixture->folder, "package.roles.sql", "mine", -1);
  options.tables = nothing;
  g_assert_null (tide_backup_run (fixture->conninfo, &options, NULL, &error));
  g_assert_true (g_file_get_contents (foreign, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "{\"name\": \"shop\"}");
  g_assert_cmpuint (backup_fixture_count_files (fixture), ==, G_N_ELEMENTS (mine));
  options.tables = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (mine); i++)
    {
      g_clear_error (&error);
      g_assert_null (tide_backup_run (fixture->conninfo, &options, NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
      g_assert_nonnull (strstr (error->message, mine[i]));
      g_assert_cmpuint (backup_fixture_count_files (fixture), ==, G_N_ELEMENTS (mine) - i);
      g_assert_no_errno (g_unlink (mine[i]));
    }
}

/* Two at once: under one name one of them is told so, and in one folder each finds a name of its own. */
static gpointer
back_up_elsewhere (gpointer data)
{
  Rival *rival = data;

  rival->backup = tide_backup_run (rival->conninfo, &rival->options, NULL, &rival->error);
  return NULL;
}

static void
race (BackupFixture           *fixture,
      const TideBackupOptions *options,
      Rival                   *rivals)
{
  GThread *threads[N_RIVALS];

  for (guint i = 0; i < N_RIVALS; i++)
    {
      rivals[i] = (Rival) { fixture->conninfo, *options, NULL, NULL };
      threads[i] = g_thread_new ("rival", back_up_elsewhere, &rivals[i]);
    }
  for (guint i = 0; i < N_RIVALS; i++)
    g_thread_join (threads[i]);
}

static void
test_at_once (BackupFixture *fixture,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "x.dump", NULL);
  TideBackupOptions same_name = { .compression = -1, .path = path };
  TideBackupOptions same_folder = { .compression = -1, .folder = fixture->folder };
  Rival rivals[N_RIVALS];
  guint n_made = 0;

  backup_fixture_fill (fixture, 5000);
  race (fixture, &same_name, rivals);
  for (guint i = 0; i < N_RIVALS; i++)
    {
      n_made += rivals[i].backup != NULL;
      g_assert_true (rivals[i].backup != NULL || g_error_matches (rivals[i].error, TIDE_ERROR, TIDE_ERROR_BUSY) ||
                     g_error_matches (rivals[i].error, TIDE_ERROR, TIDE_ERROR_REFUSED));
      if (rivals[i].backup != NULL)
        backup_fixture_verify (rivals[i].backup, 2);
      g_clear_error (&rivals[i].error);
      g_clear_pointer (&rivals[i].backup, tide_backup_unref);
    }
  g_assert_cmpuint (n_made, ==, 1);
  g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 2);

  race (fixture, &same_folder, rivals);
  for (guint i = 0; i < N_RIVALS; i++)
    {
      g_assert_no_error (rivals[i].error);
      backup_fixture_verify (rivals[i].backup, 2);
      g_clear_pointer (&rivals[i].backup, tide_backup_unref);
    }
  g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 2 + 2 * N_RIVALS);
}

/* What is being made is not removed, and nobody else begins it: as long as its maker holds the lock. */
static void
test_busy (BackupFixture *fixture,
           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, BACKUP_FIXTURE_NAME, NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  TideBackupOptions options = { .compression = -1, .path = path };
  g_autoptr(GPtrArray) orphans = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackup) backup = NULL;
  int fd;

  backup_fixture_leave (fixture->folder, BACKUP_FIXTURE_NAME ".partial", "half");
  fd = g_open (partial, O_RDONLY | O_CLOEXEC, 0);
  g_assert_no_errno (flock (fd, LOCK_EX));
  orphans = tide_library_list_orphans (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (orphans->len, ==, 0);
  g_assert_false (tide_library_remove_orphan (partial, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_null (tide_backup_run (fixture->conninfo, &options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_assert_true (g_file_test (partial, G_FILE_TEST_EXISTS));
  close (fd);
  backup = backup_fixture_make (fixture, &options);
  g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 2);
}

/* A role of no power: what it cannot see whole is refused, and nothing is left. */
static void
test_access (BackupFixture *fixture,
             gconstpointer  data)
{
  g_autofree char *role = g_strdup_printf ("weak_%d_%u", (int) getpid (), g_random_int ());
  g_autofree char *make = g_strdup_printf ("CREATE ROLE %s LOGIN; GRANT SELECT ON users, orders, users_id_seq TO %s;"
                                           "ALTER TABLE users ENABLE ROW LEVEL SECURITY;"
                                           "CREATE POLICY p ON users FOR SELECT USING (id < 10)", role, role);
  g_autofree char *hide = g_strdup_printf ("ALTER TABLE users DISABLE ROW LEVEL SECURITY; REVOKE SELECT ON orders FROM %s", role);
  g_autofree char *drop = g_strdup_printf ("DROP OWNED BY %s; DROP ROLE %s", role, role);
  g_autoptr(TideConninfo) weak = tide_conninfo_copy (fixture->conninfo);
  TideBackupOptions options = { .compression = -1, .folder = fixture->folder };
  g_autoptr(GError) error = NULL;

  backup_fixture_fill (fixture, 100);
  g_free (tide_test_psql (fixture->conninfo, make));
  tide_conninfo_set (weak, "user", role);
  g_assert_null (tide_backup_run (weak, &options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "\"public.users\""));
  g_clear_error (&error);

  g_free (tide_test_psql (fixture->conninfo, hide));
  g_assert_null (tide_backup_run (weak, &options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "\"public.orders\""));
  g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 0);
  g_free (tide_test_psql (fixture->conninfo, drop));
}

static void
test_plan (BackupFixture *fixture,
           gconstpointer  data)
{
  static const char *const wanted[] = { "--format=directory", "--compress=3", "--jobs=2", "--lock-wait-timeout=7000", "--no-owner",
                                        "--no-privileges", "--no-blobs" };
  TideBackupOptions options = { .compression = -1, .folder = fixture->folder };
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackupPlan) plan = NULL;
  g_autofree char *command = NULL;

  backup_fixture_fill (fixture, 100);
  g_free (tide_test_psql (fixture->conninfo, "CREATE EXTENSION pg_trgm"));
  tide_conninfo_set (conninfo, "password", "geheim");
  plan = tide_backup_plan_make (conninfo, &options, NULL, &error);
  g_assert_no_error (error);
  command = g_strjoinv (" ", plan->command);
  g_assert_null (strstr (command, "geheim"));
  g_assert_nonnull (strstr (command, "--format=custom"));
  g_assert_true (g_path_is_absolute (plan->tool));
  g_assert_cmpint (plan->free_bytes, >, plan->estimate_bytes);
  g_assert_cmpint (plan->database_bytes, >, 1000000);
  g_assert_nonnull (strstr (g_ptr_array_index (plan->warnings, 0), "pg_trgm"));
  g_assert_nonnull (strstr (g_ptr_array_index (plan->warnings, 1), g_getenv ("TIDE_TEST_PGUSER")));
  g_clear_pointer (&plan, tide_backup_plan_free);

  options = (TideBackupOptions) { .format = TIDE_BACKUP_FORMAT_DIRECTORY, .compression = 3, .jobs = 2, .folder = fixture->folder,
                                  .lock_wait_ms = 7000, .no_owner = TRUE, .no_privileges = TRUE, .no_large_objects = TRUE };
  plan = tide_backup_plan_make (conninfo, &options, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_true (g_strv_contains ((const char *const *) plan->command, wanted[i]));
  g_clear_pointer (&plan, tide_backup_plan_free);

  tide_conninfo_set (conninfo, "dbname", "nobody_has_this");
  g_assert_null (tide_backup_plan_make (conninfo, &options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNREACHABLE);
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
    { "/backup/formats", test_formats },
    { "/backup/manifest", test_manifest },
    { "/backup/estimates", test_estimates },
    { "/backup/one-moment", test_one_moment },
    { "/backup/progress", test_progress },
    { "/backup/roles", test_roles },
    { "/backup/hostile-names", test_hostile_names },
    { "/backup/beside-others", test_beside_others },
    { "/backup/refusals", test_refusals },
    { "/backup/name-taken", test_name_taken },
    { "/backup/at-once", test_at_once },
    { "/backup/busy", test_busy },
    { "/backup/access", test_access },
    { "/backup/plan", test_plan },
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
