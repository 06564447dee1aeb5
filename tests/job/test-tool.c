/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pwd.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "job/tide-tool.h"
#include "tide-error.h"

#define SH(script) ((const char *[]) { "/bin/sh", "-c", script, NULL })

static void
collect (const char *line,
         gboolean    is_stderr,
         gpointer    user_data)
{
  g_ptr_array_add (user_data, g_strdup_printf ("%s%s", is_stderr ? "!" : "", line));
}

static void
test_streams (void)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  TideToolOptions options = { .line_func = collect, .line_data = lines };
  g_autofree char *out =
    tide_tool_run (SH ("echo one; sleep 0.1; echo oops >&2; sleep 0.1; printf 'two\\r\\nthree \\377'"),
                   &options, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (out, ==, "one\ntwo\r\nthree \377");
  g_assert_cmpuint (lines->len, ==, 4);
  g_assert_cmpstr (lines->pdata[0], ==, "one");
  g_assert_cmpstr (lines->pdata[1], ==, "!oops");
  g_assert_cmpstr (lines->pdata[2], ==, "two");
  g_assert_cmpstr (lines->pdata[3], ==, "three \357\277\275");
}

static void
test_arguments_are_not_shell (void)
{
  g_autoptr(GError) error = NULL;
  const char *environment[] = { "TIDE_A=b=c d", NULL };
  TideToolOptions options = { .cwd = "/usr", .environment = environment };
  g_autofree char *out = tide_tool_run ((const char *[]) { "/bin/sh", "-c", "echo \"$1|$TIDE_A|$PWD\"", "sh",
                                                           "$(id); `id` 'x' é", NULL },
                                        &options, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (out, ==, "$(id); `id` 'x' é|b=c d|/usr\n");
}

static void
test_failure (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *out =
    tide_tool_run (SH ("for i in $(seq 30); do echo \"line $i\" >&2; done; echo >&2; exit 3"), NULL, NULL, &error);

  g_assert_null (out);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_TOOL);
  g_assert_cmpstr (error->message, ==, "\"sh\" failed with exit status 3: line 30");
  g_assert_true (g_str_has_prefix (tide_error_get_fields (error)->detail, "line 22\nline 23\n"));
}

/* What a program says after its error (that it cleans up) is not the error. */
static void
test_failure_is_told_first (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tide_tool_run (SH ("echo 'initdb: error: no luck' >&2; echo 'removing' >&2; exit 1"), NULL, NULL, &error));
  g_assert_cmpstr (error->message, ==, "\"sh\" failed with exit status 1: initdb: error: no luck");
}

static void
test_failure_told_on_stdout (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tide_tool_run (SH ("echo sorry; exit 1"), NULL, NULL, &error));
  g_assert_cmpstr (error->message, ==, "\"sh\" failed with exit status 1: sorry");
  g_assert_null (tide_error_get_fields (error)->detail);
}

static void
test_killed (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tide_tool_run (SH ("kill -9 $$"), NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_TOOL);
  g_assert_cmpstr (error->message, ==, "\"sh\" was killed by signal 9 (Killed)");
}

/* A debugger that holds a program which is killed: its parent cannot take note of the end until the debugger has. */
static int
trace_and_kill (pid_t pid)
{
  int kept;

  if (ptrace (PTRACE_SEIZE, pid, NULL, NULL) != 0)
    return 1;
  kill (pid, SIGKILL);
  g_usleep (200000);
  waitpid (pid, &kept, __WALL);
  return 0;
}

static void
trace (const char *line,
       gboolean    is_stderr,
       gpointer    user_data)
{
  pid_t *tracer = user_data;

  *tracer = fork ();
  g_assert_cmpint (*tracer, >=, 0);
  if (*tracer == 0)
    _exit (trace_and_kill (atoi (line)));
}

static void
test_killed_while_traced (void)
{
  g_autoptr(GError) error = NULL;
  pid_t tracer = 0;
  TideToolOptions options = { .line_func = trace, .line_data = &tracer };
  g_autofree char *out = tide_tool_run (SH ("echo $$; exec sleep 3"), &options, NULL, &error);
  int status;

  g_assert_cmpint (waitpid (tracer, &status, 0), ==, tracer);
  if (status != 0)
    {
      g_test_skip ("no process may be traced here");
      return;
    }
  g_assert_null (out);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_TOOL);
  g_assert_nonnull (strstr (error->message, "was killed by signal 9"));
}

static void
test_not_there (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) no_folder = NULL;
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *program = g_build_filename (folder, "pg_dump", NULL);
  TideToolOptions options = { .cwd = folder };

  g_assert_no_errno (g_rmdir (folder));
  g_assert_null (tide_tool_run ((const char *[]) { program, NULL }, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_null (tide_tool_run (SH ("true"), &options, NULL, &no_folder));
  g_assert_error (no_folder, TIDE_ERROR, TIDE_ERROR_TOOL);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (200000);
  g_cancellable_cancel (data);
  return NULL;
}

/* In a container nobody may be there to reap an orphan: a zombie is gone. */
static gboolean
is_running (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *stat = NULL;

  return g_file_get_contents (path, &stat, NULL, NULL) && strstr (stat, ") Z ") == NULL;
}

/* @script prints the number of a process that has to be gone once the call is back. */
static void
assert_cancel_kills (const char *script,
                     double      at_most)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  TideToolOptions options = { .line_func = collect, .line_data = lines };
  GThread *thread = g_thread_new (NULL, cancel_soon, cancellable);
  g_autoptr(GTimer) timer = g_timer_new ();
  guint tries = 0;

  g_assert_null (tide_tool_run (SH (script), &options, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, at_most);
  g_thread_join (thread);
  g_assert_cmpuint (lines->len, ==, 1);
  while (is_running (lines->pdata[0]) && tries++ < 100)
    g_usleep (10000);
  g_assert_cmpuint (tries, <, 100);
}

static void
test_cancel (void)
{
  assert_cancel_kills ("sleep 60 & echo $!; wait", 1.5);
}

static void
test_cancel_of_the_deaf (void)
{
  assert_cancel_kills ("trap '' TERM; echo $$; while :; do sleep 0.1; done", 4);
}

static void
test_cancelled_before (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (tide_tool_run (SH ("echo x"), NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A daemon that keeps the streams does not keep us. */
static void
test_daemon (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GTimer) timer = g_timer_new ();
  g_autofree char *out = tide_tool_run (SH ("sleep 20 & echo $!"), NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 10);
  kill (atoi (out), SIGKILL);
}

static void
test_much_output (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *out = tide_tool_run (SH ("head -c 20000000 /dev/zero | tr '\\0' x"), NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (out), ==, 16 * 1024 * 1024);
}

static void
test_other_user (void)
{
  struct passwd *nobody = getpwnam ("nobody");
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) unknown = NULL;
  g_autofree char *out = NULL;
  g_autofree char *expected = NULL;
  TideToolOptions options = { 0 };

  if (geteuid () != 0 || nobody == NULL)
    {
      g_test_skip ("only root can become another user");
      return;
    }
  options.user_id = nobody->pw_uid;
  g_setenv ("TIDE_SECRET", "hush", TRUE);
  expected = g_strdup_printf ("%d:%d\n/\n", (int) nobody->pw_uid, (int) nobody->pw_gid);
  out = tide_tool_run (SH ("echo $(id -u):$(id -G)$TIDE_SECRET; pwd"), &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (out, ==, expected);
  g_unsetenv ("TIDE_SECRET");

  options.user_id = 54321;
  g_assert_null (tide_tool_run (SH ("id"), &options, NULL, &unknown));
  g_assert_error (unknown, TIDE_ERROR, TIDE_ERROR_TOOL);
}

static void
make_program (const char *folder,
              const char *name,
              const char *version)
{
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\necho '%s (PostgreSQL) %s'\n", name, version);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
}

static void
test_find (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tide-tool-XXXXXX", NULL);
  g_autofree char *bindir = g_build_filename (folder, "a b", NULL);
  g_autofree char *newer = NULL;
  g_autofree char *both = NULL;
  g_autofree char *dump = NULL;
  g_autofree char *removed = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) missing = NULL;
  g_autoptr(GPtrArray) installs = NULL;

  g_assert_no_errno (g_mkdir (bindir, 0755));
  make_program (bindir, "pg_dump", "17.2 (Debian 17.2-1)");
  g_setenv ("TIDEMARK_PG_BINDIR", bindir, TRUE);
  installs = tide_tool_list_pg_installs ();
  g_assert_cmpuint (installs->len, ==, 0);
  g_clear_pointer (&installs, g_ptr_array_unref);

  dump = tide_tool_find ("pg_dump", 15, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (dump, bindir));
  g_assert_null (tide_tool_find ("pg_restore", 0, &missing));
  g_assert_error (missing, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_nonnull (tide_error_get_fields (missing)->hint);

  /* Of several folders the nearest major that is not older */
  newer = g_build_filename (folder, "newer", NULL);
  g_assert_no_errno (g_mkdir (newer, 0755));
  make_program (newer, "pg_dump", "18.1");
  both = g_strdup_printf ("%s:%s", bindir, newer);
  g_setenv ("TIDEMARK_PG_BINDIR", both, TRUE);
  for (int major = 0; major < 20; major++)
    {
      g_autofree char *found = tide_tool_find ("pg_dump", major, &error);

      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (found, major > 0 && major <= 17 ? bindir : newer));
    }
  g_setenv ("TIDEMARK_PG_BINDIR", bindir, TRUE);

  make_program (bindir, "postgres", "17.2");
  make_program (bindir, "initdb", "17.2");
  installs = tide_tool_list_pg_installs ();
  g_assert_cmpuint (installs->len, ==, 1);
  g_assert_cmpint (((TidePgInstall *) installs->pdata[0])->major, ==, 17);

  g_unsetenv ("TIDEMARK_PG_BINDIR");
  removed = tide_tool_run ((const char *[]) { "rm", "-r", "--", folder, NULL }, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_find_installed (void)
{
  g_autoptr(GPtrArray) installs = tide_tool_list_pg_installs ();

  if (installs->len == 0)
    {
      g_test_skip ("no PostgreSQL server is installed");
      return;
    }
  for (guint i = 0; i < installs->len; i++)
    {
      const TidePgInstall *install = installs->pdata[i];

      g_assert_cmpint (install->major, >=, 9);
      g_assert_true (i == 0 || install->major <= ((TidePgInstall *) installs->pdata[i - 1])->major);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/streams", test_streams);
  g_test_add_func ("/tool/arguments-are-not-shell", test_arguments_are_not_shell);
  g_test_add_func ("/tool/failure", test_failure);
  g_test_add_func ("/tool/failure-is-told-first", test_failure_is_told_first);
  g_test_add_func ("/tool/failure-told-on-stdout", test_failure_told_on_stdout);
  g_test_add_func ("/tool/killed", test_killed);
  g_test_add_func ("/tool/killed-while-traced", test_killed_while_traced);
  g_test_add_func ("/tool/not-there", test_not_there);
  g_test_add_func ("/tool/cancel", test_cancel);
  g_test_add_func ("/tool/cancel-of-the-deaf", test_cancel_of_the_deaf);
  g_test_add_func ("/tool/cancelled-before", test_cancelled_before);
  g_test_add_func ("/tool/daemon", test_daemon);
  g_test_add_func ("/tool/much-output", test_much_output);
  g_test_add_func ("/tool/other-user", test_other_user);
  g_test_add_func ("/tool/find", test_find);
  g_test_add_func ("/tool/find-installed", test_find_installed);
  return g_test_run ();
}
