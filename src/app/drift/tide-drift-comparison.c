/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-comparison"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-drift-comparison.h"
#include "project/tide-project.h"
#include "schema/tide-schema-drift.h"

TideDriftQuestion *
tide_drift_question_new (TideProject *project,
                         TideTarget  *target,
                         const char  *left,
                         const char  *right)
{
  TideDriftQuestion *self = g_new0 (TideDriftQuestion, 1);

  g_set_object (&self->project, project);
  self->target = target == NULL ? NULL : tide_target_ref (target);
  self->left = g_strdup (left);
  self->right = g_strdup (right);
  return self;
}

void
tide_drift_question_free (TideDriftQuestion *self)
{
  g_clear_object (&self->project);
  g_clear_pointer (&self->target, tide_target_unref);
  g_free (self->left);
  g_free (self->right);
  g_free (self->third);
  g_free (self);
}

static void
comparison_clear (gpointer data)
{
  TideDriftComparison *self = data;

  g_clear_pointer (&self->left, tide_schema_source_unref);
  g_clear_pointer (&self->right, tide_schema_source_unref);
  g_clear_pointer (&self->third, tide_schema_unref);
  g_clear_pointer (&self->diff, tide_schema_diff_unref);
  g_clear_pointer (&self->outline, tide_drift_outline_unref);
  g_clear_pointer (&self->adopt, tide_schema_script_unref);
  g_clear_pointer (&self->revert, tide_schema_script_unref);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_free (self->left_label);
  g_free (self->right_label);
  g_free (self->third_label);
}

TideDriftComparison *
tide_drift_comparison_ref (TideDriftComparison *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_drift_comparison_unref (TideDriftComparison *self)
{
  g_atomic_rc_box_release_full (self, comparison_clear);
}

static TideSchemaSource *
open_source (TideDriftComparison      *self,
             const TideDriftQuestion  *question,
             const char               *text,
             GCancellable             *cancellable,
             GError                  **error)
{
  if (g_str_equal (text, "applied") && question->project != NULL && question->target != NULL)
    return tide_schema_source_new_applied (question->project, question->target, self->notes, cancellable, error);
  return tide_schema_source_parse (text, question->project, question->target, cancellable, error);
}

static void
take_warnings (TideDriftComparison *self,
               const char          *label,
               TideSchema          *schema)
{
  GPtrArray *warnings = tide_schema_get_warnings (schema);

  for (guint i = 0; i < warnings->len; i++)
    g_ptr_array_add (self->notes,
                     g_strdup_printf ("%s: %s", label, ((const GError *) g_ptr_array_index (warnings, i))->message));
}

static void
compare (TideDriftComparison     *self,
         const TideDriftQuestion *question,
         TideSchema              *left,
         TideSchema              *right)
{
  g_autoptr (GPtrArray) ignores = question->project == NULL
                                  ? NULL : tide_schema_ignores_new (tide_project_get_ignores (question->project));
  g_autoptr (TideSchemaDiff) back = NULL;
  g_autoptr (GPtrArray) notes = NULL;
  TideSchemaDiffOptions options = { .column_order = question->column_order, .ignores = ignores };

  tide_schema_drift_set_aside (ignores, self->left, self->right, left, right, self->notes);
  self->diff = tide_schema_diff_new (left, right, &options);
  notes = tide_schema_diff_list_notes (self->diff);
  g_ptr_array_extend_and_steal (self->notes, g_steal_pointer (&notes));
  self->outline = tide_drift_outline_new (self->diff);
  self->adopt = tide_schema_script_new (self->diff, NULL);
  back = tide_schema_diff_new (right, left, &options);
  self->revert = tide_schema_script_new (back, NULL);
}

/* (transfer full): what the title of a side says */
static char *
dup_label (const char       *text,
           TideSchemaSource *source)
{
  return g_str_equal (text, "applied") ? g_strdup (_("Applied migrations")) : tide_schema_source_dup_label (source);
}

static gboolean
open_sides (TideDriftComparison      *self,
            const TideDriftQuestion  *question,
            GCancellable             *cancellable,
            GError                  **error)
{
  self->left = open_source (self, question, question->left, cancellable, error);
  if (self->left == NULL)
    return FALSE;
  self->right = open_source (self, question, question->right, cancellable, error);
  if (self->right == NULL)
    return FALSE;
  self->left_label = dup_label (question->left, self->left);
  self->right_label = dup_label (question->right, self->right);
  return TRUE;
}

/* Whether @side, which could not be loaded because of @failure, now ends before the migration that fails */
static gboolean
cut (TideDriftComparison  *self,
     TideSchemaSource    **side,
     char                **label,
     const GError         *failure)
{
  g_autoptr (TideSchemaSource) before = tide_schema_source_new_before_failure (*side, failure);

  if (before == NULL)
    return FALSE;
  tide_schema_source_unref (*side);
  *side = g_steal_pointer (&before);
  g_free (*label);
  *label = tide_schema_source_dup_label (*side);
  return TRUE;
}

static gboolean
load_sides (TideDriftComparison      *self,
            const TideDriftQuestion  *question,
            TideJob                  *job,
            TideSchema              **left,
            TideSchema              **right,
            GError                  **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean shorter;

  if (tide_schema_source_load_pair (self->left, self->right, job, left, right, &failure))
    return TRUE;
  shorter = question->before_failure && cut (self, &self->left, &self->left_label, failure);
  shorter |= question->before_failure && cut (self, &self->right, &self->right_label, failure);
  if (!shorter)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  g_ptr_array_add (self->notes, g_strdup (failure->message));
  return tide_schema_source_load_pair (self->left, self->right, job, left, right, error);
}

static gboolean
load_third (TideDriftComparison      *self,
            const TideDriftQuestion  *question,
            TideJob                  *job,
            GError                  **error)
{
  g_autoptr (TideSchemaSource) third = open_source (self, question, question->third, tide_job_get_cancellable (job), error);

  self->third = third == NULL ? NULL : tide_schema_source_load (third, job, error);
  if (self->third == NULL)
    return FALSE;
  self->third_label = dup_label (question->third, third);
  return TRUE;
}

gpointer
tide_drift_comparison_run (TideJob   *job,
                           gpointer   data,
                           GError   **error)
{
  const TideDriftQuestion *question = data;
  g_autoptr (TideDriftComparison) self = g_atomic_rc_box_new0 (TideDriftComparison);
  g_autoptr (TideSchema) left = NULL;
  g_autoptr (TideSchema) right = NULL;

  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->read_at = g_get_real_time ();
  if (!open_sides (self, question, tide_job_get_cancellable (job), error)
      || !load_sides (self, question, job, &left, &right, error))
    return NULL;
  if (question->third != NULL && !load_third (self, question, job, error))
    return NULL;
  take_warnings (self, self->left_label, left);
  take_warnings (self, self->right_label, right);
  tide_job_set_status (job, "%s", _("Comparing"));
  compare (self, question, left, right);
  return g_steal_pointer (&self);
}

gpointer
tide_drift_comparison_prove (TideJob   *job,
                             gpointer   data,
                             GError   **error)
{
  const TideDriftProofQuestion *question = data;
  TideDriftComparison *self = question->comparison;

  if (question->revert)
    return tide_schema_prove (self->revert, self->right, self->left, job, error);
  return tide_schema_prove (self->adopt, self->left, self->right, job, error);
}

char *
tide_drift_dup_definition (const TideSchemaObject *object)
{
  return object == NULL ? g_strdup ("") : tide_schema_object_dup_definition (object);
}
