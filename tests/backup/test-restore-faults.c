/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "restore-fixture.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define SLEEPS "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" \
               " AND (datname LIKE 'tidemark\\_restoring\\_%' OR datname = current_database())"

/* Takes its time anywhere but in the database it comes from */
#define SLOW "CREATE FUNCTION slow(int) RETURNS bool LANGUAGE sql AS $$SELECT current_database() LIKE 't\\_%' OR" \
             " pg_sleep(60) IS NOT NULL$$; CREATE TABLE slowly (i int CHECK (public.slow(i))); INSERT INTO slowly VALUES (1)"

static const TideRestoreOptions into_new = { .mode = TIDE_RESTORE_NEW };
static const TideRestoreOptions in_place = { .mode = TIDE_RESTORE_IN_PLACE };
static const TideRestoreOptions swap = { .mode = TIDE_RESTORE_SWAP };

/* One bad statement among good ones: nothing is kept, and it is said where it stands */
static void
test_bad_statement (RestoreFixture *fixture,
                    gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_write (fixture, "CREATE TABLE good ();\n\\restrict x\nDELETE FROM users WHERE id > 400;\nCOPY good FROM stdin;\n"
                                                                 "\\.\nBEGIN;\nCOMMIT;\nCREATE TABEL bad ();\nCREATE TABLE more ();");
  g_autoptr(GError) place = restore_fixture_fail (fixture, backup, &in_place, TIDE_ERROR_SERVER);
  g_autoptr(GError) new = restore_fixture_fail (fixture, backup, &into_new, TIDE_ERROR_SERVER);

  /* There are no users in a new database: it stops at the first bad one */
  g_assert_cmpint (tide_error_get_fields (new)->line, ==, 7);
  g_assert_cmpint (tide_error_get_fields (place)->line, ==, 12);
  g_assert_nonnull (strstr (place->message, "syntax error at or near \"TABEL\""));
  g_assert_cmpstr (tide_error_get_fields (place)->file, ==, backup->path);
  restore_fixture_assert (fixture, NULL, "SELECT to_regclass('good'), to_regclass('more')", "|");
}

static void
test_injection (RestoreFixture *fixture,
                gconstpointer   data)
{
  static const char *const commands[] = {
    "\\! touch %s", "SELECT 1 \\! touch %s\n;", "\\o |touch %s", "SELECT 'touch %s' \\g |sh", "\\copy users TO PROGRAM 'touch %s'",
    "COPY users FROM stdin; \\! touch %s\n\\.\n",
    "SET standard_conforming_strings = off;\nSELECT '\\'; \\! touch %s\n--';",
    "SET client_encoding = 'SJIS';\nSELECT E'\xe3\x81\\'; \\! touch %s\n--';",
  };
  g_autofree char *mark = g_build_filename (fixture->folder, "ran", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto(GStrv) parts = g_strsplit (commands[i], "%s", 2);
      g_autofree char *body = g_strjoinv (mark, parts);
      g_autoptr(TideBackup) backup = restore_fixture_write (fixture, body);
      g_autoptr(GError) error = NULL;
      g_autoptr(TideRestoreReport) report = tide_restore_run (backup, fixture->conninfo, &in_place, NULL, &error);

      g_test_message ("%u: %s", i, error ? error->message : "restored");
      g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
      g_assert_null (report);
      restore_fixture_assert_untouched (fixture);
    }
}

static void
test_cut_short (RestoreFixture *fixture,
                gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, data);

  g_error_free (restore_fixture_fail (fixture, backup, &into_new, TIDE_ERROR_INVALID));
}

static void
test_newer (RestoreFixture *fixture,
            gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB; printf '\\143' | dd of=$OUT bs=1 seek=6 conv=notrunc");
  g_autoptr(GError) error = NULL;

  g_assert_null (tide_restore_read_toc (backup, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "newer pg_dump"));
  g_error_free (restore_fixture_fail (fixture, backup, &into_new, TIDE_ERROR_UNSUPPORTED));
}

static void
test_newer_plain (RestoreFixture *fixture,
                  gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_write (fixture, "-- Dumped by pg_dump version 99.1\n\nSET some_new_timeout = 0;");
  g_autoptr(GError) error = restore_fixture_fail (fixture, backup, &into_new, TIDE_ERROR_SERVER);

  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "pg_dump 99.1"));
}

static void
test_cluster (RestoreFixture *fixture,
              gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dumpall -s > $OUT");

  g_error_free (restore_fixture_fail (fixture, backup, &into_new, TIDE_ERROR_UNSUPPORTED));
}

static void
test_unfit_options (RestoreFixture *fixture,
                    gconstpointer   data)
{
  const char *only[] = { "public", NULL };
  TideRestoreOptions with_only = { .only = only };
  TideRestoreOptions with_jobs = { .jobs = 2 };
  TideRestoreOptions with_name = { .mode = TIDE_RESTORE_SWAP, .into = "x" };
  TideRestoreOptions long_name = { .into = "0123456789012345678901234567890123456789012345678901234567890123" };
  g_autoptr(TideBackup) backup = restore_fixture_write (fixture, "SELECT 1;");

  g_error_free (restore_fixture_fail (fixture, backup, &with_only, TIDE_ERROR_UNSUPPORTED));
  g_error_free (restore_fixture_fail (fixture, backup, &with_jobs, TIDE_ERROR_UNSUPPORTED));
  g_error_free (restore_fixture_fail (fixture, backup, &with_name, TIDE_ERROR_USAGE));
  g_error_free (restore_fixture_fail (fixture, backup, &long_name, TIDE_ERROR_USAGE));
}

/* An archive that fails half-way, with jobs too */
static void
test_archive_fails (RestoreFixture *fixture,
                    gconstpointer   data)
{
  TideRestoreOptions with_jobs = { .jobs = 2 };
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(GError) error = NULL;

  /* Rows that break their own constraint as soon as they are elsewhere */
  g_free (tide_test_psql (fixture->conninfo, "CREATE FUNCTION here(int) RETURNS bool LANGUAGE sql AS $$SELECT current_database() LIKE 't\\_%'$$;"
                                             "CREATE TABLE zz (i int CHECK (public.here(i))); INSERT INTO zz VALUES (1)"));
  backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  error = restore_fixture_fail (fixture, backup, &into_new, TIDE_ERROR_SERVER);
  g_assert_nonnull (strstr (error->message, "violates check constraint"));
  g_error_free (restore_fixture_fail (fixture, backup, &with_jobs, TIDE_ERROR_SERVER));
  g_error_free (restore_fixture_fail (fixture, backup, &swap, TIDE_ERROR_SERVER));
}

/* (transfer full) (nullable): the name of a tablespace on a small disk of its own, which is mounted at @path and the server's */
static char *
make_small_disk (RestoreFixture *fixture,
                 const char     *path)
{
  const struct passwd *owner = getpwnam ("postgres");
  g_autofree char *options = owner ? g_strdup_printf ("size=4m,mode=0700,uid=%d", (int) owner->pw_uid) : NULL;
  g_autofree char *name = g_strconcat ("small_", fixture->name, NULL);
  g_autofree char *sql = g_strdup_printf ("CREATE TABLESPACE %s LOCATION '%s'", name, path);

  g_assert_no_errno (g_chmod (fixture->folder, 0755));
  g_assert_no_errno (g_mkdir (path, 0700));
  if (geteuid () != 0 || options == NULL || mount ("tmpfs", path, "tmpfs", 0, options) != 0)
    return NULL;
  g_free (tide_test_psql (fixture->conninfo, sql));
  return g_steal_pointer (&name);
}

/* There is room for one copy of a table on the server's disk, and not for two. */
static void
test_full_disk (RestoreFixture *fixture,
                gconstpointer   data)
{
  static const TideRestoreOptions *const modes[] = { &into_new, &swap, &in_place };
  static const char *const dumps[] = { "pg_dump -Fc -f $OUT $DB", "pg_dump -Fd -f $OUT $DB", "pg_dump --clean --if-exists -f $OUT $DB" };
  g_autofree char *path = g_build_filename (fixture->folder, "disk", NULL);
  g_autofree char *space = make_small_disk (fixture, path);
  g_autofree char *fill = g_strdup_printf ("CREATE TABLE large TABLESPACE %s AS SELECT i, repeat('x', 1000) AS t"
                                           " FROM generate_series(1, 2400) i", space);
  g_autofree char *drop = g_strdup_printf ("DROP TABLESPACE %s", space);

  if (space == NULL)
    {
      g_test_skip ("needs to mount a small file system");
      return;
    }
  g_free (tide_test_psql (fixture->conninfo, fill));
  for (guint i = 0; i < G_N_ELEMENTS (dumps); i++)
    {
      g_autofree char *shell = g_strconcat ("rm -rf $OUT; ", dumps[i], NULL);
      g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, shell);

      for (guint j = 0; j < G_N_ELEMENTS (modes); j++)
        {
          g_autoptr(GError) error = restore_fixture_fail (fixture, backup, modes[j], TIDE_ERROR_SERVER);

          g_assert_nonnull (strstr (error->message, "No space left on device"));
          restore_fixture_assert (fixture, NULL, "SELECT count(*) FROM large", "2400");
        }
    }
  g_free (tide_test_psql (fixture->conninfo, "DROP TABLE large"));
  g_free (tide_test_psql (fixture->conninfo, drop));
  g_assert_no_errno (umount (path));
}

/* The rows are counted, and must be those of the manifest */
static void
test_rows_differ (RestoreFixture *fixture,
                  gconstpointer   data)
{
  TideBackupOptions options = { .folder = fixture->folder, .compression = -1 };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) failure = NULL;
  g_autoptr(TideBackup) backup = tide_backup_run (fixture->conninfo, &options, NULL, &error);
  g_autoptr(TideRestoreReport) report = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < backup->manifest->tables->len; i++)
    {
      TideManifestTable *table = g_ptr_array_index (backup->manifest->tables, i);

      if (g_str_equal (table->name, "users"))
        table->rows++;
    }
  failure = restore_fixture_fail (fixture, backup, &into_new, TIDE_ERROR_INVALID);
  g_assert_nonnull (strstr (failure->message, "\"public.users\" has 500 rows, but the backup was made of 501"));
}

static void
test_check_in_place (RestoreFixture *fixture,
                     gconstpointer   data)
{
  TideBackupOptions options = { .folder = fixture->folder, .compression = -1 };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackup) other = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  g_autoptr(TideBackup) backup = NULL;

  g_assert_true (tide_restore_check_in_place (other, NULL, fixture->conninfo, TIDE_KIND_DEVELOPMENT, NULL));
  g_assert_false (tide_restore_check_in_place (other, NULL, fixture->conninfo, TIDE_KIND_PRODUCTION, NULL));
  g_assert_false (tide_restore_check_in_place (other, fixture->folder, fixture->conninfo, TIDE_KIND_PRODUCTION, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "tidemarkctl backup"));
  g_clear_error (&error);
  backup = tide_backup_run (fixture->conninfo, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tide_restore_check_in_place (other, fixture->folder, fixture->conninfo, TIDE_KIND_PRODUCTION, &error));
  g_assert_no_error (error);
  /* What came after it, it does not bring back itself. */
  g_assert_false (tide_restore_check_in_place (backup, fixture->folder, fixture->conninfo, TIDE_KIND_PRODUCTION, NULL));
}

static TideSession *
use_database (RestoreFixture *fixture)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(GError) error = NULL;
  TideSession *session;

  tide_conninfo_set (conninfo, "application_name", "a person's tool");
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  return session;
}

static void
test_in_use (RestoreFixture *fixture,
             gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  g_autoptr(TideSession) session = use_database (fixture);
  g_autofree char *who = g_strdup_printf ("process %d, role tide, application a person's tool", tide_session_get_backend_pid (session));
  TideRestoreOptions waiting = { .mode = TIDE_RESTORE_SWAP, .wait_ms = 300 };
  TideRestoreOptions ending = { .mode = TIDE_RESTORE_SWAP, .end_sessions = TRUE };
  const TideRestoreOptions *busy[] = { &swap, &waiting };
  g_autoptr(TideRestoreReport) report = NULL;
  g_autoptr(GError) back = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (busy); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (tide_restore_run (backup, fixture->conninfo, busy[i], NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
      g_assert_cmpstr (tide_error_get_fields (error)->detail, ==, who);
      g_assert_false (tide_session_is_lost (session));
      restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
      restore_fixture_assert (fixture, NULL, "SELECT datallowconn FROM pg_database WHERE datname = current_database()", "t");
    }
  report = restore_fixture_run (fixture, backup, &ending);
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
  restore_fixture_assert (fixture, report->old_database, RESTORE_SUM, fixture->sum);

  g_clear_object (&session);
  session = use_database (fixture);
  g_assert_null (tide_restore_swap_back (fixture->conninfo, report->old_database, FALSE, NULL, &back));
  g_assert_error (back, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_clear_error (&back);
  g_free (tide_restore_swap_back (fixture->conninfo, report->old_database, TRUE, NULL, &back));
  g_assert_no_error (back);
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
}

static gpointer
leave_later (gpointer data)
{
  TideSession *session = data;

  g_usleep (G_USEC_PER_SEC);
  tide_session_close (session);
  g_object_unref (session);
  return NULL;
}

static void
test_wait (RestoreFixture *fixture,
           gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  TideRestoreOptions waiting = { .mode = TIDE_RESTORE_SWAP, .wait_ms = 60000 };
  GThread *thread = g_thread_new ("user", leave_later, use_database (fixture));
  g_autoptr(TideRestoreReport) report = restore_fixture_run (fixture, backup, &waiting);

  g_thread_join (thread);
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
}

/* As a swap leaves it that was killed between the two steps */
static void
test_closed (RestoreFixture *fixture,
             gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  g_autofree char *close = g_strdup_printf ("ALTER DATABASE %s ALLOW_CONNECTIONS false", fixture->name);
  g_autoptr(TideConninfo) admin = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(TideRestoreReport) report = NULL;

  tide_conninfo_set (admin, "dbname", "postgres");
  g_free (tide_test_psql (admin, close));
  report = restore_fixture_run (fixture, backup, &swap);
  g_assert_cmpuint (report->problems->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (report->problems, 0), "did not take connections"));
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
  restore_fixture_assert (fixture, report->old_database, RESTORE_SUM, fixture->sum);
}

static gpointer
cancel_later (gpointer data)
{
  gpointer *both = data;

  restore_fixture_wait_for (both[0], SLEEPS, "1");
  tide_job_cancel (both[1]);
  return NULL;
}

static void
assert_cancels (RestoreFixture           *fixture,
                TideBackup               *backup,
                const TideRestoreOptions *options)
{
  g_autoptr(TideJob) job = tide_job_new ("test");
  gpointer both[] = { fixture, job };
  GThread *thread = g_thread_new ("cancel", cancel_later, both);
  g_autoptr(GError) error = NULL;

  g_assert_null (tide_restore_run (backup, fixture->conninfo, options, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  restore_fixture_assert_untouched (fixture);
  restore_fixture_assert (fixture, NULL, SLEEPS, "0");
}

static void
test_cancel (RestoreFixture *fixture,
             gconstpointer   data)
{
  TideRestoreOptions with_jobs = { .jobs = 2 };
  /* Those who look how far it is look from the database itself. */
  TideRestoreOptions swap_later = { .mode = TIDE_RESTORE_SWAP, .wait_ms = 10000 };
  g_autoptr(TideBackup) plain = restore_fixture_write (fixture, "CREATE TABLE x ();\nSELECT pg_sleep(60);");
  g_autoptr(TideBackup) archive = NULL;

  assert_cancels (fixture, plain, &into_new);
  assert_cancels (fixture, plain, &in_place);
  g_free (tide_test_psql (fixture->conninfo, SLOW));
  archive = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  assert_cancels (fixture, archive, &swap_later);
  assert_cancels (fixture, archive, &with_jobs);
}

static GSubprocess *
spawn_child (RestoreFixture *fixture,
             TideBackup     *backup,
             const char     *mode)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "backup", "restore-child", NULL);
  g_autoptr(GError) error = NULL;
  GSubprocess *child = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, backup->path, tide_conninfo_get (fixture->conninfo, "host"),
                                         tide_conninfo_get (fixture->conninfo, "port"), tide_conninfo_get (fixture->conninfo, "user"),
                                         fixture->name, mode, NULL);

  g_assert_no_error (error);
  return child;
}

/* Kill -9 of us: what is half-made is known for what it is, and dropped by the next restore */
static void
test_killed (RestoreFixture *fixture,
             gconstpointer   data)
{
  g_autoptr(TideBackup) slow = restore_fixture_write (fixture, "CREATE TABLE x ();\nSELECT pg_sleep(60);");
  g_autoptr(GSubprocess) child = spawn_child (fixture, slow, "0");
  g_autoptr(GPtrArray) leftovers = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackup) quick = NULL;
  g_autoptr(TideRestoreReport) report = NULL;

  restore_fixture_wait_for (fixture, SLEEPS, "1");
  leftovers = tide_restore_list_leftovers (fixture->conninfo, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (leftovers->len, ==, 0);
  g_subprocess_send_signal (child, SIGKILL);
  g_subprocess_wait (child, NULL, NULL);
  /* psql goes with us; its session in the middle of a statement is not told, and ends when it looks up */
  g_free (tide_test_psql (fixture->conninfo, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"));
  restore_fixture_wait_for (fixture, "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'tidemark\\_restoring\\_%'", "0");
  g_ptr_array_unref (leftovers);
  leftovers = tide_restore_list_leftovers (fixture->conninfo, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (leftovers->len, ==, 1);

  quick = restore_fixture_write (fixture, "CREATE TABLE x ();");
  report = restore_fixture_run (fixture, quick, &into_new);
  g_assert_cmpuint (report->problems->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (report->problems, 0), "left half-made"));
  restore_fixture_assert (fixture, NULL, "SELECT count(*) FROM pg_database WHERE datname LIKE 'tidemark\\_restoring\\_%'", "0");
}

static gboolean
is_closed (RestoreFixture *fixture)
{
  g_autoptr(TideConninfo) admin = tide_conninfo_copy (fixture->conninfo);
  g_autofree char *sql = g_strdup_printf ("SELECT NOT datallowconn FROM pg_database WHERE datname = '%s'", fixture->name);
  g_autofree char *answer = NULL;

  tide_conninfo_set (admin, "dbname", "postgres");
  answer = tide_test_psql (admin, sql);
  return g_str_equal (answer, "t");
}

static gboolean
is_left_closed (RestoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSwapState) state = tide_restore_read_swaps (fixture->conninfo, NULL, &error);

  g_assert_no_error (error);
  return state->closed;
}

static void
wait_until (RestoreFixture *fixture,
            gboolean      (*condition) (RestoreFixture *fixture))
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (!condition (fixture))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (20 * 1000);
    }
}

/* Kill -9 of us between refusing connections and changing the names: while we live nobody meddles, afterwards it is told for what
 * it is, and one call lets everybody in again. */
static void
test_killed_in_swap (RestoreFixture *fixture,
                     gconstpointer   data)
{
  g_autoptr(TideBackup) backup = restore_fixture_dump (fixture, "pg_dump -Fc -f $OUT $DB");
  g_autoptr(TideBackup) quick = restore_fixture_write (fixture, "CREATE TABLE x ();");
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (fixture->conninfo);
  g_autoptr(TideSession) user = NULL;
  g_autoptr(GSubprocess) child = NULL;
  g_autoptr(GError) error = NULL;

  tide_conninfo_set (conninfo, "application_name", "somebody");
  user = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  child = spawn_child (fixture, backup, "1");
  wait_until (fixture, is_closed);
  g_assert_false (is_left_closed (fixture));
  g_assert_false (tide_restore_reopen (fixture->conninfo, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_clear_error (&error);

  g_subprocess_send_signal (child, SIGKILL);
  g_subprocess_wait (child, NULL, NULL);
  wait_until (fixture, is_left_closed);
  g_assert_null (tide_session_open (fixture->conninfo, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "restore --reopen"));
  g_clear_error (&error);

  g_assert_true (tide_restore_reopen (fixture->conninfo, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (is_left_closed (fixture));
  restore_fixture_assert (fixture, NULL, RESTORE_SUM, fixture->sum);
  g_assert_true (tide_restore_reopen (fixture->conninfo, NULL, &error));
  g_assert_no_error (error);
  /* It drops what was half-made. */
  tide_restore_report_free (restore_fixture_run (fixture, quick, &into_new));
  restore_fixture_assert (fixture, NULL, "SELECT count(*) FROM pg_database WHERE datname LIKE 'tidemark\\_restoring\\_%'", "0");
}

/* In place a transaction is open when we are killed, and the file is not at its end: it must never be committed */
static void
test_killed_in_place (RestoreFixture *fixture,
                      gconstpointer   data)
{
  g_autoptr(TideBackup) slow = restore_fixture_write (fixture, "DELETE FROM users WHERE id > 400;\nCOPY users (name) FROM stdin;\nx\n\\.\n"
                                                               "SELECT pg_sleep(1);");
  g_autoptr(GSubprocess) child = spawn_child (fixture, slow, "2");

  restore_fixture_wait_for (fixture, SLEEPS, "1");
  g_subprocess_send_signal (child, SIGKILL);
  g_subprocess_wait (child, NULL, NULL);
  restore_fixture_assert_untouched (fixture);
}

static void
test_server_killed (void)
{
  g_autofree char *child = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "backup", "restore-child", NULL);
  g_autofree char *script = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "backup", "restore-server-killed.sh", NULL);
  g_autofree char *with_postgres = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "support", "with-postgres.sh", NULL);
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *said = NULL;

  g_subprocess_launcher_unsetenv (launcher, "TIDE_TEST_PGHOST");
  process = g_subprocess_launcher_spawn (launcher, &error, with_postgres, script, child, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &said, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", said);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_assert_nonnull (strstr (said, "cannot be restored: "));
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (RestoreFixture *, gconstpointer);
    const char *data;
  } tests[] = {
    { "/restore-faults/bad-statement", test_bad_statement, NULL },
    { "/restore-faults/injection", test_injection, NULL },
    { "/restore-faults/cut-short/plain", test_cut_short, "pg_dump $DB | head -c 3000 > $OUT" },
    { "/restore-faults/cut-short/gzip", test_cut_short, "pg_dump $DB | gzip | head -c 1500 > $OUT" },
    { "/restore-faults/cut-short/zstd", test_cut_short, "pg_dump $DB | zstd -q | head -c 1500 > $OUT" },
    { "/restore-faults/cut-short/tar", test_cut_short, "pg_dump -Ft $DB | head -c 20000 > $OUT" },
    { "/restore-faults/newer", test_newer, NULL },
    { "/restore-faults/newer-plain", test_newer_plain, NULL },
    { "/restore-faults/cluster", test_cluster, NULL },
    { "/restore-faults/unfit-options", test_unfit_options, NULL },
    { "/restore-faults/archive-fails", test_archive_fails, NULL },
    { "/restore-faults/full-disk", test_full_disk, NULL },
    { "/restore-faults/rows-differ", test_rows_differ, NULL },
    { "/restore-faults/check-in-place", test_check_in_place, NULL },
    { "/restore-faults/in-use", test_in_use, NULL },
    { "/restore-faults/wait", test_wait, NULL },
    { "/restore-faults/closed", test_closed, NULL },
    { "/restore-faults/cancel", test_cancel, NULL },
    { "/restore-faults/killed", test_killed, NULL },
    { "/restore-faults/killed-in-swap", test_killed_in_swap, NULL },
    { "/restore-faults/killed-in-place", test_killed_in_place, NULL },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, RestoreFixture, tests[i].data, restore_fixture_set_up, tests[i].func, restore_fixture_tear_down);
  g_test_add_func ("/restore-faults/server-killed", test_server_killed);
  return g_test_run ();
}
