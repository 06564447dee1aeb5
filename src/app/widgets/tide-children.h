/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For the dispose of a widget without a parent class that does it: unparents every child, bound or not
 * (gtk_widget_dispose_template() lets go of the bound ones only) */
void tide_children_unparent (GtkWidget *widget);
/* Empties a box, a list or a grid */
void tide_children_remove   (GtkWidget *container);
/* Calls what is of that class below @widget, at any depth, by this name: what a library made has none where it shows an icon only */
void tide_children_name (GtkWidget  *widget,
                         const char *css_class,
                         const char *name);

G_END_DECLS
