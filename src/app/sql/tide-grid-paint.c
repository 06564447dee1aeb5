/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-grid"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "sql/tide-grid-private.h"

/* More of a value is never drawn in a cell. */
#define CELL_BYTES 400
/* So much of a cell is looked at for the width of a column. */
#define FITTED_BYTES 64

typedef struct
{
  GdkRGBA text;
  GdkRGBA dim;
  GdkRGBA line;
  GdkRGBA accent;
  GdkRGBA selected;
  GdkRGBA changed;
  GdkRGBA added;
  GdkRGBA removed;
} Colors;

static GdkRGBA
get_color (GtkWidget  *widget,
           const char *name,
           float       alpha)
{
  GdkRGBA color = { 0.5f, 0.5f, 0.5f, 1 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &color);
  color.alpha *= alpha;
  return color;
}

static void
get_colors (GtkWidget *widget,
            Colors    *colors)
{
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colors->text);
  colors->dim = colors->line = colors->text;
  colors->dim.alpha *= 0.55f;
  colors->line.alpha *= 0.1f;
  colors->accent = get_color (widget, "accent_color", 1);
  colors->selected = get_color (widget, "accent_bg_color", 0.22f);
  colors->changed = get_color (widget, "warning_bg_color", 0.35f);
  colors->added = get_color (widget, "success_bg_color", 0.3f);
  colors->removed = get_color (widget, "error_bg_color", 0.3f);
}

/* (transfer full): the first bytes as valid text; broken ones look so */
static char *
dup_start (const char *value,
           gsize       length,
           gsize       max_bytes)
{
  gsize size = MIN (length, max_bytes);

  /* Not in the middle of a character */
  while (size < length && size > 0 && size + 4 > max_bytes && ((guchar) value[size] & 0xc0) == 0x80)
    size--;
  return g_utf8_make_valid (value, size);
}

static const char *
get_value (TideGrid         *self,
           guint             row,
           guint             column,
           gsize            *length,
           TideGridCellLook *look)
{
  *look = TIDE_GRID_CELL_PLAIN;
  *length = 0;
  return self->func != NULL ? self->func (self->func_data, row, column, length, look) : "";
}

/* What stands where no value is */
static const char *
get_nothing (TideGridCellLook look)
{
  return look == TIDE_GRID_CELL_DEFAULT ? "DEFAULT" : "NULL";
}

char *
tide_grid_dup_cell_text (TideGrid *self,
                         guint     row,
                         guint     column,
                         gsize     max_bytes)
{
  TideGridCellLook look;
  gsize length;
  const char *value;

  if (row >= self->n_rows || column >= self->n_columns)
    return g_strdup ("");
  value = get_value (self, row, column, &length, &look);
  return value ? dup_start (value, length, max_bytes) : g_strdup (get_nothing (look));
}

/* By counting: shaping a hundred texts for each of a thousand columns would take longer than a frame. */
int
tide_grid_measure_column (TideGrid *self,
                          guint     column,
                          guint     first_row,
                          guint     last_row)
{
  glong widest = g_utf8_strlen (self->names[column], -1) + 2;
  guint step = self->n_columns > 100 ? 10 : 1;

  for (guint row = first_row; row < last_row; row += step)
    {
      g_autofree char *text = tide_grid_dup_cell_text (self, row, column, FITTED_BYTES);

      widest = MAX (widest, g_utf8_strlen (text, -1));
    }
  return CLAMP ((int) (widest + 1) * self->char_width + 2 * TIDE_GRID_PADDING, TIDE_GRID_MIN_WIDTH, TIDE_GRID_MAX_WIDTH);
}

/* @text: with the attributes that the layout has now */
static void
paint_text (TideGrid      *self,
            GtkSnapshot   *snapshot,
            const char    *text,
            gsize          length,
            const GdkRGBA *color,
            gboolean       flush_right,
            float          x,
            float          width,
            float          height)
{
  int room = (int) width - 2 * TIDE_GRID_PADDING;
  int text_width, text_height;

  if (room <= 0)
    return;
  pango_layout_set_width (self->layout, -1);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
  pango_layout_set_text (self->layout, text, (int) length);
  pango_layout_get_pixel_size (self->layout, &text_width, &text_height);
  if (text_width > room)
    {
      pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_width (self->layout, room * PANGO_SCALE);
      text_width = room;
    }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (floorf (x) + TIDE_GRID_PADDING + (flush_right ? room - text_width : 0),
                                                          floorf ((height - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, self->layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
set_style (TideGrid    *self,
           PangoStyle   style,
           PangoWeight  weight)
{
  g_autoptr(PangoAttrList) attributes = NULL;

  if (style != PANGO_STYLE_NORMAL || weight != PANGO_WEIGHT_NORMAL)
    {
      attributes = pango_attr_list_new ();
      pango_attr_list_insert (attributes, pango_attr_style_new (style));
      pango_attr_list_insert (attributes, pango_attr_weight_new (weight));
    }
  pango_layout_set_attributes (self->layout, attributes);
}

static void
paint_value (TideGrid     *self,
             GtkSnapshot  *snapshot,
             const Colors *colors,
             guint         column,
             const char   *value,
             gsize         length,
             const char   *nothing,
             float         x,
             float         width)
{
  g_autofree char *text = NULL;

  if (value == NULL)
    {
      set_style (self, PANGO_STYLE_ITALIC, PANGO_WEIGHT_NORMAL);
      paint_text (self, snapshot, nothing, strlen (nothing), &colors->dim, self->flush_right[column], x, width, self->row_height);
      set_style (self, PANGO_STYLE_NORMAL, PANGO_WEIGHT_NORMAL);
      return;
    }
  if (length == 0)
    return;
  if (length > CELL_BYTES || !g_utf8_validate (value, length, NULL))
    {
      text = dup_start (value, length, CELL_BYTES);
      value = text;
      length = strlen (text);
    }
  paint_text (self, snapshot, value, length, &colors->text, self->flush_right[column], x, width, self->row_height);
}

static void
paint_cell (TideGrid     *self,
            GtkSnapshot  *snapshot,
            const Colors *colors,
            guint         row,
            guint         column,
            gboolean      selected,
            float         x)
{
  float width = self->ends[column] - tide_grid_get_column_start (self, column);
  float height = self->row_height;
  TideGridCellLook look;
  gsize length;
  const char *value = get_value (self, row, column, &length, &look);
  const GdkRGBA *grounds[] = { NULL, &colors->changed, &colors->added, &colors->added, &colors->removed };

  if (grounds[look] != NULL)
    gtk_snapshot_append_color (snapshot, grounds[look], &GRAPHENE_RECT_INIT (x, 0, width, height));
  if (selected)
    gtk_snapshot_append_color (snapshot, &colors->selected, &GRAPHENE_RECT_INIT (x, 0, width, height));
  paint_value (self, snapshot, colors, column, value, length, get_nothing (look), x, width);
  if (look == TIDE_GRID_CELL_REMOVED)
    gtk_snapshot_append_color (snapshot, &colors->text, &GRAPHENE_RECT_INIT (x, floorf (height / 2), width, 1));
  if (row == self->row && column == self->column)
    {
      GskRoundedRect edge;
      float line = gtk_widget_has_focus (GTK_WIDGET (self)) ? 2 : 1;

      gsk_rounded_rect_init_from_rect (&edge, &GRAPHENE_RECT_INIT (x, 0, width - 1, height - 1), 0);
      gtk_snapshot_append_border (snapshot, &edge, (float[4]) { line, line, line, line },
                                  (GdkRGBA[4]) { colors->accent, colors->accent, colors->accent, colors->accent });
    }
}

void
tide_grid_paint_row (TideGrid    *self,
                     GtkWidget   *widget,
                     GtkSnapshot *snapshot,
                     guint        row)
{
  int width = gtk_widget_get_width (widget);
  double offset = tide_grid_get_offset (self, GTK_ORIENTATION_HORIZONTAL);
  int first = tide_grid_find_column (self, self->gutter);
  TideGridRange range;
  char number[16];
  Colors colors;

  if (row >= self->n_rows)
    return;
  get_colors (GTK_WIDGET (self), &colors);
  tide_grid_get_range (self, &range);
  set_style (self, PANGO_STYLE_NORMAL, PANGO_WEIGHT_NORMAL);
  gtk_snapshot_append_color (snapshot, &colors.line, &GRAPHENE_RECT_INIT (0, self->row_height - 1, width, 1));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (self->gutter, 0, MAX (width - self->gutter, 0), self->row_height));
  for (guint i = MAX (first, 0); first >= 0 && i < self->n_columns; i++)
    {
      double x = self->gutter + tide_grid_get_column_start (self, i) - offset;
      gboolean selected = row >= range.first_row && row <= range.last_row && i >= range.first_column && i <= range.last_column;

      if (x >= width)
        break;
      paint_cell (self, snapshot, &colors, row, i, selected, x);
    }
  gtk_snapshot_pop (snapshot);

  g_snprintf (number, sizeof number, "%u", row + 1);
  paint_text (self, snapshot, number, strlen (number), &colors.dim, TRUE, 0, self->gutter, self->row_height);
}

void
tide_grid_paint_lines (TideGrid    *self,
                       GtkSnapshot *snapshot,
                       int          top,
                       int          bottom)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = MIN (bottom, top + (double) self->n_rows * self->row_height) - top;
  double offset = tide_grid_get_offset (self, GTK_ORIENTATION_HORIZONTAL);
  int first = tide_grid_find_column (self, self->gutter);
  Colors colors;

  get_colors (GTK_WIDGET (self), &colors);
  gtk_snapshot_append_color (snapshot, &colors.line, &GRAPHENE_RECT_INIT (self->gutter - 1, top, 1, height));
  for (guint i = MAX (first, 0); first >= 0 && i < self->n_columns; i++)
    {
      double x = self->gutter + self->ends[i] - offset - 1;

      if (x >= width)
        break;
      gtk_snapshot_append_color (snapshot, &colors.line, &GRAPHENE_RECT_INIT (x, top, 1, height));
    }
}

static void
paint_title (TideGrid     *self,
             GtkSnapshot  *snapshot,
             const Colors *colors,
             guint         column,
             float         x,
             float         height)
{
  float width = self->ends[column] - tide_grid_get_column_start (self, column);
  gboolean sorted = self->sort_column == (int) column;
  float room = width - (sorted ? self->char_width + 4 : 0);

  set_style (self, PANGO_STYLE_NORMAL, PANGO_WEIGHT_BOLD);
  paint_text (self, snapshot, self->names[column], strlen (self->names[column]), &colors->text,
              self->flush_right[column], x, room, height);
  if (sorted)
    {
      const char *arrow = self->descending ? "▾" : "▴";

      paint_text (self, snapshot, arrow, strlen (arrow), &colors->accent, TRUE, x + room - TIDE_GRID_PADDING,
                  width - room + 2 * TIDE_GRID_PADDING, height);
    }
  gtk_snapshot_append_color (snapshot, &colors->line, &GRAPHENE_RECT_INIT (x + width - 1, 0, 1, height));
}

void
tide_grid_paint_header (TideGrid    *self,
                        GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int width = gtk_widget_get_width (widget);
  int height = tide_grid_get_header_height (self);
  double offset = tide_grid_get_offset (self, GTK_ORIENTATION_HORIZONTAL);
  int first = tide_grid_find_column (self, self->gutter);
  GdkRGBA ground = get_color (widget, "headerbar_bg_color", 1);
  Colors colors;

  get_colors (widget, &colors);
  gtk_snapshot_append_color (snapshot, &ground, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (self->gutter, 0, MAX (width - self->gutter, 0), height));
  for (guint i = MAX (first, 0); first >= 0 && i < self->n_columns; i++)
    {
      double x = self->gutter + tide_grid_get_column_start (self, i) - offset;

      if (x >= width)
        break;
      paint_title (self, snapshot, &colors, i, x, height);
    }
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_color (snapshot, &colors.line, &GRAPHENE_RECT_INIT (self->gutter - 1, 0, 1, height));
  gtk_snapshot_append_color (snapshot, &colors.line, &GRAPHENE_RECT_INIT (0, height - 1, width, 1));
}
