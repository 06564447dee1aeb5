/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-status"

#include "config.h"

#include "history/tide-script-error.h"
#include "tide-status.h"

/**
 * tide_status_clear:
 * @self: a status; empty afterwards
 */
void
tide_status_clear (TideStatus *self)
{
  g_clear_object (&self->project);
  g_clear_pointer (&self->target, tide_target_unref);
  g_clear_pointer (&self->timeline, tide_timeline_unref);
  g_clear_pointer (&self->last_run, tide_run_outcome_unref);
  g_clear_pointer (&self->explanations, g_hash_table_unref);
  g_clear_error (&self->problem);
  g_clear_pointer (&self->server_version, g_free);
}

/* The last first: who joins them with the ledger begins at the other end. */
static gpointer
read_files (gpointer data)
{
  GPtrArray *migrations = tide_project_get_migrations (data);

  for (guint i = migrations->len; i > 0; i--)
    tide_migration_get_checksum (g_ptr_array_index (migrations, i - 1));
  return NULL;
}

/* "15.18 (Debian 15.18-0+deb12u1)": the packager's part says nothing to a reader */
static char *
dup_server_version (TideSession *session)
{
  char *version = tide_session_dup_parameter (session, "server_version");

  if (version != NULL)
    version[strcspn (version, " ")] = '\0';
  return version;
}

static gboolean
explain_failed (TideStatus    *self,
                TideHistory   *history,
                TideSession   *session,
                GCancellable  *cancellable,
                GError       **error)
{
  self->explanations = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  for (guint i = 0; i < tide_timeline_get_n_entries (self->timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (self->timeline, i);
      char *text;

      if (entry->state != TIDE_STATE_FAILED)
        continue;
      text = tide_history_explain_failed (history, session, entry->row, NULL, cancellable, error);
      if (text == NULL)
        return FALSE;
      g_hash_table_insert (self->explanations, (gpointer) entry->name, text);
    }
  return TRUE;
}

static gboolean
read_database (TideStatus    *self,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideHistory) history = NULL;

  session = tide_session_open (tide_target_get_conninfo (self->target), cancellable, error);
  if (session == NULL)
    return FALSE;

  self->server_version = dup_server_version (session);
  history = tide_history_for_project (self->project);
  self->timeline = tide_history_read_timeline (history, self->project, session, cancellable, error);
  return self->timeline != NULL && explain_failed (self, history, session, cancellable, error);
}

/**
 * tide_status_read:
 * @self: an empty status
 * @cli: says of which project and database
 * @error: return location for a %TIDE_ERROR
 *
 * Returns: whether it could be read
 */
gboolean
tide_status_read (TideStatus  *self,
                  TideCli     *cli,
                  GError     **error)
{
  GCancellable *cancellable = tide_cli_get_cancellable (cli);
  GThread *reader;
  gboolean is_read;

  self->project = tide_cli_load_project (cli, error);
  if (self->project == NULL)
    return FALSE;
  tide_project_check_lock_file (self->project, &self->problem);
  self->by_url = tide_arguments_get_text (tide_cli_get_arguments (cli), "url") != NULL;
  self->target = tide_cli_resolve_target (cli, self->project, error);
  if (self->target == NULL)
    return FALSE;

  /* A server takes its time to greet and to answer; that of hundreds of files passes meanwhile. */
  reader = g_thread_new ("tide-files", read_files, self->project);
  is_read = read_database (self, cancellable, error);
  g_thread_join (reader);
  if (!is_read)
    return FALSE;
  /* A record that cannot be read keeps nobody from the status. */
  self->last_run = tide_runbook_describe_last (self->project, self->target, cancellable, NULL);
  return TRUE;
}

/**
 * tide_status_is_up_to_date:
 * @self: a status
 *
 * As prisma migrate status it does not call a database up to date whose project is locked to another kind of server.
 *
 * Returns: whether nothing is left to do
 */
gboolean
tide_status_is_up_to_date (const TideStatus *self)
{
  return self->problem == NULL && tide_timeline_is_up_to_date (self->timeline);
}

/**
 * tide_status_explain:
 * @self: a status
 * @entry: one of its migrations
 *
 * Returns: (transfer none) (nullable): what is known of an attempt that failed
 */
const char *
tide_status_explain (const TideStatus        *self,
                     const TideTimelineEntry *entry)
{
  return g_hash_table_lookup (self->explanations, entry->name);
}

/**
 * tide_status_read_script:
 * @entry: a migration
 * @problem: what is wrong with its file, of one that waits also what can never run
 *
 * Returns: (transfer full) (nullable): how deploy would run it; %NULL for one that does not wait, or that has a problem
 */
TideSqlScript *
tide_status_read_script (const TideTimelineEntry  *entry,
                         GError                  **problem)
{
  const GError *unread = entry->migration ? tide_migration_get_problem (entry->migration) : NULL;
  g_autoptr(TideSqlScript) script = NULL;

  if (unread != NULL)
    {
      g_propagate_error (problem, g_error_copy (unread));
      return NULL;
    }
  if (entry->migration == NULL || (entry->state != TIDE_STATE_PENDING && entry->state != TIDE_STATE_ROLLED_BACK))
    return NULL;
  script = tide_sql_script_new_for_bytes (tide_migration_get_bytes (entry->migration));
  return tide_script_check_runs (entry->migration, script, problem) ? g_steal_pointer (&script) : NULL;
}
