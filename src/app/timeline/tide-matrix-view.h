/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-environment.h"

G_BEGIN_DECLS

/**
 * TideMatrixView:
 *
 * Migrations down, environments across. Signal "activated" (name, environment): a row was chosen; the
 * environment is the first whose state differs from the others, or %NULL when they all agree.
 */
#define TIDE_TYPE_MATRIX_VIEW (tide_matrix_view_get_type ())
G_DECLARE_FINAL_TYPE (TideMatrixView, tide_matrix_view, TIDE, MATRIX_VIEW, GtkWidget)

void tide_matrix_view_set_environments (TideMatrixView *self,
                                        GListModel     *environments); /* (element-type TideEnvironment) */

G_END_DECLS
