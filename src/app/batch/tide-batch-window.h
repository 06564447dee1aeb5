/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideBatchWindow:
 *
 * One large UPDATE or DELETE as a batched job on the database of the selected environment: what it will do is told and asked
 * for, then it runs with progress, and can be paused, taken up again and stopped.
 */
#define TIDE_TYPE_BATCH_WINDOW (tide_batch_window_get_type ())
G_DECLARE_FINAL_TYPE (TideBatchWindow, tide_batch_window, TIDE, BATCH_WINDOW, AdwWindow)

/* @sql: (nullable): what is proposed */
void tide_batch_window_present (GtkWidget     *parent,
                                TideWorkspace *workspace,
                                const char    *sql);

G_END_DECLS
