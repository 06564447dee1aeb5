/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-rollback"

#include "config.h"

#include <glib/gi18n.h>

#include "history/tide-create.h"
#include "history/tide-resolve.h"
#include "runbook/tide-rollback-private.h"
#include "runbook/tide-run-english.h"
#include "schema/tide-schema-script.h"
#include "schema/tide-schema-source.h"
#include "tide-error.h"

/* The histories before and after the migration, and the database, as far as they are needed */
typedef struct
{
  TideSchema *before;
  TideSchema *after;
  TideSchema *live;
} Schemas;

static void
schemas_clear (Schemas *self)
{
  g_clear_pointer (&self->before, tide_schema_unref);
  g_clear_pointer (&self->after, tide_schema_unref);
  g_clear_pointer (&self->live, tide_schema_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Schemas, schemas_clear)

static const TideTimelineEntry *
find_entry (TideRollback  *self,
            TideTimeline  *timeline,
            GError       **error)
{
  const TideTimelineEntry *entry = tide_timeline_find (timeline, self->migration);

  if (entry != NULL && entry->migration != NULL
      && (entry->state == TIDE_STATE_FAILED || entry->state == TIDE_STATE_APPLIED || entry->state == TIDE_STATE_EDITED))
    return entry;
  if (entry == NULL || entry->migration == NULL)
    tide_set_error (error, TIDE_ERROR_NOT_FOUND, "status lists them", "there is no migration \"%s\"%s", self->migration,
                    entry ? " in the folder" : "");
  else
    tide_set_error (error, TIDE_ERROR_REFUSED, "there is nothing to take back", "\"%s\" is not applied there", self->migration);
  return NULL;
}

static TideSchema *
load_history (TideRollback  *self,
              TideMigration *last,
              gboolean       with_last,
              TideJob       *job,
              GError       **error)
{
  TideProject *project = tide_pipeline_get_project (TIDE_PIPELINE (self));
  TideConninfo *conninfo = tide_target_get_conninfo (tide_pipeline_get_target (TIDE_PIPELINE (self)));
  GPtrArray *all = tide_project_get_migrations (project);
  g_autoptr(GPtrArray) migrations = g_ptr_array_new ();
  g_autoptr(TideSchemaSource) source = NULL;

  for (guint i = 0; i < all->len && g_ptr_array_index (all, i) != last; i++)
    g_ptr_array_add (migrations, g_ptr_array_index (all, i));
  if (with_last)
    g_ptr_array_add (migrations, last);
  source = tide_schema_source_new_history (project, migrations, tide_conninfo_get_schema (conninfo), "history");
  return tide_schema_source_load (source, job, error);
}

static gboolean
load (TideRollback  *self,
      TideMigration *migration,
      gboolean       failed,
      Schemas       *schemas,
      TideJob       *job,
      GError       **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  g_autoptr(TideSchemaSource) database = NULL;

  schemas->before = load_history (self, migration, FALSE, job, error);
  if (schemas->before == NULL)
    return FALSE;
  /* One that fails on real rows runs on empty tables; one that cannot run at all is known by what is there alone. */
  schemas->after = load_history (self, migration, TRUE, job, failed ? NULL : error);
  if (!failed)
    return schemas->after != NULL;
  database = tide_schema_source_parse ("database", tide_pipeline_get_project (pipeline), tide_pipeline_get_target (pipeline),
                                       tide_job_get_cancellable (job), error);
  schemas->live = database ? tide_schema_source_load (database, job, error) : NULL;
  return schemas->live != NULL;
}

static gboolean
is_same (const TideSchemaObject *a,
         const TideSchemaObject *b)
{
  g_autofree char *left = a ? tide_schema_object_dup_name (a) : NULL;
  g_autofree char *right = b ? tide_schema_object_dup_name (b) : NULL;

  return a != NULL && b != NULL && tide_schema_object_get_kind (a) == tide_schema_object_get_kind (b) && g_str_equal (left, right)
         && g_strcmp0 (tide_schema_object_get_namespace (a), tide_schema_object_get_namespace (b)) == 0;
}

/* (transfer container): of what has to be undone in the database, what this migration would have done: other drift stays */
static GPtrArray *
choose (TideSchemaDiff *undo,
        TideSchemaDiff *all)
{
  GPtrArray *chosen = g_ptr_array_new ();
  GPtrArray *changes = tide_schema_diff_get_changes (undo);
  GPtrArray *expected = tide_schema_diff_get_changes (all);

  for (guint i = 0; i < changes->len; i++)
    {
      TideSchemaChange *change = g_ptr_array_index (changes, i);

      for (guint k = 0; k < expected->len; k++)
        {
          const TideSchemaChange *other = g_ptr_array_index (expected, k);

          if (is_same (change->from ? change->from : change->to, other->from ? other->from : other->to))
            {
              g_ptr_array_add (chosen, change);
              break;
            }
        }
    }
  return chosen;
}

static TideSchemaScript *
write_script (const Schemas *schemas)
{
  g_autoptr(TideSchemaDiff) history = schemas->after ? tide_schema_diff_new (schemas->after, schemas->before, NULL) : NULL;
  g_autoptr(TideSchemaDiff) undo = schemas->live ? tide_schema_diff_new (schemas->live, schemas->before, NULL) : NULL;
  g_autoptr(GPtrArray) only = undo && history ? choose (undo, history) : NULL;
  TideSchemaScriptOptions options = { .only = only };

  if (undo == NULL)
    return tide_schema_script_new (history, NULL);
  /* Where the migration cannot be replayed, nothing tells its doing from other drift. */
  return history == NULL || only->len == 0 ? NULL : tide_schema_script_new (undo, &options);
}

static char *
describe_losses (gpointer data)
{
  const TideRollbackPlan *plan = data;

  if (plan->down_losses != NULL)
    return g_strconcat (_("the corrective SQL, once you run it, drops what holds data:"), plan->down_losses, NULL);
  return g_strdup (plan->down_sql ? _("the corrective SQL drops nothing that holds data")
                                  : _("nothing of it is in the schema: there is nothing to take back"));
}

static void
describe (TideRollbackPlan *plan,
          TideSchemaScript *script)
{
  GPtrArray *statements = script ? tide_schema_script_get_statements (script) : NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; statements != NULL && i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);

      if ((statement->hazards & TIDE_HAZARD_DATA_LOSS) == 0)
        continue;
      plan->down_loses = TRUE;
      g_string_append_printf (text, "\n  %s", statement->sql);
    }
  if (statements != NULL && statements->len > 0)
    plan->down_sql = tide_schema_script_dup_text (script);
  plan->down_losses = plan->down_loses ? g_strdup (text->str) : NULL;
  plan->losses = describe_losses (plan);
  plan->recorded_losses = tide_run_english_dup (describe_losses, plan, plan->losses);
}

gboolean
tide_rollback_plan_migration (TideRollback      *self,
                              TideRollbackPlan  *plan,
                              TideJob           *job,
                              GError           **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  TideProject *project = tide_pipeline_get_project (pipeline);
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session =
    tide_session_open (tide_target_get_conninfo (tide_pipeline_get_target (pipeline)), cancellable, error);
  g_autoptr(TideTimeline) timeline = session ? tide_history_read_timeline (history, project, session, cancellable, error) : NULL;
  const TideTimelineEntry *entry = timeline ? find_entry (self, timeline, error) : NULL;
  g_auto(Schemas) schemas = { NULL, NULL, NULL };
  g_autoptr(TideSchemaScript) script = NULL;

  if (entry == NULL)
    return FALSE;
  plan->failed = entry->state == TIDE_STATE_FAILED;
  g_ptr_array_add (plan->undone, g_strdup (entry->name));
  if (!load (self, entry->migration, plan->failed, &schemas, job, error))
    return FALSE;
  script = write_script (&schemas);
  describe (plan, script);
  return TRUE;
}

gboolean
tide_rollback_resolve (TidePipeline  *pipeline,
                       GError       **error)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);

  if (!self->plan->failed)
    {
      tide_pipeline_skip (pipeline, N_("it is applied and stays in the ledger: a new migration takes it back"));
      return TRUE;
    }
  if (!tide_resolve_rolled_back (tide_pipeline_get_project (pipeline), tide_target_get_conninfo (tide_pipeline_get_target (pipeline)),
                                 self->migration, tide_pipeline_get_cancellable (pipeline), error))
    return FALSE;
  self->resolved = TRUE;
  tide_pipeline_status (pipeline, N_("\"%s\" is marked as rolled back"), self->migration);
  return TRUE;
}

/* For a failed one beside the journal: it must run before the migration does again, and so is none itself */
static char *
write_file (TidePipeline  *pipeline,
            const char    *sql,
            GError       **error)
{
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);
  g_autofree char *folder = g_path_get_dirname (outcome->journal);
  g_autofree char *name = g_strconcat (outcome->run, "_corrective.sql", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) problem = NULL;

  if (g_file_set_contents_full (path, sql, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &problem))
    return g_steal_pointer (&path);
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot write \"%s\": %s", path, problem->message);
  return NULL;
}

gboolean
tide_rollback_correct (TidePipeline  *pipeline,
                       GError       **error)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);
  TideRunOutcome *outcome = tide_pipeline_get_outcome (pipeline);
  TideMigration *migration = tide_project_find_migration (tide_pipeline_get_project (pipeline), self->migration);
  g_autofree char *name = tide_migration_dup_title (migration);
  g_autofree char *title = g_strconcat ("revert ", name, NULL);

  if (self->plan->down_sql == NULL)
    {
      tide_pipeline_skip (pipeline, N_("there is nothing to take back"));
      return TRUE;
    }
  outcome->file = self->plan->failed ? write_file (pipeline, self->plan->down_sql, error)
                                     : tide_create_migration (tide_pipeline_get_project (pipeline), title, self->plan->down_sql, error);
  if (outcome->file == NULL)
    return FALSE;
  tide_pipeline_note (pipeline, self->plan->failed ? N_("read it, and run it before the migration runs again: tidemarkctl execute --file %s")
                                                   : N_("read it, and deploy it: %s"), outcome->file);
  tide_pipeline_status (pipeline, N_("written, not run: %s"), outcome->file);
  return TRUE;
}
