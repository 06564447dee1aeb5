/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "batch/tide-batch-plan.h"
#include "job/tide-job.h"

G_BEGIN_DECLS

/**
 * TideBatchControl:
 *
 * The hand on a running job: pauses it between two batches. Any thread. Cancelling is the job's; what is done stays done, and
 * the same job takes up there when it is run again.
 */
#define TIDE_TYPE_BATCH_CONTROL (tide_batch_control_get_type ())
G_DECLARE_FINAL_TYPE (TideBatchControl, tide_batch_control, TIDE, BATCH_CONTROL, GObject)

TideBatchControl *tide_batch_control_new        (void);
void              tide_batch_control_set_paused (TideBatchControl *self,
                                                 gboolean          paused);
gboolean          tide_batch_control_get_paused (TideBatchControl *self);

typedef struct
{
  guint size;            /* rows of the first batch; 0: 1000 */
  guint most;            /* rows of the largest; 0: 50000. The size follows from how long a batch takes */
  guint target_ms;       /* how long a batch should take; 0: 500 */
  guint rest_percent;    /* rest after each, of the time it took: leaves room for others */
  guint lock_timeout_ms; /* 0: 2000 */
  guint lock_waits_most; /* in a row, before it stops; 0: 10 */
} TideBatchOptions;

typedef struct
{
  gint64   visited;    /* rows that were looked at, those of earlier runs included */
  gint64   changed;    /* of them */
  gint64   batches;
  guint    lock_waits; /* of this run */
  double   seconds;    /* of this run */
  gboolean resumed;    /* an earlier run had begun it */
} TideBatchReport;

/* How far a run that did not end came. FALSE without @error: there is none */
gboolean         tide_batch_find_unfinished (TideBatchPlan           *plan,
                                             TideBatchReport         *report,
                                             GError                 **error);
/* Forgets such a run: the next one begins anew */
void             tide_batch_forget          (TideBatchPlan           *plan);
/* Runs @plan, or takes up the run of it that did not end. Blocking. Rows that come behind the last key there was are not
 * visited. Errors: BUSY (it runs already; or somebody holds locks for too long: what is done stays done), the server's */
TideBatchReport *tide_batch_run             (TideConninfo            *conninfo,
                                             TideBatchPlan           *plan,
                                             const TideBatchOptions  *options, /* (nullable) */
                                             TideBatchControl        *control, /* (nullable) */
                                             TideJob                 *job,
                                             GError                 **error);

G_END_DECLS
