/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-deploy"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "connect/tide-url.h"
#include "history/tide-deploy-private.h"
#include "history/tide-script-error.h"
#include "history/tide-script-runner.h"
#include "history/tide-transaction-fate.h"
#include "tide-error.h"

/* How long a row of the ledger waits for a file that runs beside it: whatever that one has locked, it keeps until it ends */
#define LEDGER_LOCK_WAIT_MS 2000
#define LOCK_NOT_AVAILABLE  "55P03"
#define DEADLOCK_DETECTED   "40P01"

/* The log of a failure shows a statement of this many characters: of a long one, its beginning. */
#define MAX_LOGGED_STATEMENT 2000

/* A deploy under way */
typedef struct
{
  /* Borrowed */
  TideConninfo            *conninfo;
  const TideDeployOptions *options;
  TideJob                 *job;
  TideHistoryInterface    *iface;

  /* Owned */
  TideHistory          *history;
  TideSession          *ledger; /* holds the lock too */
  TideScriptRunner     *runner;
  TideDeployReport     *report;
  TideSqlScript        *next;        /* of the migration after the one that runs, if readable */
  TideLedgerNote        note;        /* the last that was written into the row of the file that runs */
  TideLedgerStart      *start;       /* of the file that runs, while its row is on its way */
  gboolean              was_locked;  /* the file that ran kept its own row out */
  char                 *running_id;  /* the row of the file that runs, once it is there */
  char                 *finished_id; /* the row of the file before, whose end is not recorded yet */

  guint                 n_planned;   /* steps of the plan that lie behind */
} Deployment;

static void
deployment_clear (Deployment *self)
{
  g_clear_pointer (&self->runner, tide_script_runner_free);
  g_clear_pointer (&self->report, tide_deploy_report_free);
  g_clear_pointer (&self->next, tide_sql_script_unref);
  g_clear_object (&self->ledger);
  g_clear_object (&self->history);
  g_free (self->running_id);
  g_free (self->finished_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deployment, deployment_clear)

static GCancellable *
get_cancellable (Deployment *self)
{
  return self->job ? tide_job_get_cancellable (self->job) : NULL;
}

/**
 * tide_deploy_report_free:
 * @report: (transfer full): a report
 */
void
tide_deploy_report_free (TideDeployReport *report)
{
  g_ptr_array_unref (report->applied);
  g_free (report->failed_name);
  g_clear_error (&report->failure);
  g_free (report);
}

TideConninfo *
tide_deploy_dup_conninfo (TideConninfo *conninfo)
{
  TideConninfo *copy = tide_conninfo_copy (conninfo);

  tide_conninfo_set_read_only (copy, FALSE);
  return copy;
}

/* A server before 14 does not tell by itself; the first thing that is written fails there. */
static gboolean
check_is_primary (TideSession  *session,
                  GError      **error)
{
  g_autofree char *standby = tide_session_dup_parameter (session, "in_hot_standby");
  g_autofree char *label = NULL;

  if (g_strcmp0 (standby, "on") != 0)
    return TRUE;

  label = tide_conninfo_dup_label (tide_session_get_conninfo (session));
  tide_set_error (error, TIDE_ERROR_REFUSED, "name the primary server",
                  "\"%s\" is a replica, which takes no changes", label);
  return FALSE;
}

static gboolean
lock (TideHistory   *self,
      TideSession   *session,
      guint          timeout_ms,
      GCancellable  *cancellable,
      GError       **error)
{
  if (timeout_ms == 0)
    timeout_ms = TIDE_DEPLOY_LOCK_WAIT_MS;
  return check_is_primary (session, error)
         && TIDE_HISTORY_GET_IFACE (self)->lock (self, session, timeout_ms, cancellable, error);
}

/**
 * tide_history_open_locked:
 * @self: a history
 * @conninfo: where
 * @timeout_ms: how long to wait for the lock; 0: as long as Prisma
 * @cancellable: (nullable): a cancellable
 * @error: UNREACHABLE; REFUSED by a replica; BUSY (P1002)
 *
 * Returns: (transfer full): a session that holds the migration lock until it ends
 */
TideSession *
tide_history_open_locked (TideHistory   *self,
                          TideConninfo  *conninfo,
                          guint          timeout_ms,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(TideConninfo) writable = tide_deploy_dup_conninfo (conninfo);
  g_autoptr(TideSession) session = tide_session_open (writable, cancellable, error);

  return session && lock (self, session, timeout_ms, cancellable, error) ? g_steal_pointer (&session) : NULL;
}

/* The result of a file is worth a second connection when the first one is gone. */
static gboolean
reconnect (Deployment  *self,
           GError     **error)
{
  if (self->ledger != NULL && !tide_session_is_lost (self->ledger))
    return TRUE;

  g_clear_object (&self->ledger);
  self->ledger = tide_history_open_locked (self->history, self->conninfo, 0, NULL, error);
  return self->ledger != NULL;
}

/* Records the end of the last file that ran well. Not cancellable: it is in the database. */
static gboolean
flush_finished (Deployment  *self,
                GError     **error)
{
  g_autofree char *id = g_steal_pointer (&self->finished_id);
  g_autoptr(GError) local_error = NULL;

  if (id == NULL
      || (reconnect (self, &local_error)
          && self->iface->record_finish (self->history, self->ledger, id, NULL, &local_error)))
    return TRUE;

  /* The connection may have gone with this very statement. */
  if (self->ledger != NULL && tide_session_is_lost (self->ledger))
    {
      g_clear_error (&local_error);
      if (reconnect (self, &local_error)
          && self->iface->record_finish (self->history, self->ledger, id, NULL, &local_error))
        return TRUE;
    }
  tide_script_error_advise (local_error,
                            "the migration is in the database, but its row could not be finished: "
                                         "mark it as applied");
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
append_statement (GString      *logs,
                  const GError *failure)
{
  const TideErrorFields *fields = tide_error_get_fields (failure);
  g_autofree char *start = NULL;

  if (fields == NULL || fields->statement == NULL)
    return;
  start = g_utf8_substring (fields->statement, 0,
                            MIN (g_utf8_strlen (fields->statement, -1), MAX_LOGGED_STATEMENT));
  g_string_append_printf (logs, "\nstatement: %s", start);
}

/* What a later reader needs: why, where, which statement, and what is in the database now. All who may read the ledger
 * read it: passwords in the statement are masked. */
static char *
build_logs (const GError *failure,
            const char   *outcome)
{
  g_autofree char *text = tide_error_dup_english_text (failure);
  g_autoptr(GString) logs = g_string_new (text);

  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_string_assign (logs, "cancelled by the person who ran the deploy");
  append_statement (logs, failure);
  g_string_append_printf (logs, "\n%s", outcome);
  return tide_url_redact (logs->str);
}

static void
record_failure (Deployment *self,
                GError     *failure)
{
  const char *outcome = tide_script_runner_get_outcome (self->runner);
  g_autofree char *id = g_steal_pointer (&self->running_id);
  g_autofree char *advice = NULL;
  g_autofree char *logs = NULL;
  g_autoptr(GError) local_error = NULL;

  advice = g_strdup_printf ("%s; put right what is wrong, mark the migration as rolled back and "
                            "deploy again", outcome);
  tide_script_error_advise (failure, advice);
  logs = build_logs (failure, outcome);
  if (!reconnect (self, &local_error)
      || !self->iface->record_failure (self->history, self->ledger, id, logs, NULL, &local_error))
    tide_job_log (self->job, "the failure could not be recorded: %s", local_error->message);
}

/*
 * A connection that goes leaves open whether the file was committed. The server knows it of one
 * transaction; of a file that ran in several, what its note says is all that is known.
 */
static TideTransactionFate
find_fate (Deployment   *self,
           const GError *failure)
{
  if (!g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_LOST))
    return TIDE_TRANSACTION_FATE_ABORTED;
  if (self->note.kind != TIDE_LEDGER_NOTE_TRANSACTION || !reconnect (self, NULL))
    return TIDE_TRANSACTION_FATE_UNKNOWN;
  return tide_transaction_wait_fate (self->ledger, self->note.transaction);
}

/* Waits until the row of the file that runs is there, and with it the end of the file before. */
static gboolean
end_start (Deployment  *self,
           GError     **error)
{
  g_autoptr(GError) failure = NULL;

  if (self->start == NULL)
    return self->running_id != NULL;

  self->running_id =
    self->iface->end_start (self->history, self->ledger, g_steal_pointer (&self->start), &failure);
  if (self->running_id != NULL)
    {
      g_clear_pointer (&self->finished_id, g_free);
      return TRUE;
    }
  self->was_locked = tide_error_has_sqlstate (failure, LOCK_NOT_AVAILABLE)
                     || tide_error_has_sqlstate (failure, DEADLOCK_DETECTED);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
record_progress (const TideLedgerNote  *note,
                 gpointer               user_data,
                 GError               **error)
{
  Deployment *self = user_data;

  if (!end_start (self, error))
    return FALSE;
  self->note = *note;
  tide_job_set_status (self->job, _("statement %u of %u"), note->statement, note->n_statements);
  return self->iface->record_progress (self->history, self->ledger, self->running_id, note,
                                       get_cancellable (self), error);
}

static gboolean
guard_commit (gpointer   user_data,
              GError   **error)
{
  return end_start (user_data, error);
}

/*
 * The row is written while the file runs, which costs a small one no time: what must not be is a file that was committed
 * and has no row, and its COMMIT waits for that. A file that speaks of the ledger runs after its row, and so does one
 * that turns out to keep it out.
 */
static gboolean
begin_start (Deployment     *self,
             TideMigration  *migration,
             TideSqlScript  *script,
             GError        **error)
{
  gboolean is_beside = !self->was_locked && tide_sql_script_get_run_mode (script) == TIDE_SQL_RUN_ATOMIC
                       && strstr (tide_sql_script_get_text (script), self->iface->table) == NULL;

  self->was_locked = FALSE;
  self->start = self->iface->begin_start (self->history, self->ledger, self->finished_id, migration, &self->note,
                                          is_beside ? LEDGER_LOCK_WAIT_MS : 0, get_cancellable (self));
  return is_beside || end_start (self, error);
}

static gboolean
run_file (Deployment     *self,
          TideMigration  *migration,
          TideSqlScript  *script,
          GError        **error)
{
  g_autoptr(GError) failure = NULL;
  TideTransactionFate fate = TIDE_TRANSACTION_FATE_COMMITTED;

  if (!tide_script_runner_run (self->runner, migration, script, self->next, record_progress, self,
                               &failure))
    {
      /* Without its row there is nothing to record: the file was rolled back. */
      if (self->start != NULL && !end_start (self, error))
        return FALSE;
      if (self->running_id == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      fate = find_fate (self, failure);
    }

  if (fate == TIDE_TRANSACTION_FATE_COMMITTED)
    {
      self->finished_id = g_steal_pointer (&self->running_id);
      return TRUE;
    }
  if (fate == TIDE_TRANSACTION_FATE_ABORTED)
    record_failure (self, failure);
  else
    tide_script_error_advise (failure, "how far the file came is not known: look at the status");
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* (transfer full): taken apart already where the plan has it, which is in the same order */
static TideSqlScript *
read_script (Deployment     *self,
             TideMigration  *migration,
             GError        **error)
{
  const GPtrArray *plan = self->options->plan;

  for (guint i = self->n_planned; plan != NULL && i < plan->len; i++)
    {
      const TideDeployStep *step = g_ptr_array_index (plan, i);

      if (step->migration != migration)
        continue;
      self->n_planned = i + 1;
      return tide_sql_script_ref (step->script);
    }
  return tide_deploy_read_script (migration, error);
}

static gboolean
apply (Deployment     *self,
       TideMigration  *migration,
       TideMigration  *next,
       GError        **error)
{
  g_autoptr(TideSqlScript) script = g_steal_pointer (&self->next);
  g_autoptr(GError) failure = NULL;

  if (script == NULL)
    script = read_script (self, migration, error);
  if (script == NULL)
    return FALSE;
  /* One that cannot be read says so when its turn comes. */
  self->next = next ? read_script (self, next, NULL) : NULL;

  for (;;)
    {
      if (!tide_script_runner_begin (self->runner, script, &self->note, error)
          || !begin_start (self, migration, script, error))
        return FALSE;
      if (run_file (self, migration, script, &failure))
        return TRUE;
      if (!self->was_locked)
        break;
      g_clear_error (&failure);
    }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
fail (Deployment *self,
      const char *name,
      GError     *failure)
{
  if (self->report->failure != NULL)
    {
      g_error_free (failure);
      return;
    }
  self->report->failed_name = g_strdup (name);
  self->report->failure = failure;
}

static void
apply_all (Deployment *self,
           GPtrArray  *pending)
{
  const char *last = NULL;
  GError *failure = NULL;

  for (guint i = 0; i < pending->len && failure == NULL; i++)
    {
      TideMigration *migration = g_ptr_array_index (pending, i);
      TideMigration *next = i + 1 < pending->len ? g_ptr_array_index (pending, i + 1) : NULL;
      const char *name = tide_migration_get_name (migration);

      tide_job_set_status (self->job, "%s (%u of %u)", name, i + 1, pending->len);
      tide_job_set_fraction (self->job, (double) i / pending->len);
      last = name;
      if (!apply (self, migration, next, &failure))
        break;
      tide_job_log (self->job, "applied %s", name);
      g_ptr_array_add (self->report->applied, g_strdup (name));
    }
  if (failure != NULL)
    fail (self, last, failure);

  failure = NULL;
  if (!flush_finished (self, &failure))
    fail (self, last, failure);
}

static gboolean
open_ledger (Deployment  *self,
             GError     **error)
{
  TideSession *given = self->options->session;
  guint timeout_ms = self->options->lock_timeout_ms;

  if (given != NULL && !tide_session_is_lost (given)
      && !tide_conninfo_get_read_only (tide_session_get_conninfo (given)))
    {
      if (lock (self->history, given, timeout_ms, get_cancellable (self), error))
        self->ledger = g_object_ref (given);
    }
  else
    self->ledger = tide_history_open_locked (self->history, self->conninfo, timeout_ms, get_cancellable (self), error);
  return self->ledger != NULL;
}

/* (transfer full): what is pending, once it is sure that it may be applied */
static GPtrArray *
prepare (Deployment   *self,
         TideProject  *project,
         GError      **error)
{
  g_autoptr(TideTimeline) timeline = NULL;
  g_autoptr(GPtrArray) pending = NULL;

  tide_job_set_status (self->job, _("waiting for the migration lock"));
  if (!open_ledger (self, error))
    return NULL;

  timeline =
    tide_history_read_timeline (self->history, project, self->ledger, get_cancellable (self),
                                error);
  if (timeline == NULL || !tide_deploy_check_failed (timeline, error))
    return NULL;
  pending = tide_deploy_list_pending (project, timeline, self->options->to, error);
  if (pending == NULL)
    return NULL;
  if (pending->len > 0)
    tide_script_runner_connect (self->runner);
  if (!tide_timeline_is_initialised (timeline)
      && !self->iface->prepare (self->history, self->ledger, FALSE, get_cancellable (self), error))
    return NULL;
  return g_steal_pointer (&pending);
}

/**
 * tide_deploy_run:
 * @project: a project
 * @conninfo: the database
 * @to: (nullable): the last migration to apply; %NULL for all
 * @lock_timeout_ms: how long to wait for the migration lock, and a statement of a migration for any lock; 0: as long
 *   as Prisma for the one, as the server says for the other
 * @job: (nullable): hears what happens, and cancels
 * @error: what kept it from running: UNREACHABLE, BUSY (P1002), P3005, P3009, P3019, NOT_FOUND
 *
 * Applies what is pending as `prisma migrate deploy` does: same order, same lock, same rows. Each
 * file runs on a second connection, in one transaction where its statements allow it. Nothing that
 * is recorded may be wrong: a row is finished only after its file was committed, and an unfinished
 * one carries a note from which tide_history_explain_failed() tells how far the file came.
 *
 * Returns: (transfer full): what was done, also when a migration failed
 */
TideDeployReport *
tide_deploy_run (TideProject   *project,
                 TideConninfo  *conninfo,
                 const char    *to,
                 guint          lock_timeout_ms,
                 TideJob       *job,
                 GError       **error)
{
  const TideDeployOptions options = { .to = to, .lock_timeout_ms = lock_timeout_ms };

  return tide_deploy_run_full (project, conninfo, &options, job, error);
}

/**
 * tide_deploy_run_full:
 * @project: a project
 * @conninfo: the database
 * @options: how
 * @job: (nullable): as tide_deploy_run()
 * @error: as tide_deploy_run()
 *
 * tide_deploy_run() for somebody who has asked what is pending before, or looks on: then files that run in one transaction
 * are sent statement by statement, so that it is known which of them takes long.
 *
 * Returns: (transfer full): what was done, also when a migration failed
 */
TideDeployReport *
tide_deploy_run_full (TideProject              *project,
                      TideConninfo             *conninfo,
                      const TideDeployOptions  *options,
                      TideJob                  *job,
                      GError                  **error)
{
  g_auto(Deployment) self = { 0 };
  g_autoptr(GPtrArray) pending = NULL;

  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);
  g_return_val_if_fail (conninfo != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  if (!tide_project_check_lock_file (project, error))
    return NULL;

  self.conninfo = conninfo;
  self.options = options;
  self.job = job;
  self.history = tide_history_for_project (project);
  self.iface = TIDE_HISTORY_GET_IFACE (self.history);
  self.runner = tide_script_runner_new (conninfo, options->lock_timeout_ms, job);
  pending = prepare (&self, project, error);
  if (pending == NULL)
    return NULL;

  tide_script_runner_watch (self.runner, options->watch, options->watch_data);
  tide_script_runner_guard (self.runner, guard_commit, &self);
  self.report = g_new0 (TideDeployReport, 1);
  self.report->applied = g_ptr_array_new_with_free_func (g_free);
  apply_all (&self, pending);
  if (self.report->failure == NULL)
    tide_job_set_fraction (job, 1);
  return g_steal_pointer (&self.report);
}
