/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"
#include "project/tide-authorship.h"
#include "project/tide-project.h"
#include "tide-environment.h"

G_BEGIN_DECLS

/**
 * TideWorkspace:
 *
 * What one window works on: the open project, its environments, the selected one, the running jobs.
 * Pages bind to it and never to each other. Properties: "project" (#TideProject, nullable),
 * "authorship" (boxed, nullable; arrives later), "environments" (#GListModel of #TideEnvironment),
 * "environment" (#TideEnvironment, nullable, read-write: the selected one), "jobs" (#GListModel of
 * #TideJob, newest first), "active" (boolean: the window is visible, so poll), "poll-interval" (uint,
 * seconds; 0: never), "error" (boxed #GError, nullable: why the open project could not be read again; the
 * one read before stays).
 * It re-reads the project when the monitor says so and polls the ledgers cheaply while "active".
 */
#define TIDE_TYPE_WORKSPACE (tide_workspace_get_type ())
G_DECLARE_FINAL_TYPE (TideWorkspace, tide_workspace, TIDE, WORKSPACE, GObject)

TideWorkspace   *tide_workspace_new                 (void);
void             tide_workspace_open_project_async  (TideWorkspace        *self,
                                                     const char           *root,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean         tide_workspace_open_project_finish (TideWorkspace        *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
TideProject     *tide_workspace_get_project         (TideWorkspace        *self); /* (transfer none) (nullable) */
TideAuthorship  *tide_workspace_get_authorship      (TideWorkspace        *self); /* (transfer none) (nullable) */
GListModel      *tide_workspace_get_environments    (TideWorkspace        *self); /* (transfer none) */
TideEnvironment *tide_workspace_get_environment     (TideWorkspace        *self); /* (transfer none) (nullable) */
void             tide_workspace_set_environment     (TideWorkspace        *self,
                                                     TideEnvironment      *environment);
/* Whether it is one of the project that is open: one that is held may not be any more */
gboolean         tide_workspace_has_environment     (TideWorkspace        *self,
                                                     TideEnvironment      *environment);
GListModel      *tide_workspace_get_jobs            (TideWorkspace        *self); /* (transfer none) */
/* Shows @job among the running ones and runs it; then as tide_job_run_async() */
void             tide_workspace_run_job             (TideWorkspace        *self,
                                                     TideJob              *job,
                                                     TideJobFunc           func,
                                                     gpointer              data,
                                                     GDestroyNotify        data_free,
                                                     GDestroyNotify        result_free,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
/* Forgets a job that has ended */
void             tide_workspace_dismiss_job         (TideWorkspace        *self,
                                                     TideJob              *job);
gboolean         tide_workspace_has_running_job     (TideWorkspace        *self);
const GError    *tide_workspace_get_error           (TideWorkspace        *self); /* (nullable) */
void             tide_workspace_refresh             (TideWorkspace        *self); /* project and ledgers, in the background */

/* As refresh, with new connections: a profile, a password or a server is another one now */
void             tide_workspace_reconnect           (TideWorkspace        *self);

G_END_DECLS
