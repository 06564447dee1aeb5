/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-grid"

#include "config.h"

#include <math.h>

#include "sql/tide-grid-private.h"
#include "sql/tide-grid-row.h"

#define FIRST_CHILDREN 48
#define FITTED_ROWS    100

enum
{
  PROP_HADJUSTMENT = 1,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

G_DEFINE_FINAL_TYPE_WITH_CODE (TideGrid, tide_grid, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

double
tide_grid_get_offset (TideGrid       *self,
                      GtkOrientation  orientation)
{
  GtkAdjustment *adjustment = self->adjustments[orientation];

  return adjustment ? floor (gtk_adjustment_get_value (adjustment)) : 0;
}

int
tide_grid_get_header_height (TideGrid *self)
{
  return self->row_height + 4;
}

/* From the first column's start, as if nothing were scrolled */
double
tide_grid_get_column_start (TideGrid *self,
                            guint     column)
{
  return column > 0 ? self->ends[column - 1] : 0;
}

int
tide_grid_find_column (TideGrid *self,
                       double    x)
{
  double at = x - self->gutter + tide_grid_get_offset (self, GTK_ORIENTATION_HORIZONTAL);
  guint low = 0;
  guint high = self->n_columns;

  if (x < self->gutter || self->n_columns == 0 || at >= self->ends[self->n_columns - 1])
    return -1;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->ends[middle] <= at)
        low = middle + 1;
      else
        high = middle;
    }
  return (int) low;
}

static void
add_children (TideGrid *self,
              guint     n)
{
  while (self->rows->len < n)
    {
      GtkWidget *row = tide_grid_row_new (self);

      gtk_widget_set_child_visible (row, FALSE);
      gtk_widget_set_parent (row, GTK_WIDGET (self));
      g_ptr_array_add (self->rows, row);
    }
}

static gboolean
grow (gpointer data)
{
  TideGrid *self = data;

  self->grow_id = 0;
  add_children (self, self->rows->len * 2);
  tide_grid_refresh (self);
  return G_SOURCE_REMOVE;
}

static void
configure (TideGrid       *self,
           GtkOrientation  orientation,
           double          upper,
           double          page,
           double          step)
{
  GtkAdjustment *adjustment = self->adjustments[orientation];

  if (adjustment == NULL)
    return;
  page = MAX (page, 1);
  upper = MAX (upper, page);
  gtk_adjustment_configure (adjustment, CLAMP (gtk_adjustment_get_value (adjustment), 0, upper - page), 0, upper,
                            step, page * 0.9, page);
}

static void
update_adjustments (TideGrid *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)) - self->gutter;
  int height = gtk_widget_get_height (GTK_WIDGET (self)) - tide_grid_get_header_height (self);
  double columns = self->n_columns > 0 ? self->ends[self->n_columns - 1] : 0;

  configure (self, GTK_ORIENTATION_HORIZONTAL, columns, width, 40);
  configure (self, GTK_ORIENTATION_VERTICAL, (double) self->n_rows * self->row_height, height, self->row_height);
}

static void
place_row (TideGrid *self,
           guint     index,
           double    top,
           int       width)
{
  GtkWidget *child = g_ptr_array_index (self->rows, index % self->rows->len);
  GskTransform *transform = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (0, top));
  int ignored;

  if (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (child), "row")) != index + 1)
    {
      g_object_set_data (G_OBJECT (child), "row", GUINT_TO_POINTER (index + 1));
      tide_grid_row_set (TIDE_GRID_ROW (child), index);
    }
  gtk_widget_set_child_visible (child, TRUE);
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &ignored, NULL, NULL, NULL);
  gtk_widget_allocate (child, width, self->row_height, -1, transform);
}

static void
tide_grid_size_allocate (GtkWidget *widget,
                         int        width,
                         int        height,
                         int        baseline)
{
  TideGrid *self = TIDE_GRID (widget);
  int header = tide_grid_get_header_height (self);
  double offset;
  guint first, wanted, n;

  self->allocating = TRUE;
  update_adjustments (self);
  self->allocating = FALSE;
  offset = tide_grid_get_offset (self, GTK_ORIENTATION_VERTICAL);
  first = (guint) (offset / self->row_height);
  wanted = MAX (height - header, 0) / self->row_height + 2;
  if (wanted > self->rows->len && self->grow_id == 0)
    self->grow_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, grow, self, NULL);
  n = MIN (MIN (wanted, self->rows->len), self->n_rows - MIN (first, self->n_rows));
  for (guint i = 0; i < n; i++)
    place_row (self, first + i, header + (double) (first + i) * self->row_height - offset, width);
  for (guint i = n; i < self->rows->len; i++)
    {
      GtkWidget *child = g_ptr_array_index (self->rows, (first + i) % self->rows->len);

      g_object_set_data (G_OBJECT (child), "row", NULL);
      tide_grid_row_set (TIDE_GRID_ROW (child), G_MAXUINT);
      gtk_widget_set_child_visible (child, FALSE);
    }
}

static void
tide_grid_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  TideGrid *self = TIDE_GRID (widget);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : tide_grid_get_header_height (self) + self->row_height;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 480 : tide_grid_get_header_height (self) + 10 * self->row_height;
}

static void
tide_grid_snapshot (GtkWidget   *widget,
                    GtkSnapshot *snapshot)
{
  TideGrid *self = TIDE_GRID (widget);
  int header = tide_grid_get_header_height (self);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, header, width, MAX (height - header, 0)));
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *child = g_ptr_array_index (self->rows, i);

      if (gtk_widget_get_child_visible (child))
        gtk_widget_snapshot_child (widget, child, snapshot);
    }
  tide_grid_paint_lines (self, snapshot, header, height);
  gtk_snapshot_pop (snapshot);
  tide_grid_paint_header (self, snapshot);
}

static void
update_metrics (TideGrid *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int height = PANGO_PIXELS_CEIL (pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics));

  self->row_height = height + 9;
  self->char_width = PANGO_PIXELS_CEIL (MAX (pango_font_metrics_get_approximate_char_width (metrics),
                                             pango_font_metrics_get_approximate_digit_width (metrics)));
  pango_font_metrics_unref (metrics);
  g_clear_object (&self->layout);
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
}

static void
tide_grid_css_changed (GtkWidget         *widget,
                       GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (tide_grid_parent_class)->css_changed (widget, change);
  update_metrics (TIDE_GRID (widget));
  tide_grid_refresh (TIDE_GRID (widget));
}

static void
tide_grid_system_setting_changed (GtkWidget        *widget,
                                  GtkSystemSetting  setting)
{
  GTK_WIDGET_CLASS (tide_grid_parent_class)->system_setting_changed (widget, setting);
  update_metrics (TIDE_GRID (widget));
  tide_grid_refresh (TIDE_GRID (widget));
}

static void
tide_grid_dispose (GObject *object)
{
  TideGrid *self = TIDE_GRID (object);

  g_clear_handle_id (&self->grow_id, g_source_remove);
  for (guint i = 0; self->rows != NULL && i < self->rows->len; i++)
    gtk_widget_unparent (g_ptr_array_index (self->rows, i));
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->adjustments); i++)
    {
      if (self->adjustments[i] != NULL)
        g_signal_handlers_disconnect_by_data (self->adjustments[i], self);
      g_clear_object (&self->adjustments[i]);
    }
  g_clear_object (&self->layout);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->flush_right, g_free);
  g_clear_pointer (&self->ends, g_free);
  self->n_columns = self->n_rows = 0;
  G_OBJECT_CLASS (tide_grid_parent_class)->dispose (object);
}

/* Each child is another row, or draws it anew */
static void
forget_rows (TideGrid *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *child = g_ptr_array_index (self->rows, i);

      g_object_set_data (G_OBJECT (child), "row", NULL);
      gtk_widget_queue_draw (child);
    }
}

/* What is drawn of a row depends on how far it is scrolled sideways, but not up and down. */
static void
scrolled (GtkAdjustment *adjustment,
          TideGrid      *self)
{
  /* What an allocation clamps it also draws; asking for another one from within leaves the widget without any. */
  if (self->allocating)
    forget_rows (self);
  else if (adjustment == self->adjustments[GTK_ORIENTATION_HORIZONTAL])
    tide_grid_refresh (self);
  else
    gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
set_adjustment (TideGrid       *self,
                GtkOrientation  orientation,
                GtkAdjustment  *adjustment)
{
  if (self->adjustments[orientation] != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustments[orientation], self);
  g_set_object (&self->adjustments[orientation], adjustment);
  if (adjustment != NULL)
    g_signal_connect (adjustment, "value-changed", G_CALLBACK (scrolled), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
tide_grid_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  TideGrid *self = TIDE_GRID (object);

  switch (prop_id)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      set_adjustment (self, prop_id - PROP_HADJUSTMENT, g_value_get_object (value));
      break;

    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      self->policies[prop_id - PROP_HSCROLL_POLICY] = g_value_get_enum (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_grid_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  TideGrid *self = TIDE_GRID (object);

  switch (prop_id)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[prop_id - PROP_HADJUSTMENT]);
      break;

    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[prop_id - PROP_HSCROLL_POLICY]);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_grid_class_init (TideGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_grid_dispose;
  object_class->get_property = tide_grid_get_property;
  object_class->set_property = tide_grid_set_property;
  widget_class->measure = tide_grid_measure;
  widget_class->size_allocate = tide_grid_size_allocate;
  widget_class->snapshot = tide_grid_snapshot;
  widget_class->css_changed = tide_grid_css_changed;
  widget_class->system_setting_changed = tide_grid_system_setting_changed;

  /* GtkOrientation's order: horizontal, vertical */
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  gtk_widget_class_set_css_name (widget_class, "datagrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
  tide_grid_input_class_init (widget_class);
}

static void
tide_grid_init (TideGrid *self)
{
  self->rows = g_ptr_array_new ();
  self->sort_column = -1;
  self->resizing = -1;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  update_metrics (self);
  add_children (self, FIRST_CHILDREN);
  tide_grid_input_init (self);
}

void
tide_grid_set_values (TideGrid          *self,
                      TideGridValueFunc  func,
                      gpointer           data)
{
  self->func = func;
  self->func_data = data;
}

void
tide_grid_set_columns (TideGrid           *self,
                       guint               n_columns,
                       const char * const *names,
                       const gboolean     *flush_right)
{
  g_return_if_fail (TIDE_IS_GRID (self));

  g_strfreev (self->names);
  g_free (self->flush_right);
  g_free (self->ends);
  self->names = g_new0 (char *, n_columns + 1);
  self->flush_right = g_new0 (gboolean, n_columns);
  self->ends = g_new0 (double, n_columns);
  for (guint i = 0; i < n_columns; i++)
    {
      self->names[i] = g_strdup (names[i]);
      self->flush_right[i] = flush_right != NULL && flush_right[i];
    }
  self->n_columns = n_columns;
  self->fitted = self->resized = FALSE;
  tide_grid_fit_columns (self);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_COL_COUNT, (int) n_columns, -1);
}

void
tide_grid_fit_columns (TideGrid *self)
{
  guint last = MIN (self->n_rows, FITTED_ROWS);
  double end = 0;

  if (self->resized)
    return;
  for (guint i = 0; i < self->n_columns; i++)
    {
      int width = tide_grid_measure_column (self, i, 0, last);

      /* The longest numbers often come last. */
      if (self->n_rows > last)
        width = MAX (width, tide_grid_measure_column (self, i, self->n_rows - last, self->n_rows));
      end += width;
      self->ends[i] = end;
    }
  tide_grid_refresh (self);
}

void
tide_grid_set_column_width (TideGrid *self,
                            guint     column,
                            double    width)
{
  double change;

  self->resized = TRUE;
  change = MAX (width, TIDE_GRID_MIN_WIDTH) - (self->ends[column] - tide_grid_get_column_start (self, column));

  for (guint i = column; i < self->n_columns; i++)
    self->ends[i] += change;
  tide_grid_refresh (self);
}

static void
update_gutter (TideGrid *self)
{
  g_autofree char *digits = g_strdup_printf ("%u", MAX (self->n_rows, 100));

  self->gutter = (int) strlen (digits) * self->char_width + 2 * TIDE_GRID_PADDING;
}

void
tide_grid_set_n_rows (TideGrid *self,
                      guint     n_rows)
{
  int gutter = self->gutter;

  g_return_if_fail (TIDE_IS_GRID (self));

  self->n_rows = n_rows;
  self->row = MIN (self->row, MAX (n_rows, 1) - 1);
  self->anchor_row = MIN (self->anchor_row, MAX (n_rows, 1) - 1);
  update_gutter (self);
  if (!self->fitted && n_rows > 0)
    {
      self->fitted = TRUE;
      tide_grid_fit_columns (self);
    }
  if (gutter != self->gutter)
    tide_grid_refresh (self);
  update_adjustments (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_ROW_COUNT,
                                  (int) MIN (n_rows, G_MAXINT), -1);
}

guint
tide_grid_get_n_rows (TideGrid *self)
{
  return self->n_rows;
}

guint
tide_grid_get_n_columns (TideGrid *self)
{
  return self->n_columns;
}

void
tide_grid_refresh (TideGrid *self)
{
  forget_rows (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
tide_grid_set_sort (TideGrid *self,
                    int       column,
                    gboolean  descending)
{
  self->sort_column = column;
  self->descending = descending;
  tide_grid_refresh (self);
}
