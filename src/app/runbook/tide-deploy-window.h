/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-run-window.h"

G_BEGIN_DECLS

/* The pipeline of a deploy, from the checklist to the way back. One for a window: presenting it again brings it up. */
#define TIDE_TYPE_DEPLOY_WINDOW (tide_deploy_window_get_type ())
G_DECLARE_FINAL_TYPE (TideDeployWindow, tide_deploy_window, TIDE, DEPLOY_WINDOW, TideRunWindow)

/* On the environment that is selected; one whose database is not known says why instead */
void tide_deploy_window_present      (GtkWidget      *parent,
                                      TideWorkspace  *workspace);
/* @outcome: of a run that is over, with the ways on */
void tide_deploy_window_present_past (GtkWidget      *parent,
                                      TideWorkspace  *workspace,
                                      TideRunOutcome *outcome);

G_END_DECLS
