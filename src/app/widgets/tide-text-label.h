/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer floating): a label for sentences: from the left, and on as many lines as they take. @css_class: (nullable) */
GtkWidget *tide_text_label_new (const char *text,
                                const char *css_class);

G_END_DECLS
