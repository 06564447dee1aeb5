/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-batch-control"

#include "config.h"

#include "batch/tide-batch.h"

struct _TideBatchControl
{
  GObject parent_instance;

  int     paused; /* atomic */
};

G_DEFINE_FINAL_TYPE (TideBatchControl, tide_batch_control, G_TYPE_OBJECT)

static void
tide_batch_control_class_init (TideBatchControlClass *klass)
{
}

static void
tide_batch_control_init (TideBatchControl *self)
{
}

TideBatchControl *
tide_batch_control_new (void)
{
  return g_object_new (TIDE_TYPE_BATCH_CONTROL, NULL);
}

void
tide_batch_control_set_paused (TideBatchControl *self,
                               gboolean          paused)
{
  g_return_if_fail (TIDE_IS_BATCH_CONTROL (self));

  g_atomic_int_set (&self->paused, paused);
}

gboolean
tide_batch_control_get_paused (TideBatchControl *self)
{
  g_return_val_if_fail (TIDE_IS_BATCH_CONTROL (self), FALSE);

  return g_atomic_int_get (&self->paused);
}
