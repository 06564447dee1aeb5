/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"
#include "timeline/tide-lint-board.h"

G_BEGIN_DECLS

/* Adds "fix-finding" and "accept-finding" (u: the number of a finding of @board) to @map, a group of @parent's. Both ask first,
 * and change the file only if no environment has run it. */
void tide_lint_actions_add (GActionMap    *map,
                            GtkWidget     *parent,
                            TideWorkspace *workspace,
                            TideLintBoard *board);

G_END_DECLS
