/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-runbook"

#include "config.h"

#include <glib/gi18n.h>

#include "connect/tide-url.h"
#include "runbook/tide-rollback-private.h"
#include "runbook/tide-run-english.h"
#include "runbook/tide-run-record.h"
#include "runbook/tide-runbook-private.h"
#include "tide-error.h"
#include "tide-json.h"

static char *
join (GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s\"%s\"", i == 0 ? "" : ", ", (char *) g_ptr_array_index (names, i));
  return g_string_free (text, FALSE);
}

/* (transfer full) (nullable): the last line of what is recorded of a failure: what of the file was kept */
static char *
dup_last_line (const TideLedgerRow *row)
{
  TideLedgerNote note;
  const char *newline = row != NULL && row->logs != NULL ? strrchr (row->logs, '\n') : NULL;

  return newline == NULL || tide_ledger_note_parse (&note, row->logs) ? NULL : g_strdup (newline + 1);
}

/* (transfer full): of each migration that was to be applied, what the ledger says; NULL: it cannot be asked */
static char *
ask_ledger (TideProject   *project,
            TideConninfo  *conninfo,
            GPtrArray     *pending,
            GCancellable  *cancellable)
{
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, NULL);
  g_autoptr(TideTimeline) timeline = session ? tide_history_read_timeline (history, project, session, cancellable, NULL) : NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GPtrArray) applied = g_ptr_array_new ();
  g_autoptr(GPtrArray) waiting = g_ptr_array_new ();
  g_autofree char *applied_names = NULL, *waiting_names = NULL;

  if (timeline == NULL)
    return NULL;
  for (guint i = 0; i < pending->len; i++)
    {
      const TideTimelineEntry *entry = tide_timeline_find (timeline, g_ptr_array_index (pending, i));

      if (entry == NULL || entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK)
        g_ptr_array_add (waiting, g_ptr_array_index (pending, i));
      else if (entry->state != TIDE_STATE_FAILED)
        g_ptr_array_add (applied, g_ptr_array_index (pending, i));
      else
        {
          g_autofree char *known = tide_history_explain_failed (history, session, entry->row, NULL, cancellable, NULL);
          g_autofree char *kept = dup_last_line (entry->row);

          g_string_append_printf (text, _(" \"%s\" is recorded as begun and not ended: %s%s%s."), entry->name, kept ? kept : "",
                                  kept ? "; " : "", known ? known : _("how far it came is not known"));
        }
    }
  applied_names = join (applied);
  waiting_names = join (waiting);
  if (applied->len > 0)
    g_string_append_printf (text, _(" Applied: %s."), applied_names);
  if (waiting->len > 0)
    g_string_append_printf (text, _(" Not applied: %s."), waiting_names);
  return g_strdup (text->len > 0 ? text->str + 1 : _("Nothing was pending."));
}

static gboolean
has_begun_to_apply (const TideRunOutcome *outcome)
{
  static const char *const before[] = { "checklist", "connectivity", "backup", "pending", "confirmation", NULL };

  return outcome->state == TIDE_RUN_DONE || outcome->step == NULL || !g_strv_contains (before, outcome->step);
}

/* The server does not answer any more. */
static char *
describe_unasked (TideRunOutcome *outcome,
                  const char     *applied)
{
  g_autoptr(GString) text = g_string_new (_("The server does not answer, so what the ledger says is not known."));

  if (outcome->applied->len > 0)
    g_string_append_printf (text, _(" This run has applied %s."), applied);
  if (outcome->failed != NULL)
    g_string_append_printf (text, _(" It failed in \"%s\"."), outcome->failed);
  return g_strdup (text->str);
}

/* Of a run that is done: what was pending and is not its work was applied by a run that was quicker. */
static char *
describe_done (TideRunOutcome *outcome,
               const char     *applied)
{
  g_autoptr(GPtrArray) others = g_ptr_array_new ();
  g_autofree char *names = NULL;

  for (guint i = 0; i < outcome->pending->len; i++)
    if (!g_ptr_array_find_with_equal_func (outcome->applied, g_ptr_array_index (outcome->pending, i), g_str_equal, NULL))
      g_ptr_array_add (others, g_ptr_array_index (outcome->pending, i));
  if (outcome->pending->len == 0 && outcome->applied->len == 0)
    return g_strdup (_("Nothing was pending; nothing was changed."));
  if (others->len == 0)
    return g_strdup_printf (_("Applied: %s."), applied);
  names = join (others);
  if (outcome->applied->len == 0)
    return g_strdup_printf (_("This run has changed nothing. Somebody else has meanwhile applied: %s."), names);
  return g_strdup_printf (_("Applied: %s. Somebody else has meanwhile applied: %s."), applied, names);
}

static char *
describe_database (gpointer pipeline)
{
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);
  g_autofree char *names = join (outcome->applied);
  g_autofree char *ledger = NULL;

  if (!has_begun_to_apply (outcome))
    return g_strdup (_("This run has changed nothing in the database."));
  if (outcome->state == TIDE_RUN_DONE)
    return describe_done (outcome, names);
  ledger = ask_ledger (tide_pipeline_get_project (pipeline), tide_target_get_conninfo (tide_pipeline_get_target (pipeline)),
                       outcome->pending, NULL);
  if (ledger == NULL)
    return describe_unasked (outcome, names);
  return g_steal_pointer (&ledger);
}

static void
add_way (TidePipeline *pipeline,
         const char   *id,
         const char   *title,
         const char   *text,
         const char   *subject,
         char        **argv)
{
  g_auto(GStrv) owned = argv;
  TideRunWay *way = tide_run_outcome_add_way (tide_pipeline_get_outcome (pipeline), id, title, text, (const char *const *) owned);

  way->subject = g_strdup (subject);
}

/* (transfer none) (nullable): a migration that an earlier run has left failed, and that is in the way of this one */
static const char *
find_failed (TideRunbook *self)
{
  for (guint i = 0; self->plan == NULL && self->timeline != NULL && i < tide_timeline_get_n_entries (self->timeline); i++)
    if (tide_timeline_get_entry (self->timeline, i)->state == TIDE_STATE_FAILED)
      return tide_timeline_get_entry (self->timeline, i)->name;
  return NULL;
}

/* What names the target to "run": an environment its name, any other what it is for */
static const char *
get_word (TidePipeline *pipeline)
{
  TideTarget *target = tide_pipeline_get_target (pipeline);

  if (tide_project_find_environment (tide_pipeline_get_project (pipeline), tide_target_get_name (target)) != NULL)
    return tide_target_get_name (target);
  switch (tide_target_get_kind (target))
    {
    case TIDE_KIND_DEVELOPMENT:
      return "dev";
    case TIDE_KIND_STAGING:
      return "staging";
    case TIDE_KIND_PRODUCTION:
    case TIDE_KIND_UNKNOWN:
    default:
      return "prod";
    }
}

static void
add_ways (TidePipeline *pipeline)
{
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);
  gboolean changed = has_begun_to_apply (outcome) && outcome->pending->len > 0;
  const char *failed = changed && outcome->failed ? outcome->failed : find_failed (TIDE_RUNBOOK (pipeline));

  if (changed && outcome->backup != NULL)
    add_way (pipeline, "rollback-automatic", N_("Restore the backup of this run"),
             N_("Stops the application, swaps in the backup that was made before the migrations, verifies it and starts the application "
               "again. What was written since is kept in the old database, under another name."), outcome->run,
             tide_pipeline_dup_command (pipeline, "rollback", "--automatic", outcome->run, "--yes", NULL));
  if (outcome->state == TIDE_RUN_DONE)
    return;
  if (failed != NULL)
    {
      add_way (pipeline, "rollback-migration", N_("Take back this migration"),
               N_("Marks it as rolled back, and writes the SQL that undoes what of it was kept."), failed,
               tide_pipeline_dup_command (pipeline, "rollback", "--migration", failed, "--yes", NULL));
      add_way (pipeline, "resolve", N_("Mark it as rolled back"),
               N_("For when nothing of it was kept, or you have put right by hand what was: then the run can be repeated."), failed,
               tide_pipeline_dup_command (pipeline, "resolve", "--rolled-back", failed, NULL));
    }
  if (changed && outcome->backup == NULL)
    add_way (pipeline, "rollback-emergency", N_("Restore the last proved backup"),
             N_("This run has made none: an older one brings back an older state."), NULL,
             tide_pipeline_dup_command (pipeline, "rollback", "--emergency", "--yes", NULL));
  add_way (pipeline, "retry", N_("Run again"), N_("Begins from the checklist; what is applied stays applied."), NULL,
           tide_pipeline_dup_command (pipeline, "run", get_word (pipeline), NULL));
}

void
tide_runbook_conclude (TidePipeline *pipeline)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);

  g_clear_pointer (&self->drift, tide_run_drift_free);
  g_clear_object (&self->session);
  outcome->database = describe_database (pipeline);
  outcome->recorded_database = tide_run_english_dup (describe_database, pipeline, outcome->database);
  if (self->backup != NULL && outcome->rollback == NULL)
    outcome->rollback = tide_pipeline_dup_command (pipeline, "restore", self->backup->path, "--swap", NULL);
  add_ways (pipeline);
}

static void
add_migration (JsonBuilder            *builder,
               const TideRunMigration *migration)
{
  /* The report is sent around: passwords in it are masked. */
  g_autofree char *sql = migration->sql ? tide_url_redact (migration->sql) : NULL;

  json_builder_begin_object (builder);
  tide_json_add_text (builder, "name", migration->name);
  tide_json_add_text (builder, "mode", tide_run_english_is_spoken () ? migration->recorded_mode : migration->mode);
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < migration->tables->len; i++)
    {
      const TideRunTable *table = g_ptr_array_index (migration->tables, i);

      json_builder_begin_object (builder);
      tide_json_add_text (builder, "schema", table->schema);
      tide_json_add_text (builder, "table", table->name);
      tide_json_add_number (builder, "bytes", table->bytes);
      tide_json_add_number (builder, "rows", table->rows);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < migration->warnings->len; i++)
    {
      const TideRunWarning *warning = g_ptr_array_index (migration->warnings, i);

      json_builder_begin_object (builder);
      tide_json_add_text (builder, "severity", warning->severity);
      tide_json_add_text (builder, "rule", warning->rule);
      tide_json_add_text (builder, "message",
                          tide_run_english_is_spoken () ? warning->recorded_message : warning->message);
      tide_json_add_number (builder, "line", warning->line);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  tide_json_add_text (builder, "sql", sql);
  json_builder_end_object (builder);
}

static void
add_checklist (JsonBuilder *builder,
               GListModel  *items)
{
  static const char *const states[] = { "manual", "ok", "warning", "bad" };

  json_builder_set_member_name (builder, "checklist");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(TideChecklistItem) item = g_list_model_get_item (items, i);

      json_builder_begin_object (builder);
      tide_json_add_text (builder, "id", tide_checklist_item_get_id (item));
      tide_json_add_text (builder, "title", tide_checklist_item_get_title (item));
      tide_json_add_text (builder, "detail", tide_checklist_item_get_detail (item));
      tide_json_add_text (builder, "state", states[tide_checklist_item_get_state (item)]);
      json_builder_set_member_name (builder, "ticked");
      json_builder_add_boolean_value (builder, tide_checklist_item_get_ticked (item));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_proof (JsonBuilder        *builder,
           const TideManifest *manifest)
{
  json_builder_set_member_name (builder, "proof");
  json_builder_begin_object (builder);
  tide_json_add_number (builder, "level", manifest->level);
  tide_json_add_text (builder, "tool", manifest->tool_version);
  tide_json_add_number (builder, "bytes", tide_manifest_get_bytes (manifest));
  tide_json_add_number (builder, "seconds", manifest->seconds);
  tide_json_add_strings (builder, "problems", (const char *const *) manifest->problems);
  json_builder_end_object (builder);
}

void
tide_runbook_describe (TidePipeline *pipeline,
                       gpointer      data)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);
  JsonBuilder *builder = data;

  tide_json_add_text (builder, "server_version", self->server_version);
  add_checklist (builder, G_LIST_MODEL (self->checklist));
  json_builder_set_member_name (builder, "pending");
  json_builder_begin_array (builder);
  for (guint i = 0; self->pending != NULL && i < self->pending->len; i++)
    add_migration (builder, g_ptr_array_index (self->pending, i));
  json_builder_end_array (builder);
  if (self->backup != NULL)
    add_proof (builder, self->backup->manifest);
  if (self->drift_before != NULL)
    tide_json_add_texts (builder, "drift_before", self->drift_before);
  if (self->drift_after != NULL)
    tide_json_add_texts (builder, "drift_after", self->drift_after);
}

static gboolean
is_rollback (const TideRunOutcome *outcome)
{
  return outcome->purpose != NULL && g_str_has_prefix (outcome->purpose, "rollback-");
}

/* (transfer full) (nullable): the last run of any purpose. A roll-back that ended by itself before it had done anything leaves things
 * as the deploy before it did. */
static TideRunOutcome *
find_last (const char  *folder,
           const char  *environment,
           GError     **error)
{
  g_autoptr(TideRunOutcome) outcome = tide_run_record_find (folder, environment, NULL, NULL, error);
  TideRunOutcome *deploy;

  if (outcome == NULL || !is_rollback (outcome) || outcome->kept != NULL || outcome->application != NULL
      || (outcome->state != TIDE_RUN_FAILED && outcome->state != TIDE_RUN_CANCELLED))
    return g_steal_pointer (&outcome);
  deploy = tide_run_record_find (folder, environment, "deploy", NULL, NULL);
  return deploy ? deploy : g_steal_pointer (&outcome);
}

TideRunOutcome *
tide_runbook_describe_last (TideProject   *project,
                            TideTarget    *target,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autofree char *folder = g_build_filename (tide_project_get_root (project), "logs", NULL);
  g_autoptr(TideRunOutcome) outcome = find_last (folder, tide_target_get_name (target), error);
  g_autofree char *ledger = NULL;
  g_autoptr(GString) text = NULL;
  const char *step;

  if (outcome == NULL || (outcome->state != TIDE_RUN_KILLED && outcome->state != TIDE_RUN_RUNNING))
    return g_steal_pointer (&outcome);

  text = g_string_new (NULL);
  step = outcome->step ? outcome->step : "checklist";
  g_string_append_printf (text, outcome->state == TIDE_RUN_RUNNING ? _("It is in the step \"%s\".") : _("The program was ended in the step \"%s\"."),
                          is_rollback (outcome) ? tide_rollback_get_step_title (step) : tide_runbook_get_step_title (step));
  if (is_rollback (outcome))
    tide_rollback_describe_last (outcome, project, target, text, cancellable);
  else
    {
      ledger = ask_ledger (project, tide_target_get_conninfo (target), outcome->pending, cancellable);
      if (!has_begun_to_apply (outcome))
        g_string_append (text, _(" It had changed nothing in the database."));
      g_string_append_printf (text, " %s", ledger ? ledger : _("The server does not answer, so what the ledger says is not known."));
      if (outcome->backup != NULL)
        g_string_append (text, _(" Its backup is there."));
    }
  g_free (outcome->database);
  outcome->database = g_strdup (text->str);
  return g_steal_pointer (&outcome);
}
