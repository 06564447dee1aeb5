/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "job/tide-tool.h"
#include "scratch/scratch-fixture.h"
#include "support/tide-test.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define SECRET "sesam7oeffne"

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

/* What the environment of whoever started it holds is not in that of the server, nor of its keeper, which is its parent. */
static void
assert_no_secret (pid_t server)
{
  g_autofree char *stat_path = g_strdup_printf ("/proc/%d/stat", server);
  g_autofree char *stat = NULL;
  int parent = 0;

  g_assert_true (g_file_get_contents (stat_path, &stat, NULL, NULL));
  g_assert_cmpint (sscanf (strrchr (stat, ')'), ") %*c %d", &parent), ==, 1);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%d/environ", i == 0 ? (int) server : parent);
      g_autofree char *text = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      g_assert_null (memmem (text, length, SECRET, strlen (SECRET)));
    }
}

static void
test_private (Fixture       *fixture,
              gconstpointer  name)
{
  gboolean is_set = g_setenv ("DATABASE_URL", "postgresql://u:" SECRET "@h/d", TRUE);
  g_autoptr(TideScratch) scratch = acquire (fixture->directory);
  g_autofree char *socket = g_build_filename (fixture->directory, ".s.PGSQL.5432", NULL);
  g_autofree char *tcp = NULL;
  g_autoptr(TideConninfo) conninfo = tide_scratch_dup_conninfo (scratch, "postgres");
  struct stat info;

  g_assert_no_errno (stat (fixture->directory, &info));
  g_assert_true (is_set);
  g_unsetenv ("DATABASE_URL");
  assert_no_secret (find_server (fixture->directory));
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
