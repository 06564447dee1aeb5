/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-project.h"

G_BEGIN_DECLS

/**
 * TideProjectMonitor:
 *
 * Watches the folders that a project was read from. Signal "changed" (no arguments): something that
 * tide_project_load() reads has changed; told once per burst, in the thread-default context.
 */
#define TIDE_TYPE_PROJECT_MONITOR (tide_project_monitor_get_type ())
G_DECLARE_FINAL_TYPE (TideProjectMonitor, tide_project_monitor, TIDE, PROJECT_MONITOR, GObject)

TideProjectMonitor *tide_project_monitor_new (TideProject *project);

G_END_DECLS
