/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "query/tide-row-store.h"
#include "tide-workspace.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideResultView:
 *
 * The rows of one statement: a grid, and below it how many there are, how long they took, and what can be done with
 * them.
 */
#define TIDE_TYPE_RESULT_VIEW (tide_result_view_get_type ())
G_DECLARE_FINAL_TYPE (TideResultView, tide_result_view, TIDE, RESULT_VIEW, GtkWidget)

/* @workspace: (nullable); @session: (nullable): where the rows came from */
GtkWidget *tide_result_view_new (TideRowStore  *store,
                                 TideWorkspace *workspace,
                                 TideSession   *session,
                                 gboolean       read_only);

G_END_DECLS
