/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A bin whose child (any #GtkOrientable) lies across where there is room, and stands upright where there is not.
 * Property "child". */
#define TIDE_TYPE_TURNING_BIN (tide_turning_bin_get_type ())
G_DECLARE_FINAL_TYPE (TideTurningBin, tide_turning_bin, TIDE, TURNING_BIN, GtkWidget)

G_END_DECLS
