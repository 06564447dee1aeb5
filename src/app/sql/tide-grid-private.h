/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-grid.h"

G_BEGIN_DECLS

/* One struct in several files: tide-grid.c (life, scrolling, places), -cursor.c, -paint.c (cells and header), -input.c (keys and
 * pointer); a row is in tide-grid-row.c. */

#define TIDE_GRID_PADDING 8
#define TIDE_GRID_MIN_WIDTH 28
#define TIDE_GRID_MAX_WIDTH 340

struct _TideGrid
{
  GtkWidget              parent_instance;

  /* Owned */
  GtkAdjustment         *adjustments[2]; /* by GtkOrientation */
  GtkScrollablePolicy    policies[2];
  GPtrArray             *rows;     /* of TideGridRow: the child of a row is at its index modulo their number */
  PangoLayout           *layout;   /* used for one cell after the other */
  char                 **names;
  gboolean              *flush_right;
  double                *ends;     /* n_columns: where each column ends, from the first one's start */

  /* Borrowed */
  TideGridValueFunc      func;
  gpointer               func_data;

  guint                  n_rows;
  guint                  n_columns;
  int                    row_height;
  int                    char_width;
  int                    gutter;   /* width of the rows' numbers */
  int                    sort_column;
  gboolean               descending;
  gboolean               fitted;
  gboolean               allocating;
  gboolean               resized;  /* by the person */
  guint                  grow_id;  /* more children are wanted */

  /* The cell with the cursor, and the other corner of what is selected */
  guint                  row, column;
  guint                  anchor_row, anchor_column;

  /* The pointer */
  int                    resizing; /* a column; -1: none */
  double                 resize_start;
};

/* tide-grid.c */
double    tide_grid_get_offset       (TideGrid       *self,
                                      GtkOrientation  orientation);
double    tide_grid_get_column_start (TideGrid       *self,
                                      guint           column);
int       tide_grid_find_column      (TideGrid       *self,
                                      double          x);        /* of the widget; -1: none */
int       tide_grid_get_header_height (TideGrid      *self);
void      tide_grid_set_column_width (TideGrid       *self,
                                      guint           column,
                                      double          width);

/* tide-grid-paint.c */
void      tide_grid_paint_row        (TideGrid       *self,
                                      GtkWidget      *widget,
                                      GtkSnapshot    *snapshot,
                                      guint           row);
/* Between the columns, over all rows */
void      tide_grid_paint_lines      (TideGrid       *self,
                                      GtkSnapshot    *snapshot,
                                      int             top,
                                      int             bottom);
void      tide_grid_paint_header     (TideGrid       *self,
                                      GtkSnapshot    *snapshot);
/* (transfer full): what a cell says in one line, and whether that is all */
char     *tide_grid_dup_cell_text    (TideGrid       *self,
                                      guint           row,
                                      guint           column,
                                      gsize           max_bytes);
int       tide_grid_measure_column   (TideGrid       *self,
                                      guint           column,
                                      guint           first_row,
                                      guint           last_row);

/* tide-grid-input.c */
void      tide_grid_input_class_init (GtkWidgetClass *widget_class);
void      tide_grid_input_init       (TideGrid       *self);

G_END_DECLS
