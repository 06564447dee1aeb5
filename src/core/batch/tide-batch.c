/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-batch"

#include "config.h"

#include <glib/gi18n.h>

#include "batch/tide-batch-state.h"
#include "batch/tide-batch.h"
#include "tide-error.h"

#define SIZE_LEAST 50
#define PAUSE_STEP (50 * G_TIME_SPAN_MILLISECOND)

/* One run of a plan */
typedef struct
{
  TideBatchPlan    *plan;
  TideBatchOptions  options;
  TideBatchControl *control;
  TideJob          *job;
  GCancellable     *cancellable;
  TideSession      *session;
  TideBatchState   *state;
  guint             size;
  guint             lock_waits;        /* in all */
  guint             lock_waits_in_row;
} Run;

static void
run_clear (Run *self)
{
  g_clear_object (&self->session);
  g_clear_pointer (&self->state, tide_batch_state_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static TideResult *
query (Run         *self,
       const char  *sql,
       char       **first,  /* (nullable) */
       char       **second, /* (nullable) */
       GError     **error)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new ();

  for (guint i = 0; first != NULL && first[i] != NULL; i++)
    g_ptr_array_add (values, first[i]);
  for (guint i = 0; second != NULL && second[i] != NULL; i++)
    g_ptr_array_add (values, second[i]);
  return tide_session_query (self->session, sql, (const char *const *) values->pdata, values->len, self->cancellable, error);
}

static gboolean
execute (Run         *self,
         const char  *sql,
         GError     **error)
{
  g_autoptr(TideResult) result = query (self, sql, NULL, NULL, error);

  return result != NULL;
}

/* (transfer full) (nullable): the key in the first columns of the first row */
static char **
dup_key (Run        *self,
         TideResult *result)
{
  guint n = tide_batch_plan_get_n_keys (self->plan);
  char **key;

  if (tide_result_get_n_rows (result) == 0)
    return NULL;
  key = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    key[i] = g_strdup (tide_result_get_value (result, 0, i));
  return key;
}

/* The same job twice would change rows twice. The lock is the session's: it goes with it, whatever happens */
static gboolean
lock_job (Run     *self,
          GError **error)
{
  /* As much of the digest as a positive number has room for */
  g_autofree char *digits = g_strndup (tide_batch_plan_get_digest (self->plan), 15);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, g_ascii_strtoull (digits, NULL, 16));
  g_autoptr(TideResult) result = tide_session_query (self->session,
    "SELECT pg_catalog.pg_try_advisory_lock ($1::bigint), (SELECT pid FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted\n"
    "  AND objsubid = 1 AND (classid::bigint << 32) + objid::bigint = $1::bigint AND pid <> pg_catalog.pg_backend_pid () LIMIT 1)",
    (const char *const[]) { number }, 1, self->cancellable, error);
  const char *pid;

  if (result == NULL || tide_result_get_boolean (result, 0, 0))
    return result != NULL;
  pid = tide_result_get_value (result, 0, 1);
  tide_set_error (error, TIDE_ERROR_BUSY, "wait for it to end, or stop it there",
                  "this job is running already, in the server's process %s", pid ? pid : "?");
  return FALSE;
}

/* A batch was about to commit when the run before ended: the server knows whether it did */
static gboolean
settle (Run     *self,
        GError **error)
{
  g_autoptr(TideResult) result = NULL;
  const char *status;

  if (self->state->next == NULL || self->state->xid == NULL)
    return TRUE;
  for (;;)
    {
      g_clear_pointer (&result, tide_result_unref);
      result = tide_session_query (self->session, "SELECT pg_catalog.txid_status ($1::bigint)",
                                   (const char *const[]) { self->state->xid }, 1, self->cancellable, error);
      if (result == NULL)
        return FALSE;
      status = tide_result_get_value (result, 0, 0);
      if (g_strcmp0 (status, "in progress") != 0)
        break;
      g_usleep (PAUSE_STEP);
    }
  if (status == NULL)
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, "look at the rows, and begin anew, or with a WHERE that leaves out what is done",
                      "the job ended too long ago: the server no longer knows whether its last batch was committed");
      return FALSE;
    }
  if (g_str_equal (status, "committed"))
    tide_batch_state_finish (self->state);
  g_clear_pointer (&self->state->next, g_strfreev);
  g_clear_pointer (&self->state->xid, g_free);
  return TRUE;
}

/* Where it begins: after the run before, or with the first key, up to the last one there is now. FALSE without error: no rows */
static gboolean
begin (Run       *self,
       gboolean  *resumed,
       GError   **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *sql = tide_batch_plan_dup_end_sql (self->plan);
  g_autoptr(TideResult) result = NULL;
  char **end;

  self->state = tide_batch_state_load (self->plan, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *resumed = self->state != NULL;
  if (self->state != NULL)
    return settle (self, error);
  result = query (self, sql, NULL, NULL, error);
  end = result ? dup_key (self, result) : NULL;
  if (end == NULL)
    return FALSE;
  self->state = tide_batch_state_new (end);
  return tide_batch_state_save (self->state, self->plan, error);
}

typedef enum { GOES_ON, PAUSED, ENDED } Pace;

static void
tell (Run  *self,
      Pace  pace)
{
  gint64 rows = tide_batch_plan_get_rows (self->plan);
  g_autofree char *visited = g_strdup_printf ("%" G_GINT64_FORMAT, self->state->visited);
  g_autofree char *changed = g_strdup_printf ("%" G_GINT64_FORMAT, self->state->changed);

  tide_job_set_fraction (self->job, rows > 0 ? MIN ((double) self->state->visited / rows, 0.99) : -1);
  if (pace == ENDED)
    tide_job_set_status (self->job, _("%s rows looked at, %s changed"), visited, changed);
  else if (pace == PAUSED)
    tide_job_set_status (self->job, _("Paused: %s rows looked at, %s changed"), visited, changed);
  else
    tide_job_set_status (self->job, _("%s rows looked at, %s changed, %u in a batch"), visited, changed, self->size);
}

static gboolean
wait_while_paused (Run     *self,
                   GError **error)
{
  while (self->control != NULL && tide_batch_control_get_paused (self->control))
    {
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      tell (self, PAUSED);
      g_usleep (PAUSE_STEP);
    }
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* Sleeps in short steps, so that cancelling is heard */
static void
rest (Run    *self,
      gint64  microseconds)
{
  gint64 end = g_get_monotonic_time () + microseconds;

  while (g_get_monotonic_time () < end && !g_cancellable_is_cancelled (self->cancellable))
    g_usleep (CLAMP (end - g_get_monotonic_time (), 1, PAUSE_STEP));
}

static gboolean
is_conflict (const GError *error)
{
  return tide_error_has_sqlstate (error, "55P03") || tide_error_has_sqlstate (error, "40P01")
         || tide_error_has_sqlstate (error, "40001");
}

/* One transaction: the batch, and, before it commits, the note of what it will have done */
static gboolean
change (Run     *self,
        GError **error)
{
  g_autofree char *sql = tide_batch_plan_dup_batch_sql (self->plan, self->state->done != NULL);
  g_autofree char *settings = g_strdup_printf ("SET LOCAL lock_timeout = %u", self->options.lock_timeout_ms);
  g_autoptr(TideResult) result = NULL;
  g_autoptr(TideResult) xid = NULL;

  if (!execute (self, "BEGIN", error) || !execute (self, settings, error))
    return FALSE;
  result = query (self, sql, self->state->next, self->state->done, error);
  xid = result ? query (self, "SELECT pg_catalog.txid_current ()", NULL, NULL, error) : NULL;
  if (xid == NULL)
    return FALSE;
  self->state->next_changed = tide_result_get_affected (result);
  g_free (self->state->xid);
  self->state->xid = g_strdup (tide_result_get_value (xid, 0, 0));
  if (!tide_batch_state_save (self->state, self->plan, error))
    return FALSE;
  return execute (self, "COMMIT", error);
}

/* Looks how far the next batch goes. FALSE without error: all is done */
static gboolean
find_range (Run     *self,
            GError **error)
{
  g_autofree char *sql = tide_batch_plan_dup_range_sql (self->plan, self->state->done != NULL, self->size);
  g_autoptr(TideResult) result = query (self, sql, self->state->end, self->state->done, error);

  if (result == NULL)
    return FALSE;
  g_strfreev (self->state->next);
  self->state->next = dup_key (self, result);
  if (self->state->next == NULL)
    return FALSE;
  self->state->next_visited = tide_result_get_int64 (result, 0, tide_batch_plan_get_n_keys (self->plan));
  return TRUE;
}

/* Whoever holds locks on the table, for a person */
static char *
dup_holders (Run *self)
{
  g_autoptr(TideResult) result = tide_session_query (self->session,
    "SELECT pg_catalog.string_agg (pg_catalog.format ('%s (%s, %s)', a.pid, a.usename, coalesce (nullif (a.application_name, ''), a.state)), ', ')\n"
    "FROM pg_catalog.pg_stat_activity a WHERE a.pid <> pg_catalog.pg_backend_pid () AND a.pid IN\n"
    "  (SELECT pid FROM pg_catalog.pg_locks WHERE relation = $1::pg_catalog.oid AND granted)",
    (const char *const[]) { tide_batch_plan_get_oid (self->plan) }, 1, self->cancellable, NULL);
  const char *text = result ? tide_result_get_value (result, 0, 0) : NULL;

  return g_strdup (text ? text : _("somebody"));
}

/* The batch waited for a lock in vain, or lost a deadlock: a smaller one, after a rest; too often, and it stops.
 * @failure (transfer full) */
static gboolean
back_off (Run     *self,
          GError  *failure,
          GError **error)
{
  g_autoptr(GError) owned = failure;
  g_autofree char *holders = NULL;

  if (tide_session_is_lost (self->session) || !is_conflict (failure))
    {
      g_propagate_error (error, g_steal_pointer (&owned));
      return FALSE;
    }
  if (!execute (self, "ROLLBACK", error))
    return FALSE;
  g_clear_pointer (&self->state->xid, g_free);
  holders = dup_holders (self);
  self->lock_waits++;
  tide_job_log (self->job, _("waited for a lock that %s holds"), holders);
  if (++self->lock_waits_in_row >= self->options.lock_waits_most)
    {
      tide_set_error (error, TIDE_ERROR_BUSY, "what is done stays done: run it again when they have finished",
                      "%u batches in a row waited in vain for locks that %s holds", self->lock_waits_in_row, holders);
      return FALSE;
    }
  self->size = MAX (self->size / 2, SIZE_LEAST);
  tide_job_set_status (self->job, _("Waiting for locks that %s holds"), holders);
  rest (self, self->lock_waits_in_row * self->options.lock_timeout_ms * (G_TIME_SPAN_MILLISECOND / 4));
  return TRUE;
}

/* Batches as long as they should be: not twice as large, nor less than half, from one to the next */
static void
adapt (Run    *self,
       gint64  elapsed)
{
  double wish = (double) self->size * self->options.target_ms * G_TIME_SPAN_MILLISECOND / MAX (elapsed, 1);

  self->size = CLAMP (wish, MAX (self->size / 2, SIZE_LEAST), MIN (self->size * 2.0, MAX (self->options.most, SIZE_LEAST)));
}

static gboolean
run_batches (Run     *self,
             GError **error)
{
  g_autoptr(GError) failure = NULL;

  while (wait_while_paused (self, error))
    {
      gint64 start = g_get_monotonic_time ();

      if (!find_range (self, &failure))
        break;
      if (!change (self, &failure))
        {
          if (!back_off (self, g_steal_pointer (&failure), error))
            return FALSE;
          continue;
        }
      tide_batch_state_finish (self->state);
      self->lock_waits_in_row = 0;
      adapt (self, g_get_monotonic_time () - start);
      tell (self, GOES_ON);
      rest (self, (g_get_monotonic_time () - start) * self->options.rest_percent / 100);
    }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return error == NULL || *error == NULL;
}

/* What is known to be done is written down without the transaction that did it: the server forgets those after a while */
static void
keep_progress (Run *self)
{
  if (self->state == NULL || self->state->xid != NULL)
    return;
  g_clear_pointer (&self->state->next, g_strfreev);
  tide_batch_state_save (self->state, self->plan, NULL);
}

static void
fill_options (Run                    *self,
              const TideBatchOptions *options)
{
  if (options != NULL)
    self->options = *options;
  self->options.size = self->options.size ? self->options.size : 1000;
  self->options.most = self->options.most ? self->options.most : 50000;
  self->options.target_ms = self->options.target_ms ? self->options.target_ms : 500;
  self->options.lock_timeout_ms = self->options.lock_timeout_ms ? self->options.lock_timeout_ms : 2000;
  self->options.lock_waits_most = self->options.lock_waits_most ? self->options.lock_waits_most : 10;
  self->size = MIN (self->options.size, self->options.most);
}

gboolean
tide_batch_find_unfinished (TideBatchPlan    *plan,
                            TideBatchReport  *report,
                            GError          **error)
{
  g_autoptr(TideBatchState) state = tide_batch_state_load (plan, error);

  if (state == NULL)
    return FALSE;
  *report = (TideBatchReport) { .visited = state->visited, .changed = state->changed, .batches = state->batches, .resumed = TRUE };
  return TRUE;
}

void
tide_batch_forget (TideBatchPlan *plan)
{
  tide_batch_state_forget (plan);
}

TideBatchReport *
tide_batch_run (TideConninfo            *conninfo,
                TideBatchPlan           *plan,
                const TideBatchOptions  *options,
                TideBatchControl        *control,
                TideJob                 *job,
                GError                 **error)
{
  g_auto(Run) self = { .plan = plan, .control = control, .job = job, .cancellable = tide_job_get_cancellable (job) };
  g_autoptr(GError) local_error = NULL;
  TideBatchReport report = { 0 };
  gint64 start = g_get_monotonic_time ();

  fill_options (&self, options);
  self.session = tide_session_open (conninfo, self.cancellable, error);
  if (self.session == NULL || !lock_job (&self, error))
    return NULL;
  if (begin (&self, &report.resumed, &local_error))
    run_batches (&self, &local_error);
  if (local_error != NULL)
    {
      keep_progress (&self);
      if (self.state != NULL)
        tell (&self, ENDED);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (self.state != NULL)
    {
      report.visited = self.state->visited;
      report.changed = self.state->changed;
      report.batches = self.state->batches;
    }
  tide_batch_state_forget (plan);
  report.lock_waits = self.lock_waits;
  report.seconds = (g_get_monotonic_time () - start) / (double) G_USEC_PER_SEC;
  return g_memdup2 (&report, sizeof report);
}
