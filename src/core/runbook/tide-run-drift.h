/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "connect/tide-target.h"
#include "job/tide-job.h"
#include "project/tide-project.h"

G_BEGIN_DECLS

/**
 * TideRunDrift:
 *
 * What a database has beside its migrations, measured in a thread of its own while a backup is made; and the history as it
 * will be, replayed ahead, so that measuring again after the migrations takes no longer than reading the database.
 */
typedef struct _TideRunDrift TideRunDrift;

/* @pending: (element-type TideMigration): what will be applied */
TideRunDrift *tide_run_drift_start  (TideProject   *project,
                                     TideTarget    *target,
                                     GPtrArray     *pending);
/* Waits for it. (transfer full) (nullable) (element-type utf8): what differed before, one text each */
GPtrArray    *tide_run_drift_finish (TideRunDrift  *self,
                                     GCancellable  *cancellable,
                                     GError       **error);
/* Stops it if it still works */
void          tide_run_drift_free   (TideRunDrift  *self);
/* (transfer full): the same as it is now, in this thread */
GPtrArray    *tide_run_drift_read   (TideProject   *project,
                                     TideTarget    *target,
                                     TideJob       *job,
                                     GError       **error);

G_END_DECLS
