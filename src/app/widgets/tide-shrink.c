/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-shrink"

#include "config.h"

#include "widgets/tide-shrink.h"

void
tide_shrink_labels (GtkWidget *root)
{
  if (GTK_IS_LABEL (root))
    gtk_label_set_ellipsize (GTK_LABEL (root), PANGO_ELLIPSIZE_END);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    tide_shrink_labels (child);
}
