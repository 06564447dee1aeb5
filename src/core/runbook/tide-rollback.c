/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-rollback"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-rollback-private.h"

G_DEFINE_FINAL_TYPE (TideRollback, tide_rollback, TIDE_TYPE_PIPELINE)
G_DEFINE_BOXED_TYPE (TideRollbackPlan, tide_rollback_plan, tide_rollback_plan_ref, tide_rollback_plan_unref)

GType
tide_rollback_mode_get_type (void)
{
  static const GEnumValue values[] = {
    { TIDE_ROLLBACK_AUTOMATIC, "TIDE_ROLLBACK_AUTOMATIC", "automatic" },
    { TIDE_ROLLBACK_MIGRATION, "TIDE_ROLLBACK_MIGRATION", "migration" },
    { TIDE_ROLLBACK_EMERGENCY, "TIDE_ROLLBACK_EMERGENCY", "emergency" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TideRollbackMode", values));
  return type;
}

TideRollbackPlan *
tide_rollback_plan_new (void)
{
  TideRollbackPlan *self = g_new0 (TideRollbackPlan, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->rows_lost = -1;
  self->choices = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_backup_unref);
  self->users = g_ptr_array_new_with_free_func (g_free);
  self->undone = g_ptr_array_new_with_free_func (g_free);
  return self;
}

TideRollbackPlan *
tide_rollback_plan_ref (TideRollbackPlan *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_rollback_plan_unref (TideRollbackPlan *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->backup, tide_backup_unref);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_clear_pointer (&self->rows, tide_row_comparison_unref);
  g_free (self->losses);
  g_free (self->recorded_losses);
  g_clear_pointer (&self->users, g_ptr_array_unref);
  g_clear_pointer (&self->undone, g_ptr_array_unref);
  g_free (self->down_sql);
  g_free (self->down_losses);
  g_free (self);
}

static const TideStepSpec swap_steps[] = {
  { "plan", N_("What will be lost"), tide_rollback_plan },
  { "confirmation", N_("Confirmation"), tide_rollback_confirm },
  { "stop", N_("Stop the application"), tide_rollback_stop },
  { "restore", N_("Restore by swap"), tide_rollback_restore },
  { "verify", N_("Verify the rows"), tide_rollback_verify },
  { "status", N_("Status of the migrations"), tide_rollback_status },
  { "start", N_("Start the application"), tide_rollback_start },
};

static const TideStepSpec migration_steps[] = {
  { "plan", N_("What will be lost"), tide_rollback_plan },
  { "confirmation", N_("Confirmation"), tide_rollback_confirm },
  { "resolve", N_("Mark as rolled back"), tide_rollback_resolve },
  { "corrective", N_("Corrective SQL"), tide_rollback_correct },
};

const char *
tide_rollback_get_step_title (const char *id)
{
  const char *title = tide_step_specs_get_title (swap_steps, G_N_ELEMENTS (swap_steps), id);

  return title != id ? title : tide_step_specs_get_title (migration_steps, G_N_ELEMENTS (migration_steps), id);
}

static void
tide_rollback_finalize (GObject *object)
{
  TideRollback *self = TIDE_ROLLBACK (object);

  g_free (self->run);
  g_free (self->migration);
  g_free (self->backup);
  g_clear_pointer (&self->plan, tide_rollback_plan_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_rollback_parent_class)->finalize (object);
}

static void
tide_rollback_class_init (TideRollbackClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_rollback_finalize;
  TIDE_PIPELINE_CLASS (klass)->conclude = tide_rollback_conclude;
  TIDE_PIPELINE_CLASS (klass)->describe = tide_rollback_describe;
}

static void
tide_rollback_init (TideRollback *self)
{
  g_mutex_init (&self->lock);
}

TideRollback *
tide_rollback_new (TideProject               *project,
                   TideTarget                *target,
                   const TideRollbackOptions *options)
{
  static const char *const purposes[] = { "rollback-automatic", "rollback-migration", "rollback-emergency" };
  TideRollback *self;

  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);
  g_return_val_if_fail (target != NULL && options != NULL, NULL);

  self = g_object_new (TIDE_TYPE_ROLLBACK, NULL);
  self->mode = options->mode;
  self->run = g_strdup (options->run);
  self->migration = g_strdup (options->migration);
  self->backup = g_strdup (options->backup);
  self->end_sessions = options->end_sessions;
  self->wait_s = options->wait_s;
  self->hook_timeout_s = options->hook_timeout_s;
  self->exact_rows_below = options->exact_rows_below;
  if (self->mode == TIDE_ROLLBACK_MIGRATION)
    tide_pipeline_init_steps (TIDE_PIPELINE (self), project, target, purposes[self->mode], migration_steps,
                              G_N_ELEMENTS (migration_steps));
  else
    tide_pipeline_init_steps (TIDE_PIPELINE (self), project, target, purposes[self->mode], swap_steps,
                              G_N_ELEMENTS (swap_steps));
  return self;
}

TideRollbackMode
tide_rollback_get_mode (TideRollback *self)
{
  g_return_val_if_fail (TIDE_IS_ROLLBACK (self), TIDE_ROLLBACK_EMERGENCY);
  return self->mode;
}

