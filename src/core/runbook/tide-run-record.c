/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-record"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "backup/tide-backup-files.h"
#include "connect/tide-url.h"
#include "runbook/tide-pipeline-private.h"
#include "runbook/tide-run-english.h"
#include "runbook/tide-run-record.h"
#include "tide-error.h"
#include "tide-json.h"

#define RECORD_VERSION 1
#define SUFFIX ".json"

static void
add_seconds (JsonBuilder *builder,
             double       seconds)
{
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, seconds);
}

static void
add_time (JsonBuilder *builder,
          const char  *name,
          gint64       time)
{
  g_autoptr(GDateTime) moment = time != 0 ? g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC) : NULL;
  g_autofree char *text = moment ? g_date_time_format_iso8601 (moment) : NULL;

  tide_json_add_text (builder, name, text);
}

static void
add_step (JsonBuilder *builder,
          TideRunStep *step)
{
  TideStepState state = tide_run_step_get_state (step);
  g_autofree char *status = tide_run_step_dup_status (step);
  g_autofree char *detail = tide_run_step_dup_detail (step);
  g_autofree char *log = tide_run_step_dup_log (step);

  json_builder_begin_object (builder);
  tide_json_add_text (builder, "name", tide_run_step_get_id (step));
  tide_json_add_text (builder, "title", tide_run_step_get_title (step));
  tide_json_add_text (builder, "state", tide_step_state_to_string (state));
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, state == TIDE_STEP_PASSED || state == TIDE_STEP_WARNED || state == TIDE_STEP_SKIPPED);
  add_seconds (builder, tide_run_step_get_seconds (step));
  tide_json_add_text (builder, "status", status);
  tide_json_add_text (builder, "detail", detail ? detail : status ? status : "");
  tide_json_add_text (builder, "log", *log != '\0' ? log : NULL);
  json_builder_end_object (builder);
}

static void
add_steps (JsonBuilder  *builder,
           TidePipeline *pipeline)
{
  GListModel *steps = tide_pipeline_get_steps (pipeline);

  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr(TideRunStep) step = g_list_model_get_item (steps, i);

      add_step (builder, step);
    }
  json_builder_end_array (builder);
}

static void
add_ways (JsonBuilder *builder,
          GPtrArray   *ways)
{
  json_builder_set_member_name (builder, "ways");
  json_builder_begin_array (builder);
  for (guint i = 0; i < ways->len; i++)
    {
      const TideRunWay *way = g_ptr_array_index (ways, i);

      json_builder_begin_object (builder);
      tide_json_add_text (builder, "id", way->id);
      tide_json_add_text (builder, "title", way->title);
      tide_json_add_text (builder, "text", way->text);
      tide_json_add_text (builder, "subject", way->subject);
      tide_json_add_strings (builder, "argv", (const char *const *) way->argv);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_who (JsonBuilder  *builder,
         TidePipeline *pipeline)
{
  TideTarget *target = tide_pipeline_get_target (pipeline);
  TideConninfo *conninfo = tide_target_get_conninfo (target);
  g_autofree char *label = tide_conninfo_dup_label (conninfo);

  tide_json_add_text (builder, "user", g_get_user_name ());
  tide_json_add_text (builder, "host", g_get_host_name ());
  tide_json_add_text (builder, "project", tide_project_get_root (tide_pipeline_get_project (pipeline)));
  tide_json_add_text (builder, "environment", tide_target_get_name (target));
  tide_json_add_text (builder, "kind", tide_kind_to_string (tide_target_get_kind (target)));
  tide_json_add_text (builder, "server", label);
  tide_json_add_text (builder, "database", tide_conninfo_get (conninfo, "dbname"));
  add_time (builder, "started_at", tide_pipeline_get_started_at (pipeline));
  add_time (builder, "ended_at", tide_pipeline_get_ended_at (pipeline));
  add_seconds (builder, tide_pipeline_get_seconds (pipeline));
}

/* What stands in SQL and in what a server says of it may hold passwords */
static void
add_masked (JsonBuilder *builder,
            const char  *name,
            const char  *text) /* (nullable) */
{
  g_autofree char *masked = text ? tide_url_redact (text) : NULL;

  tide_json_add_text (builder, name, masked);
}

/* In the shape that all errors have on the command line; "text" is all of it for a person */
static void
add_failure (JsonBuilder  *builder,
             const GError *failure)
{
  const TideErrorFields *fields = tide_error_get_fields (failure);
  g_autofree char *text = tide_error_dup_english_text (failure);

  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  tide_json_add_text (builder, "code", fields ? tide_error_code_nick (failure->code) : "cancelled");
  tide_json_add_text (builder, "sqlstate", fields ? fields->sqlstate : NULL);
  add_masked (builder, "message", failure->message);
  add_masked (builder, "detail", fields ? fields->detail : NULL);
  add_masked (builder, "hint", fields ? fields->hint : NULL);
  add_masked (builder, "statement", fields ? fields->statement : NULL);
  json_builder_set_member_name (builder, "line");
  if (fields != NULL && fields->line > 0)
    json_builder_add_int_value (builder, fields->line);
  else
    json_builder_add_null_value (builder);
  add_masked (builder, "file", fields ? fields->file : NULL);
  tide_json_add_text (builder, "prisma", fields ? fields->prisma_code : NULL);
  add_masked (builder, "text", text);
  json_builder_end_object (builder);
}

static void
add_outcome (JsonBuilder    *builder,
             TideRunOutcome *outcome)
{
  static const char *const none[] = { NULL };

  tide_json_add_text (builder, "step", outcome->step);
  if (outcome->failure != NULL)
    add_failure (builder, outcome->failure);
  tide_json_add_text (builder, "database_state",
                      tide_run_english_is_spoken () ? outcome->recorded_database : outcome->database);
  tide_json_add_texts (builder, "to_apply", outcome->pending);
  tide_json_add_texts (builder, "applied", outcome->applied);
  tide_json_add_text (builder, "failed", outcome->failed);
  tide_json_add_text (builder, "backup", outcome->backup);
  tide_json_add_text (builder, "kept", outcome->kept);
  tide_json_add_text (builder, "file", outcome->file);
  tide_json_add_text (builder, "journal", outcome->journal);
  tide_json_add_text (builder, "report", outcome->html);
  tide_json_add_strings (builder, "rollback", outcome->rollback ? (const char *const *) outcome->rollback : none);
  tide_json_add_strings (builder, "rollback_by_hand", outcome->rollback_by_hand ? (const char *const *) outcome->rollback_by_hand : none);
  add_ways (builder, outcome->ways);
}

/* In the language that the thread speaks */
static char *
dup_json (TidePipeline *pipeline)
{
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  tide_json_add_number (builder, "version", RECORD_VERSION);
  tide_json_add_text (builder, "run", outcome->run);
  tide_json_add_text (builder, "purpose", tide_pipeline_get_purpose (pipeline));
  tide_json_add_text (builder, "state", tide_run_state_to_string (outcome->state));
  add_who (builder, pipeline);
  add_steps (builder, pipeline);
  add_outcome (builder, outcome);
  if (TIDE_PIPELINE_GET_CLASS (pipeline)->describe != NULL)
    TIDE_PIPELINE_GET_CLASS (pipeline)->describe (pipeline, builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  return json_generator_to_data (generator, NULL);
}

char *
tide_pipeline_dup_json (TidePipeline *pipeline)
{
  char *json;

  tide_run_english_begin ();
  json = dup_json (pipeline);
  tide_run_english_end ();
  return json;
}

static gboolean
write_private (const char  *path,
               const char  *text,
               GError     **error)
{
  g_autoptr(GError) problem = NULL;

  if (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &problem))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot write \"%s\": %s", path, problem->message);
  return FALSE;
}

gboolean
tide_run_record_write (TidePipeline  *pipeline,
                       const char    *path,
                       GError       **error)
{
  g_autofree char *json = tide_pipeline_dup_json (pipeline);

  return write_private (path, json, error);
}

gboolean
tide_run_record_write_html (TidePipeline  *pipeline,
                            const char    *path,
                            GError       **error)
{
  g_autofree char *json = dup_json (pipeline);
  g_autofree char *html = tide_run_report_dup_html (json);

  return write_private (path, html, error);
}

/* Which run was the last: an object of "purpose environment" in a file beside the records; of any purpose: "* environment" */

#define LAST ".last.json"

static char *
dup_last_key (const char *purpose, /* (nullable) */
              const char *environment)
{
  return g_strdup_printf ("%s %s", purpose ? purpose : "*", environment);
}

static JsonObject *
read_last (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, LAST, NULL);

  return tide_json_read_object (path);
}

void
tide_run_record_note_last (TidePipeline *pipeline,
                           const char   *folder,
                           const char   *run)
{
  g_autoptr(JsonObject) last = read_last (folder);
  g_autofree char *path = g_build_filename (folder, LAST, NULL);
  const char *const purposes[] = { tide_pipeline_get_purpose (pipeline), NULL };

  for (guint i = 0; i < G_N_ELEMENTS (purposes); i++)
    {
      g_autofree char *key = dup_last_key (purposes[i], tide_target_get_name (tide_pipeline_get_target (pipeline)));

      json_object_set_string_member (last, key, run);
    }
  tide_json_write_object (last, path, NULL);
}

/* Reading */

static TideRunState
find_state (const char *word,
            const char *journal)
{
  for (TideRunState state = TIDE_RUN_RUNNING; state <= TIDE_RUN_CANCELLED; state++)
    if (g_strcmp0 (word, tide_run_state_to_string (state)) == 0)
      return state != TIDE_RUN_RUNNING || (journal != NULL && tide_backup_files_is_busy (journal)) ? state : TIDE_RUN_KILLED;
  return TIDE_RUN_KILLED;
}

static void
read_ways (TideRunOutcome *outcome,
           JsonObject     *object)
{
  JsonNode *node = json_object_get_member (object, "ways");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *way = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      g_autofree char *id = way ? tide_json_dup_text (way, "id") : NULL;
      g_autofree char *title = way ? tide_json_dup_text (way, "title") : NULL;
      g_autofree char *text = way ? tide_json_dup_text (way, "text") : NULL;
      g_auto(GStrv) argv = way ? tide_json_dup_strings (way, "argv") : NULL;

      if (id != NULL)
        tide_run_outcome_add_way (outcome, id, title, text, argv != NULL && argv[0] != NULL ? (const char *const *) argv : NULL)
          ->subject = tide_json_dup_text (way, "subject");
    }
}

/* The step that ended it; of one that was killed, the one that was running */
static char *
find_step (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "steps");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  char *step = tide_json_dup_text (object, "step");

  for (guint i = 0; step == NULL && array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *state = JSON_NODE_HOLDS_OBJECT (element)
                                 ? tide_json_dup_text (json_node_get_object (element), "state") : NULL;

      if (g_strcmp0 (state, "running") == 0 || g_strcmp0 (state, "asking") == 0)
        step = tide_json_dup_text (json_node_get_object (element), "name");
    }
  return step;
}

/* One that was killed could not name them. */
static void
add_ways_of_killed (TideRunOutcome *outcome)
{
  if (outcome->state != TIDE_RUN_KILLED || outcome->ways->len > 0 || g_strcmp0 (outcome->purpose, "deploy") != 0)
    return;
  tide_run_outcome_add_way (outcome, "resolve", N_("The timeline"),
                            N_("Shows what is applied, and what is recorded as begun and not ended."), NULL);
  tide_run_outcome_add_way (outcome, "retry", N_("Run again"), N_("Begins from the checklist; what is applied stays applied."), NULL);
  if (outcome->backup != NULL)
    tide_run_outcome_add_way (outcome, "rollback-automatic", N_("Restore the backup of this run"), outcome->backup, NULL)
      ->subject = g_strdup (outcome->run);
}

static TideRunOutcome *
read_outcome (JsonObject *object,
              const char *path)
{
  TideRunOutcome *outcome = tide_run_outcome_new ();
  g_autofree char *state = tide_json_dup_text (object, "state");
  JsonNode *failure = json_object_get_member (object, "error");
  g_autofree char *error = failure != NULL && JSON_NODE_HOLDS_OBJECT (failure)
                             ? tide_json_dup_text (json_node_get_object (failure), "text") : NULL;
  g_auto(GStrv) pending = tide_json_dup_strings (object, "to_apply");
  g_auto(GStrv) applied = tide_json_dup_strings (object, "applied");
  g_auto(GStrv) rollback = tide_json_dup_strings (object, "rollback");
  g_auto(GStrv) by_hand = tide_json_dup_strings (object, "rollback_by_hand");

  outcome->run = tide_json_dup_text (object, "run");
  outcome->purpose = tide_json_dup_text (object, "purpose");
  outcome->subject = tide_json_dup_text (object, "subject");
  outcome->application = tide_json_dup_text (object, "application");
  outcome->oid = (guint) json_object_get_int_member_with_default (object, "database_oid", 0);
  outcome->journal = tide_json_dup_text (object, "journal");
  outcome->state = find_state (state, outcome->journal);
  outcome->step = find_step (object);
  if (error != NULL)
    outcome->failure = tide_error_new (TIDE_ERROR_FAILED, NULL, "%s", error);
  outcome->database = tide_json_dup_text (object, "database_state");
  for (guint i = 0; pending[i] != NULL; i++)
    g_ptr_array_add (outcome->pending, g_strdup (pending[i]));
  for (guint i = 0; applied[i] != NULL; i++)
    g_ptr_array_add (outcome->applied, g_strdup (applied[i]));
  outcome->failed = tide_json_dup_text (object, "failed");
  outcome->backup = tide_json_dup_text (object, "backup");
  outcome->kept = tide_json_dup_text (object, "kept");
  outcome->file = tide_json_dup_text (object, "file");
  outcome->html = tide_json_dup_text (object, "report");
  outcome->json = g_strdup (path);
  outcome->rollback = rollback[0] != NULL ? g_steal_pointer (&rollback) : NULL;
  outcome->rollback_by_hand = by_hand[0] != NULL ? g_steal_pointer (&by_hand) : NULL;
  read_ways (outcome, object);
  add_ways_of_killed (outcome);
  return outcome;
}

static gboolean
fits (JsonObject *object,
      const char *environment,
      const char *purpose)
{
  g_autofree char *of = tide_json_dup_text (object, "environment");
  g_autofree char *is = tide_json_dup_text (object, "purpose");

  return (environment == NULL || g_strcmp0 (of, environment) == 0) && (purpose == NULL || g_strcmp0 (is, purpose) == 0);
}

/* (transfer full) (nullable): what stands in @path, if it is the record that is looked for */
static TideRunOutcome *
read_record (const char *path,
             const char *environment,
             const char *purpose)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *text = NULL;
  JsonNode *root;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, NULL) || !tide_json_load (parser, text, size, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) || !fits (json_node_get_object (root), environment, purpose))
    return NULL;
  return read_outcome (json_node_get_object (root), path);
}

/* "migration_20251122_101500" of a name, a journal, a record or a report, with or without its folder */
static char *
find_stem (const char *name)
{
  char *stem = g_path_get_basename (name);

  for (guint i = 0; i < 3; i++)
    {
      static const char *const suffixes[] = { ".log", SUFFIX, ".html" };

      if (g_str_has_suffix (stem, suffixes[i]))
        stem[strlen (stem) - strlen (suffixes[i])] = '\0';
    }
  return stem;
}

/* By their names, which say when; of one second by their number */
static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  const char *left = *(const char *const *) a, *right = *(const char *const *) b;

  return strlen (left) != strlen (right) && strncmp (left, right, strlen ("migration_20251122_101500")) == 0
           ? (strlen (left) < strlen (right) ? 1 : -1) : strcmp (right, left);
}

static GPtrArray *
list_stems (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *stems = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "migration_") && g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (stems, find_stem (name));
  g_ptr_array_sort (stems, compare_newest_first);
  return stems;
}

TideRunOutcome *
tide_run_record_find (const char  *folder,
                      const char  *environment,
                      const char  *purpose,
                      const char  *name,
                      GError     **error)
{
  g_autoptr(GPtrArray) stems = list_stems (folder);
  g_autoptr(JsonObject) last = read_last (folder);
  g_autofree char *key = environment != NULL ? dup_last_key (purpose, environment) : NULL;
  g_autofree char *noted = key != NULL && name == NULL ? tide_json_dup_text (last, key) : NULL;
  g_autofree char *wanted = name ? find_stem (name) : NULL;

  /* One that is noted and whose record is there goes before all others. */
  for (guint i = 0; noted != NULL && i < stems->len; i++)
    if (g_str_equal (g_ptr_array_index (stems, i), noted))
      wanted = g_steal_pointer (&noted);

  for (guint i = 0; i < stems->len; i++)
    {
      g_autofree char *file = g_strconcat (g_ptr_array_index (stems, i), SUFFIX, NULL);
      g_autofree char *path = g_build_filename (folder, file, NULL);
      TideRunOutcome *outcome;

      if (wanted != NULL && !g_str_equal (wanted, g_ptr_array_index (stems, i)))
        continue;
      outcome = read_record (path, environment, purpose);
      if (outcome != NULL)
        return outcome;
    }
  if (name != NULL)
    tide_set_error (error, TIDE_ERROR_NOT_FOUND, "its name is that of its journal, migration_YYYYMMDD_HHMMSS",
                    "there is no record of the run \"%s\"%s%s%s in \"%s\"", name, environment ? " on \"" : "",
                    environment ? environment : "", environment ? "\"" : "", folder);
  return NULL;
}
