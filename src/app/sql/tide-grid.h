/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideGrid:
 *
 * A grid of texts, any number of rows and columns of them: it draws the cells that are visible and asks for no others.
 * Each visible row is an accessible row that says its cells; the grid itself says the cell with the cursor.
 *
 * Signals: "activate" (guint row, guint column): a double click or Return; "header-clicked" (guint column);
 * "cursor-changed"; "menu" (double x, double y): the context menu is wanted there; "edit" (guint row, guint column):
 * F2; "erase" (): Delete.
 */
#define TIDE_TYPE_GRID (tide_grid_get_type ())
G_DECLARE_FINAL_TYPE (TideGrid, tide_grid, TIDE, GRID, GtkWidget)

typedef enum
{
  TIDE_GRID_CELL_PLAIN,
  TIDE_GRID_CELL_CHANGED,
  TIDE_GRID_CELL_ADDED,
  TIDE_GRID_CELL_DEFAULT, /* added, and not set */
  TIDE_GRID_CELL_REMOVED,
} TideGridCellLook;

/* Returns (transfer none) (nullable): @length bytes, valid until the next call; %NULL is SQL's NULL */
typedef const char *(*TideGridValueFunc) (gpointer          data,
                                          guint             row,
                                          guint             column,
                                          gsize            *length,
                                          TideGridCellLook *look);

typedef struct
{
  guint first_row, last_row;
  guint first_column, last_column;
} TideGridRange;

/* @names: UTF-8; @flush_right: (nullable): numbers */
void       tide_grid_set_columns  (TideGrid           *self,
                                   guint               n_columns,
                                   const char * const *names,
                                   const gboolean     *flush_right);
void       tide_grid_set_values   (TideGrid           *self,
                                   TideGridValueFunc   func,
                                   gpointer            data);
void       tide_grid_set_n_rows   (TideGrid           *self,
                                   guint               n_rows);
guint      tide_grid_get_n_rows   (TideGrid           *self);
guint      tide_grid_get_n_columns (TideGrid          *self);
/* Widths that fit the first rows, once there are some */
void       tide_grid_fit_columns  (TideGrid           *self);
/* Values are others now */
void       tide_grid_refresh      (TideGrid           *self);
/* @column: -1 for none */
void       tide_grid_set_sort     (TideGrid           *self,
                                   int                 column,
                                   gboolean            descending);
/* FALSE: there are no cells */
gboolean   tide_grid_get_cursor   (TideGrid           *self,
                                   guint              *row,
                                   guint              *column);
gboolean   tide_grid_get_range    (TideGrid           *self,
                                   TideGridRange      *range);
/* Moves the cursor there and shows it; @extend: what lies between is selected */
void       tide_grid_move_to      (TideGrid           *self,
                                   guint               row,
                                   guint               column,
                                   gboolean            extend);
void       tide_grid_select_all   (TideGrid           *self);
/* Where a cell is drawn, for what is put over it; FALSE: it is not visible */
gboolean   tide_grid_get_cell_area (TideGrid          *self,
                                    guint              row,
                                    guint              column,
                                    GdkRectangle      *area);

G_END_DECLS
