/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-line-numbers"

#include "config.h"

#include "drift/tide-compare-lines.h"
#include "drift/tide-line-numbers.h"

struct _TideLineNumbers
{
  GtkSourceGutterRendererText  parent_instance;

  /* Owned */
  GPtrArray                   *lines;
  int                          width; /* of the longest number, in characters */
};

G_DEFINE_FINAL_TYPE (TideLineNumbers, tide_line_numbers, GTK_SOURCE_TYPE_GUTTER_RENDERER_TEXT)

static const char *const signs[] = {
  [TIDE_LINE_SAME] = " ",
  [TIDE_LINE_CHANGED] = "~",
  [TIDE_LINE_REMOVED] = "\342\210\222", /* a minus sign */
  [TIDE_LINE_ADDED] = "+",
  [TIDE_LINE_GAP] = " ",
};

static char *
dup_text (TideLineNumbers *self,
          guint            index)
{
  const TideCompareLine *line;

  if (self->lines == NULL || index >= self->lines->len)
    return g_strdup_printf ("%*s  ", self->width, "");
  line = g_ptr_array_index (self->lines, index);
  if (line->number == 0)
    return g_strdup_printf ("%*s  ", self->width, "");
  return g_strdup_printf ("%*u %s", self->width, line->number, signs[line->type]);
}

static void
tide_line_numbers_query_data (GtkSourceGutterRenderer *renderer,
                              GtkSourceGutterLines    *lines,
                              guint                    line)
{
  TideLineNumbers *self = TIDE_LINE_NUMBERS (renderer);
  g_autofree char *text = dup_text (self, line);

  gtk_source_gutter_renderer_text_set_text (GTK_SOURCE_GUTTER_RENDERER_TEXT (self), text, -1);
}

static void
tide_line_numbers_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  TideLineNumbers *self = TIDE_LINE_NUMBERS (widget);
  g_autofree char *widest = g_strdup_printf ("%0*d +", self->width, 0);
  int height;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    gtk_source_gutter_renderer_text_measure (GTK_SOURCE_GUTTER_RENDERER_TEXT (self), widest, natural, &height);
  *natural += orientation == GTK_ORIENTATION_HORIZONTAL
              ? 2 * gtk_source_gutter_renderer_get_xpad (GTK_SOURCE_GUTTER_RENDERER (self)) : 0;
  *minimum = *natural;
}

static void
tide_line_numbers_finalize (GObject *object)
{
  TideLineNumbers *self = TIDE_LINE_NUMBERS (object);

  g_clear_pointer (&self->lines, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_line_numbers_parent_class)->finalize (object);
}

static void
tide_line_numbers_class_init (TideLineNumbersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_line_numbers_finalize;
  GTK_WIDGET_CLASS (klass)->measure = tide_line_numbers_measure;
  GTK_SOURCE_GUTTER_RENDERER_CLASS (klass)->query_data = tide_line_numbers_query_data;
}

static void
tide_line_numbers_init (TideLineNumbers *self)
{
  self->width = 2;
  gtk_source_gutter_renderer_set_xpad (GTK_SOURCE_GUTTER_RENDERER (self), 6);
  gtk_widget_add_css_class (GTK_WIDGET (self), "monospace");
}

GtkSourceGutterRenderer *
tide_line_numbers_new (void)
{
  return g_object_new (TIDE_TYPE_LINE_NUMBERS, NULL);
}

void
tide_line_numbers_set_lines (TideLineNumbers *self,
                             GPtrArray       *lines)
{
  guint last = 0;
  g_autofree char *widest = NULL;

  for (guint i = 0; i < lines->len; i++)
    last = MAX (last, ((const TideCompareLine *) g_ptr_array_index (lines, i))->number);
  widest = g_strdup_printf ("%u", last);
  self->width = MAX (2, (int) strlen (widest));
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  self->lines = g_ptr_array_ref (lines);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
