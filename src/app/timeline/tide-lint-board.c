/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-board"

#include "config.h"

#include "timeline/tide-lint-board.h"

/* The first frames come first */
#define DELAY_MS 400

struct _TideLintBoard
{
  GObject       parent_instance;

  /* Owned */
  TideTimeline *timeline;
  TideTarget   *target;
  GPtrArray    *findings;
  GCancellable *loading;

  guint         delay; /* source id */
};

G_DEFINE_FINAL_TYPE (TideLintBoard, tide_lint_board, G_TYPE_OBJECT)

static guint changed_signal;

/* What a thread takes along */
typedef struct
{
  GPtrArray  *migrations;
  guint       first;
  TideTarget *target;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_ptr_array_unref (load->migrations);
  g_clear_pointer (&load->target, tide_target_unref);
  g_free (load);
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Load *load = task_data;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideLintContext) context = NULL;
  GPtrArray *findings;

  /* Without an answer the sizes are not known, and the rest still holds */
  if (load->target != NULL)
    session = tide_session_open (tide_target_get_conninfo (load->target), cancellable, NULL);
  if (session != NULL)
    context = tide_lint_context_read (session, load->migrations, load->first, cancellable, NULL);
  findings = tide_lint_history (load->migrations, load->first, context, cancellable);
  if (findings == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  else
    g_task_return_pointer (task, findings, (GDestroyNotify) g_ptr_array_unref);
}

static void
on_loaded (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  TideLintBoard *self = TIDE_LINT_BOARD (object);
  GPtrArray *findings = g_task_propagate_pointer (G_TASK (result), NULL);

  if (findings == NULL)
    return;
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  self->findings = findings;
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
on_delay (gpointer data)
{
  TideLintBoard *self = data;
  g_autoptr(GTask) task = NULL;
  Load *load = g_new0 (Load, 1);

  self->delay = 0;
  load->migrations = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_migration_unref);
  load->first = G_MAXUINT;
  load->target = self->target ? tide_target_ref (self->target) : NULL;
  for (guint i = 0; i < tide_timeline_get_n_entries (self->timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (self->timeline, i);

      if (entry->migration == NULL)
        continue;
      if (load->first == G_MAXUINT && (entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK))
        load->first = load->migrations->len;
      g_ptr_array_add (load->migrations, tide_migration_ref (entry->migration));
    }
  if (load->first == G_MAXUINT)
    {
      load_free (load);
      return G_SOURCE_REMOVE;
    }
  task = g_task_new (self, self->loading, on_loaded, NULL);
  g_task_set_source_tag (task, on_delay);
  g_task_set_priority (task, G_PRIORITY_LOW);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_in_thread);
  return G_SOURCE_REMOVE;
}

static void
stop (TideLintBoard *self)
{
  g_clear_handle_id (&self->delay, g_source_remove);
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_pointer (&self->timeline, tide_timeline_unref);
  g_clear_pointer (&self->target, tide_target_unref);
}

static void
tide_lint_board_dispose (GObject *object)
{
  TideLintBoard *self = TIDE_LINT_BOARD (object);

  stop (self);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_lint_board_parent_class)->dispose (object);
}

static void
tide_lint_board_class_init (TideLintBoardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_lint_board_dispose;
  changed_signal = g_signal_new ("changed", TIDE_TYPE_LINT_BOARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_lint_board_init (TideLintBoard *self)
{
}

TideLintBoard *
tide_lint_board_new (void)
{
  return g_object_new (TIDE_TYPE_LINT_BOARD, NULL);
}

void
tide_lint_board_load (TideLintBoard *self,
                      TideTimeline  *timeline,
                      TideTarget    *target)
{
  g_return_if_fail (TIDE_IS_LINT_BOARD (self));

  if (timeline == self->timeline)
    return;
  stop (self);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  if (timeline == NULL)
    return;
  self->timeline = tide_timeline_ref (timeline);
  self->target = target ? tide_target_ref (target) : NULL;
  self->loading = g_cancellable_new ();
  self->delay = g_timeout_add_full (G_PRIORITY_LOW, DELAY_MS, on_delay, self, NULL);
}

GPtrArray *
tide_lint_board_get_findings (TideLintBoard *self)
{
  g_return_val_if_fail (TIDE_IS_LINT_BOARD (self), NULL);

  return self->findings;
}

TideMigration *
tide_lint_board_find_migration (TideLintBoard *self,
                                const char    *name)
{
  const TideTimelineEntry *entry;

  g_return_val_if_fail (TIDE_IS_LINT_BOARD (self), NULL);

  entry = self->timeline ? tide_timeline_find (self->timeline, name) : NULL;
  return entry ? entry->migration : NULL;
}

guint
tide_lint_board_count (TideLintBoard *self,
                       const char    *migration)
{
  g_return_val_if_fail (TIDE_IS_LINT_BOARD (self), 0);

  return self->findings ? tide_lint_count (self->findings, migration, TIDE_LINT_WARNING) : 0;
}
