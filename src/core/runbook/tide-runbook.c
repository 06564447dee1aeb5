/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-runbook"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-runbook-private.h"

G_DEFINE_FINAL_TYPE (TideRunbook, tide_runbook, TIDE_TYPE_PIPELINE)

static const TideStepSpec steps[] = {
  { "checklist", N_("Checklist"), tide_runbook_check },
  { "connectivity", N_("Connectivity"), tide_runbook_connect },
  { "backup", N_("Backup"), tide_runbook_back_up },
  { "pending", N_("Pending migrations"), tide_runbook_list_pending },
  { "confirmation", N_("Confirmation"), tide_runbook_confirm },
  { "apply", N_("Apply"), tide_runbook_apply },
  { "validation", N_("Validation"), tide_runbook_validate },
  { "health", N_("Health checks"), tide_runbook_check_health },
  { "rollback", N_("The way back"), tide_runbook_tell_way_back },
};

const char *
tide_runbook_get_step_title (const char *id)
{
  return tide_step_specs_get_title (steps, G_N_ELEMENTS (steps), id);
}

static void
tide_runbook_finalize (GObject *object)
{
  TideRunbook *self = TIDE_RUNBOOK (object);

  g_free (self->to);
  g_free (self->skip_backup);
  g_free (self->create);
  g_free (self->create_sql);
  g_clear_object (&self->checklist);
  g_clear_object (&self->session);
  g_clear_pointer (&self->timeline, tide_timeline_unref);
  g_clear_pointer (&self->plan, g_ptr_array_unref);
  g_clear_pointer (&self->before, g_hash_table_unref);
  g_clear_pointer (&self->drift, tide_run_drift_free);
  g_clear_pointer (&self->drift_before, g_ptr_array_unref);
  g_clear_pointer (&self->drift_after, g_ptr_array_unref);
  g_clear_pointer (&self->hooks, g_ptr_array_unref);
  g_free (self->server_version);
  g_clear_pointer (&self->backup, tide_backup_unref);
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_runbook_parent_class)->finalize (object);
}

static void
tide_runbook_class_init (TideRunbookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_runbook_finalize;
  TIDE_PIPELINE_CLASS (klass)->conclude = tide_runbook_conclude;
  TIDE_PIPELINE_CLASS (klass)->describe = tide_runbook_describe;
}

static void
tide_runbook_init (TideRunbook *self)
{
  g_mutex_init (&self->lock);
  self->before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->hooks = g_ptr_array_new ();
  self->checklist = g_list_store_new (TIDE_TYPE_CHECKLIST_ITEM);
}

TideRunbook *
tide_runbook_new (TideProject          *project,
                  TideTarget           *target,
                  const TideRunOptions *options)
{
  static const TideRunOptions none = { 0 };
  TideRunbook *self;

  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);
  g_return_val_if_fail (target != NULL, NULL);

  options = options ? options : &none;
  self = g_object_new (TIDE_TYPE_RUNBOOK, NULL);
  self->to = g_strdup (options->to);
  self->skip_backup = g_strdup (options->skip_backup);
  self->verify_level = options->verify_level;
  self->lock_timeout_ms = options->lock_timeout_ms;
  self->hook_timeout_s = options->hook_timeout_s;
  self->exact_rows_below = options->exact_rows_below;
  self->create = g_strdup (options->create);
  self->create_sql = g_strdup (options->create_sql);
  self->seed = options->seed;
  tide_pipeline_init_steps (TIDE_PIPELINE (self), project, target, "deploy", steps, G_N_ELEMENTS (steps));
  return self;
}

GPtrArray *
tide_runbook_ref_pending (TideRunbook *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_RUNBOOK (self), NULL);
  locker = g_mutex_locker_new (&self->lock);
  return self->pending ? g_ptr_array_ref (self->pending) : NULL;
}

int
tide_runbook_default_level (TideKind kind)
{
  switch (kind)
    {
    case TIDE_KIND_DEVELOPMENT:
      return 1;

    case TIDE_KIND_STAGING:
      return 2;

    case TIDE_KIND_PRODUCTION:
    case TIDE_KIND_UNKNOWN:
    default:
      return 4;
    }
}
