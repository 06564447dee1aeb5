/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-loader"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-drift-loader.h"

struct _TideDriftLoader
{
  GObject              parent_instance;

  /* Owned */
  TideWorkspace       *workspace;
  TideDriftComparison *comparison;  /* nullable */
  GError              *error;       /* nullable */
  TideSchemaProof     *proof;       /* nullable */
  GError              *proof_error; /* nullable */
  TideJob             *job;         /* nullable: of the comparison under way */
  TideJob             *proof_job;   /* nullable */
  char                *state;       /* nullable: what was last compared, see dup_state() */
};

enum
{
  CHANGED,
  PROVED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideDriftLoader, tide_drift_loader, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

/* (transfer full): what a comparison follows from, as far as the window knows it: the history in the database and
 * the rules of what to ignore */
static char *
dup_state (TideDriftLoader *self)
{
  TideProject *project = tide_workspace_get_project (self->workspace);
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideTimeline *timeline = environment == NULL ? NULL : tide_environment_get_timeline (environment);
  GPtrArray *ignores = project == NULL ? NULL : tide_project_get_ignores (project);
  GString *state = g_string_new (environment == NULL ? "" : tide_environment_get_label (environment));

  for (guint i = 0; timeline != NULL && i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      g_string_append_printf (state, "\n%d %s", entry->state, entry->name);
    }
  for (guint i = 0; ignores != NULL && i < ignores->len; i++)
    {
      const TideIgnoreSpec *rule = g_ptr_array_index (ignores, i);

      g_string_append_printf (state, "\n%s %s %s", rule->kind, rule->schema, rule->name);
    }
  return g_string_free (state, FALSE);
}

static void
forget_job (TideJob **job)
{
  if (*job != NULL)
    tide_job_cancel (*job);
  g_clear_object (job);
}

static void
forget_proof (TideDriftLoader *self)
{
  forget_job (&self->proof_job);
  g_clear_pointer (&self->proof, tide_schema_proof_free);
  g_clear_error (&self->proof_error);
}

static void
on_proved (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (TideDriftLoader) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TideSchemaProof) proof = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (self->proof_job != TIDE_JOB (object))
    return;
  g_clear_object (&self->proof_job);
  self->proof = g_steal_pointer (&proof);
  self->proof_error = g_steal_pointer (&error);
  g_signal_emit (self, signals[PROVED], 0);
}

static void
proof_question_free (gpointer data)
{
  TideDriftProofQuestion *self = data;

  tide_drift_comparison_unref (self->comparison);
  g_free (self);
}

static void
on_compared (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (TideDriftLoader) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TideDriftComparison) comparison = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (self->job != TIDE_JOB (object))
    return;
  g_clear_object (&self->job);
  forget_proof (self);
  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  self->comparison = g_steal_pointer (&comparison);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_steal_pointer (&error);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
tide_drift_loader_dispose (GObject *object)
{
  TideDriftLoader *self = TIDE_DRIFT_LOADER (object);

  tide_drift_loader_cancel (self);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->state, g_free);
  G_OBJECT_CLASS (tide_drift_loader_parent_class)->dispose (object);
}

static void
tide_drift_loader_class_init (TideDriftLoaderClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_drift_loader_dispose;
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROVED] = g_signal_new ("proved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_drift_loader_init (TideDriftLoader *self)
{
}

TideDriftLoader *
tide_drift_loader_new (TideWorkspace *workspace)
{
  TideDriftLoader *self = g_object_new (TIDE_TYPE_DRIFT_LOADER, NULL);

  self->workspace = g_object_ref (workspace);
  return self;
}

void
tide_drift_loader_compare (TideDriftLoader   *self,
                           TideDriftQuestion *question)
{
  g_return_if_fail (TIDE_IS_DRIFT_LOADER (self));

  tide_drift_loader_cancel (self);
  g_clear_error (&self->error);
  g_free (self->state);
  self->state = dup_state (self);
  self->job = tide_job_new (_("Compare schemas"));
  tide_workspace_run_job (self->workspace, self->job, tide_drift_comparison_run, question,
                          (GDestroyNotify) tide_drift_question_free, (GDestroyNotify) tide_drift_comparison_unref,
                          on_compared, g_object_ref (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
tide_drift_loader_prove (TideDriftLoader *self,
                         gboolean         revert)
{
  TideDriftProofQuestion *question;

  g_return_if_fail (TIDE_IS_DRIFT_LOADER (self));

  forget_proof (self);
  if (self->comparison != NULL && tide_schema_diff_get_changes (self->comparison->diff)->len > 0)
    {
      question = g_new0 (TideDriftProofQuestion, 1);
      question->comparison = tide_drift_comparison_ref (self->comparison);
      question->revert = revert;
      self->proof_job = tide_job_new (_("Prove the SQL"));
      tide_workspace_run_job (self->workspace, self->proof_job, tide_drift_comparison_prove, question, proof_question_free,
                              (GDestroyNotify) tide_schema_proof_free, on_proved, g_object_ref (self));
    }
  g_signal_emit (self, signals[PROVED], 0);
}

void
tide_drift_loader_cancel (TideDriftLoader *self)
{
  g_return_if_fail (TIDE_IS_DRIFT_LOADER (self));

  forget_job (&self->job);
  forget_proof (self);
}

gboolean
tide_drift_loader_is_outdated (TideDriftLoader *self)
{
  g_autofree char *state = dup_state (self);

  return g_strcmp0 (state, self->state) != 0;
}

TideJob *
tide_drift_loader_get_job (TideDriftLoader *self)
{
  return self->job;
}

TideDriftComparison *
tide_drift_loader_get_comparison (TideDriftLoader *self)
{
  return self->comparison;
}

const GError *
tide_drift_loader_get_error (TideDriftLoader *self)
{
  return self->error;
}

const TideSchemaProof *
tide_drift_loader_get_proof (TideDriftLoader *self)
{
  return self->proof;
}

const GError *
tide_drift_loader_get_proof_error (TideDriftLoader *self)
{
  return self->proof_error;
}
