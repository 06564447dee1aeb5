/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-loader"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-drift-loader.h"
#include "drift/tide-drift-state.h"

struct _TideDriftLoader
{
  GObject              parent_instance;

  /* Owned */
  TideWorkspace       *workspace;
  TideDriftComparison *comparison;  /* nullable */
  GError              *error;       /* nullable */
  TideSchemaProof     *proof;       /* nullable */
  GError              *proof_error; /* nullable */
  TideDriftState      *drift;       /* shared with other pages: it compares when the question is the usual one */
  TideJob             *job;         /* nullable: of the comparison under way */
  TideJob             *proof_job;   /* nullable */
  char                *state;       /* nullable: what was last compared, see tide_drift_state_dup_key() */
  gboolean             awaits_drift; /* @job is that of @drift */
  gboolean             is_drift;     /* @comparison or @error came from @drift */
};

enum
{
  CHANGED,
  PROVED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideDriftLoader, tide_drift_loader, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

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

/* A comparison has ended, its job is forgotten. */
static void
take_comparison (TideDriftLoader     *self,
                 TideDriftComparison *comparison,
                 const GError        *error)
{
  forget_proof (self);
  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  g_clear_error (&self->error);
  self->comparison = comparison == NULL ? NULL : tide_drift_comparison_ref (comparison);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_error_copy (error);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_drift_changed (TideDriftLoader *self)
{
  if (!self->awaits_drift)
    return;
  if (tide_drift_state_get_job (self->drift) != NULL)
    {
      if (g_set_object (&self->job, tide_drift_state_get_job (self->drift)))
        g_signal_emit (self, signals[CHANGED], 0);
      return;
    }
  g_clear_object (&self->job);
  self->awaits_drift = FALSE;
  self->is_drift = TRUE;
  take_comparison (self, tide_drift_state_get_comparison (self->drift), tide_drift_state_get_error (self->drift));
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
  take_comparison (self, comparison, error);
}

static void
tide_drift_loader_dispose (GObject *object)
{
  TideDriftLoader *self = TIDE_DRIFT_LOADER (object);

  tide_drift_loader_cancel (self);
  g_clear_object (&self->drift);
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
  self->drift = g_object_ref (tide_drift_state_get (workspace));
  g_signal_connect_object (self->drift, "changed", G_CALLBACK (on_drift_changed), self, G_CONNECT_SWAPPED);
  return self;
}

/* What the other pages want to know, too */
static gboolean
is_usual (const TideDriftQuestion *question)
{
  return g_str_equal (question->left, "applied") && g_str_equal (question->right, "database") && question->third == NULL &&
         !question->column_order && !question->before_failure;
}

void
tide_drift_loader_compare (TideDriftLoader   *self,
                           TideDriftQuestion *question,
                           gboolean           anew)
{
  g_return_if_fail (TIDE_IS_DRIFT_LOADER (self));

  tide_drift_loader_cancel (self);
  g_clear_error (&self->error);
  g_free (self->state);
  self->state = tide_drift_state_dup_key (self->workspace);
  self->is_drift = FALSE;
  if (is_usual (question))
    {
      tide_drift_question_free (question);
      tide_drift_state_compare (self->drift, anew);
      self->awaits_drift = TRUE;
      on_drift_changed (self);
      return;
    }
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

  /* Others may wait for the shared one, too. */
  if (self->awaits_drift)
    g_clear_object (&self->job);
  self->awaits_drift = FALSE;
  forget_job (&self->job);
  forget_proof (self);
}

void
tide_drift_loader_forget (TideDriftLoader *self)
{
  tide_drift_loader_cancel (self);
  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  g_clear_error (&self->error);
  self->is_drift = FALSE;
}

gboolean
tide_drift_loader_is_outdated (TideDriftLoader *self)
{
  g_autofree char *state = tide_drift_state_dup_key (self->workspace);

  if (self->is_drift && self->comparison != tide_drift_state_get_comparison (self->drift))
    return TRUE;
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
