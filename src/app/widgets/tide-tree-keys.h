/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Walks a tree with the arrow keys, as people know it from elsewhere: the one that points forward unfolds the row, then goes to the
 * first below it; the other folds it, then goes to the row above it. GTK itself wants Shift for that. @list: a list or column view
 * of GtkTreeListRows under a #GtkSingleSelection */
void tide_tree_keys_follow (GtkWidget *list);

G_END_DECLS
