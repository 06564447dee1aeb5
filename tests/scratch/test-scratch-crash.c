/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "job/tide-tool.h"
#include "scratch/scratch-fixture.h"
#include "support/tide-test.h"
#include "tide-error.h"
#include "wire/tide-session.h"

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
  assert_gone (backend);
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
  assert_gone (server);
  conninfo = tide_scratch_create_database (next, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
wait_for_state (pid_t pid,
                char  state)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end)
    {
      g_autofree char *stat = NULL;

      if (g_file_get_contents (path, &stat, NULL, NULL) && strrchr (stat, ')')[2] == state)
        return;
      g_usleep (10000);
    }
  g_error ("process %d does not come into state %c", (int) pid, state);
}

/* Whoever stops all programs for a while and lets them go on takes no server from anybody. */
static void
test_keeper_stopped (Fixture       *fixture,
                     gconstpointer  name)
{
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  g_autoptr(TideConninfo) conninfo = tide_scratch_dup_conninfo (scratch, "postgres");
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, &error);
  g_autoptr(TideResult) result = NULL;
  pid_t keeper = find_parent (find_server (fixture->directory));

  g_assert_no_error (error);
  g_assert_no_errno (kill (keeper, SIGSTOP));
  wait_for_state (keeper, 'T');
  g_assert_no_errno (kill (keeper, SIGCONT));
  wait_for_state (keeper, 'S');
  result = tide_session_query (session, "SELECT pg_catalog.pg_sleep(0.3)", NULL, 0, NULL, &error);
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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/scratch/user-killed", "scratch", test_user_killed);
  add ("/scratch/server-killed", "scratch", test_server_killed);
  add ("/scratch/keeper-killed", "scratch", test_keeper_killed);
  add ("/scratch/keeper-stopped", "scratch", test_keeper_stopped);
  add ("/scratch/all-killed", "scratch", test_all_killed);
  add ("/scratch/first-start-killed", "scratch", test_first_start_killed);
  add ("/scratch/debris", "scratch", test_debris);
  add ("/scratch/damaged-base", "scratch", test_damaged_base);
  add ("/scratch/no-server-installed", "scratch", test_no_server_installed);
  add ("/scratch/broken-server", "scratch", test_broken_server);
  return g_test_run ();
}
