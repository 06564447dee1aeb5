/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore"

#include "config.h"

#include <glib/gi18n.h>

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup/tide-restore-private.h"
#include "backup/tide-verify.h"
#include "tide-error.h"

#define MAX_ATTEMPTS 100 /* to find a name that nobody else takes */

/* One restore on its way */
typedef struct
{
  /* Borrowed */
  TideBackup               *backup;
  TideConninfo             *conninfo;
  const TideRestoreOptions *options;
  TideJob                  *job;
  GCancellable             *cancellable;
  const char               *name;     /* of the database that it is for */

  /* Owned */
  TideSession              *admin;
  TideConninfo             *target;   /* the database that is being filled */
  GPtrArray                *toc;
  GPtrArray                *chosen;   /* of toc; NULL for SQL text */
  TideRestoreReport        *report;
  TideRestoreLoad           load;
} Run;

static void
run_clear (Run *run)
{
  if (run->load.list_path != NULL)
    g_unlink (run->load.list_path);
  g_clear_pointer (&run->load.list_path, g_free);
  tide_restore_load_clear (&run->load);
  g_clear_pointer (&run->chosen, g_ptr_array_unref);
  g_clear_pointer (&run->toc, g_ptr_array_unref);
  g_clear_pointer (&run->target, tide_conninfo_unref);
  g_clear_pointer (&run->report, tide_restore_report_free);
  g_clear_object (&run->admin);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

void
tide_restore_report_free (TideRestoreReport *report)
{
  g_free (report->database);
  g_free (report->old_database);
  g_clear_pointer (&report->problems, g_ptr_array_unref);
  g_free (report);
}

static gboolean
refuse (GError     **error,
        TideErrorCode code,
        const char  *hint,
        const char  *what)
{
  tide_set_error (error, code, hint, "%s", what);
  return FALSE;
}

static gboolean
check_options (Run     *run,
               GError **error)
{
  const TideRestoreOptions *options = run->options;
  TideBackupFormat format = run->backup->format;

  if (format == TIDE_BACKUP_FORMAT_CLUSTER || format == TIDE_BACKUP_FORMAT_UNKNOWN)
    return refuse (error, TIDE_ERROR_UNSUPPORTED, "restore it into an empty server with psql, as pg_dumpall's manual says",
                   "this is the dump of a whole cluster, with all its databases and roles; it does not go into one database");
  if (options->only != NULL && options->only[0] != NULL && !tide_backup_format_is_archive (format))
    return refuse (error, TIDE_ERROR_UNSUPPORTED, "parts can be chosen from backups in the formats custom, directory and tar",
                   "parts of SQL text cannot be chosen");
  if (options->jobs > 1 && format != TIDE_BACKUP_FORMAT_CUSTOM && format != TIDE_BACKUP_FORMAT_DIRECTORY)
    return refuse (error, TIDE_ERROR_UNSUPPORTED, "leave the number of jobs out",
                   "several jobs can restore the formats custom and directory alone");
  if (options->jobs > 1 && options->mode == TIDE_RESTORE_IN_PLACE)
    return refuse (error, TIDE_ERROR_USAGE, "leave the number of jobs out", "a restore in place is one transaction, and so one job");
  if (options->into != NULL && options->mode != TIDE_RESTORE_NEW)
    return refuse (error, TIDE_ERROR_USAGE, "give it to a restore into a new database", "a swap and a restore in place choose no name");
  if (options->into != NULL && (*options->into == '\0' || strlen (options->into) > TIDE_RESTORE_MAX_NAME))
    return refuse (error, TIDE_ERROR_USAGE, "use 1 to 63 bytes", "the server takes no such name for the new database");
  if (run->name == NULL || *run->name == '\0')
    return refuse (error, TIDE_ERROR_USAGE, "name one in the URL", "it is not said for which database the backup is restored");
  return TRUE;
}

static gboolean
write_list (Run     *run,
            GError **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) failure = NULL;
  int fd;

  for (guint i = 0; i < run->chosen->len; i++)
    g_string_append_printf (text, "%s\n", ((TideTocEntry *) g_ptr_array_index (run->chosen, i))->line);
  fd = g_file_open_tmp ("tidemark-XXXXXX", &run->load.list_path, &failure);
  if (fd >= 0)
    close (fd);
  if (fd >= 0 && g_file_set_contents (run->load.list_path, text->str, text->len, &failure))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot write down what was chosen: %s", failure->message);
  return FALSE;
}

static gboolean
is_of_parts (Run *run)
{
  return run->options->only != NULL && run->options->only[0] != NULL;
}

/* A manifest beside another file proves nothing of it. In place it takes a second look: what was there would be gone. */
static gboolean
check_bytes (Run     *run,
             GError **error)
{
  if (run->backup->change != NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "choose another backup; with its manifest moved away it is restored like a file from elsewhere",
                      "\"%s\" is not the backup that its manifest is of: %s", run->backup->path, run->backup->change);
      return FALSE;
    }
  if (run->backup->manifest == NULL || run->options->mode != TIDE_RESTORE_IN_PLACE)
    return TRUE;
  tide_job_set_status (run->job, _("comparing checksums"));
  return tide_verify_bytes (run->backup, run->job, error);
}

/* What will be restored of the file, and how */
static gboolean
prepare (Run     *run,
         GError **error)
{
  const char *const *only = is_of_parts (run) ? run->options->only : NULL;
  gboolean in_place = run->options->mode == TIDE_RESTORE_IN_PLACE;

  if (!check_bytes (run, error))
    return FALSE;
  tide_job_set_status (run->job, _("reading the backup"));
  if (tide_backup_format_is_archive (run->backup->format))
    {
      run->toc = tide_restore_read_toc (run->backup, run->cancellable, error);
      if (run->toc == NULL)
        return FALSE;
      run->chosen = only ? tide_restore_select (run->toc, only, !in_place, run->report->problems, error) : g_ptr_array_ref (run->toc);
      if (run->chosen == NULL || (only != NULL && !write_list (run, error)))
        return FALSE;
    }
  run->load.backup = run->backup;
  run->load.job = run->job;
  run->load.problems = run->report->problems;
  run->load.server_version = tide_session_get_server_version (run->admin);
  run->load.jobs = run->options->jobs;
  run->load.clean = in_place;
  run->load.no_owner = run->options->no_owner;
  run->load.no_privileges = run->options->no_privileges;
  return tide_restore_read_roles (&run->load, run->admin, error);
}

static void
set_target (Run        *run,
            const char *name)
{
  run->target = tide_conninfo_copy (run->conninfo);
  tide_conninfo_set (run->target, "dbname", name);
  tide_conninfo_set_schema (run->target, NULL);
  tide_conninfo_set_read_only (run->target, FALSE);
  tide_conninfo_set_startup_sql (run->target, NULL);
  run->load.conninfo = run->target;
}

static gboolean
fill (Run     *run,
      GError **error)
{
  gboolean is_archive = tide_backup_format_is_archive (run->backup->format);
  /* How far SQL text is, its reader knows better. */
  g_autoptr(TideRestoreWatch) watch =
    tide_restore_watch_start (run->target, is_archive ? run->backup->manifest : NULL, run->job, error);

  if (watch == NULL)
    return FALSE;
  tide_job_set_status (run->job, _("restoring"));
  return is_archive ? tide_restore_load_archive (&run->load, error) : tide_restore_load_plain (&run->load, error);
}

/* What is restored as a whole has all that its manifest tells of. */
static gboolean
check (Run     *run,
       GError **error)
{
  tide_job_set_status (run->job, _("counting rows"));
  return tide_restore_check (run->target, run->backup, is_of_parts (run) ? run->chosen : NULL, run->report->problems, run->cancellable, error);
}

static gboolean
make_schemas (Run     *run,
              GError **error)
{
  g_autoptr(TideSession) session = tide_session_open (run->target, run->cancellable, error);

  return session != NULL && tide_restore_make_schemas (session, run->backup->manifest, run->cancellable, error);
}

/* The new database, full and checked, under its working name; on failure it is gone again. */
static gboolean
make_new (Run         *run,
          const char  *working,
          GError     **error)
{
  g_autofree char *locale = tide_restore_dup_locale (run->backup, run->admin, run->name, run->cancellable, error);
  g_autofree char *quoted = tide_quote_identifier (working);
  g_autofree char *comment = g_strdup_printf ("Tidemark is restoring a backup here, for \"%s\"; not complete", run->name);

  if (locale == NULL)
    return FALSE;
  tide_job_set_status (run->job, _("making a new database"));
  set_target (run, working);
  return tide_restore_create_database (run->admin, working, locale, comment, run->cancellable, error)
         && make_schemas (run, error) && fill (run, error) && check (run, error)
         && tide_restore_execute (run->admin, run->cancellable, error, "COMMENT ON DATABASE %s IS NULL", quoted);
}

/* Another restore may have taken the same free name in between: ours is too dear to be lost for that. */
static gboolean
name_new (Run         *run,
          const char  *working,
          GError     **error)
{
  g_autofree char *quoted_working = tide_quote_identifier (working);

  for (guint attempt = 1;; attempt++)
    {
      g_autofree char *final = run->options->into
                                 ? g_strdup (run->options->into)
                                 : tide_restore_dup_free_name (run->admin, run->name, TIDE_RESTORE_NEW_INFIX, run->cancellable, error);
      g_autofree char *quoted = final ? tide_quote_identifier (final) : NULL;
      g_autoptr(GError) failure = NULL;

      if (final == NULL)
        return FALSE;
      if (tide_restore_execute (run->admin, run->cancellable, &failure, "ALTER DATABASE %s RENAME TO %s", quoted_working, quoted))
        {
          run->report->database = g_steal_pointer (&final);
          return TRUE;
        }
      if (run->options->into != NULL || attempt == MAX_ATTEMPTS
          || !(tide_error_has_sqlstate (failure, "42P04") || tide_error_has_sqlstate (failure, "23505")))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }
}

static gboolean
swap_new (Run         *run,
          const char  *working,
          GError     **error)
{
  g_autofree char *kept = tide_restore_swap (run->conninfo, working, TIDE_RESTORE_KEPT_INFIX, TRUE, run->options->end_sessions,
                                             run->options->wait_ms, run->job, run->report->problems, run->cancellable, error);

  if (kept == NULL)
    return FALSE;
  run->report->database = g_strdup (run->name);
  run->report->old_database = *kept ? g_steal_pointer (&kept) : NULL;
  return TRUE;
}

/* Tells in @error when even that failed. */
static void
drop_working (Run         *run,
              const char  *working,
              GError     **error)
{
  g_autoptr(GError) failure = NULL;

  tide_job_set_status (run->job, _("dropping the half-made database"));
  if (tide_restore_drop_database (run->conninfo, working, &failure))
    return;
  if (error != NULL && tide_error_get_fields (*error) != NULL)
    tide_error_take_string (&tide_error_get_fields (*error)->hint,
                            g_strdup_printf ("the half-made database \"%s\" is still there (%s); the next restore drops it", working,
                                             failure->message));
}

static gboolean
check_place (Run     *run,
             GError **error)
{
  gboolean exists = FALSE;

  if (run->options->into != NULL && !tide_restore_has_database (run->admin, run->options->into, &exists, run->cancellable, error))
    return FALSE;
  if (exists)
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, "choose another name, or drop it first", "there is a database \"%s\" already",
                      run->options->into);
      return FALSE;
    }
  /* Better now than after an hour */
  return run->options->mode != TIDE_RESTORE_SWAP || run->options->end_sessions || run->options->wait_ms > 0
         || tide_restore_check_users (run->admin, run->name, run->cancellable, error);
}

static gboolean
run_beside (Run     *run,
            GError **error)
{
  g_autofree char *working = tide_restore_dup_working_name ();
  GError *failure = NULL;

  if (!check_place (run, error))
    return FALSE;
  tide_restore_drop_leftovers (run->admin, run->report->problems, run->cancellable);
  if (!prepare (run, error))
    return FALSE;
  if (make_new (run, working, &failure)
      && (run->options->mode == TIDE_RESTORE_SWAP ? swap_new (run, working, &failure) : name_new (run, working, &failure)))
    return TRUE;
  drop_working (run, working, &failure);
  g_propagate_error (error, failure);
  return FALSE;
}

/* What a killed program leaves at work on the server would go on holding its locks. */
static void
end_own_sessions (Run        *run,
                  const char *application)
{
  g_autoptr(TideSession) admin = tide_restore_open_admin (run->conninfo, NULL, NULL);

  for (guint i = 0; admin != NULL && i < 50; i++)
    {
      g_autoptr(TideResult) result =
        tide_session_query (admin, "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE application_name = $1",
                            &application, 1, NULL, NULL);

      if (result == NULL || tide_result_get_n_rows (result) == 0)
        return;
      g_usleep (100 * 1000);
    }
}

/* Tables, views and sequences that are there and not in the backup */
static gboolean
tell_strangers (Run     *run,
                GError **error)
{
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(TideSession) session = tide_session_open (run->target, run->cancellable, error);
  g_autoptr(TideResult) result = NULL;
  g_autoptr(GString) names = g_string_new (NULL);

  if (session == NULL)
    return FALSE;
  result = tide_session_query (session, "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
                               " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                               " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname NOT LIKE 'pg\\_%'"
                               " AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
                               " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')"
                               " ORDER BY 1, 2", NULL, 0, run->cancellable, error);
  if (result == NULL)
    return FALSE;
  for (guint i = 0; i < run->toc->len; i++)
    {
      const TideTocEntry *entry = g_ptr_array_index (run->toc, i);

      if (entry->schema != NULL)
        g_hash_table_add (known, g_strconcat (entry->schema, ".", entry->name, NULL));
    }
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      g_autofree char *name = g_strconcat (tide_result_get_value (result, i, 0), ".", tide_result_get_value (result, i, 1), NULL);

      /* As the table of contents writes it */
      g_strdelimit (name, "\r\n", ' ');
      if (!g_hash_table_contains (known, name))
        g_string_append_printf (names, "%s%s", names->len ? ", " : "", name);
    }
  if (names->len > 0)
    g_ptr_array_add (run->report->problems, g_strdup_printf ("not in the backup, and still there: %s", names->str));
  return TRUE;
}

static gboolean
run_in_place (Run     *run,
              GError **error)
{
  g_autofree char *application = tide_restore_dup_working_name ();

  if (!prepare (run, error))
    return FALSE;
  set_target (run, run->name);
  tide_conninfo_set (run->target, "application_name", application);
  if (!fill (run, error))
    {
      end_own_sessions (run, application);
      return FALSE;
    }
  run->report->database = g_strdup (run->name);
  if (run->toc == NULL)
    return TRUE;
  /* It is done, and committed: what goes wrong from here on is told and fails nothing. */
  {
    g_autoptr(GError) failure = NULL;

    if (!check (run, &failure) || !tell_strangers (run, &failure))
      g_ptr_array_add (run->report->problems, g_strdup (failure->message));
  }
  return TRUE;
}

/**
 * tide_restore_run:
 * @backup: what to restore
 * @conninfo: the database that it is for; for a new one it need not be there
 * @options: how
 * @job: (nullable): hears how far it is, and cancels
 * @error: USAGE and UNSUPPORTED for options that do not fit the backup; REFUSED (commands to psql in SQL text, a name that is taken);
 *   BUSY (a swap, with who is there); SERVER with the server's words; INVALID (damaged, or not what the manifest says)
 *
 * Restores, all or nothing: after a failure or a cancel the target is as it was, what was made is dropped, and no session of ours is
 * left on the server. Blocking.
 *
 * Returns: (transfer full) (nullable): what became of it
 */
TideRestoreReport *
tide_restore_run (TideBackup                *backup,
                  TideConninfo              *conninfo,
                  const TideRestoreOptions  *options,
                  TideJob                   *job,
                  GError                   **error)
{
  g_auto(Run) run = { .backup = backup, .conninfo = conninfo, .options = options, .job = job };
  gint64 start = g_get_monotonic_time ();
  gboolean done;

  g_return_val_if_fail (backup != NULL && conninfo != NULL && options != NULL, NULL);

  run.cancellable = job ? tide_job_get_cancellable (job) : NULL;
  run.name = tide_conninfo_get (conninfo, "dbname");
  if (!check_options (&run, error))
    return NULL;
  run.admin = tide_restore_open_admin (conninfo, run.cancellable, error);
  if (run.admin == NULL)
    return NULL;
  run.report = g_new0 (TideRestoreReport, 1);
  run.report->problems = g_ptr_array_new_with_free_func (g_free);
  done = options->mode == TIDE_RESTORE_IN_PLACE ? run_in_place (&run, error) : run_beside (&run, error);
  if (!done)
    return NULL;
  run.report->seconds = (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  return g_steal_pointer (&run.report);
}
