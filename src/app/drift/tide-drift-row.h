/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A row of the tree of differences. Property "row" (#GtkTreeListRow of a #TideDriftNode, nullable). */
#define TIDE_TYPE_DRIFT_ROW (tide_drift_row_get_type ())
G_DECLARE_FINAL_TYPE (TideDriftRow, tide_drift_row, TIDE, DRIFT_ROW, GtkWidget)

G_END_DECLS
