/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-state"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-drift-state.h"

/* So long a comparison serves whoever comes next: nothing tells that somebody changed a database by hand. Microseconds */
#define FRESH (60 * G_USEC_PER_SEC)

struct _TideDriftState
{
  GObject              parent_instance;

  /* Borrowed: its owner */
  TideWorkspace       *workspace;

  /* Owned */
  TideEnvironment     *environment; /* (nullable): of which the rest tells */
  TideJob             *job;         /* (nullable) */
  TideDriftComparison *comparison;  /* (nullable) */
  GError              *error;       /* (nullable) */
  char                *key;         /* (nullable): of what was last compared */
  gint64               moment;
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideDriftState, tide_drift_state, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
forget (TideDriftState *self)
{
  if (self->job != NULL)
    tide_job_cancel (self->job);
  g_clear_object (&self->job);
  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->key, g_free);
}

static void
on_environment_changed (TideDriftState *self)
{
  /* The same one is told again when its project was read again. */
  if (!g_set_object (&self->environment, tide_workspace_get_environment (self->workspace)))
    return;
  forget (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_compared (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(TideDriftState) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideDriftComparison) comparison = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (self->job != TIDE_JOB (object))
    return;
  g_clear_object (&self->job);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
      g_clear_error (&self->error);
      self->comparison = g_steal_pointer (&comparison);
      self->error = g_steal_pointer (&error);
      self->moment = g_get_real_time ();
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
tide_drift_state_dispose (GObject *object)
{
  TideDriftState *self = TIDE_DRIFT_STATE (object);

  forget (self);
  g_clear_object (&self->environment);
  G_OBJECT_CLASS (tide_drift_state_parent_class)->dispose (object);
}

static void
tide_drift_state_class_init (TideDriftStateClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_drift_state_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_drift_state_init (TideDriftState *self)
{
}

TideDriftState *
tide_drift_state_get (TideWorkspace *workspace)
{
  TideDriftState *self;

  g_return_val_if_fail (TIDE_IS_WORKSPACE (workspace), NULL);

  self = g_object_get_data (G_OBJECT (workspace), "tide-drift-state");
  if (self != NULL)
    return self;
  self = g_object_new (TIDE_TYPE_DRIFT_STATE, NULL);
  self->workspace = workspace;
  g_signal_connect_object (workspace, "notify::environment", G_CALLBACK (on_environment_changed), self, G_CONNECT_SWAPPED);
  on_environment_changed (self);
  g_object_set_data_full (G_OBJECT (workspace), "tide-drift-state", self, g_object_unref);
  return self;
}

/* The same history as last time, looked at just now or at this moment */
static gboolean
is_fresh (TideDriftState *self)
{
  if (tide_drift_state_is_outdated (self))
    return FALSE;
  return self->job != NULL || (self->comparison != NULL && g_get_real_time () - self->moment < FRESH);
}

void
tide_drift_state_compare (TideDriftState *self,
                          gboolean        anew)
{
  TideProject *project;
  TideTarget *target;

  g_return_if_fail (TIDE_IS_DRIFT_STATE (self));

  project = tide_workspace_get_project (self->workspace);
  target = self->environment ? tide_environment_get_target (self->environment) : NULL;
  if (project == NULL || target == NULL || (!anew && is_fresh (self)))
    return;
  if (tide_drift_state_is_outdated (self))
    forget (self);
  else if (self->job != NULL)
    tide_job_cancel (self->job);
  g_clear_object (&self->job);
  g_free (self->key);
  self->key = tide_drift_state_dup_key (self->workspace);
  self->job = tide_job_new (_("Compare schemas"));
  tide_workspace_run_job (self->workspace, self->job, tide_drift_comparison_run,
                          tide_drift_question_new (project, target, "applied", "database"), (GDestroyNotify) tide_drift_question_free,
                          (GDestroyNotify) tide_drift_comparison_unref, on_compared, g_object_ref (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
tide_drift_state_cancel (TideDriftState *self)
{
  g_return_if_fail (TIDE_IS_DRIFT_STATE (self));

  if (self->job == NULL)
    return;
  tide_job_cancel (self->job);
  g_clear_object (&self->job);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
tide_drift_state_is_outdated (TideDriftState *self)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (TIDE_IS_DRIFT_STATE (self), FALSE);

  key = tide_drift_state_dup_key (self->workspace);
  return g_strcmp0 (key, self->key) != 0;
}

TideJob *
tide_drift_state_get_job (TideDriftState *self)
{
  return self->job;
}

TideDriftComparison *
tide_drift_state_get_comparison (TideDriftState *self)
{
  return self->comparison;
}

const GError *
tide_drift_state_get_error (TideDriftState *self)
{
  return self->error;
}

gint64
tide_drift_state_get_moment (TideDriftState *self)
{
  return self->moment;
}

char *
tide_drift_state_dup_key (TideWorkspace *workspace)
{
  TideProject *project = tide_workspace_get_project (workspace);
  TideEnvironment *environment = tide_workspace_get_environment (workspace);
  TideTimeline *timeline = environment == NULL ? NULL : tide_environment_get_timeline (environment);
  GPtrArray *ignores = project == NULL ? NULL : tide_project_get_ignores (project);
  GString *key = g_string_new (environment == NULL ? "" : tide_environment_get_label (environment));

  for (guint i = 0; timeline != NULL && i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      g_string_append_printf (key, "\n%d %s", entry->state, entry->name);
    }
  for (guint i = 0; ignores != NULL && i < ignores->len; i++)
    {
      const TideIgnoreSpec *rule = g_ptr_array_index (ignores, i);

      g_string_append_printf (key, "\n%s %s %s", rule->kind, rule->schema, rule->name);
    }
  return g_string_free (key, FALSE);
}
