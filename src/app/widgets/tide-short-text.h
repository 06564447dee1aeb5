/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer full): rows of a list of strings: those that are too long end (or have in their middle) dots, and are told whole in a
 * tooltip. GTK's own rows make a window as wide as the longest. */
GtkListItemFactory *tide_short_text_factory_new (PangoEllipsizeMode mode);

G_END_DECLS
