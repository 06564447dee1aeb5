/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "scratch/scratch-fixture.h"
#include "support/tide-test.h"
#include "wire/tide-session.h"

#define GONE_SECONDS 8

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

TideScratch *
acquire (const char *directory)
{
  g_autoptr(GError) error = NULL;
  TideScratch *scratch = tide_scratch_acquire (directory, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (scratch);
  return scratch;
}

gboolean
is_running (const char *directory)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideScratchStatus) status = tide_scratch_query_status (directory, &error);

  g_assert_no_error (error);
  return status->running;
}

/* A first thread that has ended is a zombie while another one still holds the files and the locks. */
static gboolean
has_threads (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task", (int) pid);
  g_autoptr(GDir) tasks = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (tasks != NULL && g_dir_read_name (tasks) != NULL)
    n++;
  return n > 1;
}

gboolean
process_is_there (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  g_autofree char *stat = NULL;

  return g_file_get_contents (path, &stat, NULL, NULL) && (strstr (stat, ") Z ") == NULL || has_threads (pid));
}

pid_t
find_server (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "data", "postmaster.pid", NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? atoi (text) : 0;
}

pid_t
find_parent (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  g_autofree char *stat = NULL;

  g_assert_true (g_file_get_contents (path, &stat, NULL, NULL));
  return atoi (strstr (stat, ") ") + 4);
}

void
kill_and_wait (pid_t pid)
{
  g_assert_no_errno (kill (pid, SIGKILL));
  while (process_is_there (pid))
    g_usleep (1000);
}

/* Its locks go a moment before the process does. */
void
assert_gone (pid_t pid)
{
  g_autoptr(GTimer) timer = g_timer_new ();

  while (process_is_there (pid) && g_timer_elapsed (timer, NULL) < GONE_SECONDS)
    g_usleep (1000);
  g_assert_false (process_is_there (pid));
}

void
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

char *
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
GSubprocess *
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

void
wait_for_user (GSubprocess *process)
{
  g_autoptr(GDataInputStream) out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *line = g_data_input_stream_read_line (out, NULL, NULL, NULL);

  g_assert_nonnull (line);
  if (!g_str_has_prefix (line, "ready "))
    g_error ("%s", line);
}

void
end_user (GSubprocess *process)
{
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL));
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

void
kill_and_reap (GSubprocess *process)
{
  g_subprocess_send_signal (process, SIGKILL);
  g_subprocess_wait (process, NULL, NULL);
}

void
add (const char  *path,
     const char  *name,
     void       (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, name, fixture_set_up, test, fixture_tear_down);
}
