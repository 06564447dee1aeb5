/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-workspace.h"
#include "widgets/tide-wizard.h"

G_BEGIN_DECLS

/**
 * TidePhasesWindow:
 *
 * A change of the open project's database that nobody notices: which one, and its parts, each of which becomes a migration or a
 * batched job when it is due. It is not modal, for between two parts there are deployments.
 */
#define TIDE_TYPE_PHASES_WINDOW (tide_phases_window_get_type ())
G_DECLARE_FINAL_TYPE (TidePhasesWindow, tide_phases_window, TIDE, PHASES_WINDOW, TideWizard)

/* Brings up the one that is open already. @workspace must have a project. */
void tide_phases_window_present (GtkWidget     *parent,
                                 TideWorkspace *workspace);

G_END_DECLS
