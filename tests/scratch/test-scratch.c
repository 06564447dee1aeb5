/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "job/tide-tool.h"
#include "scratch/tide-scratch.h"
#include "support/tide-test.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define GONE_SECONDS 8

/* A folder for one test; what is in it is stopped and removed at the end. */
typedef struct
{
  char *root;
  char *directory;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  name)
{
  fixture->root = tide_test_make_folder ();
  g_assert_no_errno (chmod (fixture->root, 0755));
  fixture->directory = g_build_filename (fixture->root, name, NULL);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  name)
{
  g_autoptr(GError) error = NULL;

  tide_scratch_stop (fixture->directory, NULL, &error);
  g_assert_no_error (error);
  tide_test_remove_folder (fixture->root);
  g_free (fixture->root);
  g_free (fixture->directory);
}

static TideScratch *
acquire (const char *directory)
{
  g_autoptr(GError) error = NULL;
  TideScratch *scratch = tide_scratch_acquire (directory, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (scratch);
  return scratch;
}

static gboolean
is_running (const char *directory)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideScratchStatus) status = tide_scratch_query_status (directory, &error);

  g_assert_no_error (error);
  return status->running;
}

static gboolean
process_is_there (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  g_autofree char *stat = NULL;

  return g_file_get_contents (path, &stat, NULL, NULL) && strstr (stat, ") Z ") == NULL;
}

static pid_t
find_server (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "data", "postmaster.pid", NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? atoi (text) : 0;
}

static pid_t
find_parent (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  g_autofree char *stat = NULL;

  g_assert_true (g_file_get_contents (path, &stat, NULL, NULL));
  return atoi (strstr (stat, ") ") + 4);
}

static void
kill_and_wait (pid_t pid)
{
  g_assert_no_errno (kill (pid, SIGKILL));
  while (process_is_there (pid))
    g_usleep (1000);
}

static void
assert_goes (const char *directory,
             pid_t       server)
{
  g_autoptr(GTimer) timer = g_timer_new ();

  while ((process_is_there (server) || is_running (directory)) && g_timer_elapsed (timer, NULL) < GONE_SECONDS)
    g_usleep (20000);
  g_assert_false (process_is_there (server));
  g_assert_false (is_running (directory));
  g_test_message ("gone after %.0f ms", g_timer_elapsed (timer, NULL) * 1000);
}

static char *
ask (TideConninfo *conninfo,
     const char   *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, &error);
  g_autoptr(TideResult) result = NULL;

  g_assert_no_error (error);
  result = tide_session_query (session, sql, NULL, 0, NULL, &error);
  g_assert_no_error (error);
  return tide_result_get_n_rows (result) > 0 ? g_strdup (tide_result_get_value (result, 0, 0)) : NULL;
}

/* Another program that uses the server; its stdin ends when @process is closed. */
static GSubprocess *
start_user (const char *directory,
            gboolean    lingering)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "scratch", "scratch-user", NULL);
  g_autoptr(GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                           program, directory, lingering ? "linger" : NULL, NULL);

  g_assert_no_error (error);
  return process;
}

static void
wait_for_user (GSubprocess *process)
{
  g_autoptr(GDataInputStream) out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *line = g_data_input_stream_read_line (out, NULL, NULL, NULL);

  g_assert_nonnull (line);
  if (!g_str_has_prefix (line, "ready "))
    g_error ("%s", line);
}

static void
end_user (GSubprocess *process)
{
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL));
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

static void
test_life (Fixture       *fixture,
           gconstpointer  name)
{
  g_autoptr(GTimer) timer = g_timer_new ();
  g_autoptr(TideScratch) scratch = NULL;
  g_autoptr(TideConninfo) conninfo = NULL;
  g_autoptr(TideConninfo) copy = NULL;
  g_autoptr(TideScratchStatus) status = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;
  pid_t server;

  g_assert_false (is_running (fixture->directory));
  g_assert_false (g_file_test (fixture->directory, G_FILE_TEST_EXISTS));

  g_timer_start (timer);
  scratch = acquire (fixture->directory);
  g_test_message ("first start: %.0f ms", g_timer_elapsed (timer, NULL) * 1000);

  g_timer_start (timer);
  conninfo = tide_scratch_create_database (scratch, "My App's", NULL, &error);
  g_assert_no_error (error);
  g_test_message ("first database: %.0f ms", g_timer_elapsed (timer, NULL) * 1000);
  g_timer_start (timer);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(TideConninfo) other = tide_scratch_create_database (scratch, NULL, NULL, &error);

      g_assert_no_error (error);
    }
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL) / 5, <, 1);
  g_test_message ("each further database: %.0f ms", g_timer_elapsed (timer, NULL) * 200);

  g_assert_true (g_str_has_prefix (tide_conninfo_get (conninfo, "dbname"), "my_app_s_"));
  g_free (ask (conninfo, "CREATE TABLE t AS SELECT 'höher' AS word"));
  copy = tide_scratch_clone_database (scratch, tide_conninfo_get (conninfo, "dbname"), "copy", NULL, &error);
  g_assert_no_error (error);
  answer = ask (copy, "SELECT word FROM t");
  g_assert_cmpstr (answer, ==, "höher");
  g_assert_true (tide_scratch_drop_database (scratch, tide_conninfo_get (copy, "dbname"), NULL, &error));
  g_assert_true (tide_scratch_drop_database (scratch, tide_conninfo_get (copy, "dbname"), NULL, &error));

  status = tide_scratch_query_status (fixture->directory, &error);
  g_assert_true (status->running);
  g_assert_false (status->lingering);
  g_assert_nonnull (status->version);
  g_assert_cmpstr (status->socket_dir, ==, tide_conninfo_get (conninfo, "host"));

  server = find_server (fixture->directory);
  g_clear_object (&scratch);
  assert_goes (fixture->directory, server);
}

/* Databases, roles and settings of one life do not reach the next. */
static void
test_forgets (Fixture       *fixture,
              gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  g_autoptr(TideConninfo) conninfo = tide_scratch_create_database (scratch, "left", NULL, NULL);
  g_autofree char *answer = NULL;
  g_autoptr(GTimer) timer = g_timer_new ();
  pid_t server = find_server (fixture->directory);

  g_free (ask (conninfo, "CREATE ROLE app"));
  g_clear_object (&scratch);
  assert_goes (fixture->directory, server);

  g_timer_start (timer);
  scratch = acquire (fixture->directory);
  g_test_message ("further start: %.0f ms", g_timer_elapsed (timer, NULL) * 1000);
  g_clear_pointer (&conninfo, tide_conninfo_unref);
  conninfo = tide_scratch_dup_conninfo (scratch, "postgres");
  answer = ask (conninfo, "SELECT (SELECT count(*) FROM pg_database) || ' ' || "
                          "(SELECT count(*) FROM pg_roles WHERE rolname !~ '^pg_')");
  g_assert_cmpstr (answer, ==, "3 1");
}

/* Data that are kept outlive a stop and a kill, and what a killed server left does not pass for a new one. */
static void
test_keeps (Fixture       *fixture,
            gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = tide_scratch_acquire_kept (fixture->directory, NULL, NULL);
  g_autoptr(TideConninfo) conninfo = tide_scratch_create_database (scratch, "kept", NULL, NULL);
  pid_t server = find_server (fixture->directory);

  g_free (ask (conninfo, "CREATE TABLE t AS SELECT 7 AS n"));
  kill_and_wait (server);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *answer = NULL;

      g_clear_object (&scratch);
      assert_goes (fixture->directory, server);
      scratch = tide_scratch_acquire_kept (fixture->directory, NULL, NULL);
      g_assert_nonnull (scratch);
      server = find_server (fixture->directory);
      answer = ask (conninfo, "SELECT n FROM t");
      g_assert_cmpstr (answer, ==, "7");
    }
}

static void
test_private (Fixture       *fixture,
              gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  g_autofree char *socket = g_build_filename (fixture->directory, ".s.PGSQL.5432", NULL);
  g_autofree char *tcp = NULL;
  g_autoptr(TideConninfo) conninfo = tide_scratch_dup_conninfo (scratch, "postgres");
  struct stat info;

  g_assert_no_errno (stat (fixture->directory, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_cmpint (info.st_uid, !=, 0);
  g_assert_no_errno (stat (socket, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  tcp = ask (conninfo, "SHOW listen_addresses");
  g_assert_cmpstr (tcp, ==, "");
}

static void
test_two_at_once (Fixture       *fixture,
                  gconstpointer  name)
{
  GSubprocess *users[4];
  pid_t server;

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    users[i] = start_user (fixture->directory, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    wait_for_user (users[i]);

  /* All of them are connected to the one in this folder: had there been two, one would have failed. */
  server = find_server (fixture->directory);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_assert_true (process_is_there (server));
      g_assert_cmpint (find_server (fixture->directory), ==, server);
      end_user (users[i]);
      g_object_unref (users[i]);
    }
  assert_goes (fixture->directory, server);
}

static void
test_user_killed (Fixture       *fixture,
                  gconstpointer  name)
{
  g_autoptr(GSubprocess) user = start_user (fixture->directory, FALSE);
  pid_t server;

  wait_for_user (user);
  server = find_server (fixture->directory);
  g_subprocess_send_signal (user, SIGKILL);
  assert_goes (fixture->directory, server);
}

/* A backend that is busy does not see that its server was killed. */
static void
test_server_killed (Fixture       *fixture,
                    gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  g_autoptr(TideScratch) next = NULL;
  g_autoptr(TideConninfo) conninfo = tide_scratch_create_database (scratch, NULL, NULL, NULL);
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, NULL);
  g_autoptr(GError) error = NULL;
  pid_t server = find_server (fixture->directory);
  pid_t backend = tide_session_get_backend_pid (session);

  tide_session_query_async (session, "SELECT count(*) FROM generate_series(1, 1e12::bigint) WHERE random() < 0",
                            NULL, 0, NULL, NULL, NULL);
  g_usleep (200000);
  kill_and_wait (server);

  next = acquire (fixture->directory);
  g_assert_cmpint (find_server (fixture->directory), !=, server);
  g_assert_false (process_is_there (backend));
  g_clear_pointer (&conninfo, tide_conninfo_unref);
  conninfo = tide_scratch_create_database (scratch, "again", NULL, &error);
  g_assert_no_error (error);
}

static void
test_keeper_killed (Fixture       *fixture,
                    gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  g_autoptr(TideScratch) next = NULL;
  g_autoptr(TideConninfo) conninfo = NULL;
  g_autoptr(GError) error = NULL;
  pid_t server = find_server (fixture->directory);

  kill_and_wait (find_parent (server));
  next = acquire (fixture->directory);
  g_assert_false (process_is_there (server));
  conninfo = tide_scratch_create_database (next, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_all_killed (Fixture       *fixture,
                 gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  pid_t server = find_server (fixture->directory);
  pid_t keeper = find_parent (server);

  g_assert_no_errno (kill (keeper, SIGSTOP));
  kill_and_wait (server);
  kill_and_wait (keeper);
  g_clear_object (&scratch);
  scratch = acquire (fixture->directory);
}

static void
kill_and_reap (GSubprocess *process)
{
  g_subprocess_send_signal (process, SIGKILL);
  g_subprocess_wait (process, NULL, NULL);
}

/* Killed at six points of its first start, the next start is as good as the first. */
static void
test_first_start_killed (Fixture       *fixture,
                         gconstpointer  name)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr(GSubprocess) user = start_user (fixture->directory, FALSE);

      g_usleep (20000 + i * 130000);
      kill_and_reap (user);
    }
  {
    g_autoptr(TideScratch) scratch = acquire (fixture->directory);
    g_autoptr(GDir) dir = g_dir_open (fixture->directory, 0, NULL);
    const char *entry;

    while ((entry = g_dir_read_name (dir)) != NULL)
      g_assert_false (g_str_has_prefix (entry, "initdb-"));
  }
}

static void
test_debris (Fixture       *fixture,
             gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  g_autofree char *old_base = g_build_filename (fixture->directory, "base-9", NULL);
  g_autofree char *lingering = g_build_filename (fixture->directory, "lingering", NULL);
  g_autofree char *reference = NULL;
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;
  pid_t server = find_server (fixture->directory);

  g_clear_object (&scratch);
  assert_goes (fixture->directory, server);
  tide_test_write_file (fixture->directory, "base-9/PG_VERSION", "9\n", -1);
  tide_test_write_file (fixture->directory, "initdb-0123/half", "", 0);
  tide_test_write_file (fixture->directory, "data/postmaster.pid", "1\n/\n0\n5432\n/\n\n1 1\nready   \n", -1);
  tide_test_write_file (fixture->directory, ".s.PGSQL.5432", "", 0);
  tide_test_write_file (fixture->directory, ".s.PGSQL.5432.lock", "1\n", -1);
  tide_test_write_file (fixture->directory, "lingering", "", 0);
  reference = g_strdup_printf ("--reference=%s", fixture->directory);
  out = tide_tool_run ((const char *[]) { "chown", "-R", reference, fixture->directory, NULL }, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (is_running (fixture->directory));

  scratch = acquire (fixture->directory);
  g_assert_false (g_file_test (old_base, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (lingering, G_FILE_TEST_EXISTS));
}

/* The pristine copy was torn by a crash of the machine. */
static void
test_damaged_base (Fixture       *fixture,
                   gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  g_autoptr(GDir) dir = g_dir_open (fixture->directory, 0, NULL);
  pid_t server = find_server (fixture->directory);
  const char *entry;

  g_clear_object (&scratch);
  assert_goes (fixture->directory, server);
  while ((entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *control = g_build_filename (fixture->directory, entry, "global", "pg_control", NULL);

      if (g_str_has_prefix (entry, "base-"))
        g_assert_no_errno (truncate (control, 0));
    }
  scratch = acquire (fixture->directory);
}

static void
test_no_server_installed (Fixture       *fixture,
                          gconstpointer  name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideScratchStatus) status = NULL;

  g_setenv ("TIDEMARK_PG_BINDIR", "/nonexistent", TRUE);
  g_assert_null (tide_scratch_acquire (fixture->directory, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "postgresql"));
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "shadow database"));
  status = tide_scratch_query_status (fixture->directory, NULL);
  g_assert_null (status->bindir);
  g_assert_null (status->version);
  g_unsetenv ("TIDEMARK_PG_BINDIR");
}

static void
test_broken_server (Fixture       *fixture,
                    gconstpointer  name)
{
  g_autofree char *initdb = g_build_filename (fixture->root, "initdb", NULL);
  g_autofree char *postgres = g_build_filename (fixture->root, "postgres", NULL);
  g_autoptr(GError) error = NULL;

  tide_test_write_file (fixture->root, "initdb", "#!/bin/sh\nmkdir \"$2\"; exit 0\n", -1);
  tide_test_write_file (fixture->root, "postgres", "#!/bin/sh\necho 'FATAL:  out of luck' >&2; exit 1\n", -1);
  g_assert_no_errno (chmod (initdb, 0755));
  g_assert_no_errno (chmod (postgres, 0755));
  g_setenv ("TIDEMARK_PG_BINDIR", fixture->root, TRUE);
  g_assert_null (tide_scratch_acquire (fixture->directory, NULL, &error));
  g_unsetenv ("TIDEMARK_PG_BINDIR");
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_TOOL);
  g_assert_nonnull (strstr (error->message, "FATAL:  out of luck"));
  g_assert_false (is_running (fixture->directory));
}

static void
test_lingering (Fixture       *fixture,
                gconstpointer  name)
{
  g_autoptr(GSubprocess) user = start_user (fixture->directory, TRUE);
  g_autoptr(GSubprocess) second = NULL;
  g_autoptr(TideScratch) scratch = NULL;
  g_autoptr(TideScratchStatus) status = NULL;
  g_autoptr(GError) error = NULL;
  pid_t server;

  wait_for_user (user);
  server = find_server (fixture->directory);
  kill_and_reap (user);
  g_usleep (500000);
  status = tide_scratch_query_status (fixture->directory, NULL);
  g_assert_true (status->running && status->lingering);

  /* Users come and go, and it stays. */
  second = start_user (fixture->directory, FALSE);
  wait_for_user (second);
  end_user (second);
  g_usleep (300000);
  g_assert_true (is_running (fixture->directory));
  g_assert_cmpint (find_server (fixture->directory), ==, server);

  scratch = acquire (fixture->directory);
  g_assert_true (tide_scratch_set_lingering (scratch, FALSE, &error));
  g_assert_true (tide_scratch_set_lingering (scratch, FALSE, &error));
  g_assert_true (is_running (fixture->directory));
  g_clear_object (&scratch);
  assert_goes (fixture->directory, server);
}

static void
test_stop (Fixture       *fixture,
           gconstpointer  name)
{
  g_autoptr(GSubprocess) user = start_user (fixture->directory, TRUE);
  g_autoptr(GError) error = NULL;
  pid_t server;

  wait_for_user (user);
  server = find_server (fixture->directory);
  g_assert_true (tide_scratch_stop (fixture->directory, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (is_running (fixture->directory));
  assert_goes (fixture->directory, server);
  g_assert_true (tide_scratch_stop (fixture->directory, NULL, &error));
  kill_and_reap (user);

  user = (g_object_unref (user), start_user (fixture->directory, TRUE));
  wait_for_user (user);
  kill_and_reap (user);
  g_assert_true (is_running (fixture->directory));
  server = find_server (fixture->directory);
  g_assert_true (tide_scratch_stop (fixture->directory, NULL, &error));
  assert_goes (fixture->directory, server);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (150000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  name)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TideScratch) scratch = NULL;
  GThread *thread = g_thread_new (NULL, cancel_soon, cancellable);

  g_assert_null (tide_scratch_acquire (fixture->directory, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_assert_false (is_running (fixture->directory));
  scratch = acquire (fixture->directory);
}

static void
test_long_path (Fixture       *fixture,
                gconstpointer  name)
{
  g_autofree char *directory = g_build_filename (fixture->directory, "a folder, with \"names\" that go on and on",
                                                 "über die maßen lang und 長い", "50% of it", NULL);
  g_autoptr(TideScratch) scratch = acquire (directory);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_scratch_create_database (scratch, NULL, NULL, &error);
  g_autofree char *answer = NULL;
  pid_t server = find_server (directory);
  struct stat info;

  g_assert_no_error (error);
  answer = ask (conninfo, "SELECT 1");
  g_assert_cmpstr (answer, ==, "1");
  g_assert_no_errno (stat (tide_conninfo_get (conninfo, "host"), &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_clear_object (&scratch);
  assert_goes (directory, server);
  g_assert_no_errno (g_rmdir (tide_conninfo_get (conninfo, "host")));
}

static void
test_spaces (Fixture       *fixture,
             gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  g_autoptr(TideConninfo) conninfo = tide_scratch_create_database (scratch, NULL, NULL, NULL);
  g_autofree char *answer = ask (conninfo, "SELECT 1");

  g_assert_cmpstr (answer, ==, "1");
  g_assert_cmpstr (tide_conninfo_get (conninfo, "host"), ==, fixture->directory);
}

static void
assert_refused (const char *directory)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tide_scratch_acquire (directory, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
}

static void
test_not_ours (Fixture       *fixture,
               gconstpointer  name)
{
  g_autofree char *link = g_build_filename (fixture->root, "link", NULL);
  g_autofree char *closed = g_build_filename (fixture->root, "closed", NULL);
  g_autofree char *inside = g_build_filename (closed, "scratch", NULL);

  g_assert_no_errno (symlink ("/tmp", link));
  assert_refused (link);
  if (geteuid () != 0)
    return;

  g_assert_no_errno (g_mkdir (closed, 0700));
  assert_refused (inside);
  g_assert_no_errno (chmod (closed, 0755));
  g_assert_no_errno (g_mkdir (inside, 0700));
  g_assert_no_errno (chown (inside, 54321, 54321));
  assert_refused (inside);
}

/* Where root's own cache is closed to the unprivileged user, the place is another, and status says which. */
static void
test_default_place (Fixture       *fixture,
                    gconstpointer  name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideScratchStatus) status = tide_scratch_query_status (NULL, &error);
  g_autofree char *wanted = g_build_filename (g_get_user_cache_dir (), "tidemark", "scratch", NULL);

  g_assert_no_error (error);
  if (geteuid () == 0 && g_str_has_prefix (wanted, "/root/"))
    g_assert_true (g_str_has_prefix (status->directory, "/var/cache/tidemark-") ||
                   g_str_has_prefix (status->directory, "/tmp/tidemark-"));
  else
    g_assert_cmpstr (status->directory, ==, wanted);
}

static void
test_full_disk (Fixture       *fixture,
                gconstpointer  name)
{
  g_autoptr(GError) error = NULL;

  if (geteuid () != 0 || mount ("tmpfs", fixture->root, "tmpfs", 0, "size=12m,mode=755") != 0)
    {
      g_test_skip ("cannot make a small file system");
      return;
    }
  g_assert_null (tide_scratch_acquire (fixture->directory, NULL, &error));
  g_assert_no_errno (umount2 (fixture->root, MNT_DETACH));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_TOOL);
  g_assert_nonnull (strstr (error->message, "No space left on device"));
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "free"));
}

/* Root runs the tests in containers: the same, as the user that everybody else is. */
static void
test_as_nobody (Fixture       *fixture,
                gconstpointer  name)
{
  struct passwd *nobody = getpwnam ("nobody");
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "scratch", "test-scratch", NULL);
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;
  const char *environment[] = { "G_DEBUG=fatal-warnings", "HOME=/nonexistent", NULL, NULL };
  g_autofree char *build = g_strdup_printf ("G_TEST_BUILDDIR=%s", g_getenv ("G_TEST_BUILDDIR"));
  TideToolOptions options = { .environment = environment };

  if (geteuid () != 0 || nobody == NULL)
    {
      g_test_skip ("only root can become another user");
      return;
    }
  environment[2] = build;
  options.user_id = nobody->pw_uid;
  out = tide_tool_run ((const char *[]) { program, "-p", "/scratch/life", "-p", "/scratch/two-at-once",
                                        "-p", "/scratch/user-killed", "-p", "/scratch/server-killed",
                                        "-p", "/scratch/lingering", "-p", "/scratch/long-path", NULL }, &options, NULL, &error);
  if (error != NULL && strstr (error->message, "Permission denied") != NULL)
    {
      g_test_skip ("the build folder is closed to the user \"nobody\"");
      return;
    }
  g_assert_no_error (error);
  g_assert_nonnull (strstr (out, "/scratch/life"));
}

static void
add (const char  *path,
     const char  *name,
     void       (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, name, fixture_set_up, test, fixture_tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/scratch/life", "scratch", test_life);
  add ("/scratch/forgets", "scratch", test_forgets);
  add ("/scratch/keeps", "scratch", test_keeps);
  add ("/scratch/private", "scratch", test_private);
  add ("/scratch/two-at-once", "scratch", test_two_at_once);
  add ("/scratch/user-killed", "scratch", test_user_killed);
  add ("/scratch/server-killed", "scratch", test_server_killed);
  add ("/scratch/keeper-killed", "scratch", test_keeper_killed);
  add ("/scratch/all-killed", "scratch", test_all_killed);
  add ("/scratch/first-start-killed", "scratch", test_first_start_killed);
  add ("/scratch/debris", "scratch", test_debris);
  add ("/scratch/damaged-base", "scratch", test_damaged_base);
  add ("/scratch/no-server-installed", "scratch", test_no_server_installed);
  add ("/scratch/broken-server", "scratch", test_broken_server);
  add ("/scratch/lingering", "scratch", test_lingering);
  add ("/scratch/stop", "scratch", test_stop);
  add ("/scratch/cancelled", "scratch", test_cancelled);
  add ("/scratch/long-path", "scratch", test_long_path);
  add ("/scratch/spaces", "grüne Welle 50%", test_spaces);
  add ("/scratch/not-ours", "scratch", test_not_ours);
  add ("/scratch/default-place", "scratch", test_default_place);
  add ("/scratch/full-disk", "scratch", test_full_disk);
  add ("/scratch/as-nobody", "scratch", test_as_nobody);
  return g_test_run ();
}
