/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-statement-gutter"

#include "config.h"

#include "sql/tide-statement-gutter.h"

#define WIDTH 4

struct _TideStatementGutter
{
  GtkSourceGutterRenderer parent_instance;

  int                     first;
  int                     last;
};

G_DEFINE_FINAL_TYPE (TideStatementGutter, tide_statement_gutter, GTK_SOURCE_TYPE_GUTTER_RENDERER)

static void
tide_statement_gutter_snapshot_line (GtkSourceGutterRenderer *renderer,
                                     GtkSnapshot             *snapshot,
                                     GtkSourceGutterLines    *lines,
                                     guint                    line)
{
  TideStatementGutter *self = TIDE_STATEMENT_GUTTER (renderer);
  GdkRGBA color;
  int y;
  int height;

  if ((int) line < self->first || (int) line > self->last)
    return;
  gtk_source_gutter_lines_get_line_yrange (lines, line, GTK_SOURCE_GUTTER_RENDERER_ALIGNMENT_MODE_CELL, &y, &height);
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (0, y, WIDTH - 1, height));
}

static void
tide_statement_gutter_class_init (TideStatementGutterClass *klass)
{
  GTK_SOURCE_GUTTER_RENDERER_CLASS (klass)->snapshot_line = tide_statement_gutter_snapshot_line;
}

static void
tide_statement_gutter_init (TideStatementGutter *self)
{
  self->first = 0;
  self->last = -1;
  gtk_widget_set_size_request (GTK_WIDGET (self), WIDTH, -1);
  gtk_widget_add_css_class (GTK_WIDGET (self), "statement-mark");
}

void
tide_statement_gutter_set_lines (TideStatementGutter *self,
                                 int                  first,
                                 int                  last)
{
  g_return_if_fail (TIDE_IS_STATEMENT_GUTTER (self));

  if (self->first == first && self->last == last)
    return;
  self->first = first;
  self->last = last;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
