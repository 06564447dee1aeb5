/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-rollback"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore.h"
#include "history/tide-history.h"
#include "runbook/tide-rollback-private.h"
#include "runbook/tide-run-english.h"
#include "runbook/tide-run-hook.h"
#include "runbook/tide-runbook-private.h"
#include "tide-error.h"
#include "tide-json.h"

gboolean
tide_rollback_confirm (TidePipeline  *pipeline,
                       GError       **error)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);
  TideTarget *target = tide_pipeline_get_target (pipeline);
  TideConninfo *conninfo = tide_target_get_conninfo (target);
  gboolean by_name = tide_kind_asks_for_name (tide_target_get_kind (target)) && self->mode != TIDE_ROLLBACK_MIGRATION;
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  g_autofree char *title = g_strdup_printf (_("Roll back %s?"), tide_target_get_name (target));
  g_autofree char *text = NULL;
  GError *failure = NULL;

  text = g_strdup_printf ("%s\n%s%s", label, self->plan->losses,
                          by_name ? _("\nThe database as it is now is kept under another name.") : "");
  if (tide_pipeline_ask (pipeline, tide_run_question_new (TIDE_QUESTION_CONFIRM, tide_pipeline_get_running (pipeline), title, text,
                                                          by_name ? tide_conninfo_get (conninfo, "dbname") : NULL, NULL, NULL), NULL,
                         &failure))
    {
      tide_pipeline_status (pipeline, N_("confirmed by %s"), g_get_user_name ());
      return TRUE;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    tide_set_error (error, TIDE_ERROR_REFUSED, "read what will be lost, and run with --yes", "it was not confirmed: nothing was changed");
  return FALSE;
}

/* FALSE: there is none, it may not run, or it failed: told, and no reason to stop what an emergency asks for */
static gboolean
run_hook (TideRollback  *self,
          const char    *name,
          char         **argv,
          GError       **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autoptr(GError) failure = NULL;

  if (argv == NULL)
    {
      tide_pipeline_skip (pipeline, N_("tidemark.json names no %s command"), name);
      return FALSE;
    }
  if (!tide_run_hook_ask (pipeline, name, (const char *const *) argv, self->hook_timeout_s, &failure) && failure == NULL)
    tide_pipeline_warn (pipeline, N_("the %s command is not approved and was not run"), name);
  else if (failure == NULL)
    {
      /* Should this program be killed now, the next start knows that the command had begun. */
      self->application = g_str_equal (name, "stop") ? "stopping" : "starting";
      tide_pipeline_save (pipeline);
      if (tide_run_hook_run (pipeline, name, (const char *const *) argv, self->hook_timeout_s, &failure))
        {
          self->application = g_str_equal (name, "stop") ? "stopped" : NULL;
          return TRUE;
        }
    }
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (failure != NULL)
    tide_pipeline_warn (pipeline, "%s", failure->message);
  return FALSE;
}

gboolean
tide_rollback_stop (TidePipeline  *pipeline,
                    GError       **error)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);
  g_autoptr(GError) failure = NULL;

  self->stopped = run_hook (self, "stop", tide_project_get_hooks (tide_pipeline_get_project (pipeline))->stop, &failure);
  if (self->stopped)
    tide_pipeline_status (pipeline, N_("the application was told to stop"));
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The database is as it was: then so should be the application. */
static void
start_again (TideRollback *self)
{
  char **start = tide_project_get_hooks (tide_pipeline_get_project (TIDE_PIPELINE (self)))->start;

  if (!self->stopped || start == NULL || g_cancellable_is_cancelled (tide_pipeline_get_cancellable (TIDE_PIPELINE (self))))
    return;
  if (run_hook (self, "start", start, NULL))
    self->stopped = FALSE;
}

gboolean
tide_rollback_restore (TidePipeline  *pipeline,
                       GError       **error)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);
  TideRestoreOptions options = { .mode = TIDE_RESTORE_SWAP, .end_sessions = self->end_sessions, .wait_ms = self->wait_s * 1000 };
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);
  g_autoptr(TideRestoreReport) report =
    tide_restore_run (self->plan->backup, tide_target_get_conninfo (tide_pipeline_get_target (pipeline)), &options,
                      tide_pipeline_get_job (pipeline), error);

  if (report == NULL)
    {
      start_again (self);
      return FALSE;
    }
  self->swapped = TRUE;
  outcome->kept = g_strdup (report->old_database);
  outcome->backup = g_strdup (self->plan->backup->path);
  outcome->rollback = tide_pipeline_dup_command (pipeline, "restore", "--back", report->old_database, NULL);
  for (guint i = 0; i < report->problems->len; i++)
    tide_pipeline_warn (pipeline, "%s", (char *) g_ptr_array_index (report->problems, i));
  tide_pipeline_status (pipeline, N_("restored; the database as it was is kept as \"%s\""), report->old_database);
  return TRUE;
}

gboolean
tide_rollback_verify (TidePipeline  *pipeline,
                      GError       **error)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);
  g_autoptr(TideRowComparison) rows =
    tide_backup_compare_rows (self->plan->backup, tide_target_get_conninfo (tide_pipeline_get_target (pipeline)), self->exact_rows_below,
                              tide_pipeline_get_job (pipeline), error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->tables->len; i++)
    {
      const TideTableRows *table = g_ptr_array_index (rows->tables, i);

      if (tide_rows_state_is_difference (table->state))
        {
          g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, table->database_rows);
          g_autofree char *then = g_strdup_printf ("%" G_GINT64_FORMAT, table->backup_rows);

          tide_pipeline_note (pipeline, N_("\"%s\".\"%s\": %s rows, %s in the backup"), table->schema, table->name, now, then);
        }
    }
  if (rows->note != NULL)
    tide_pipeline_warn (pipeline, "%s", rows->note);
  if (rows->n_unknown > 0)
    tide_pipeline_warn (pipeline, N_("%u tables could not be compared"), rows->n_unknown);
  if (rows->n_differences > 0)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, "somebody writes already, or the backup is damaged; restore --back undoes the swap",
                      "%u tables have other rows than the backup", rows->n_differences);
      return FALSE;
    }
  tide_pipeline_status (pipeline, N_("%u tables have the rows of the backup"), rows->tables->len - rows->n_unknown);
  return TRUE;
}

gboolean
tide_rollback_status (TidePipeline  *pipeline,
                      GError       **error)
{
  TideProject *project = tide_pipeline_get_project (pipeline);
  GCancellable *cancellable = tide_pipeline_get_cancellable (pipeline);
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session =
    tide_session_open (tide_target_get_conninfo (tide_pipeline_get_target (pipeline)), cancellable, error);
  g_autoptr(TideTimeline) timeline = session ? tide_history_read_timeline (history, project, session, cancellable, error) : NULL;

  if (timeline == NULL)
    return FALSE;
  tide_pipeline_status (pipeline, N_("%u applied, %u pending, %u failed"), tide_timeline_count (timeline, TIDE_STATE_APPLIED),
                        tide_timeline_count_pending (timeline), tide_timeline_count (timeline, TIDE_STATE_FAILED));
  return TRUE;
}

gboolean
tide_rollback_start (TidePipeline  *pipeline,
                     GError       **error)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);
  g_autoptr(GError) failure = NULL;

  if (run_hook (self, "start", tide_project_get_hooks (tide_pipeline_get_project (pipeline))->start, &failure))
    {
      self->stopped = FALSE;
      tide_pipeline_status (pipeline, N_("the application was told to start"));
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static char *
describe_database (gpointer pipeline)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);
  g_autoptr(GString) text = g_string_new (NULL);

  if (self->swapped)
    g_string_append_printf (text, _("The database is that of the backup; as it was before, it is kept as \"%s\"."),
                            tide_pipeline_get_outcome (pipeline)->kept);
  else if (self->resolved)
    g_string_append_printf (text, _("\"%s\" is marked as rolled back."), self->migration);
  else
    g_string_append (text, _("This roll-back has changed nothing in the database."));
  if (self->stopped)
    {
      g_string_append (text, _(" The application is stopped."));
      tide_rollback_append_start (tide_pipeline_get_project (pipeline), text);
    }
  return g_strdup (text->str);
}

void
tide_rollback_describe (TidePipeline *pipeline,
                        gpointer      builder)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);

  tide_json_add_text (builder, "subject", self->mode == TIDE_ROLLBACK_MIGRATION ? self->migration : self->run);
  tide_json_add_number (builder, "database_oid", self->oid);
  tide_json_add_text (builder, "application", self->application);
}

void
tide_rollback_conclude (TidePipeline *pipeline)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);
  g_auto(GStrv) argv = NULL;

  if (self->swapped)
    {
      argv = tide_pipeline_dup_command (pipeline, "restore", "--back", outcome->kept, NULL);
      tide_run_outcome_add_way (outcome, "swap-back", N_("Undo this roll-back"), N_("Gives the name back to the database as it was before."),
                                (const char *const *) argv)->subject = g_strdup (outcome->kept);
    }
  outcome->database = describe_database (pipeline);
  outcome->recorded_database = tide_run_english_dup (describe_database, pipeline, outcome->database);
}
