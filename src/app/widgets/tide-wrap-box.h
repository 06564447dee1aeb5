/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideWrapBox:
 *
 * A bar whose children go on in a line below when the window is too narrow for them side by side, each at its smallest. What
 * a line has left goes to what is cut short in it, then to those that expand; the lines of a centred one ("halign") are centred.
 * Property: "spacing" (int), within and between lines.
 */
#define TIDE_TYPE_WRAP_BOX (tide_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (TideWrapBox, tide_wrap_box, TIDE, WRAP_BOX, GtkWidget)

G_END_DECLS
