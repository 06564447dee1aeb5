/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-text-label"

#include "config.h"

#include <string.h>

#include "widgets/tide-format.h"
#include "widgets/tide-text-label.h"

#define MOST (16 * 1024) /* bytes: nobody reads more in a label */

/* A name that is broken keeps its letters, and gets none that is not its own. */
static void
keep_letters (GtkLabel *label)
{
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
}

GtkWidget *
tide_text_label_new (const char *text,
                     const char *css_class)
{
  g_autofree char *lines = tide_format_lines (text, MOST);
  GtkWidget *label = gtk_label_new (lines);

  keep_letters (GTK_LABEL (label));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

void
tide_text_label_set_selectable (GtkLabel *label)
{
  gtk_label_set_selectable (label, TRUE);
  gtk_widget_set_can_focus (GTK_WIDGET (label), FALSE);
}

void
tide_text_labels_keep_letters (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    keep_letters (GTK_LABEL (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    tide_text_labels_keep_letters (child);
}

gboolean
tide_text_buffer_show_lines (GtkTextBuffer *buffer,
                             const char    *text,
                             gsize          most)
{
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), "as-it-is");
  g_autofree char *lines = tide_format_lines (text, most);
  GtkTextIter start;
  GtkTextIter end;

  if (tag == NULL)
    tag = gtk_text_buffer_create_tag (buffer, "as-it-is", "insert-hyphens", FALSE, NULL);
  gtk_text_buffer_set_text (buffer, lines, -1);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
  gtk_text_buffer_place_cursor (buffer, &start);
  return strlen (lines) > strlen (text);
}
