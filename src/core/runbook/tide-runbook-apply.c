/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-runbook"

#include "config.h"

#include <glib/gi18n.h>

#include "job/tide-lock-watch.h"
#include "runbook/tide-run-hook.h"
#include "runbook/tide-runbook-private.h"
#include "tide-error.h"

/* Of a statement, what fits on a line */
#define MOST_CHARACTERS 100

typedef struct
{
  TideRunbook    *self;
  TideLockWatch *watch;
  guint           n_done;       /* statements of the migrations before */
  guint           n_statements; /* of all */
  TideMigration  *migration;
} Applying;

static void
hear_blocker (const char *recorded,
              const char *shown,
              gpointer    user_data)
{
  TidePipeline *pipeline = user_data;

  tide_run_step_set_waiting_for (tide_pipeline_get_step (pipeline, "apply"), shown);
  if (recorded != NULL)
    {
      static const char format[] = N_("it waits: %s");
      g_autofree char *line = g_strdup_printf (format, recorded);
      g_autofree char *shown_line = g_strdup_printf (_(format), shown);

      tide_pipeline_log (pipeline, line, shown_line);
    }
}

/* One line of a statement: without its comments' and its own line ends, cut */
static char *
dup_line (const TideDeployEvent *event)
{
  g_autofree char *sql = event->is_whole ? g_strdup (tide_sql_script_get_text (event->script))
                                         : tide_sql_script_dup_statement (event->script, event->statement);
  g_auto(GStrv) words = g_strsplit_set (sql, " \t\r\n", -1);
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL && line->len < 4 * MOST_CHARACTERS; i++)
    if (*words[i] != '\0')
      g_string_append_printf (line, "%s%s", line->len == 0 ? "" : " ", words[i]);
  if (g_utf8_strlen (line->str, -1) <= MOST_CHARACTERS)
    return g_strdup (line->str);
  {
    g_autofree char *start = g_utf8_substring (line->str, 0, MOST_CHARACTERS);

    return g_strconcat (start, "…", NULL);
  }
}

static char *
dup_place (const TideDeployEvent *event,
           gboolean               translate)
{
  static const char format[] = N_("%s, statement %u of %u");

  return g_strdup_printf (translate ? _(format) : format, tide_migration_get_name (event->migration), event->statement + 1,
                          tide_sql_script_get_n_statements (event->script));
}

static char *
dup_end (const TideDeployEvent *event,
         const char            *place,
         const char            *sql,
         gboolean               translate)
{
  static const char done[] = N_("%s: %s done after %.3f s");
  static const char failed[] = N_("%s: %s failed after %.3f s");
  double seconds = event->microseconds / (double) G_USEC_PER_SEC;

  if (event->command != NULL)
    return g_strdup_printf (translate ? _(done) : done, place, sql, seconds);
  return g_strdup_printf (translate ? _(failed) : failed, place, sql, seconds);
}

static void
begin_statement (Applying              *applying,
                 const TideDeployEvent *event,
                 const char            *place,
                 const char            *line)
{
  TidePipeline *pipeline = TIDE_PIPELINE (applying->self);
  g_autofree char *shown = dup_place (event, TRUE);

  if (applying->migration != event->migration)
    {
      if (applying->migration != NULL)
        tide_pipeline_save (pipeline);
      applying->migration = event->migration;
    }
  tide_run_step_set_status (tide_pipeline_get_running (pipeline), place, shown);
  tide_run_step_set_fraction (tide_pipeline_get_running (pipeline),
                              applying->n_statements > 0 ? (double) applying->n_done / applying->n_statements : -1);
  tide_run_journal_write (tide_pipeline_get_journal (pipeline), "apply", line);
  tide_lock_watch_set (applying->watch, event->backend_pid);
}

static void
take_event (const TideDeployEvent *event,
            gpointer               user_data)
{
  Applying *applying = user_data;
  const TideSqlStatement *statement = event->is_whole ? NULL : tide_sql_script_get_statement (event->script, event->statement);
  g_autofree char *place = dup_place (event, FALSE);
  g_autofree char *sql = dup_line (event);
  g_autofree char *line = NULL;
  g_autofree char *shown_place = NULL;
  g_autofree char *shown = NULL;

  if (!event->has_ended)
    {
      line = g_strdup_printf ("%s, line %d: %s", place, statement ? statement->line : 1, sql);
      begin_statement (applying, event, place, line);
      return;
    }
  tide_lock_watch_set (applying->watch, 0);
  applying->n_done += event->is_whole ? tide_sql_script_get_n_statements (event->script) : 1;
  line = dup_end (event, place, sql, FALSE);
  shown_place = dup_place (event, TRUE);
  shown = dup_end (event, shown_place, sql, TRUE);
  tide_pipeline_log (TIDE_PIPELINE (applying->self), line, shown);
}

static gboolean
take_report (TideRunbook      *self,
             TideDeployReport *report,
             GError          **error)
{
  TideRunOutcome *outcome = tide_pipeline_get_outcome (TIDE_PIPELINE (self));

  for (guint i = 0; i < report->applied->len; i++)
    g_ptr_array_add (outcome->applied, g_strdup (g_ptr_array_index (report->applied, i)));
  if (report->failed_name == NULL)
    return TRUE;
  outcome->failed = g_strdup (report->failed_name);
  g_propagate_error (error, g_steal_pointer (&report->failure));
  return FALSE;
}

static gboolean
seed (TideRunbook  *self,
      GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);

  if (!self->seed)
    return TRUE;
  if (!self->may_seed)
    {
      tide_pipeline_warn (pipeline, N_("the seed command is not approved and was not run"));
      return TRUE;
    }
  tide_pipeline_status (pipeline, N_("seeding"));
  return tide_run_hook_run (pipeline, "seed",
                            (const char *const *) tide_project_get_hooks (tide_pipeline_get_project (pipeline))->seed,
                            self->hook_timeout_s, error);
}

static gboolean
deploy (TideRunbook  *self,
        GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  TideConninfo *conninfo = tide_target_get_conninfo (tide_pipeline_get_target (pipeline));
  g_autoptr(TideLockWatch) watch = tide_lock_watch_new (conninfo, NULL, hear_blocker, self);
  Applying applying = { self, watch };
  const TideDeployStep *last = g_ptr_array_index (self->plan, self->plan->len - 1);
  g_autoptr(TideDeployReport) report = NULL;
  TideDeployOptions options;

  for (guint i = 0; i < self->plan->len; i++)
    applying.n_statements += tide_sql_script_get_n_statements (((TideDeployStep *) g_ptr_array_index (self->plan, i))->script);
  /* What was shown is what is applied: the files as they were read, up to the last of them. */
  options = (TideDeployOptions) {
    .to = tide_migration_get_name (last->migration),
    .lock_timeout_ms = self->lock_timeout_ms,
    .plan = self->plan,
    .watch = take_event,
    .watch_data = &applying,
  };
  report = tide_deploy_run_full (tide_pipeline_get_project (pipeline), conninfo, &options, tide_pipeline_get_job (pipeline), error);
  return report != NULL && take_report (self, report, error);
}

gboolean
tide_runbook_apply (TidePipeline  *pipeline,
                    GError       **error)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);

  if (self->plan->len == 0 && !self->seed)
    {
      tide_pipeline_skip (pipeline, N_("nothing is pending"));
      return TRUE;
    }
  if ((self->plan->len > 0 && !deploy (self, error)) || !seed (self, error))
    return FALSE;
  tide_pipeline_status (pipeline, N_("%u applied"), tide_pipeline_get_outcome (pipeline)->applied->len);
  return TRUE;
}
