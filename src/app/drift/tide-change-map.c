/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-change-map"

#include "config.h"

#include "drift/tide-change-map.h"
#include "drift/tide-compare-lines.h"

#define WIDTH 14
#define LEAST_MARK 2 /* pixels */

struct _TideChangeMap
{
  GtkWidget      parent_instance;

  /* Owned */
  GtkAdjustment *adjustment;
  GPtrArray     *columns;    /* nullable */
};

G_DEFINE_FINAL_TYPE (TideChangeMap, tide_change_map, GTK_TYPE_WIDGET)

static const char *const colors[] = {
  [TIDE_LINE_CHANGED] = "rgba(229,165,10,0.9)",
  [TIDE_LINE_REMOVED] = "rgba(224,27,36,0.9)",
  [TIDE_LINE_ADDED] = "rgba(46,194,126,0.9)",
};

static guint
get_n_lines (TideChangeMap *self)
{
  return self->columns == NULL ? 0 : ((GPtrArray *) g_ptr_array_index (self->columns, 0))->len;
}

/* TIDE_LINE_SAME where no text differs */
static TideLineType
get_type_of_row (TideChangeMap *self,
                 guint          row)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      const TideCompareLine *line = g_ptr_array_index ((GPtrArray *) g_ptr_array_index (self->columns, i), row);

      if (line->type != TIDE_LINE_SAME && line->type != TIDE_LINE_GAP)
        return line->type;
    }
  return TIDE_LINE_SAME;
}

static void
append_marks (TideChangeMap *self,
              GtkSnapshot   *snapshot)
{
  guint n = get_n_lines (self);
  float scale = gtk_widget_get_height (GTK_WIDGET (self)) / (float) MAX (n, 1);

  for (guint start = 0, end; start < n; start = end)
    {
      TideLineType type = get_type_of_row (self, start);
      GdkRGBA color;

      for (end = start + 1; end < n && get_type_of_row (self, end) == type; end++)
        ;
      if (type == TIDE_LINE_SAME || !gdk_rgba_parse (&color, colors[type]))
        continue;
      gtk_snapshot_append_color (snapshot, &color,
                                 &GRAPHENE_RECT_INIT (3, start * scale, WIDTH - 6,
                                                      MAX (LEAST_MARK, (end - start) * scale)));
    }
}

static void
append_view (TideChangeMap *self,
             GtkSnapshot   *snapshot)
{
  double upper = gtk_adjustment_get_upper (self->adjustment);
  double page = gtk_adjustment_get_page_size (self->adjustment);
  double scale = gtk_widget_get_height (GTK_WIDGET (self)) / MAX (upper, 1);
  GdkRGBA color;

  if (page >= upper)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha *= 0.15;
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (0, gtk_adjustment_get_value (self->adjustment) * scale, WIDTH,
                                                  page * scale));
}

static void
tide_change_map_snapshot (GtkWidget   *widget,
                          GtkSnapshot *snapshot)
{
  TideChangeMap *self = TIDE_CHANGE_MAP (widget);

  if (self->columns == NULL)
    return;
  append_view (self, snapshot);
  append_marks (self, snapshot);
}

static void
tide_change_map_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : 0;
}

static void
go_to (TideChangeMap *self,
       double         y)
{
  double part = y / MAX (1, gtk_widget_get_height (GTK_WIDGET (self)));

  gtk_adjustment_set_value (self->adjustment, part * gtk_adjustment_get_upper (self->adjustment)
                                              - gtk_adjustment_get_page_size (self->adjustment) / 2);
}

static void
on_pressed (GtkGestureDrag *gesture,
            double          x,
            double          y,
            TideChangeMap  *self)
{
  go_to (self, y);
}

static void
on_dragged (GtkGestureDrag *gesture,
            double          x,
            double          y,
            TideChangeMap  *self)
{
  double start_x;
  double start_y;

  if (gtk_gesture_drag_get_start_point (gesture, &start_x, &start_y))
    go_to (self, start_y + y);
}

static void
tide_change_map_dispose (GObject *object)
{
  TideChangeMap *self = TIDE_CHANGE_MAP (object);

  g_clear_object (&self->adjustment);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_change_map_parent_class)->dispose (object);
}

static void
tide_change_map_class_init (TideChangeMapClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_change_map_dispose;
  widget_class->snapshot = tide_change_map_snapshot;
  widget_class->measure = tide_change_map_measure;
}

static void
tide_change_map_init (TideChangeMap *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_pressed), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_dragged), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

GtkWidget *
tide_change_map_new (GtkAdjustment *adjustment)
{
  TideChangeMap *self = g_object_new (TIDE_TYPE_CHANGE_MAP, NULL);

  self->adjustment = g_object_ref (adjustment);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

void
tide_change_map_set_lines (TideChangeMap *self,
                           GPtrArray     *columns)
{
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  self->columns = g_ptr_array_ref (columns);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
