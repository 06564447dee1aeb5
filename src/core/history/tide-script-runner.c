/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-script-runner"

#include "config.h"

#include <string.h>

#include "history/tide-deploy-private.h"
#include "history/tide-script-error.h"
#include "history/tide-script-runner.h"
#include "history/tide-script-session.h"
#include "tide-error.h"

/* A migration may select rows; nobody looks at them. */
#define CHUNK_ROWS 1000

/* Bytes */
#define MAX_MESSAGE (1024 * 1024)

struct _TideScriptRunner
{
  const char           *outcome;   /* static text, or outcome_text */
  gboolean              committed; /* the COMMIT ahead of the next file's BEGIN was answered */
  guint64               ahead;     /* the transaction that was begun behind it */

  TideDeployWatch       watch;     /* nullable */
  gpointer              watch_data;
  TideScriptGuardFunc   guard;     /* nullable */
  gpointer              guard_data;

  /* Borrowed */
  TideJob              *job;

  /* Owned */
  TideScriptSession    *session;
  char                 *command;   /* the last tag that was answered */
  char                 *outcome_text;
};

static GCancellable *
get_cancellable (TideScriptRunner *self)
{
  return self->job ? tide_job_get_cancellable (self->job) : NULL;
}


/**
 * tide_script_runner_new:
 * @conninfo: where to run
 * @lock_timeout_ms: how long a statement may wait for a lock; 0: as the server says
 * @job: (nullable): hears notices, and cancels
 *
 * Returns: (transfer full): a runner; it connects when it is first needed
 */
TideScriptRunner *
tide_script_runner_new (TideConninfo *conninfo,
                        guint         lock_timeout_ms,
                        TideJob      *job)
{
  g_autoptr(TideConninfo) writable = tide_deploy_dup_conninfo (conninfo);
  TideScriptRunner *self = g_new0 (TideScriptRunner, 1);

  self->job = job;
  self->session = tide_script_session_new (writable, lock_timeout_ms, get_cancellable (self));
  return self;
}

/* A file that runs in one transaction is then sent statement by statement, in that transaction. */
void
tide_script_runner_watch (TideScriptRunner *self,
                          TideDeployWatch   func,
                          gpointer          user_data)
{
  self->watch = func;
  self->watch_data = user_data;
}

/**
 * tide_script_runner_guard:
 * @self: a runner
 * @func: (nullable): called once the statements of a file that runs in one transaction are through, before its COMMIT is
 *   sent; its failure is that of the file, of which nothing is kept then
 * @user_data: for @func
 */
void
tide_script_runner_guard (TideScriptRunner    *self,
                          TideScriptGuardFunc  func,
                          gpointer             user_data)
{
  self->guard = func;
  self->guard_data = user_data;
}

/**
 * tide_script_runner_free:
 * @self: (transfer full): a runner; its connection ends
 */
void
tide_script_runner_free (TideScriptRunner *self)
{
  tide_script_session_free (self->session);
  g_free (self->outcome_text);
  g_free (self->command);
  g_free (self);
}

static gboolean
begin_transaction (TideScriptRunner  *self,
                   TideLedgerNote    *note,
                   GError           **error)
{
  guint64 transaction = tide_script_session_begin (self->session, error);
  const TideTransactionPlace *place = tide_script_session_get_place (self->session);

  if (transaction == 0)
    return FALSE;

  *note = (TideLedgerNote) {
    .kind = TIDE_LEDGER_NOTE_TRANSACTION,
    .transaction = transaction,
    .server = place->server,
    .database = place->database,
  };
  return TRUE;
}

static TideLedgerNote
note_statement (const TideSqlScript *script,
                TideLedgerNoteKind   kind,
                guint                index)
{
  return (TideLedgerNote) {
    .kind = kind,
    .statement = index + 1,
    .n_statements = tide_sql_script_get_n_statements (script),
    .line = tide_sql_script_get_statement (script, index)->line,
  };
}

/* Begins to connect, for somebody who knows that a file will run and has something else to do before. */
void
tide_script_runner_connect (TideScriptRunner *self)
{
  tide_script_session_connect (self->session);
}

/**
 * tide_script_runner_begin:
 * @self: a runner
 * @script: what will be run
 * @note: (out caller-allocates): what to record before it is
 * @error: the server's, or UNREACHABLE
 *
 * Makes the session as new and, for a file that runs in one transaction, begins it: its id is known
 * and recorded before the file's first statement, so that whatever is killed later, the server can
 * be asked whether the file was committed.
 *
 * Returns: whether tide_script_runner_run() may follow
 */
gboolean
tide_script_runner_begin (TideScriptRunner  *self,
                          TideSqlScript     *script,
                          TideLedgerNote    *note,
                          GError           **error)
{
  if (tide_sql_script_get_run_mode (script) == TIDE_SQL_RUN_ATOMIC)
    return begin_transaction (self, note, error);

  if (tide_sql_script_get_run_mode (script) == TIDE_SQL_RUN_STEPWISE)
    *note = note_statement (script, TIDE_LEDGER_NOTE_STATEMENT, 0);
  else
    *note = (TideLedgerNote) { .kind = TIDE_LEDGER_NOTE_OWN };
  return tide_script_session_renew (self->session, error);
}

static gboolean
take_answer (TideResult *chunk,
             guint       statement,
             gpointer    user_data)
{
  TideScriptRunner *self = user_data;
  GPtrArray *notices = tide_result_get_notices (chunk);

  if (self->watch != NULL && tide_result_get_command (chunk) != NULL)
    {
      g_free (self->command);
      self->command = g_strdup (tide_result_get_command (chunk));
    }

  for (guint i = 0; notices != NULL && i < notices->len; i++)
    {
      const GError *notice = g_ptr_array_index (notices, i);
      const TideErrorFields *fields = tide_error_get_fields (notice);
      g_autofree char *severity = g_ascii_strdown (fields->severity ? fields->severity : "notice", -1);

      tide_job_log (self->job, "%s: %s", severity, notice->message);
    }
  return TRUE;
}

static gboolean
send (TideScriptRunner  *self,
      const char        *sql,
      GError           **error)
{
  return tide_session_stream (tide_script_session_get (self->session), sql, CHUNK_ROWS, take_answer, self,
                              get_cancellable (self), error);
}

/* The same, told to who watches. @index: of the statement; @is_whole: @sql is all of the file */
static gboolean
send_watched (TideScriptRunner  *self,
              TideMigration     *migration,
              TideSqlScript     *script,
              guint              index,
              gboolean           is_whole,
              const char        *sql,
              GError           **error)
{
  TideDeployEvent event = { migration, script, index, is_whole, tide_session_get_backend_pid (tide_script_session_get (self->session)) };
  gint64 start = g_get_monotonic_time ();
  gboolean sent;

  if (self->watch == NULL)
    return send (self, sql, error);

  g_clear_pointer (&self->command, g_free);
  self->watch (&event, self->watch_data);
  sent = send (self, sql, error);
  event.has_ended = TRUE;
  event.command = sent ? (self->command ? self->command : "") : NULL;
  event.microseconds = g_get_monotonic_time () - start;
  self->watch (&event, self->watch_data);
  return sent;
}

static gboolean
send_each (TideScriptRunner  *self,
           TideMigration     *migration,
           TideSqlScript     *script,
           GError           **error)
{
  guint n = tide_sql_script_get_n_statements (script);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *sql = tide_sql_script_dup_statement (script, i);
      GError *failure = NULL;

      if (send_watched (self, migration, script, i, FALSE, sql, &failure))
        continue;
      tide_script_error_place (failure, migration, script, tide_sql_script_get_statement (script, i)->start, i);
      g_propagate_error (error, failure);
      return FALSE;
    }
  return TRUE;
}

/* The file itself has no COMMIT, or it would not run in one transaction: the first is ours. */
static gboolean
take_answer_ahead (TideResult *chunk,
                   guint       statement,
                   gpointer    user_data)
{
  TideScriptRunner *self = user_data;

  if (!self->committed)
    {
      self->committed = g_strcmp0 (tide_result_get_command (chunk), "COMMIT") == 0;
      return take_answer (chunk, statement, self);
    }
  /* The last answer with a row counts: what makes a session new selects, too. */
  if (tide_result_get_n_rows (chunk) == 1)
    self->ahead = (guint64) tide_result_get_int64 (chunk, 0, 0);
  return TRUE;
}

static gboolean
send_ahead (TideScriptRunner  *self,
            const char        *sql,
            GError           **error)
{
  g_autofree char *all = tide_script_session_build_ahead (self->session, sql);

  return tide_session_stream (tide_script_session_get (self->session), all, CHUNK_ROWS, take_answer_ahead, self,
                              get_cancellable (self), error);
}

static void
set_outcome (TideScriptRunner *self,
             char             *text)
{
  g_free (self->outcome_text);
  self->outcome_text = text;
  self->outcome = text;
}

static gboolean
is_in_transaction (TideScriptRunner *self)
{
  return tide_session_get_transaction_status (tide_script_session_get (self->session)) != TIDE_TRANSACTION_IDLE;
}

static gboolean
check_ended (TideScriptRunner  *self,
             TideMigration     *migration,
             GError           **error)
{
  GError *failure;

  if (!is_in_transaction (self))
    return TRUE;

  tide_script_session_roll_back (self->session);
  failure = tide_error_new (TIDE_ERROR_INVALID,
                            "end it with COMMIT, or take BEGIN out and the whole file runs in one transaction",
                            "the file leaves a transaction open: what it did since its last BEGIN was rolled back");
  tide_error_take_string (&tide_error_get_fields (failure)->file,
                          g_filename_display_name (tide_migration_get_path (migration)));
  g_propagate_error (error, failure);
  return FALSE;
}

/* The statements from @first to before the return value go in one message. The server keeps a whole message in its memory, taken
 * apart, and so do we: a very long file goes in several. */
static guint
find_batch_end (TideSqlScript *script,
                guint          first)
{
  guint n = tide_sql_script_get_n_statements (script);
  gsize limit = tide_sql_script_get_statement (script, first)->start + MAX_MESSAGE;
  guint end = first + 1;

  while (end < n && tide_sql_script_get_statement (script, end)->start < limit)
    end++;
  return end;
}

/* What a file consists of; not yet its COMMIT */
static gboolean
send_statements (TideScriptRunner  *self,
                 TideMigration     *migration,
                 TideSqlScript     *script,
                 GError           **error)
{
  const char *text = tide_sql_script_get_text (script);
  guint n = tide_sql_script_get_n_statements (script);

  if (self->watch != NULL)
    return send_each (self, migration, script, error);
  for (guint i = 0, end; i < n; i = end)
    {
      gsize start = i > 0 ? tide_sql_script_get_statement (script, i)->start : 0;
      g_autofree char *part = NULL;
      GError *failure = NULL;

      end = find_batch_end (script, i);
      if (end < n)
        part = g_strndup (text + start, tide_sql_script_get_statement (script, end)->start - start);
      if (send (self, part ? part : text + start, &failure))
        continue;
      tide_script_error_place (failure, migration, script, start, i);
      g_propagate_error (error, failure);
      return FALSE;
    }
  return TRUE;
}

/*
 * The transaction of the next file is begun in the same message, which saves a round trip. It stands behind the COMMIT,
 * so that whatever goes wrong there is no failure of this file: the next one then begins as the first one does.
 */
static gboolean
send_commit (TideScriptRunner  *self,
             TideMigration     *migration,
             TideSqlScript     *next,
             const char        *sql,
             GError           **error)
{
  g_autoptr(GError) failure = NULL;

  if (next == NULL || tide_sql_script_get_run_mode (next) != TIDE_SQL_RUN_ATOMIC
      || !tide_script_session_may_begin_ahead (self->session))
    return send (self, sql, error) && check_ended (self, migration, error);

  self->committed = FALSE;
  self->ahead = 0;
  if (send_ahead (self, sql, &failure) && self->committed)
    {
      tide_script_session_set_ahead (self->session, self->ahead);
      return TRUE;
    }
  if (self->committed)
    {
      tide_script_session_roll_back (self->session);
      return TRUE;
    }
  if (failure == NULL)
    return check_ended (self, migration, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* A file that nobody looks at and that may be committed at once goes in one message with its COMMIT. */
static gboolean
send_atomic (TideScriptRunner  *self,
             TideMigration     *migration,
             TideSqlScript     *script,
             TideSqlScript     *next,
             GError           **error)
{
  gboolean is_apart = self->watch != NULL || self->guard != NULL || strlen (tide_sql_script_get_text (script)) > MAX_MESSAGE;
  /* The file may end in a comment or without its last semicolon. */
  g_autofree char *sql = is_apart ? g_strdup ("COMMIT")
                                  : g_strconcat (tide_sql_script_get_text (script), "\n;\nCOMMIT", NULL);
  GError *failure = NULL;

  if (is_apart && !send_statements (self, migration, script, error))
    return FALSE;
  if (self->guard != NULL && !self->guard (self->guard_data, error))
    return FALSE;
  if (send_commit (self, migration, next, sql, &failure))
    return TRUE;
  tide_script_error_place (failure, migration, script, 0, is_apart ? tide_sql_script_get_n_statements (script) : 0);
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
run_atomic (TideScriptRunner  *self,
            TideMigration     *migration,
            TideSqlScript     *script,
            TideSqlScript     *next,
            GError           **error)
{
  self->outcome = "nothing of the file was kept";
  if (send_atomic (self, migration, script, next, error))
    return TRUE;

  tide_script_session_roll_back (self->session);
  return FALSE;
}

static gboolean
run_statement (TideScriptRunner  *self,
               TideMigration     *migration,
               TideSqlScript     *script,
               guint              index,
               GError           **error)
{
  g_autofree char *sql = tide_sql_script_dup_statement (script, index);
  g_autoptr(GError) failure = NULL;

  if (send_watched (self, migration, script, index, FALSE, sql, &failure))
    return TRUE;

  tide_script_session_roll_back (self->session);
  tide_script_error_place (failure, migration, script,
                           tide_sql_script_get_statement (script, index)->start, index);
  if (g_ascii_strncasecmp (sql, "CREATE ", 7) == 0
      && (tide_sql_script_get_traits (script, index) & TIDE_SQL_TRAIT_NO_TRANSACTION) != 0)
    tide_script_error_advise (failure,
                              "an index that was built concurrently stays behind invalid: drop it");
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* A file may have transactions of its own here: what stands in one is kept with all of it, or not at all. */
static gboolean
run_stepwise (TideScriptRunner        *self,
              TideMigration           *migration,
              TideSqlScript           *script,
              guint                    n_recorded,
              TideScriptProgressFunc   progress,
              gpointer                 progress_data,
              GError                 **error)
{
  guint n = tide_sql_script_get_n_statements (script);
  guint n_kept = 0;

  for (guint i = 0; i < n; i++)
    {
      gboolean is_inside = is_in_transaction (self);
      TideLedgerNote note;

      n_kept = is_inside ? n_kept : i;
      note = note_statement (script, is_inside ? TIDE_LEDGER_NOTE_BLOCK : TIDE_LEDGER_NOTE_STATEMENT, n_kept);
      set_outcome (self, n_kept == 0 ? g_strdup ("nothing of the file was kept")
                                     : g_strdup_printf ("the first %u of its %u statements were kept", n_kept, n));
      if (i >= n_recorded && i <= n_kept + 1 && !progress (&note, progress_data, error))
        return FALSE;
      if (!run_statement (self, migration, script, i, error))
        return FALSE;
    }
  return check_ended (self, migration, error);
}

static gboolean
run_own (TideScriptRunner  *self,
         TideMigration     *migration,
         TideSqlScript     *script,
         GError           **error)
{
  g_autoptr(GError) failure = NULL;

  self->outcome = "the file begins and commits transactions itself: what it had committed was kept";
  if (send_watched (self, migration, script, 0, TRUE, tide_sql_script_get_text (script), &failure))
    return check_ended (self, migration, error);

  if (is_in_transaction (self))
    tide_script_session_roll_back (self->session);
  tide_script_error_place (failure, migration, script, 0, 0);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* What only the server can know: the file called something that does not run inside a transaction. */
static gboolean
refuses_transaction (const GError *error)
{
  return tide_error_has_sqlstate (error, "25001")     /* active_sql_transaction */
         || tide_error_has_sqlstate (error, "2D000")  /* invalid_transaction_termination */
         || tide_error_has_sqlstate (error, "55P04"); /* unsafe_new_enum_value_usage */
}

/**
 * tide_script_runner_run:
 * @self: a runner
 * @migration: the migration to run
 * @script: its text, for which tide_script_runner_begin() has been called
 * @next: (nullable): what will be begun after it
 * @progress: records how far a file came that runs statement by statement
 * @progress_data: for @progress
 * @error: the server's, with statement, file, line and P3018; LOST; cancelled
 *
 * Runs a file as its mode says. One that turns out to refuse a transaction has left nothing behind
 * when the server says so; it is then run statement by statement, as Prisma does since 7.4.
 *
 * Returns: whether the whole file is in the database; else tide_script_runner_get_outcome() says
 *   what is
 */
gboolean
tide_script_runner_run (TideScriptRunner        *self,
                        TideMigration           *migration,
                        TideSqlScript           *script,
                        TideSqlScript           *next,
                        TideScriptProgressFunc   progress,
                        gpointer                 progress_data,
                        GError                 **error)
{
  g_autoptr(GError) failure = NULL;

  if (tide_sql_script_get_run_mode (script) == TIDE_SQL_RUN_OWN)
    return run_own (self, migration, script, error);
  if (tide_sql_script_get_run_mode (script) == TIDE_SQL_RUN_STEPWISE)
    return run_stepwise (self, migration, script, 1, progress, progress_data, error);
  if (run_atomic (self, migration, script, next, &failure))
    return TRUE;
  if (!refuses_transaction (failure))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  tide_job_log (self->job, "%s refuses a transaction (%s): running it statement by statement",
                tide_migration_get_name (migration), failure->message);
  return run_stepwise (self, migration, script, 0, progress, progress_data, error);
}

/**
 * tide_script_runner_get_outcome:
 * @self: a runner whose last run failed
 *
 * Returns: (transfer none): what of the file is in the database, in words
 */
const char *
tide_script_runner_get_outcome (const TideScriptRunner *self)
{
  return self->outcome;
}
