/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideLastRunBar:
 *
 * Says what a deploy that was broken off has left on the selected environment, or that one is under way elsewhere; hidden where
 * there is nothing to say.
 */
#define TIDE_TYPE_LAST_RUN_BAR (tide_last_run_bar_get_type ())
G_DECLARE_FINAL_TYPE (TideLastRunBar, tide_last_run_bar, TIDE, LAST_RUN_BAR, GtkWidget)

void tide_last_run_bar_set_workspace (TideLastRunBar *self,
                                      TideWorkspace  *workspace);

G_END_DECLS
