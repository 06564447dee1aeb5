/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-runbook"

#include "config.h"

#include <glib/gi18n.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-library.h"
#include "history/tide-create.h"
#include "history/tide-prisma-lock.h"
#include "project/tide-authorship.h"
#include "runbook/tide-run-english.h"
#include "runbook/tide-run-hook.h"
#include "runbook/tide-runbook-private.h"
#include "tide-error.h"

gboolean
tide_runbook_is_strict (TideRunbook *self)
{
  TideKind kind = tide_target_get_kind (tide_pipeline_get_target (TIDE_PIPELINE (self)));

  return kind == TIDE_KIND_PRODUCTION || kind == TIDE_KIND_UNKNOWN;
}

static char *
describe_item (const char *word,
               const char *title,
               const char *detail) /* (nullable) */
{
  g_autofree char *text = g_strconcat (title, detail ? ": " : NULL, detail, NULL);
  g_auto(GStrv) parts = g_strsplit (word, "%s", 2);

  return g_strconcat (parts[0], text, parts[1], NULL);
}

/* @title: N_(); @recorded, @shown: (nullable): the detail in English and for the person */
static void
add_told (TideRunbook    *self,
          const char     *id,
          const char     *title,
          TideCheckState  state,
          const char     *recorded,
          const char     *shown)
{
  /* What is warned of comes with a word of its own. */
  static const char *const words[] = { N_("to tick: %s"), N_("ok: %s"), "%s", N_("bad: %s") };
  g_autoptr(TideChecklistItem) item = tide_checklist_item_new (id, title, recorded, shown, state);
  g_autofree char *recorded_line = describe_item (words[state], title, recorded);
  g_autofree char *shown_line = describe_item (_(words[state]), _(title), shown);

  g_list_store_append (self->checklist, item);
  tide_pipeline_tell (TIDE_PIPELINE (self), state == TIDE_CHECK_WARNING, recorded_line, shown_line);
}

/* @format: (nullable): N_(), as tide_pipeline_note() takes it */
static void G_GNUC_PRINTF (5, 6)
add_item (TideRunbook    *self,
          const char     *id,
          const char     *title,
          TideCheckState  state,
          const char     *format,
          ...)
{
  g_autofree char *recorded = NULL, *shown = NULL;
  va_list args;

  va_start (args, format);
  if (format != NULL)
    tide_pipeline_print_both (TIDE_PIPELINE (self), &recorded, &shown, format, args);
  va_end (args);
  add_told (self, id, title, state, recorded, shown);
}

/* Development: a migration that is made by the run itself */
static gboolean
create_migration (TideRunbook  *self,
                  GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  TideProject *project = tide_pipeline_get_project (pipeline);
  g_autoptr(TideProject) fresh = NULL;
  g_autofree char *path = NULL;

  if (self->create == NULL)
    return TRUE;
  if (tide_target_get_kind (tide_pipeline_get_target (pipeline)) != TIDE_KIND_DEVELOPMENT)
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, "make it on a development database, and commit it",
                      "a migration is made on a development database only");
      return FALSE;
    }
  path = tide_create_migration (project, self->create, self->create_sql, error);
  fresh = path ? tide_project_load (tide_project_get_root (project), error) : NULL;
  if (fresh == NULL)
    return FALSE;
  tide_pipeline_set_project (pipeline, fresh);
  tide_pipeline_note (pipeline, N_("made %s"), path);
  return TRUE;
}

static gboolean
check_connection (TideRunbook  *self,
                  GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  TideConninfo *conninfo = tide_target_get_conninfo (tide_pipeline_get_target (pipeline));
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  GError *failure = NULL;

  self->session = tide_session_open (conninfo, tide_pipeline_get_cancellable (pipeline), &failure);
  if (self->session == NULL)
    {
      add_item (self, "connection", N_("The database answers"), TIDE_CHECK_BAD, "%s", failure->message);
      g_propagate_error (error, failure);
      return FALSE;
    }
  self->server_version = tide_session_dup_parameter (self->session, "server_version");
  add_item (self, "connection", N_("The database answers"), TIDE_CHECK_OK, "%s", label);
  return TRUE;
}

/* Somebody else deploys: then a migration that has begun and not ended is no failed one. */
static gboolean
check_nobody_deploys (TideRunbook  *self,
                      GError      **error)
{
  g_autofree char *holder =
    tide_prisma_lock_dup_holder (self->session, tide_pipeline_get_cancellable (TIDE_PIPELINE (self)));

  add_item (self, "lock", "Nobody else applies migrations", holder ? TIDE_CHECK_BAD : TIDE_CHECK_OK, holder ? "%s" : NULL, holder);
  if (holder == NULL)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_BUSY, "wait until it is done, and run again; if it hangs, end it with pg_terminate_backend()",
                  "somebody else is applying migrations: %s holds the migration lock", holder);
  return FALSE;
}

static char *
dup_names (GPtrArray *plan)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < plan->len; i++)
    {
      const TideDeployStep *step = g_ptr_array_index (plan, i);

      g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ", tide_migration_get_name (step->migration));
    }
  return g_string_free (names, FALSE);
}

static gboolean
check_pending (TideRunbook  *self,
               GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  TideProject *project = tide_pipeline_get_project (pipeline);
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autofree char *names = NULL;
  GError *failure = NULL;

  self->timeline = tide_history_read_timeline (history, project, self->session, tide_pipeline_get_cancellable (pipeline), &failure);
  if (self->timeline != NULL && tide_project_check_lock_file (project, &failure))
    self->plan = tide_deploy_plan (project, self->timeline, self->to, &failure);
  if (self->plan == NULL)
    {
      add_item (self, "pending", N_("What is pending can be applied"), TIDE_CHECK_BAD, "%s", failure->message);
      g_propagate_error (error, failure);
      return FALSE;
    }
  names = dup_names (self->plan);
  for (guint i = 0; i < self->plan->len; i++)
    g_ptr_array_add (tide_pipeline_get_outcome (pipeline)->pending,
                     g_strdup (tide_migration_get_name (((TideDeployStep *) g_ptr_array_index (self->plan, i))->migration)));
  add_item (self, "pending", self->plan->len == 0 ? N_("Nothing is pending") : N_("What is pending can be applied"), TIDE_CHECK_OK,
            self->plan->len == 0 ? NULL : "%s", names);
  return TRUE;
}

/* (transfer full) (nullable): what in the ledger does not fit the files */
static char *
describe_odd (gpointer data)
{
  TideTimeline *timeline = data;
  g_autoptr(GString) odd = g_string_new (NULL);

  for (guint i = 0; i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);
      const char *word = entry->state == TIDE_STATE_EDITED ? _("edited after it was applied")
                         : entry->state == TIDE_STATE_MISSING ? _("applied, and not in the folder")
                         : entry->out_of_order ? _("pending before one that is applied") : NULL;

      if (word != NULL)
        g_string_append_printf (odd, "%s%s (%s)", odd->len == 0 ? "" : ", ", entry->name, word);
    }
  return odd->len == 0 ? NULL : g_strdup (odd->str);
}

static void
check_history (TideRunbook *self)
{
  g_autofree char *shown = describe_odd (self->timeline);
  g_autofree char *recorded = tide_run_english_dup (describe_odd, self->timeline, shown);

  add_told (self, "history", N_("The files are those that were applied"), shown ? TIDE_CHECK_WARNING : TIDE_CHECK_OK, recorded, shown);
}

/* Newer than the newest migration: perhaps one is missing. */
static void
check_schema_file (TideRunbook *self)
{
  TideProject *project = tide_pipeline_get_project (TIDE_PIPELINE (self));
  GPtrArray *files = tide_project_get_schema_files (project);
  GPtrArray *migrations = tide_project_get_migrations (project);
  gint64 newest = 0, schema = 0;
  GStatBuf status;

  for (guint i = 0; i < migrations->len; i++)
    if (g_stat (tide_migration_get_path (g_ptr_array_index (migrations, i)), &status) == 0)
      newest = MAX (newest, (gint64) status.st_mtime);
  for (guint i = 0; i < files->len; i++)
    if (g_stat (g_ptr_array_index (files, i), &status) == 0)
      schema = MAX (schema, (gint64) status.st_mtime);
  /* A checkout writes all of them within moments. */
  if (schema > newest + 60)
    add_item (self, "schema", N_("The schema has not changed since the newest migration"), TIDE_CHECK_WARNING,
              N_("it was changed later: is a migration missing?"));
  else
    add_item (self, "schema", N_("The schema has not changed since the newest migration"), TIDE_CHECK_OK, NULL);
}

static void
check_committed (TideRunbook *self)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autoptr(TideAuthorship) authorship =
    tide_authorship_load (tide_pipeline_get_project (pipeline), tide_pipeline_get_cancellable (pipeline), NULL);
  g_autoptr(GString) loose = g_string_new (NULL);

  if (self->plan->len == 0 || authorship == NULL || !tide_authorship_has_repository (authorship))
    return;
  for (guint i = 0; i < self->plan->len; i++)
    {
      const TideDeployStep *step = g_ptr_array_index (self->plan, i);
      const char *name = tide_migration_get_name (step->migration);

      if (tide_authorship_lookup (authorship, name) == NULL)
        g_string_append_printf (loose, "%s%s", loose->len == 0 ? "" : ", ", name);
    }
  add_item (self, "committed", "The pending migrations are committed", loose->len == 0 ? TIDE_CHECK_OK : TIDE_CHECK_WARNING,
            loose->len == 0 ? NULL : "%s", loose->str);
}

static void
add_age (TideRunbook      *self,
         const TideBackup *backup,
         TideCheckState    state)
{
  gint64 minutes = MAX ((g_get_real_time () - backup->created_at) / (60 * G_USEC_PER_SEC), 0);

  add_item (self, "backup", N_("There is a backup"), state,
            minutes < 120 ? N_("the last one is %d minutes old and proved to level %d")
            : minutes < 2880 ? N_("the last one is %d hours old and proved to level %d")
                             : N_("the last one is %d days old and proved to level %d"),
            (int) (minutes < 120 ? minutes : minutes < 2880 ? minutes / 60 : minutes / 1440), backup->manifest->level);
}

static void
check_backups (TideRunbook *self)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  const char *database = tide_conninfo_get (tide_target_get_conninfo (tide_pipeline_get_target (pipeline)), "dbname");
  g_autoptr(GPtrArray) backups = tide_library_list (tide_project_get_backups (tide_pipeline_get_project (pipeline))->folder, NULL);
  gboolean skips = self->skip_backup != NULL && self->plan->len > 0;

  for (guint i = 0; backups != NULL && i < backups->len; i++)
    {
      const TideBackup *backup = g_ptr_array_index (backups, i);

      if (backup->manifest == NULL || g_strcmp0 (backup->manifest->database, database) != 0)
        continue;
      add_age (self, backup, skips ? TIDE_CHECK_WARNING : TIDE_CHECK_OK);
      return;
    }
  add_item (self, "backup", "There is a backup", skips ? TIDE_CHECK_WARNING : TIDE_CHECK_OK,
            skips ? "there is none, and this run makes none" : "none yet: this run makes one");
}

/* What no program knows. Milder where less is at stake. */
static void
add_boxes (TideRunbook *self)
{
  TideKind kind = tide_target_get_kind (tide_pipeline_get_target (TIDE_PIPELINE (self)));

  if (self->plan->len == 0 || kind == TIDE_KIND_DEVELOPMENT)
    return;
  add_item (self, "reviewed", N_("A second person has read the SQL of the pending migrations"), TIDE_CHECK_MANUAL, NULL);
  if (kind == TIDE_KIND_STAGING)
    return;
  add_item (self, "tested", N_("They have run on staging, with data like production's"), TIDE_CHECK_MANUAL, NULL);
  add_item (self, "announced", N_("Everybody who is affected has been told"), TIDE_CHECK_MANUAL, NULL);
  add_item (self, "quiet", N_("It is a quiet hour, and somebody stays to watch"), TIDE_CHECK_MANUAL, NULL);
}

static gboolean
ask_for_boxes (TideRunbook  *self,
               GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  GListModel *items = G_LIST_MODEL (self->checklist);
  guint n_boxes = 0;
  GError *failure = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(TideChecklistItem) item = g_list_model_get_item (items, i);

      n_boxes += tide_checklist_item_get_state (item) == TIDE_CHECK_MANUAL;
    }
  if (n_boxes == 0)
    return TRUE;
  if (tide_pipeline_ask (pipeline, tide_run_question_new (TIDE_QUESTION_CHECKLIST, tide_pipeline_get_running (pipeline),
                                                             _("Is everything on the checklist done?"),
                                                             _("Nothing has been changed yet. Tick what is done; the run goes on when all of it is."),
                                                             NULL, NULL, items), NULL, &failure))
    {
      tide_pipeline_note (pipeline, N_("all ticked by %s"), g_get_user_name ());
      return TRUE;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    tide_set_error (error, TIDE_ERROR_REFUSED, "tick every box, or run with --yes when all of it is done",
                    "the checklist is not done: nothing was changed");
  return FALSE;
}

/* Before anything is changed, so that no question comes when the database is half-way. */
static gboolean
ask_for_hooks (TideRunbook  *self,
               GError      **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  const TideHooksSpec *hooks = tide_project_get_hooks (tide_pipeline_get_project (pipeline));
  GError *failure = NULL;

  for (guint i = 0; i < hooks->health->len && failure == NULL; i++)
    {
      char **argv = g_ptr_array_index (hooks->health, i);

      if (tide_run_hook_ask (pipeline, "health", (const char *const *) argv, self->hook_timeout_s, &failure))
        g_ptr_array_add (self->hooks, argv);
      else if (failure == NULL)
        tide_pipeline_note (pipeline, N_("the health command \"%s\" is not approved and will not run"), argv[0]);
    }
  if (self->seed && failure == NULL)
    {
      if (tide_target_get_kind (tide_pipeline_get_target (pipeline)) != TIDE_KIND_DEVELOPMENT)
        failure = tide_error_new (TIDE_ERROR_REFUSED, "leave --seed out", "only a development database is seeded");
      else if (hooks->seed == NULL)
        failure = tide_error_new (TIDE_ERROR_NOT_FOUND, "put \"seed\": [\"npm\", \"run\", \"db:seed\"] under \"hooks\" there",
                                  "tidemark.json names no seed command");
      else
        self->may_seed = tide_run_hook_ask (pipeline, "seed", (const char *const *) hooks->seed, self->hook_timeout_s,
                                            &failure);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static void
start_drift (TideRunbook *self)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autoptr(GPtrArray) pending = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_migration_unref);

  for (guint i = 0; i < self->plan->len; i++)
    g_ptr_array_add (pending, tide_migration_ref (((TideDeployStep *) g_ptr_array_index (self->plan, i))->migration));
  self->drift = tide_run_drift_start (tide_pipeline_get_project (pipeline), tide_pipeline_get_target (pipeline), pending);
}

gboolean
tide_runbook_check (TidePipeline  *pipeline,
                    GError       **error)
{
  TideRunbook *self = TIDE_RUNBOOK (pipeline);

  if (!create_migration (self, error) || !check_connection (self, error) || !check_nobody_deploys (self, error)
      || !check_pending (self, error))
    return FALSE;
  start_drift (self);
  tide_runbook_read_before (self);
  check_history (self);
  check_schema_file (self);
  check_committed (self);
  check_backups (self);
  add_boxes (self);
  if (!ask_for_boxes (self, error) || !ask_for_hooks (self, error))
    return FALSE;
  if (self->plan->len == 0)
    tide_pipeline_status (pipeline, N_("nothing is pending"));
  else
    tide_pipeline_status (pipeline, N_("%u pending"), self->plan->len);
  return TRUE;
}
