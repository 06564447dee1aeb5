/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-drift"

#include "config.h"

#include "runbook/tide-run-drift.h"
#include "schema/tide-object-kind.h"
#include "schema/tide-schema-drift.h"

struct _TideRunDrift
{
  TideProject *project;
  TideTarget  *target;
  GPtrArray   *pending;
  TideJob     *job;     /* its own cancellable: it ends with the run */
  GThread     *thread;
  GPtrArray   *before;
  GError      *error;
};

static void
ignore (const char *status,
        double      fraction,
        const char *line,
        gpointer    user_data)
{
}

/* "~ index public.users_email_key" */
static char *
dup_text (const TideSchemaChange *change)
{
  static const char *const signs[] = { "+", "-", "~" };
  const TideSchemaObject *object = change->to ? change->to : change->from;
  const char *schema = tide_schema_object_get_namespace (object);
  g_autofree char *name = tide_schema_object_dup_name (object);

  return g_strdup_printf ("%s %s %s%s%s", signs[change->type], tide_object_kind_get_info (tide_schema_object_get_kind (object))->name,
                          schema ? schema : "", schema ? "." : "", name);
}

GPtrArray *
tide_run_drift_read (TideProject  *project,
                     TideTarget   *target,
                     TideJob      *job,
                     GError      **error)
{
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(TideSchemaDiff) diff = tide_schema_drift_read (project, target, notes, job, error);
  g_autoptr(GPtrArray) changes = diff ? tide_schema_diff_list_told (diff) : NULL;
  GPtrArray *texts = diff ? g_ptr_array_new_with_free_func (g_free) : NULL;

  for (guint i = 0; diff != NULL && i < changes->len; i++)
    g_ptr_array_add (texts, dup_text (g_ptr_array_index (changes, i)));
  return texts;
}

/* Replays the history as it will be once @pending is applied: it is kept, and found again. */
static void
look_ahead (TideRunDrift *self)
{
  GPtrArray *all = tide_project_get_migrations (self->project);
  g_autoptr(GPtrArray) upto = g_ptr_array_new ();
  TideMigration *last = self->pending->len > 0 ? g_ptr_array_index (self->pending, self->pending->len - 1) : NULL;
  g_autoptr(TideSchemaSource) source = NULL;
  g_autoptr(TideSchema) schema = NULL;

  for (guint i = 0; last != NULL && i < all->len; i++)
    {
      g_ptr_array_add (upto, g_ptr_array_index (all, i));
      if (g_ptr_array_index (all, i) == last)
        break;
    }
  if (last == NULL || upto->len == 0)
    return;
  source = tide_schema_source_new_history (self->project, upto,
                                           tide_conninfo_get_schema (tide_target_get_conninfo (self->target)), "ahead");
  schema = tide_schema_source_load (source, self->job, NULL);
}

static gpointer
measure (gpointer data)
{
  TideRunDrift *self = data;

  self->before = tide_run_drift_read (self->project, self->target, self->job, &self->error);
  if (self->before != NULL)
    look_ahead (self);
  return NULL;
}

TideRunDrift *
tide_run_drift_start (TideProject *project,
                      TideTarget  *target,
                      GPtrArray   *pending)
{
  TideRunDrift *self = g_new0 (TideRunDrift, 1);

  self->project = g_object_ref (project);
  self->target = tide_target_ref (target);
  self->pending = g_ptr_array_ref (pending);
  self->job = tide_job_new_part (NULL, ignore, NULL);
  self->thread = g_thread_new ("tide-run-drift", measure, self);
  return self;
}

static void
pass_on (GCancellable *outer,
         TideJob      *job)
{
  tide_job_cancel (job);
}

GPtrArray *
tide_run_drift_finish (TideRunDrift  *self,
                       GCancellable  *cancellable,
                       GError       **error)
{
  gulong handler = cancellable ? g_cancellable_connect (cancellable, G_CALLBACK (pass_on), self->job, NULL) : 0;

  g_thread_join (g_steal_pointer (&self->thread));
  g_cancellable_disconnect (cancellable, handler);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  return g_steal_pointer (&self->before);
}

void
tide_run_drift_free (TideRunDrift *self)
{
  if (self->thread != NULL)
    {
      tide_job_cancel (self->job);
      g_thread_join (self->thread);
    }
  g_object_unref (self->job);
  g_object_unref (self->project);
  tide_target_unref (self->target);
  g_ptr_array_unref (self->pending);
  g_clear_pointer (&self->before, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self);
}
