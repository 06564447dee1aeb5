/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-run"

#include "config.h"

#include <glib/gi18n.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-command.h"
#include "backup/tide-backup-files.h"
#include "backup/tide-backup-private.h"
#include "backup/tide-backup-progress.h"
#include "backup/tide-backup-snapshot.h"
#include "backup/tide-backup-tool.h"
#include "backup/tide-verify-read.h"
#include "backup/tide-verify.h"
#include "job/tide-lock-watch.h"
#include "tide-error.h"

#define LEAST_LEVEL 2       /* what the check before the renaming proves */
#define MAX_ATTEMPTS 1000
#define GOODBYE_SECONDS "5" /* how long the clean-up may take to reach the server */

/* One backup on its way */
typedef struct
{
  /* Borrowed */
  TideConninfo            *conninfo;
  const TideBackupOptions *options;          /* what was asked for, then what it comes to */
  TideJob                 *job;
  GCancellable            *cancellable;

  /* Owned */
  TideBackupPlan          *plan;
  TideBackupOptions        found;            /* with the tables that the plan has found */
  TideSession             *session;          /* holds the snapshot */
  TideLockWatch           *watch;            /* of that session and the dump's own */
  GPtrArray               *tables;           /* of TideBackupTable */
  TideManifest            *manifest;
  char                    *snapshot;
  char                    *application_name; /* of the dump's own sessions */
  char                    *path;             /* what it will be called */
  char                    *partial;          /* what it is called until then; NULL: not made yet */
  char                    *manifest_path;
  char                    *roles_path;
  int                      lock;             /* of the partial */
  gint64                   started_at;
  const char              *status;           /* atomic: what is being done */
} Making;

static void
making_clear (Making *self)
{
  g_clear_pointer (&self->watch, tide_lock_watch_free);
  g_clear_pointer (&self->plan, tide_backup_plan_free);
  g_clear_object (&self->session);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_clear_pointer (&self->manifest, tide_manifest_unref);
  g_clear_pointer (&self->snapshot, g_free);
  g_clear_pointer (&self->application_name, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->partial, g_free);
  g_clear_pointer (&self->manifest_path, g_free);
  g_clear_pointer (&self->roles_path, g_free);
  if (self->lock >= 0)
    close (self->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Making, making_clear)

/* @status: static */
static void
set_status (Making     *self,
            const char *status)
{
  g_atomic_pointer_set (&self->status, status);
  tide_job_set_status (self->job, "%s", status);
}

static void
hear_blocker (const char *recorded,
              const char *shown,
              gpointer    data)
{
  Making *self = data;

  if (shown == NULL)
    {
      tide_job_set_status (self->job, "%s", (const char *) g_atomic_pointer_get (&self->status));
      return;
    }
  tide_job_set_status (self->job, _("it waits: %s"), shown);
  tide_job_log (self->job, _("it waits: %s"), shown);
}

static gboolean
set_file_error (GError     **error,
                const char  *what,
                const char  *path)
{
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot %s \"%s\": %s", what, path, g_strerror (errno));
  return FALSE;
}

/* Our own name for a backup made now; @attempt: the others of this second are taken */
static char *
make_path (const TideBackupOptions *options,
           guint                    attempt)
{
  const char *suffix = tide_backup_format_get_suffix (tide_backup_command_format (options));
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d_%H%M%S");
  g_autofree char *number = attempt > 1 ? g_strdup_printf ("_%u", attempt) : g_strdup ("");
  g_autofree char *name = g_strconcat ("migration_backup_", stamp, number, suffix, NULL);

  if (options->path != NULL)
    return g_canonicalize_filename (options->path, NULL);
  return g_canonicalize_filename (name, options->folder);
}

/* Whoever takes it for an orphan may have removed it before it was locked. */
static gboolean
is_still_there (int         fd,
                const char *path)
{
  struct stat made, found;

  return fstat (fd, &made) == 0 && stat (path, &found) == 0 && made.st_dev == found.st_dev && made.st_ino == found.st_ino;
}

/* Returns: whether the partial is made and ours; FALSE without @error when it must be tried again, or another name must */
static gboolean
claim_name (Making  *self,
            GError **error)
{
  g_autofree char *partial = g_strconcat (self->path, TIDE_PARTIAL_SUFFIX, NULL);
  gboolean is_folder = tide_backup_command_format (self->options) == TIDE_BACKUP_FORMAT_DIRECTORY;
  int fd;

  if (is_folder)
    fd = g_mkdir (partial, 0700) == 0 ? g_open (partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) : -1;
  else
    fd = g_open (partial, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return errno == EEXIST ? FALSE : set_file_error (error, "make", partial);
  /* Whoever lists orphans looks for an instant. */
  while (flock (fd, LOCK_EX) != 0)
    if (errno != EINTR)
      {
        close (fd);
        return set_file_error (error, "lock", partial);
      }
  if (!is_still_there (fd, partial))
    {
      close (fd);
      return FALSE;
    }
  tide_backup_files_mark (fd);
  self->partial = g_steal_pointer (&partial);
  self->lock = fd;
  return TRUE;
}

/* Another may have come to its end since the name was looked at; from now on nobody else can. */
static gboolean
is_taken_meanwhile (Making *self)
{
  if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
    return FALSE;
  tide_backup_files_remove (self->partial, NULL);
  g_clear_pointer (&self->partial, g_free);
  close (self->lock);
  self->lock = -1;
  return TRUE;
}

/* What a crash left under the very name that was asked for is in the way, and nothing else. */
static gboolean
clear_way (Making  *self,
           GError **error)
{
  g_autofree char *partial = g_strconcat (self->path, TIDE_PARTIAL_SUFFIX, NULL);

  if (!g_file_test (partial, G_FILE_TEST_EXISTS) || tide_backup_files_is_ours (partial))
    return tide_backup_files_remove_idle (partial, error);
  tide_set_error (error, TIDE_ERROR_REFUSED, "move it away, or choose another name",
                  "\"%s\" is in the way, and no backup of this program left it", partial);
  return FALSE;
}

/* (transfer full) (nullable): What is in the place of a file that will stand beside it. What a crash left may be written over, and
 * nothing else: "package.json" stands beside "package". */
static char *
find_neighbour (Making *self)
{
  g_autofree char *path = tide_manifest_dup_path (self->path);
  g_autofree char *roles = g_strconcat (self->path, TIDE_ROLES_SUFFIX, NULL);
  g_autoptr(TideManifest) manifest = g_file_test (path, G_FILE_TEST_EXISTS) ? tide_manifest_read (path, NULL) : NULL;

  if (manifest == NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  if (self->options->with_roles && g_file_test (roles, G_FILE_TEST_EXISTS) && !tide_backup_files_is_ours (roles))
    return g_steal_pointer (&roles);
  return NULL;
}

static gboolean
take_name (Making  *self,
           GError **error)
{
  for (guint attempt = 1; attempt <= MAX_ATTEMPTS; attempt++)
    {
      g_autoptr(GError) problem = NULL;
      g_autofree char *neighbour = NULL;

      g_free (self->path);
      self->path = make_path (self->options, attempt);
      neighbour = find_neighbour (self);
      if (neighbour != NULL)
        {
          if (self->options->path == NULL)
            continue;
          tide_set_error (error, TIDE_ERROR_REFUSED, "choose another name",
                          "a file that belongs to the backup would take the place of \"%s\", which is none of one", neighbour);
          return FALSE;
        }
      if (!g_file_test (self->path, G_FILE_TEST_EXISTS) && claim_name (self, &problem) && !is_taken_meanwhile (self))
        return TRUE;
      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      if (self->options->path == NULL)
        continue;
      if (g_file_test (self->path, G_FILE_TEST_EXISTS))
        break;
      if (!clear_way (self, error))
        return FALSE;
    }
  tide_set_error (error, TIDE_ERROR_REFUSED, "choose another name, or delete it first", "\"%s\" is there already", self->path);
  return FALSE;
}

static gboolean
make_place (Making  *self,
            GError **error)
{
  g_autofree char *folder = self->options->path ? g_path_get_dirname (self->options->path) : g_strdup (self->options->folder);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return set_file_error (error, "make the folder", folder);
  if (!take_name (self, error))
    return FALSE;
  self->manifest_path = tide_manifest_dup_path (self->path);
  self->roles_path = g_strconcat (self->path, TIDE_ROLES_SUFFIX, NULL);
  return TRUE;
}

/* All that is known of the database is known in the snapshot, from one session. */
static gboolean
take_snapshot (Making  *self,
               GError **error)
{
  if (!tide_backup_options_check (self->options, error))
    return FALSE;
  set_status (self, _("taking a snapshot"));
  self->session = tide_session_open (self->conninfo, self->cancellable, error);
  if (self->session == NULL)
    return FALSE;
  self->watch = tide_lock_watch_new (self->conninfo, self->application_name, hear_blocker, self);
  tide_lock_watch_set (self->watch, tide_session_get_backend_pid (self->session));
  if (!tide_backup_catalog_prepare (self->session, self->options, self->cancellable, error))
    return FALSE;
  self->snapshot = tide_backup_snapshot_take (self->session, self->manifest, self->cancellable, error);
  if (self->snapshot == NULL)
    return FALSE;
  self->plan = tide_backup_plan_look (self->conninfo, self->session, self->options, self->manifest, &self->tables,
                                      self->cancellable, error);
  if (self->plan == NULL)
    return FALSE;
  self->found = *self->options;
  self->found.tables = (const char *const *) self->plan->tables;
  self->options = &self->found;
  for (guint i = 0; i < self->plan->warnings->len; i++)
    tide_job_log (self->job, "%s", (char *) g_ptr_array_index (self->plan->warnings, i));
  return TRUE;
}

static gboolean
count_rows (Making  *self,
            GError **error)
{
  return tide_backup_snapshot_count (self->session, self->tables, self->options->exact_rows_below, self->manifest, self->job,
                                     error);
}

static void
log_line (const char *line,
          gboolean    is_stderr,
          gpointer    data)
{
  Making *self = data;

  tide_job_log (self->job, "%s", line);
}

/* What a program has to say of a full disk does not tell which, and of several that wrote only one knows. They speak English,
 * or the language of this program. */
static gboolean
explain_full (Making  *self,
              GError **error)
{
  TideErrorFields *fields = error ? tide_error_get_fields (*error) : NULL;
  g_autoptr(GError) failure = NULL;
  g_autofree char *folder = g_path_get_dirname (self->path);
  const char *const full[] = { "No space left on device", "Disk quota exceeded", g_strerror (ENOSPC), g_strerror (EDQUOT) };
  gboolean is_full = FALSE;

  for (guint i = 0; fields != NULL && i < G_N_ELEMENTS (full); i++)
    is_full = is_full || strstr ((*error)->message, full[i]) != NULL ||
              (fields->detail != NULL && strstr (fields->detail, full[i]) != NULL);
  if (!is_full)
    return FALSE;
  failure = g_steal_pointer (error);
  tide_set_error (error, TIDE_ERROR_TOOL, "free some space, or choose another folder",
                  "there is no space left in \"%s\": the backup was not made, and nothing of it is left", folder);
  tide_error_take_string (&tide_error_get_fields (*error)->detail,
                          g_strdup (fields->detail ? fields->detail : failure->message));
  return FALSE;
}

static gboolean
run_dump (Making  *self,
          GError **error)
{
  g_auto(GStrv) argv = tide_backup_command_new (self->options, self->plan->tool, self->partial, self->snapshot);
  g_autoptr(TideConninfo) named = tide_conninfo_copy (self->conninfo);
  TideToolOptions options = { .line_func = log_line, .line_data = self };
  gboolean by_size = tide_backup_command_format (self->options) == TIDE_BACKUP_FORMAT_DIRECTORY;
  TideBackupProgress *progress;
  g_autofree char *out = NULL;

  tide_conninfo_set (named, "application_name", self->application_name);
  set_status (self, _("reading the schema"));
  tide_job_set_fraction (self->job, TIDE_BACKUP_DUMP_FROM);
  progress = tide_backup_progress_start (self->conninfo, self->application_name, self->tables, self->manifest, by_size,
                                         self->job);
  out = tide_backup_tool_run ((const char *const *) argv, named, &options, self->cancellable, error);
  tide_backup_progress_stop (progress);
  tide_job_set_fraction (self->job, TIDE_BACKUP_DUMP_TO);
  return out != NULL || explain_full (self, error);
}

/* Roles belong to no database and so to no dump. */
static gboolean
run_roles (Making  *self,
           GError **error)
{
  g_autofree char *program = NULL;
  g_autofree char *out = NULL;
  const char *argv[] = { NULL, "--globals-only", "--no-role-passwords", "--no-sync", NULL, NULL, NULL };
  g_autofree char *file = g_strconcat ("--file=", self->roles_path, NULL);
  g_autofree char *database = g_strconcat ("--database=", self->manifest->database, NULL);
  int fd;

  if (!self->options->with_roles)
    return TRUE;
  set_status (self, _("writing the roles"));
  program = tide_backup_tool_find ("pg_dumpall", tide_session_get_server_version (self->session) / 10000, NULL, error);
  if (program == NULL)
    return FALSE;
  fd = g_open (self->roles_path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return set_file_error (error, "make", self->roles_path);
  tide_backup_files_mark (fd);
  close (fd);
  argv[0] = program;
  argv[4] = file;
  argv[5] = database;
  out = tide_backup_tool_run (argv, self->conninfo, NULL, self->cancellable, error);
  if (out == NULL)
    return FALSE;
  self->manifest->globals = g_path_get_basename (self->roles_path);
  return TRUE;
}

static gpointer
secure_in_thread (gpointer data)
{
  GError *error = NULL;

  tide_backup_files_secure (data, &error);
  return error;
}

/* Both files are read from end to end while the disk takes them, and their checksums taken: levels 1 and 2. */
static gboolean
check_one (Making            *self,
           const char        *path,
           const char        *known_as,
           TideBackupFormat   format,
           GError           **error)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *name = g_path_get_basename (known_as);
  GThread *thread = g_thread_new ("tide-flush", secure_in_thread, (gpointer) path);
  gboolean done = tide_verify_read (path, name, format, self->manifest, problems, self->job, error);
  g_autoptr(GError) failure = g_thread_join (thread);

  if (!done)
    return FALSE;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (problems->len == 0)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, "see whether the disk is full or failing, and try again",
                  "the backup was written but cannot be read back: %s", (char *) g_ptr_array_index (problems, 0));
  return FALSE;
}

static void
finish_manifest (Making *self)
{
  const TideBackupOptions *options = self->options;
  TideManifest *manifest = self->manifest;

  manifest->format = tide_backup_command_format (options);
  manifest->tool_version = g_strdup (self->plan->tool_version);
  manifest->host_label = tide_manifest_dup_host_label (self->conninfo);
  manifest->environment = g_strdup (options->environment);
  manifest->kind = options->kind;
  manifest->purpose = g_strdup (options->purpose);
  manifest->migration = g_strdup (options->migration);
  g_strfreev (manifest->options);
  manifest->options = tide_backup_command_to_type (options, self->path, self->conninfo);
  manifest->seconds = (g_get_monotonic_time () - self->started_at + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
  manifest->level = LEAST_LEVEL;
  manifest->verified_at = g_get_real_time ();
}

/* The proof first, then the name: at no moment is there a backup without its proof. */
static gboolean
publish (Making  *self,
         GError **error)
{
  finish_manifest (self);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
      !tide_manifest_write (self->manifest, self->manifest_path, error))
    return FALSE;
  if (!tide_backup_files_name (self->partial, self->path))
    return set_file_error (error, "rename", self->partial);
  g_clear_pointer (&self->partial, g_free);
  tide_backup_files_unmark (self->lock);
  return tide_backup_files_sync_folder_of (self->path, error);
}

/* A killed program does not always take its sessions with it: they would go on reading and holding locks. */
static void
end_sessions (Making *self)
{
  const char *params[] = { self->application_name };
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (self->conninfo);
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideResult) result = NULL;

  tide_conninfo_set (conninfo, "connect_timeout", GOODBYE_SECONDS);
  session = tide_session_open (conninfo, NULL, NULL);
  if (session != NULL)
    result = tide_session_query (session, "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
                                 " WHERE application_name = $1", params, 1, NULL, NULL);
}

/* Nothing is left behind. What cannot be removed keeps a name that says it is nothing. */
static void
undo (Making *self)
{
  g_clear_pointer (&self->watch, tide_lock_watch_free);
  if (self->snapshot != NULL)
    end_sessions (self);
  if (self->partial == NULL)
    return;
  tide_backup_files_remove (self->manifest_path ? self->manifest_path : self->partial, NULL);
  if (self->roles_path != NULL && self->options->with_roles)
    tide_backup_files_remove (self->roles_path, NULL);
  tide_backup_files_remove (self->partial, NULL);
}

static gboolean
make (Making  *self,
      GError **error)
{
  if (!take_snapshot (self, error) || !make_place (self, error) || !count_rows (self, error) || !run_dump (self, error) ||
      !run_roles (self, error))
    return FALSE;
  g_clear_pointer (&self->watch, tide_lock_watch_free);
  g_clear_object (&self->session);
  if (!check_one (self, self->partial, self->path, tide_backup_command_format (self->options), error) ||
      (self->manifest->globals != NULL &&
       !check_one (self, self->roles_path, self->roles_path, TIDE_BACKUP_FORMAT_CLUSTER, error)))
    return FALSE;
  return publish (self, error);
}

/* Beyond what was proved on the way; a verdict that is no proof is written down and does not undo the backup. */
static TideBackup *
prove (Making  *self,
       GError **error)
{
  g_autoptr(TideBackup) backup = tide_backup_new (self->path, self->manifest->format, self->manifest);
  g_autoptr(TideVerdict) verdict = NULL;

  if (self->options->verify_level <= LEAST_LEVEL)
    return g_steal_pointer (&backup);
  verdict = tide_verify_run (backup, self->options->verify_level, self->job, error);
  return verdict ? g_steal_pointer (&backup) : NULL;
}

/**
 * tide_backup_run:
 * @conninfo: the database
 * @options: what is asked for
 * @job: (nullable): told of progress, and asked whether to go on
 * @error: as for tide_backup_plan_make(); %TIDE_ERROR_TOOL with pg_dump's words; %TIDE_ERROR_REFUSED when the name is taken;
 *   %G_IO_ERROR_CANCELLED
 *
 * Makes a backup. It has its name and its manifest only once it has been read back from end to end; a failure before that,
 * or a cancel, leaves nothing. When @options ask for a higher level and it is not reached, the backup stays: its manifest tells
 * what was found. Only a cancel during that last part is an error, and the backup stays as well.
 *
 * Returns: (transfer full) (nullable): the backup
 */
TideBackup *
tide_backup_run (TideConninfo             *conninfo,
                 const TideBackupOptions  *options,
                 TideJob                  *job,
                 GError                  **error)
{
  g_autoptr(TideConninfo) plain = NULL;
  g_auto(Making) making = { .lock = -1 };

  g_return_val_if_fail (conninfo != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  /* A dump reads, and says itself where it looks. */
  plain = tide_conninfo_copy (conninfo);
  tide_conninfo_set_schema (plain, NULL);
  making.conninfo = plain;
  making.options = options;
  making.job = job;
  making.cancellable = tide_job_get_cancellable (job);
  making.manifest = tide_manifest_new ();
  making.application_name = g_strdup_printf ("tidemark-dump-%08x%08x", g_random_int (), g_random_int ());
  making.started_at = g_get_monotonic_time ();
  if (!make (&making, error))
    {
      undo (&making);
      return NULL;
    }
  return prove (&making, error);
}
