/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-grid.h"

G_BEGIN_DECLS

/* A row of a #TideGrid that is visible now. What it drew is kept by GTK as long as it stays the same row. */
#define TIDE_TYPE_GRID_ROW (tide_grid_row_get_type ())
G_DECLARE_FINAL_TYPE (TideGridRow, tide_grid_row, TIDE, GRID_ROW, GtkWidget)

GtkWidget *tide_grid_row_new (TideGrid    *grid);
void       tide_grid_row_set (TideGridRow *self,
                              guint        row);

G_END_DECLS
