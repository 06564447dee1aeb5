/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-reading"

#include "config.h"

#include "health/tide-health-reading.h"

/* After so long without an answer a reading is slow; milliseconds */
#define PATIENCE 250

struct _TideHealthReading
{
  gatomicrefcount        ref_count;    /* of whom it is for, and of the thread */
  TideProject           *project;
  TideConninfo          *conninfo;
  GCancellable          *cancellable;
  gboolean               in_turn;

  /* Of the main thread */
  TideHealthReadingFunc  func;         /* NULL: nobody waits for it any more */
  gpointer               user_data;
  guint                  patience;     /* 0: it is slow, or something has come */
};

static void
reading_unref (TideHealthReading *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->project);
  tide_conninfo_unref (self->conninfo);
  g_object_unref (self->cancellable);
  g_free (self);
}

static TideHealthReading *
reading_ref (TideHealthReading *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static gboolean
on_impatient (gpointer user_data)
{
  TideHealthReading *self = user_data;

  self->patience = 0;
  self->func (NULL, NULL, self->user_data);
  return G_SOURCE_REMOVE;
}

/* What has come first, on its way to the main thread */
typedef struct
{
  TideHealthReading *reading;
  TideHealth        *health;
} Quick;

static void
quick_free (Quick *self)
{
  reading_unref (self->reading);
  g_clear_pointer (&self->health, tide_health_unref);
  g_free (self);
}

static gboolean
take_quick (gpointer user_data)
{
  Quick *quick = user_data;
  TideHealthReading *self = quick->reading;

  g_clear_handle_id (&self->patience, g_source_remove);
  if (self->func != NULL)
    self->func (g_steal_pointer (&quick->health), NULL, self->user_data);
  return G_SOURCE_REMOVE;
}

static void
on_quick (TideHealth *health,
          gpointer    reading)
{
  Quick *quick = g_new0 (Quick, 1);

  quick->reading = reading_ref (reading);
  quick->health = tide_health_ref (health);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, take_quick, quick, (GDestroyNotify) quick_free);
}

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  TideHealthReading *self = task_data;
  GError *error = NULL;
  TideHealth *health =
    self->in_turn ? tide_health_read_in_turn (self->project, self->conninfo, on_quick, self, cancellable, &error)
                  : tide_health_read (self->project, self->conninfo, TIDE_HEALTH_FULL, cancellable, &error);

  if (health != NULL)
    g_task_return_pointer (task, health, (GDestroyNotify) tide_health_unref);
  else
    g_task_return_error (task, error);
}

static void
on_read (GObject      *object,
         GAsyncResult *result,
         gpointer      reading)
{
  TideHealthReading *self = reading;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideHealth) health = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->func != NULL)
    self->func (g_steal_pointer (&health), g_steal_pointer (&error), self->user_data);
}

TideHealthReading *
tide_health_reading_start (TideProject           *project,
                           TideConninfo          *conninfo,
                           gboolean               in_turn,
                           TideHealthReadingFunc  func,
                           gpointer               user_data)
{
  TideHealthReading *self = g_new0 (TideHealthReading, 1);
  g_autoptr(GTask) task = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  self->project = project ? g_object_ref (project) : NULL;
  self->conninfo = tide_conninfo_copy (conninfo);
  tide_conninfo_set_read_only (self->conninfo, TRUE);
  self->cancellable = g_cancellable_new ();
  self->in_turn = in_turn;
  self->func = func;
  self->user_data = user_data;
  if (in_turn)
    self->patience = g_timeout_add (PATIENCE, on_impatient, self);
  task = g_task_new (NULL, self->cancellable, on_read, self);
  g_task_set_source_tag (task, tide_health_reading_start);
  g_task_set_task_data (task, reading_ref (self), (GDestroyNotify) reading_unref);
  g_task_run_in_thread (task, read_in_thread);
  return self;
}

void
tide_health_reading_stop (TideHealthReading *self)
{
  self->func = NULL;
  g_clear_handle_id (&self->patience, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  reading_unref (self);
}
