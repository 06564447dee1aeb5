/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer floating): a label whose text, where it is too long, ends in (or has in its middle) dots, and is told whole in a tooltip */
GtkWidget          *tide_short_text_new         (PangoEllipsizeMode mode);

/* (transfer full): rows of a list of strings, each such a label. GTK's own rows make a window as wide as the longest. */
GtkListItemFactory *tide_short_text_factory_new (PangoEllipsizeMode mode);

/* gtk_widget_set_tooltip_text(), unless it is @text already: that asks the display where the pointer is, and waits for the answer */
void                tide_tooltip_update         (GtkWidget         *widget,
                                                 const char        *text);

G_END_DECLS
