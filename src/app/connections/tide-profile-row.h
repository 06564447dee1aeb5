/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "connect/tide-profile.h"

G_BEGIN_DECLS

/**
 * TideProfileRow:
 *
 * A saved connection in the sidebar, with a menu of what can be done with it. The menu activates the
 * window's actions `win.edit-connection` and its like with the profile's id. Property: "profile".
 */
#define TIDE_TYPE_PROFILE_ROW (tide_profile_row_get_type ())
G_DECLARE_FINAL_TYPE (TideProfileRow, tide_profile_row, TIDE, PROFILE_ROW, GtkListBoxRow)

GtkWidget   *tide_profile_row_new         (TideProfile    *profile);
TideProfile *tide_profile_row_get_profile (TideProfileRow *self); /* (transfer none) */

G_END_DECLS
