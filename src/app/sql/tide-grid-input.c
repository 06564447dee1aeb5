/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-grid"

#include "config.h"

#include "sql/tide-grid-private.h"

/* So near to the edge of a column in the header one takes hold of it. */
#define GRIP 5

enum
{
  ACTIVATE,
  EDIT,
  ERASE,
  HEADER_CLICKED,
  CURSOR_CHANGED,
  MENU,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The column whose right edge is there, or -1 */
static int
find_edge (TideGrid *self,
           double    x,
           double    y)
{
  double at = x - self->gutter + tide_grid_get_offset (self, GTK_ORIENTATION_HORIZONTAL);
  int column = tide_grid_find_column (self, x);

  if (y >= tide_grid_get_header_height (self) || self->n_columns == 0)
    return -1;
  if (column < 0)
    column = self->n_columns - 1;
  if (ABS (self->ends[column] - at) <= GRIP)
    return column;
  if (column > 0 && ABS (self->ends[column - 1] - at) <= GRIP)
    return column - 1;
  return -1;
}

static int
find_row (TideGrid *self,
          double    y)
{
  double at = y - tide_grid_get_header_height (self) + tide_grid_get_offset (self, GTK_ORIENTATION_VERTICAL);
  double row = at / self->row_height;

  return y >= tide_grid_get_header_height (self) && row < self->n_rows ? (int) row : -1;
}

static gboolean
has_state (GtkGesture      *gesture,
           GdkModifierType  mask)
{
  return (gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture)) & mask) != 0;
}

static void
press_header (TideGrid *self,
              double    x,
              double    y,
              int       n_press)
{
  int edge = find_edge (self, x, y);
  int column = tide_grid_find_column (self, x);

  if (edge >= 0 && n_press == 2)
    {
      guint first = (guint) (tide_grid_get_offset (self, GTK_ORIENTATION_VERTICAL) / self->row_height);
      guint last = MIN (self->n_rows, first + self->rows->len);

      tide_grid_set_column_width (self, edge, tide_grid_measure_column (self, edge, first, last));
    }
  else if (edge < 0 && column >= 0 && n_press == 1)
    g_signal_emit (self, signals[HEADER_CLICKED], 0, (guint) column);
}

static void
pressed (GtkGesture *gesture,
         int         n_press,
         double      x,
         double      y,
         TideGrid   *self)
{
  int row = find_row (self, y);
  int column = tide_grid_find_column (self, x);
  gboolean secondary = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_SECONDARY;
  TideGridRange range;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (y < tide_grid_get_header_height (self) && !secondary)
    {
      press_header (self, x, y, n_press);
      return;
    }
  if (row < 0 || (column < 0 && x >= self->gutter))
    return;
  tide_grid_get_range (self, &range);
  if (secondary)
    {
      if (column >= 0 && ((guint) row < range.first_row || (guint) row > range.last_row ||
                          (guint) column < range.first_column || (guint) column > range.last_column))
        tide_grid_move_to (self, row, column, FALSE);
      g_signal_emit (self, signals[MENU], 0, x, y);
    }
  else if (column < 0)
    {
      /* The number of a row stands for all of it. */
      if (!has_state (gesture, GDK_SHIFT_MASK))
        self->anchor_row = row;
      self->anchor_column = self->n_columns - 1;
      tide_grid_move_to (self, row, 0, TRUE);
    }
  else
    tide_grid_move_to (self, row, column, has_state (gesture, GDK_SHIFT_MASK));
  if (n_press == 2 && !secondary && column >= 0)
    g_signal_emit (self, signals[ACTIVATE], 0, (guint) row, (guint) column);
}

static void
drag_begin (GtkGestureDrag *gesture,
            double          x,
            double          y,
            TideGrid       *self)
{
  self->resizing = find_edge (self, x, y);
  if (self->resizing >= 0)
    self->resize_start = self->ends[self->resizing] - tide_grid_get_column_start (self, self->resizing);
}

static void
drag_update (GtkGestureDrag *gesture,
             double          dx,
             double          dy,
             TideGrid       *self)
{
  double x, y;
  int row, column;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (self->resizing >= 0)
    {
      tide_grid_set_column_width (self, self->resizing, self->resize_start + dx);
      return;
    }
  row = find_row (self, y + dy);
  column = tide_grid_find_column (self, x + dx);
  if (y > tide_grid_get_header_height (self) && x >= self->gutter && row >= 0 && column >= 0 &&
      ((guint) row != self->row || (guint) column != self->column))
    tide_grid_move_to (self, row, column, TRUE);
}

static void
moved (GtkEventControllerMotion *motion,
       double                    x,
       double                    y,
       TideGrid                 *self)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), find_edge (self, x, y) >= 0 ? "col-resize" : NULL);
}

static guint
step (guint position,
      guint n,
      gint64 change)
{
  return (guint) CLAMP ((gint64) position + change, 0, (gint64) n - 1);
}

static gboolean
key_pressed (GtkEventControllerKey *controller,
             guint                  key,
             guint                  code,
             GdkModifierType        state,
             TideGrid              *self)
{
  gboolean extend = (state & GDK_SHIFT_MASK) != 0;
  gboolean far = (state & GDK_CONTROL_MASK) != 0;
  gint64 page = MAX (1, (gtk_widget_get_height (GTK_WIDGET (self)) - tide_grid_get_header_height (self)) / self->row_height - 1);
  guint row = self->row;
  guint column = self->column;

  if (self->n_rows == 0 || self->n_columns == 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Up: case GDK_KEY_KP_Up: row = far ? 0 : step (row, self->n_rows, -1); break;
    case GDK_KEY_Down: case GDK_KEY_KP_Down: row = step (row, self->n_rows, far ? self->n_rows : 1); break;
    case GDK_KEY_Left: case GDK_KEY_KP_Left: column = far ? 0 : step (column, self->n_columns, -1); break;
    case GDK_KEY_Right: case GDK_KEY_KP_Right: column = step (column, self->n_columns, far ? self->n_columns : 1); break;
    case GDK_KEY_Page_Up: case GDK_KEY_KP_Page_Up: row = step (row, self->n_rows, -page); break;
    case GDK_KEY_Page_Down: case GDK_KEY_KP_Page_Down: row = step (row, self->n_rows, page); break;
    case GDK_KEY_Home: case GDK_KEY_KP_Home: column = 0; row = far ? 0 : row; break;
    case GDK_KEY_End: case GDK_KEY_KP_End: column = self->n_columns - 1; row = far ? self->n_rows - 1 : row; break;

    case GDK_KEY_Return: case GDK_KEY_KP_Enter: case GDK_KEY_space:
      g_signal_emit (self, signals[ACTIVATE], 0, row, column);
      return GDK_EVENT_STOP;

    case GDK_KEY_F2:
      g_signal_emit (self, signals[EDIT], 0, row, column);
      return GDK_EVENT_STOP;

    case GDK_KEY_Delete:
      g_signal_emit (self, signals[ERASE], 0);
      return GDK_EVENT_STOP;

    default:
      return GDK_EVENT_PROPAGATE;
    }
  tide_grid_move_to (self, row, column, extend);
  return GDK_EVENT_STOP;
}

static gboolean
select_all (GtkWidget *widget,
            GVariant  *args,
            gpointer   data)
{
  tide_grid_select_all (TIDE_GRID (widget));
  return TRUE;
}

static gboolean
pop_up_menu (GtkWidget *widget,
             GVariant  *args,
             gpointer   data)
{
  TideGrid *self = TIDE_GRID (widget);
  GdkRectangle area = { 0 };

  if (self->n_columns > 0)
    tide_grid_get_cell_area (self, self->row, self->column, &area);
  g_signal_emit (self, signals[MENU], 0, (double) area.x + area.width / 2, (double) area.y + area.height);
  return TRUE;
}

static void
focus_changed (GtkEventController *controller,
               GParamSpec         *pspec,
               TideGrid           *self)
{
  tide_grid_refresh (self);
}

void
tide_grid_input_class_init (GtkWidgetClass *widget_class)
{
  GType type = G_TYPE_FROM_CLASS (widget_class);

  signals[ACTIVATE] = g_signal_new ("activate", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[EDIT] = g_signal_new ("edit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[ERASE] = g_signal_new ("erase", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[HEADER_CLICKED] = g_signal_new ("header-clicked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[CURSOR_CHANGED] = g_signal_new ("cursor-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MENU] = g_signal_new ("menu", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, select_all, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, pop_up_menu, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, pop_up_menu, NULL);
}

void
tide_grid_input_init (TideGrid *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update), self);
  g_signal_connect (motion, "motion", G_CALLBACK (moved), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_pressed), self);
  g_signal_connect (focus, "notify::is-focus", G_CALLBACK (focus_changed), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, key);
  gtk_widget_add_controller (widget, focus);
}
