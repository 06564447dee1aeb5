/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Once: from now on a reader of the screen is told a name for what GTK and libadwaita put into their own widgets and leave without
 * one (GTK 4.8 tells the name of its type then): the buttons in menu buttons, drop-downs and entry rows, the lists in groups
 * and rows, the rows that unfold and their switches. They get it when they are first shown. */
void tide_names_install (void);

G_END_DECLS
