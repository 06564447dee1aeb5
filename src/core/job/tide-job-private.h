/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"

G_BEGIN_DECLS

/* The properties that change */
enum
{
  TIDE_JOB_PROP_TITLE = 1,
  TIDE_JOB_PROP_STATUS,
  TIDE_JOB_PROP_FRACTION,
  TIDE_JOB_PROP_STATE,
  TIDE_JOB_PROP_ERROR,
  TIDE_JOB_N_PROPS
};

/* Everything below `lock` may be written by the work's thread and read by any other. Signals leave
 * from flush() alone, in `context`. */
struct _TideJob
{
  GObject       parent_instance;

  GMainContext *context;
  GCancellable *cancellable;
  char         *title;

  /* Of a part alone: who is told instead */
  TideJobPartFunc  part_func;
  gpointer         part_data;

  GMutex        lock;
  char         *status;
  double        fraction;
  TideJobState  state;
  GError       *error;
  GPtrArray    *lines;     /* not emitted yet */
  guint         dirty;     /* bit N: property N was changed and not notified yet */
  gboolean      scheduled; /* a flush is on its way */
};

/* With the lock held: tells the properties of the bit set @dirty, and the lines that were logged, in the job's context */
void tide_job_schedule_flush (TideJob *self,
                              guint    dirty);

G_END_DECLS
