/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-deploy"

#include "config.h"

#include "history/tide-deploy-private.h"
#include "history/tide-script-error.h"
#include "tide-error.h"

static void
step_free (gpointer data)
{
  TideDeployStep *step = data;

  tide_migration_unref (step->migration);
  tide_sql_script_unref (step->script);
  g_free (step);
}

static char *
format_time (gint64 microseconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (microseconds / G_USEC_PER_SEC);

  return time ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S UTC") : g_strdup ("an unknown time");
}

static void
append_failed (GString                 *text,
               const TideTimelineEntry *entry)
{
  g_autofree char *time = format_time (entry->row->started_at);

  g_string_append_printf (text, "%s\"%s\" (started at %s)", text->len > 0 ? ", " : "", entry->name,
                          time);
}

static void
append_logs (GString                 *text,
             const TideTimelineEntry *entry)
{
  if (entry->row->logs != NULL && *entry->row->logs != '\0')
    g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", entry->name,
                            entry->row->logs);
}

/**
 * tide_deploy_check_failed:
 * @timeline: a timeline
 * @error: P3009 with every failed migration, when it started and its log
 *
 * Returns: whether no failed migration stands in the way
 */
gboolean
tide_deploy_check_failed (TideTimeline  *timeline,
                          GError       **error)
{
  g_autoptr(GString) names = g_string_new (NULL);
  g_autoptr(GString) logs = g_string_new (NULL);
  GError *failure;

  if (tide_timeline_count (timeline, TIDE_STATE_FAILED) == 0)
    return TRUE;

  for (guint i = 0; i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      if (entry->state != TIDE_STATE_FAILED)
        continue;
      append_failed (names, entry);
      append_logs (logs, entry);
    }
  failure = tide_error_new (TIDE_ERROR_REFUSED,
                            "put right what it left, then mark it as rolled back (it will run "
                            "again) or as applied",
                            "nothing can be applied while a failed migration is recorded: %s",
                            names->str);
  tide_error_take_string (&tide_error_get_fields (failure)->prisma_code, g_strdup ("P3009"));
  if (logs->len > 0)
    tide_error_take_string (&tide_error_get_fields (failure)->detail, g_strdup (logs->str));
  g_propagate_error (error, failure);
  return FALSE;
}

/**
 * tide_deploy_list_pending:
 * @project: a project
 * @timeline: its timeline
 * @to: (nullable): the last migration to apply
 * @error: NOT_FOUND when @to is not on disk
 *
 * Returns: (transfer full) (element-type TideMigration): what a deploy runs, in order
 */
GPtrArray *
tide_deploy_list_pending (TideProject   *project,
                          TideTimeline  *timeline,
                          const char    *to,
                          GError       **error)
{
  GPtrArray *pending;

  if (to != NULL && tide_project_find_migration (project, to) == NULL)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND,
                      "give the name of a folder in the migrations folder",
                      "there is no migration \"%s\"", to);
      return NULL;
    }

  pending = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_migration_unref);
  for (guint i = 0; i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      if (entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK)
        g_ptr_array_add (pending, tide_migration_ref (entry->migration));
      if (g_strcmp0 (entry->name, to) == 0)
        break;
    }
  return pending;
}

/**
 * tide_deploy_read_script:
 * @migration: a migration
 * @error: P3015 and the like; INVALID for a file that can never run from here
 *
 * Returns: (transfer full): its text, taken apart
 */
TideSqlScript *
tide_deploy_read_script (TideMigration  *migration,
                         GError        **error)
{
  const GError *problem = tide_migration_get_problem (migration);
  g_autoptr(TideSqlScript) script = NULL;

  if (problem != NULL)
    {
      g_propagate_error (error, g_error_copy (problem));
      return NULL;
    }
  script = tide_sql_script_new_for_bytes (tide_migration_get_bytes (migration));
  return tide_script_check_runs (migration, script, error) ? g_steal_pointer (&script) : NULL;
}

/**
 * tide_deploy_plan:
 * @project: a project
 * @timeline: its timeline
 * @to: (nullable): the last migration to apply; %NULL for all
 * @error: P3019, P3009, NOT_FOUND, P3015, INVALID
 *
 * What a deploy would do. It says beforehand what the deploy itself finds only when it comes to the
 * migration in question: as Prisma, that one applies what stands before a file it cannot read.
 *
 * Returns: (transfer full) (element-type TideDeployStep): the steps in order; empty when nothing is
 *   pending
 */
GPtrArray *
tide_deploy_plan (TideProject   *project,
                  TideTimeline  *timeline,
                  const char    *to,
                  GError       **error)
{
  g_autoptr(GPtrArray) pending = NULL;
  g_autoptr(GPtrArray) steps = NULL;

  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);
  g_return_val_if_fail (timeline != NULL, NULL);

  if (!tide_project_check_lock_file (project, error) || !tide_deploy_check_failed (timeline, error))
    return NULL;
  pending = tide_deploy_list_pending (project, timeline, to, error);
  if (pending == NULL)
    return NULL;

  steps = g_ptr_array_new_full (pending->len, step_free);
  for (guint i = 0; i < pending->len; i++)
    {
      TideMigration *migration = g_ptr_array_index (pending, i);
      TideSqlScript *script = tide_deploy_read_script (migration, error);
      TideDeployStep *step;

      if (script == NULL)
        return NULL;
      step = g_new (TideDeployStep, 1);
      step->migration = tide_migration_ref (migration);
      step->script = script;
      g_ptr_array_add (steps, step);
    }
  return g_steal_pointer (&steps);
}

static GPtrArray *
plan_on (TideHistory   *history,
         TideProject   *project,
         TideSession   *session,
         const char    *to,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autoptr(TideTimeline) timeline = NULL;

  if (session == NULL)
    return NULL;
  timeline = tide_history_read_timeline (history, project, session, cancellable, error);
  return timeline ? tide_deploy_plan (project, timeline, to, error) : NULL;
}

/**
 * tide_deploy_plan_for:
 * @project: a project
 * @conninfo: where to deploy
 * @to: (nullable): the last migration to apply; %NULL for all
 * @lock_timeout_ms: how long to wait for a deploy that runs; 0: as long as Prisma
 * @session: (out) (optional) (transfer full): the session that it asked on, where there is a plan
 * @cancellable: (nullable): a cancellable
 * @error: as tide_deploy_plan(); UNREACHABLE; BUSY (P1002)
 *
 * Reads the ledger and plans. A migration that another deploy is at looks like one that failed, so
 * a failed one is believed only when nobody else holds the migration lock. Blocks.
 *
 * Returns: (transfer full) (element-type TideDeployStep): the steps in order
 */
GPtrArray *
tide_deploy_plan_for (TideProject   *project,
                      TideConninfo  *conninfo,
                      const char    *to,
                      guint          lock_timeout_ms,
                      TideSession  **session,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(TideHistory) history = NULL;
  g_autoptr(TideSession) asked = NULL;
  g_autoptr(TideSession) locked = NULL;
  g_autoptr(GError) local_error = NULL;
  GPtrArray *plan;

  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);
  g_return_val_if_fail (conninfo != NULL, NULL);

  history = tide_history_for_project (project);
  asked = tide_session_open (conninfo, cancellable, &local_error);
  plan = plan_on (history, project, asked, to, cancellable, &local_error);
  if (!g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_REFUSED) || asked == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      if (plan != NULL && session != NULL)
        *session = g_steal_pointer (&asked);
      return plan;
    }
  locked = tide_history_open_locked (history, conninfo, lock_timeout_ms, cancellable, error);
  plan = plan_on (history, project, locked, to, cancellable, error);
  if (plan != NULL && session != NULL)
    *session = g_steal_pointer (&locked);
  return plan;
}
