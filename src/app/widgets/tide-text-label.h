/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer floating): a label for sentences: from the left, and on as many lines as they take. @css_class: (nullable) */
GtkWidget *tide_text_label_new (const char *text,
                                const char *css_class);

/* Its text can be selected by the mouse. It takes no keyboard: else the first one in a window would show its text selected when that
 * opens. (What is only not focusable would swallow Tab: such a label answers that it took the focus.) */
void       tide_text_label_set_selectable (GtkLabel *label);

/* No label in @widget, a row of libadwaita's, breaks its text with a hyphen that is not in it. */
void       tide_text_labels_keep_letters (GtkWidget *widget);

/* Shows as much of @text as @most bytes, with its long lines broken as tide_format_lines() does, and no hyphen that is not its own.
 * Returns: whether a line was broken. */
gboolean   tide_text_buffer_show_lines (GtkTextBuffer *buffer,
                                        const char    *text,
                                        gsize          most);

G_END_DECLS
