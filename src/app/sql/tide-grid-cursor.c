/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-grid"

#include "config.h"

#include "sql/tide-grid-private.h"

gboolean
tide_grid_get_cursor (TideGrid *self,
                      guint    *row,
                      guint    *column)
{
  *row = self->row;
  *column = self->column;
  return self->row < self->n_rows && self->column < self->n_columns;
}

gboolean
tide_grid_get_range (TideGrid      *self,
                     TideGridRange *range)
{
  range->first_row = MIN (self->row, self->anchor_row);
  range->last_row = MAX (self->row, self->anchor_row);
  range->first_column = MIN (self->column, self->anchor_column);
  range->last_column = MAX (self->column, self->anchor_column);
  return self->row < self->n_rows && self->column < self->n_columns;
}

gboolean
tide_grid_get_cell_area (TideGrid     *self,
                         guint         row,
                         guint         column,
                         GdkRectangle *area)
{
  int header = tide_grid_get_header_height (self);
  double x = self->gutter + tide_grid_get_column_start (self, column)
             - tide_grid_get_offset (self, GTK_ORIENTATION_HORIZONTAL);
  double y = header + (double) row * self->row_height - tide_grid_get_offset (self, GTK_ORIENTATION_VERTICAL);

  if (y <= header - self->row_height || y > gtk_widget_get_height (GTK_WIDGET (self)) ||
      x + self->ends[column] - tide_grid_get_column_start (self, column) <= self->gutter || x > gtk_widget_get_width (GTK_WIDGET (self)))
    return FALSE;
  *area = (GdkRectangle) { (int) x, (int) y, (int) (self->ends[column] - tide_grid_get_column_start (self, column)),
                           self->row_height };
  return TRUE;
}

static void
scroll_into (GtkAdjustment *adjustment,
             double         start,
             double         end)
{
  if (adjustment != NULL)
    gtk_adjustment_clamp_page (adjustment, start, MAX (start, MIN (end, start + gtk_adjustment_get_page_size (adjustment))));
}

static void
speak_cursor (TideGrid *self)
{
  g_autofree char *text = tide_grid_dup_cell_text (self, self->row, self->column, 200);
  g_autofree char *said = g_strdup_printf ("%s %u: %s", self->names[self->column], self->row + 1, text);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, said, -1);
}

void
tide_grid_move_to (TideGrid *self,
                   guint     row,
                   guint     column,
                   gboolean  extend)
{
  g_return_if_fail (TIDE_IS_GRID (self));

  if (self->n_rows == 0 || self->n_columns == 0)
    return;
  self->row = MIN (row, self->n_rows - 1);
  self->column = MIN (column, self->n_columns - 1);
  if (!extend)
    {
      self->anchor_row = self->row;
      self->anchor_column = self->column;
    }
  scroll_into (self->adjustments[GTK_ORIENTATION_VERTICAL], (double) self->row * self->row_height,
               (double) (self->row + 1) * self->row_height);
  scroll_into (self->adjustments[GTK_ORIENTATION_HORIZONTAL], tide_grid_get_column_start (self, self->column),
               self->ends[self->column]);
  speak_cursor (self);
  tide_grid_refresh (self);
  g_signal_emit_by_name (self, "cursor-changed");
}

void
tide_grid_select_all (TideGrid *self)
{
  if (self->n_rows == 0 || self->n_columns == 0)
    return;
  self->anchor_row = self->n_rows - 1;
  self->anchor_column = self->n_columns - 1;
  self->row = self->column = 0;
  tide_grid_refresh (self);
  g_signal_emit_by_name (self, "cursor-changed");
}
