/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-text-pane"

#include "config.h"

#include <gtksourceview/gtksource.h>

#include "drift/tide-compare-lines.h"
#include "drift/tide-line-numbers.h"
#include "drift/tide-text-pane.h"
#include "schema/tide-text-diff.h"
#include "widgets/tide-children.h"
#include "widgets/tide-sql-buffer.h"

struct _TideTextPane
{
  GtkWidget          parent_instance;

  /* Borrowed: children */
  GtkScrolledWindow *scroller;
  GtkSourceView     *view;
  GtkSourceBuffer   *buffer;
  TideLineNumbers   *numbers;

  /* Borrowed: the buffer's; of a line, and of the words in it */
  GtkTextTag        *line_tags[TIDE_LINE_GAP + 1];
  GtkTextTag        *word_tags[TIDE_LINE_GAP + 1];
};

G_DEFINE_FINAL_TYPE (TideTextPane, tide_text_pane, GTK_TYPE_WIDGET)

/* Thin enough for black and for white letters above them */
static const char *const line_colors[] = {
  [TIDE_LINE_CHANGED] = "rgba(229,165,10,0.16)",
  [TIDE_LINE_REMOVED] = "rgba(224,27,36,0.16)",
  [TIDE_LINE_ADDED] = "rgba(46,194,126,0.18)",
  [TIDE_LINE_GAP] = "rgba(128,128,128,0.20)",
};
static const char *const word_colors[TIDE_LINE_GAP + 1] = {
  [TIDE_LINE_CHANGED] = "rgba(229,165,10,0.42)",
};

static void
make_tags (TideTextPane *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);

  for (guint i = 0; i <= TIDE_LINE_GAP; i++)
    {
      if (line_colors[i] != NULL)
        self->line_tags[i] = gtk_text_buffer_create_tag (buffer, NULL, "paragraph-background", line_colors[i], NULL);
      if (word_colors[i] != NULL)
        self->word_tags[i] = gtk_text_buffer_create_tag (buffer, NULL, "background", word_colors[i], NULL);
    }
}

static void
mark_line (TideTextPane          *self,
           guint                  index,
           const TideCompareLine *line)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter start;
  GtkTextIter end;

  if (self->line_tags[line->type] == NULL)
    return;
  gtk_text_buffer_get_iter_at_line (buffer, &start, index);
  end = start;
  gtk_text_iter_forward_line (&end);
  gtk_text_buffer_apply_tag (buffer, self->line_tags[line->type], &start, &end);
  for (guint i = 0; line->spans != NULL && self->word_tags[line->type] != NULL && i < line->spans->len; i++)
    {
      TideTextSpan span = g_array_index (line->spans, TideTextSpan, i);

      gtk_text_buffer_get_iter_at_line_index (buffer, &start, index, span.start);
      gtk_text_buffer_get_iter_at_line_index (buffer, &end, index, span.end);
      gtk_text_buffer_apply_tag (buffer, self->word_tags[line->type], &start, &end);
    }
}

static void
tide_text_pane_dispose (GObject *object)
{
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_text_pane_parent_class)->dispose (object);
}

static void
tide_text_pane_class_init (TideTextPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_text_pane_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
tide_text_pane_init (TideTextPane *self)
{
  self->buffer = gtk_source_buffer_new (NULL);
  self->view = GTK_SOURCE_VIEW (gtk_source_view_new_with_buffer (self->buffer));
  g_object_unref (self->buffer);
  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  self->numbers = TIDE_LINE_NUMBERS (tide_line_numbers_new ());
  gtk_text_view_set_editable (GTK_TEXT_VIEW (self->view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (self->view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self->view), TRUE);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (self->view), 6);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (self->view), 6);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (self->view), 6);
  gtk_source_gutter_insert (gtk_source_view_get_gutter (self->view, GTK_TEXT_WINDOW_LEFT),
                            GTK_SOURCE_GUTTER_RENDERER (self->numbers), 0);
  gtk_scrolled_window_set_child (self->scroller, GTK_WIDGET (self->view));
  gtk_widget_set_hexpand (GTK_WIDGET (self->scroller), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self->scroller), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->scroller), GTK_WIDGET (self));
  make_tags (self);
}

GtkWidget *
tide_text_pane_new (const char *label)
{
  TideTextPane *self = g_object_new (TIDE_TYPE_TEXT_PANE, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}

void
tide_text_pane_set_lines (TideTextPane *self,
                          GPtrArray    *lines)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_if_fail (TIDE_IS_TEXT_PANE (self));

  tide_sql_buffer_prepare (self->buffer);
  for (guint i = 0; i < lines->len; i++)
    {
      const TideCompareLine *line = g_ptr_array_index (lines, i);

      g_string_append (text, line->text);
      if (i + 1 < lines->len)
        g_string_append_c (text, '\n');
    }
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self->buffer), text->str, text->len);
  tide_line_numbers_set_lines (self->numbers, lines);
  for (guint i = 0; i < lines->len; i++)
    mark_line (self, i, g_ptr_array_index (lines, i));
}

void
tide_text_pane_set_vadjustment (TideTextPane  *self,
                                GtkAdjustment *adjustment)
{
  gtk_scrolled_window_set_vadjustment (self->scroller, adjustment);
  /* The last one of the row shows where we are */
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_AUTOMATIC, GTK_POLICY_EXTERNAL);
}

GtkAdjustment *
tide_text_pane_get_vadjustment (TideTextPane *self)
{
  return gtk_scrolled_window_get_vadjustment (self->scroller);
}

int
tide_text_pane_get_line_y (TideTextPane *self,
                           guint         line)
{
  GtkTextIter iter;
  int y = 0;

  gtk_text_buffer_get_iter_at_line (GTK_TEXT_BUFFER (self->buffer), &iter, line);
  gtk_text_view_get_line_yrange (GTK_TEXT_VIEW (self->view), &iter, &y, NULL);
  return y;
}
