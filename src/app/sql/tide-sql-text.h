/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Makes comments of the lines that are selected or hold the caret, or lines of comments that all are */
void tide_sql_text_toggle_comment (GtkTextBuffer *buffer);
/* Formats the bytes from @start to @end of @text, which is what stands in @buffer */
void tide_sql_text_format         (GtkTextBuffer *buffer,
                                   const char    *text,
                                   gsize          start,
                                   gsize          end);

G_END_DECLS
