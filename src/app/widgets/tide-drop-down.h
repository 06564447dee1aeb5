/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Of strings: those that are too long for a narrow window end in dots, and are told whole in a tooltip. GTK's own rows make
 * the window as wide as the longest. */
void tide_drop_down_shorten (GtkDropDown *self);

G_END_DECLS
