/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Every label in @root, those of buttons too, is cut with an ellipsis where there is no room for it: the longest word of any
 * language, or in large letters, must not keep a window from being narrow */
void tide_shrink_labels (GtkWidget *root);

G_END_DECLS
