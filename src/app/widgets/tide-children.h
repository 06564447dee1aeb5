/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For the dispose of a widget without a parent class that does it: unparents every child, bound or not
 * (gtk_widget_dispose_template() lets go of the bound ones only) */
void tide_children_unparent (GtkWidget *widget);
/* Empties a box, a list or a grid */
void tide_children_remove   (GtkWidget *container);

G_END_DECLS
