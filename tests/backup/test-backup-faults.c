/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup-fixture.h"
#include "backup/tide-backup-tool.h"
#include "backup/tide-restore-private.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define SECRET "geh:eim\\7d1 'x'"
#define TMPFS "size=4m"

/* No password where others could read it */

typedef struct
{
  gboolean stopped;
  guint    n_seen;
  gboolean leaked;
} Spy;

static gboolean
holds_secret (const char *pid,
              const char *file)
{
  g_autofree char *path = g_build_filename ("/proc", pid, file, NULL);
  g_autofree char *text = NULL;
  gsize length;

  return g_file_get_contents (path, &text, &length, NULL) && memmem (text, length, SECRET, strlen (SECRET)) != NULL;
}

/* Programs of PostgreSQL; servers are "(postgres)" */
static gboolean
is_tool (const char *pid)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "stat", NULL);
  g_autofree char *stat = NULL;

  return g_ascii_isdigit (*pid) && g_file_get_contents (path, &stat, NULL, NULL) && (strstr (stat, "(pg_") != NULL || strstr (stat, "(psql)") != NULL);
}

static gpointer
spy_on_tools (gpointer data)
{
  Spy *spy = data;

  while (!g_atomic_int_get (&spy->stopped))
    {
      g_autoptr(GDir) proc = g_dir_open ("/proc", 0, NULL);
      const char *pid;

      while ((pid = g_dir_read_name (proc)) != NULL)
        if (is_tool (pid))
          {
            spy->n_seen++;
            spy->leaked = spy->leaked || holds_secret (pid, "cmdline") || holds_secret (pid, "environ");
          }
      g_usleep (2000);
    }
  return NULL;
}

/* The test server trusts everybody: one role in one database must tell its password. */
static char *
demand_password (BackupFixture *fixture)
{
  g_autofree char *path = g_build_filename (g_getenv ("TIDE_TEST_PGHOST"), "data", "pg_hba.conf", NULL);
  char *role = g_strdup_printf ("locked_%d", (int) getpid ());
  g_autofree char *quoted = tide_quote_literal (SECRET);
  g_autofree char *sql = g_strdup_printf ("CREATE ROLE %s LOGIN CREATEDB PASSWORD %s; GRANT SELECT ON ALL TABLES IN SCHEMA public TO %s;"
                                          "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO %s", role, quoted, role, role);
  g_autofree char *text = NULL;
  g_autofree char *changed = NULL;

  g_free (tide_test_psql (fixture->conninfo, sql));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_strdup_printf ("local all %s scram-sha-256\n%s", role, text);
  {
    /* In place: it is the server's file, and stays that. */
    FILE *stream = g_fopen (path, "r+");

    g_assert_nonnull (stream);
    g_assert_cmpint (fputs (changed, stream), >=, 0);
    g_assert_cmpint (fclose (stream), ==, 0);
  }
  g_free (tide_test_psql (fixture->conninfo, "SELECT pg_reload_conf()"));
  g_usleep (300000);
  return role;
}

/* The role may not own what the backup says, which is told and no failure. */
static void
restore_and_drop (TideBackup   *backup,
                  TideConninfo *conninfo)
{
  TideRestoreOptions options = { .mode = TIDE_RESTORE_NEW };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRestoreReport) report = tide_restore_run (backup, conninfo, &options, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (tide_restore_drop_database (conninfo, report->database, &error));
  g_assert_no_error (error);
}

static void
test_secrets (BackupFixture *fixture,
              gconstpointer  data)
{
  static const TideBackupFormat formats[] = { TIDE_BACKUP_FORMAT_CUSTOM, TIDE_BACKUP_FORMAT_DIRECTORY, TIDE_BACKUP_FORMAT_PLAIN };
  g_autofree char *role = NULL;
  g_autofree char *drop = NULL;
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(GError) error = NULL;
  Spy spy = { 0 };
  GThread *thread;

  backup_fixture_fill (fixture, 100000);
  role = demand_password (fixture);
  drop = g_strdup_printf ("DROP OWNED BY %s; DROP ROLE %s", role, role);
  tide_conninfo_set (conninfo, "user", role);
  tide_conninfo_set (conninfo, "password", SECRET);
  g_setenv ("DATABASE_URL", "postgresql://u:" SECRET "@h/d", TRUE);
  g_setenv ("PGPASSWORD", SECRET, TRUE);
  thread = g_thread_new ("spy", spy_on_tools, &spy);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      TideBackupOptions options = { .format = formats[i], .compression = -1, .folder = fixture->folder, .with_roles = TRUE };
      g_autoptr(TideBackup) backup = tide_backup_run (conninfo, &options, NULL, &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (backup->manifest_path, &text, NULL, NULL));
      g_assert_null (strstr (text, "eim"));
      restore_and_drop (backup, conninfo);
    }
  g_atomic_int_set (&spy.stopped, TRUE);
  g_thread_join (thread);
  g_assert_cmpuint (spy.n_seen, >, 10);
  g_assert_false (spy.leaked);
  g_unsetenv ("DATABASE_URL");
  g_unsetenv ("PGPASSWORD");

  tide_conninfo_set (conninfo, "password", "wrong");
  {
    TideBackupOptions options = { .compression = -1, .folder = fixture->folder };

    g_assert_null (tide_backup_run (conninfo, &options, NULL, &error));
    g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNREACHABLE);
  }
  g_free (tide_test_psql (fixture->conninfo, drop));
}

/* A disk that is too small is refused; one that fills up on the way leaves nothing behind. */
static void
test_full_disk (BackupFixture *fixture,
                gconstpointer  data)
{
  static const TideBackupFormat formats[] = { TIDE_BACKUP_FORMAT_CUSTOM, TIDE_BACKUP_FORMAT_DIRECTORY };
  TideBackupOptions options = { .compression = -1, .folder = fixture->folder };
  g_autoptr(GError) error = NULL;

  if (geteuid () != 0 || mount ("tmpfs", fixture->folder, "tmpfs", 0, TMPFS) != 0)
    {
      g_test_skip ("needs to mount a small file system");
      return;
    }
  /* What does not shrink is more than was guessed. */
  g_free (tide_test_psql (fixture->conninfo,
                          "CREATE TABLE noise AS SELECT string_agg(decode(md5(random()::text), 'hex'), '') AS b"
                          " FROM generate_series(1, 380000) i GROUP BY i % 500"));
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      options.format = formats[i];
      g_assert_null (tide_backup_run (fixture->conninfo, &options, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_TOOL);
      g_assert_true (g_str_has_prefix (error->message, "there is no space left in \""));
      g_assert_nonnull (strstr (error->message, fixture->folder));
      g_assert_nonnull (strstr (tide_error_get_fields (error)->detail, "No space left on device"));
      g_assert_nonnull (tide_error_get_fields (error)->hint);
      g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 0);
      g_clear_error (&error);
    }

  options.format = TIDE_BACKUP_FORMAT_PLAIN;
  g_assert_null (tide_backup_run (fixture->conninfo, &options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "not enough space"));
  g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 0);
  g_assert_no_errno (umount (fixture->folder));
}

static gpointer
make_in_job (TideJob   *job,
             gpointer   data,
             GError   **error)
{
  BackupFixture *fixture = data;
  TideBackupOptions options = { .compression = -1, .folder = fixture->folder };
  TideBackup *backup = tide_backup_run (fixture->conninfo, &options, job, error);

  if (backup != NULL)
    tide_backup_unref (backup);
  return GINT_TO_POINTER (backup != NULL);
}

static gpointer
run_in_thread (gpointer data)
{
  gpointer *both = data;

  return tide_job_run (both[0], make_in_job, both[1], NULL);
}

/* A backup that waits for somebody says for whom. */
static void
test_waiting (BackupFixture *fixture,
              gconstpointer  data)
{
  g_autoptr(TideJob) job = tide_job_new ("backup");
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = tide_session_open (fixture->conninfo, NULL, &error);
  g_autofree char *wanted = g_strdup_printf ("it waits: process %d ", tide_session_get_backend_pid (session));
  gpointer both[] = { job, fixture };
  g_autofree char *status = NULL;
  GThread *thread;

  backup_fixture_fill (fixture, 10);
  g_ptr_array_unref (tide_session_run (session, "BEGIN; LOCK TABLE users", NULL, &error));
  g_assert_no_error (error);
  thread = g_thread_new ("backup", run_in_thread, both);
  for (guint i = 0; i < 200 && (status == NULL || !g_str_has_prefix (status, wanted)); i++)
    {
      g_usleep (50 * 1000);
      g_free (status);
      status = tide_job_dup_status (job);
    }
  g_ptr_array_unref (tide_session_run (session, "COMMIT", NULL, &error));
  g_assert_nonnull (g_thread_join (thread));
  g_test_message ("%s", status);
  g_assert_true (g_str_has_prefix (status, wanted));
  g_assert_nonnull (strstr (status, "AccessShareLock on \"users\"; its last statement: \"BEGIN; LOCK TABLE users\""));
  g_clear_pointer (&status, g_free);
  status = tide_job_dup_status (job);
  g_assert_null (strstr (status, "waits"));
}

static void
test_key_passphrase (BackupFixture *fixture,
                     gconstpointer  data)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(GError) error = NULL;

  tide_conninfo_set (conninfo, "sslpassword", SECRET);
  g_assert_null (tide_backup_tool_run ((const char *[]) { "psql", "-c", "SELECT 1", NULL }, conninfo, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
}

/* How the connection is secured is how its programs secure theirs; what is secret is not said where others could read it. */
static void
test_same_settings (void)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  g_autofree char *dbname = NULL;

  tide_conninfo_set (conninfo, "sslmode", "verify-full");
  tide_conninfo_set (conninfo, "sslrootcert", "/it's a/root.crt");
  tide_conninfo_set (conninfo, "password", SECRET);
  tide_conninfo_set (conninfo, "sslpassword", SECRET);
  dbname = tide_backup_tool_dup_dbname (conninfo);
  g_assert_nonnull (strstr (dbname, "sslmode='verify-full'"));
  g_assert_nonnull (strstr (dbname, "sslrootcert='/it\\'s a/root.crt'"));
  g_assert_null (strstr (dbname, "eim"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/backup/secrets", BackupFixture, NULL, backup_fixture_set_up, test_secrets, backup_fixture_tear_down);
  g_test_add ("/backup/full-disk", BackupFixture, NULL, backup_fixture_set_up, test_full_disk, backup_fixture_tear_down);
  g_test_add ("/backup/waiting", BackupFixture, NULL, backup_fixture_set_up, test_waiting, backup_fixture_tear_down);
  g_test_add ("/backup/key-passphrase", BackupFixture, NULL, backup_fixture_set_up, test_key_passphrase,
              backup_fixture_tear_down);
  g_test_add_func ("/backup/same-settings", test_same_settings);
  return g_test_run ();
}
