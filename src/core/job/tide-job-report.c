/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-job"

#include "config.h"

#include "job/tide-job-private.h"

/**
 * tide_job_new_part:
 * @parent: (nullable): the job whose work has this part
 * @func: hears, in the thread that tells it, what the part would show
 * @user_data: for @func; must outlive the part
 *
 * For work made of other work: a part is handed to functions that take a job. It is cancelled with @parent, has no
 * notifications, and is never run by itself.
 *
 * Returns: (transfer full): the part
 */
TideJob *
tide_job_new_part (TideJob         *parent,
                   TideJobPartFunc  func,
                   gpointer         user_data)
{
  TideJob *self = tide_job_new (parent ? parent->title : "part");

  if (parent != NULL)
    g_set_object (&self->cancellable, parent->cancellable);
  self->part_func = func;
  self->part_data = user_data;
  return self;
}

/**
 * tide_job_set_status:
 * @self: (nullable): the job
 * @format: the step being done
 *
 * Any thread.
 */
void
tide_job_set_status (TideJob    *self,
                     const char *format,
                     ...)
{
  g_autoptr(GMutexLocker) locker = NULL;
  g_autofree char *status = NULL;
  va_list args;

  if (self == NULL)
    return;

  va_start (args, format);
  status = g_strdup_vprintf (format, args);
  va_end (args);
  if (self->part_func != NULL)
    {
      self->part_func (status, -1, NULL, self->part_data);
      return;
    }

  locker = g_mutex_locker_new (&self->lock);
  if (g_strcmp0 (self->status, status) == 0)
    return;
  g_free (self->status);
  self->status = g_steal_pointer (&status);
  tide_job_schedule_flush (self, 1u << TIDE_JOB_PROP_STATUS);
}

/**
 * tide_job_set_fraction:
 * @self: (nullable): the job
 * @fraction: from 0 to 1 (what lies outside is clamped), or negative when nobody knows
 *
 * Any thread.
 */
void
tide_job_set_fraction (TideJob *self,
                       double   fraction)
{
  g_autoptr(GMutexLocker) locker = NULL;

  if (self == NULL)
    return;

  fraction = fraction < 0 ? -1 : MIN (fraction, 1);
  if (self->part_func != NULL)
    {
      self->part_func (NULL, fraction, NULL, self->part_data);
      return;
    }
  locker = g_mutex_locker_new (&self->lock);
  if (self->fraction == fraction)
    return;
  self->fraction = fraction;
  tide_job_schedule_flush (self, 1u << TIDE_JOB_PROP_FRACTION);
}

/**
 * tide_job_log:
 * @self: (nullable): the job
 * @format: what to tell; a newline starts another line
 *
 * Adds to the live log. Lines are emitted one by one, in order, none lost. Any thread.
 */
void
tide_job_log (TideJob    *self,
              const char *format,
              ...)
{
  g_autoptr(GMutexLocker) locker = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  va_list args;

  if (self == NULL)
    return;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; self->part_func != NULL && lines[i] != NULL; i++)
    self->part_func (NULL, -1, lines[i], self->part_data);
  if (self->part_func != NULL)
    return;

  locker = g_mutex_locker_new (&self->lock);
  if (self->lines == NULL)
    self->lines = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; lines[i] != NULL; i++)
    g_ptr_array_add (self->lines, g_strdup (lines[i]));
  tide_job_schedule_flush (self, 0);
}
