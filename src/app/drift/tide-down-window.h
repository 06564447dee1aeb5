/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideDownWindow:
 *
 * The SQL that undoes a migration: from the point after it to the one before, proved by running the migration, then this. What
 * it cannot bring back is said.
 */
#define TIDE_TYPE_DOWN_WINDOW (tide_down_window_get_type ())
G_DECLARE_FINAL_TYPE (TideDownWindow, tide_down_window, TIDE, DOWN_WINDOW, AdwWindow)

/* @migration: its name; it has a file in the project of @workspace */
void tide_down_window_present (GtkWidget     *parent,
                               TideWorkspace *workspace,
                               const char    *migration);

G_END_DECLS
