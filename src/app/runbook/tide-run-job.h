/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-pipeline.h"
#include "tide-workspace.h"

G_BEGIN_DECLS

/* Runs @pipeline as @job, among those of @workspace. A run that did not come to its end is a job that failed: so the list of jobs
 * and the notification say it, too. */
void            tide_run_job_run_async  (TideJob              *job,
                                         TideWorkspace        *workspace,
                                         TidePipeline         *pipeline,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
/* (transfer full) (nullable): what came of it, well or not; NULL: it could not begin */
TideRunOutcome *tide_run_job_run_finish (TideJob              *job,
                                         GAsyncResult         *result,
                                         GError              **error);

G_END_DECLS
