/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-grid-row"

#include "config.h"

#include "sql/tide-grid-private.h"
#include "sql/tide-grid-row.h"

#define SPOKEN_COLUMNS 12
#define SPOKEN_BYTES   80

struct _TideGridRow
{
  GtkWidget  parent_instance;

  /* Borrowed: the parent */
  TideGrid  *grid;

  guint      row; /* G_MAXUINT: none */
};

G_DEFINE_FINAL_TYPE (TideGridRow, tide_grid_row, GTK_TYPE_WIDGET)

static void
tide_grid_row_snapshot (GtkWidget   *widget,
                        GtkSnapshot *snapshot)
{
  TideGridRow *self = TIDE_GRID_ROW (widget);

  if (self->row != G_MAXUINT)
    tide_grid_paint_row (self->grid, widget, snapshot, self->row);
}

static void
tide_grid_row_class_init (TideGridRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = tide_grid_row_snapshot;
  gtk_widget_class_set_css_name (widget_class, "gridrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ROW);
}

static void
tide_grid_row_init (TideGridRow *self)
{
  self->row = G_MAXUINT;
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
tide_grid_row_new (TideGrid *grid)
{
  TideGridRow *self = g_object_new (TIDE_TYPE_GRID_ROW, NULL);

  self->grid = grid;
  return GTK_WIDGET (self);
}

static void
speak (TideGridRow *self)
{
  guint n = MIN (tide_grid_get_n_columns (self->grid), SPOKEN_COLUMNS);
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%u:", self->row + 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *cell = tide_grid_dup_cell_text (self->grid, self->row, i, SPOKEN_BYTES);

      g_string_append_printf (text, "%s %s", i > 0 ? "," : "", cell);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
}

/* Also when it is the row it was: its values are others then */
void
tide_grid_row_set (TideGridRow *self,
                   guint        row)
{
  gboolean hidden = row == G_MAXUINT;

  if (hidden && self->row == row)
    return;
  if (hidden != (self->row == G_MAXUINT))
    gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_HIDDEN, hidden, -1);
  self->row = row;
  if (!hidden)
    speak (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
