/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A row of a #TideCheckList: expander, check button, label, detail. Property "row" (#GtkTreeListRow of #TideCheckNode). */
#define TIDE_TYPE_CHECK_ROW (tide_check_row_get_type ())
G_DECLARE_FINAL_TYPE (TideCheckRow, tide_check_row, TIDE, CHECK_ROW, GtkWidget)

G_END_DECLS
