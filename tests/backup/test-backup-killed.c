/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup-fixture.h"
#include "scratch/tide-scratch.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define N_ROUNDS 20
#define N_CANCELS 12
#define MADE 2 /* what backup-child exits with */
#define LONGEST_MS 1200
#define ROWS "250000"
#define SETTLE_MS 90000

/* A server of this test's own, since it crashes on the way */
typedef struct
{
  char         *root;
  char         *folder;
  TideScratch  *scratch;
  TideConninfo *conninfo;
} Fixture;

typedef enum
{
  KILL_US,
  KILL_PG_DUMP,
  KILL_SERVER,
} Victim;

static void
run_sql (TideConninfo *conninfo,
         const char   *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, &error);
  g_autoptr(GPtrArray) results = session ? tide_session_run (session, sql, NULL, &error) : NULL;

  g_assert_no_error (error);
}

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_autofree char *directory = NULL;
  g_autoptr(GError) error = NULL;

  self->root = tide_test_make_folder ();
  g_assert_no_errno (g_chmod (self->root, 0755));
  directory = g_build_filename (self->root, "server", NULL);
  self->folder = g_build_filename (self->root, "backups", NULL);
  self->scratch = tide_scratch_acquire (directory, NULL, &error);
  g_assert_no_error (error);
  self->conninfo = tide_scratch_create_database (self->scratch, "killed", NULL, &error);
  g_assert_no_error (error);
  run_sql (self->conninfo, "CREATE TABLE big AS SELECT i, md5(i::text) AS a, md5((-i)::text) AS b FROM generate_series(1, " ROWS ") i;"
                           "CREATE TABLE also AS SELECT * FROM big; ANALYZE");
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_autofree char *directory = g_build_filename (self->root, "server", NULL);

  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_object (&self->scratch);
  tide_scratch_stop (directory, NULL, NULL);
  tide_test_remove_folder (self->root);
  g_free (self->root);
  g_free (self->folder);
}

static GSubprocess *
spawn_child (Fixture    *self,
             const char *format)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "backup", "backup-child", NULL);
  g_autoptr(GError) error = NULL;
  GSubprocess *child;

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, program, format, self->folder,
                            tide_conninfo_get (self->conninfo, "host"), tide_conninfo_get (self->conninfo, "port"),
                            tide_conninfo_get (self->conninfo, "user"), tide_conninfo_get (self->conninfo, "dbname"), NULL);
  g_assert_no_error (error);
  return child;
}

/* 0: the process has no such child at this moment */
static pid_t
find_tool (pid_t parent)
{
  g_autoptr(GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "stat", NULL);
      g_autofree char *stat = NULL;
      int ppid = 0;

      if (!g_ascii_isdigit (*name) || !g_file_get_contents (path, &stat, NULL, NULL) || strstr (stat, "(pg_") == NULL)
        continue;
      if (sscanf (strrchr (stat, ')'), ") %*c %d", &ppid) == 1 && ppid == parent)
        return atoi (name);
    }
  return 0;
}

/* A server process that dies in such a way takes the whole server down with it, which then starts again. */
static pid_t
find_server_process (Fixture *self)
{
  g_autoptr(TideSession) session = tide_session_open (self->conninfo, NULL, NULL);
  g_autoptr(TideResult) result = NULL;

  if (session != NULL)
    result = tide_session_query (session, "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'tidemark%'"
                                 " AND pid <> pg_backend_pid() LIMIT 1", NULL, 0, NULL, NULL);
  return result != NULL && tide_result_get_n_rows (result) > 0 ? tide_result_get_int64 (result, 0, 0) : 0;
}

static void
strike (Fixture     *self,
        GSubprocess *child,
        Victim       victim)
{
  const char *identifier = g_subprocess_get_identifier (child);
  pid_t pid = identifier ? atoi (identifier) : 0;

  if (pid != 0 && victim == KILL_PG_DUMP)
    pid = find_tool (pid);
  else if (pid != 0 && victim == KILL_SERVER)
    pid = find_server_process (self);
  if (pid > 0)
    kill (pid, SIGKILL);
}

static gboolean
is_idle (Fixture *self)
{
  g_autoptr(TideSession) session = tide_session_open (self->conninfo, NULL, NULL);
  g_autoptr(TideResult) result = NULL;

  if (session != NULL)
    result = tide_session_query (session, "SELECT FROM pg_stat_activity WHERE application_name LIKE 'tidemark-dump-%'",
                                 NULL, 0, NULL, NULL);
  return result != NULL && tide_result_get_n_rows (result) == 0;
}

static void
wait_until_idle (Fixture *self)
{
  for (guint i = 0; i < SETTLE_MS / 50; i++)
    {
      if (is_idle (self))
        return;
      g_usleep (50000);
    }
  g_error ("the server is not idle");
}

/* Whatever happened: what is listed is whole and proved, and the rest is told apart. */
static void
assert_library (Fixture *self,
                guint    n_least)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) backups = tide_library_list (self->folder, &error);
  g_autoptr(GPtrArray) orphans = tide_library_list_orphans (self->folder, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (backups->len, >=, n_least);
  for (guint i = 0; i < backups->len; i++)
    {
      TideBackup *backup = g_ptr_array_index (backups, i);

      g_assert_nonnull (backup->manifest);
      g_assert_cmpint (backup->manifest->level, >=, 2);
      backup_fixture_verify (backup, 2);
      g_assert_true (tide_library_delete (backup, &error));
    }
  for (guint i = 0; i < orphans->len; i++)
    {
      g_test_message ("left: %s", (char *) g_ptr_array_index (orphans, i));
      g_assert_true (tide_library_remove_orphan (g_ptr_array_index (orphans, i), &error));
    }
  /* Nothing is left that neither list names. */
  g_assert_true (g_rmdir (self->folder) == 0 || errno == ENOENT);
}

static void
test_killed (Fixture       *self,
             gconstpointer  data)
{
  static const char *const formats[] = { "custom", "directory", "gzip", "tar" };
  guint n_done = 0;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr(GSubprocess) child = spawn_child (self, formats[i % G_N_ELEMENTS (formats)]);
      gboolean made;

      g_usleep (g_test_rand_int_range (10, LONGEST_MS) * 1000);
      strike (self, child, i % 3);
      g_subprocess_wait (child, NULL, NULL);
      made = g_subprocess_get_if_exited (child) && g_subprocess_get_exit_status (child) == MADE;
      n_done += made;
      wait_until_idle (self);
      assert_library (self, made);
    }
  g_test_message ("%u of %u were made before they were struck", n_done, N_ROUNDS);
}

/* Cancelled */

typedef struct
{
  Fixture   *fixture;
  TideJob   *job;
  TideBackupFormat format;
  GError    *error;
} Cancelled;

static gpointer
back_up (gpointer data)
{
  Cancelled *cancelled = data;
  TideBackupOptions options = { .format = cancelled->format, .compression = 9, .folder = cancelled->fixture->folder };
  g_autoptr(TideBackup) backup = tide_backup_run (cancelled->fixture->conninfo, &options, cancelled->job, &cancelled->error);

  g_assert_null (backup);
  return NULL;
}

/* One that may be cancelled before it is done, or not */
typedef struct
{
  Fixture                 *fixture;
  const TideBackupOptions *options;
  TideJob                 *job;
  TideBackup              *backup;
  GError                  *error;
} Started;

static gpointer
start_backup (gpointer data)
{
  Started *started = data;

  started->backup = tide_backup_run (started->fixture->conninfo, started->options, started->job, &started->error);
  return NULL;
}

static void
wait_for_reading (TideJob *job)
{
  double before = -1;

  for (guint i = 0; i < 9000; i++)
    {
      g_autofree char *status = tide_job_dup_status (job);
      double fraction = tide_job_get_fraction (job);

      g_assert_cmpfloat (fraction, >=, before);
      before = fraction;
      if (status != NULL && g_str_has_prefix (status, "reading \"public.") && fraction > 0.12)
        {
          g_test_message ("%s (%.2f)", status, fraction);
          return;
        }
      g_usleep (10000);
    }
  g_error ("no progress was told");
}

static void
test_cancelled (Fixture       *self,
                gconstpointer  data)
{
  static const TideBackupFormat formats[] = { TIDE_BACKUP_FORMAT_CUSTOM, TIDE_BACKUP_FORMAT_DIRECTORY };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(TideJob) job = tide_job_new ("test");
      Cancelled cancelled = { self, job, formats[i], NULL };
      GThread *thread = g_thread_new ("backup", back_up, &cancelled);

      wait_for_reading (job);
      tide_job_cancel (job);
      g_thread_join (thread);
      g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&cancelled.error);
      g_assert_true (is_idle (self));
      g_assert_cmpint (g_rmdir (self->folder), ==, 0);
    }
}

/* Whatever it is at: before the snapshot, counting, dumping, writing roles, reading back */
static void
test_cancelled_anywhere (Fixture       *self,
                         gconstpointer  data)
{
  guint n_done = 0;

  for (guint i = 0; i < N_CANCELS; i++)
    {
      TideBackupOptions options = { .format = i % 2 ? TIDE_BACKUP_FORMAT_DIRECTORY : TIDE_BACKUP_FORMAT_CUSTOM, .compression = 1,
                                    .folder = self->folder, .with_roles = TRUE };
      g_autoptr(TideJob) job = tide_job_new ("test");
      Started started = { self, &options, job, NULL, NULL };
      GThread *thread = g_thread_new ("backup", start_backup, &started);
      g_autofree char *status = NULL;

      g_usleep (g_test_rand_int_range (0, LONGEST_MS) * 1000);
      status = tide_job_dup_status (job);
      tide_job_cancel (job);
      g_thread_join (thread);
      g_test_message ("%s: %s", status, started.backup ? "made" : started.error->message);
      g_assert_true (is_idle (self));
      if (started.backup == NULL)
        g_assert_error (started.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      n_done += started.backup != NULL;
      assert_library (self, started.backup != NULL);
      g_clear_error (&started.error);
      g_clear_pointer (&started.backup, tide_backup_unref);
    }
  g_test_message ("%u of %u were made before", n_done, N_CANCELS);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/backup/killed", Fixture, NULL, set_up, test_killed, tear_down);
  g_test_add ("/backup/cancelled-anywhere", Fixture, NULL, set_up, test_cancelled_anywhere, tear_down);
  g_test_add ("/backup/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  return g_test_run ();
}
