/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/* Runs @job for a window that waits for it, as tide_workspace_run_job() does, or tide_job_run_async() where it is not to stand
 * among the running ones. Closing @window cancels @job, and @callback is only called while the window is open: its user_data is
 * the window, which nothing holds meanwhile. */
void tide_job_run_for_window (TideJob             *job,
                              GtkWindow           *window,
                              TideWorkspace       *workspace, /* (nullable) */
                              TideJobFunc          func,
                              gpointer             data,
                              GDestroyNotify       data_free,
                              GDestroyNotify       result_free,
                              GAsyncReadyCallback  callback);

G_END_DECLS
