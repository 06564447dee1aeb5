/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "batch/tide-batch-plan.h"

G_BEGIN_DECLS

/**
 * How far a batched job came, kept in a file of the state folder under the job's digest. Before a batch commits, the file says
 * what it will have done and in which transaction; whether that committed, the server knows. So a job that is killed at any
 * moment is taken up again with every row changed once.
 */
typedef struct
{
  char   **end;     /* the last key there was when the job began */
  char   **done;    /* (nullable): the last key that is done */
  char   **next;    /* (nullable): that of the batch which was about to commit */
  char    *xid;     /* (nullable): and its transaction */
  gint64   visited; /* rows in the batches that are done */
  gint64   changed;
  gint64   next_visited;
  gint64   next_changed;
  gint64   batches;
} TideBatchState;

TideBatchState *tide_batch_state_new    (char                 **end); /* (transfer full) */
void            tide_batch_state_free   (TideBatchState        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBatchState, tide_batch_state_free)
/* (transfer full) (nullable): NULL without @error: there is none */
TideBatchState *tide_batch_state_load   (const TideBatchPlan   *plan,
                                         GError               **error);
gboolean        tide_batch_state_save   (const TideBatchState  *self,
                                         const TideBatchPlan   *plan,
                                         GError               **error);
/* The batch that was about to commit has */
void            tide_batch_state_finish (TideBatchState        *self);
void            tide_batch_state_forget (const TideBatchPlan   *plan);

G_END_DECLS
