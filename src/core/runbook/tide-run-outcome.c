/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-outcome"

#include "config.h"

#include "runbook/tide-run-outcome.h"

G_DEFINE_BOXED_TYPE (TideRunOutcome, tide_run_outcome, tide_run_outcome_ref, tide_run_outcome_unref)

static void
way_free (gpointer data)
{
  TideRunWay *self = data;

  g_free (self->id);
  g_free (self->title);
  g_free (self->text);
  g_strfreev (self->argv);
  g_free (self->subject);
  g_free (self);
}

/* (transfer full): to be filled before it is shared */
TideRunOutcome *
tide_run_outcome_new (void)
{
  TideRunOutcome *self = g_new0 (TideRunOutcome, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->pending = g_ptr_array_new_with_free_func (g_free);
  self->applied = g_ptr_array_new_with_free_func (g_free);
  self->ways = g_ptr_array_new_with_free_func (way_free);
  return self;
}

TideRunOutcome *
tide_run_outcome_ref (TideRunOutcome *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_run_outcome_unref (TideRunOutcome *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->run);
  g_free (self->purpose);
  g_free (self->subject);
  g_free (self->application);
  g_free (self->step);
  g_clear_error (&self->failure);
  g_free (self->database);
  g_free (self->recorded_database);
  g_ptr_array_unref (self->pending);
  g_ptr_array_unref (self->applied);
  g_free (self->failed);
  g_free (self->backup);
  g_free (self->kept);
  g_free (self->file);
  g_free (self->journal);
  g_free (self->html);
  g_free (self->json);
  g_strfreev (self->rollback);
  g_strfreev (self->rollback_by_hand);
  g_ptr_array_unref (self->ways);
  g_free (self);
}

/**
 * tide_run_outcome_add_way:
 * @self: an outcome in the making
 * @id: as #TideRunWay has it
 * @title: for a button
 * @text: what it does
 * @argv: (nullable): how to do it on the command line
 *
 * Returns: (transfer none): the way, for its subject
 */
TideRunWay *
tide_run_outcome_add_way (TideRunOutcome    *self,
                          const char        *id,
                          const char        *title,
                          const char        *text,
                          const char *const *argv)
{
  TideRunWay *way = g_new0 (TideRunWay, 1);

  way->id = g_strdup (id);
  way->title = g_strdup (title);
  way->text = g_strdup (text);
  way->argv = g_strdupv ((char **) argv);
  g_ptr_array_add (self->ways, way);
  return way;
}

const char *
tide_run_state_to_string (TideRunState state)
{
  static const char *const words[] = { "running", "done", "failed", "cancelled", "killed" };

  g_return_val_if_fail (state < G_N_ELEMENTS (words), "failed");
  return words[state];
}
