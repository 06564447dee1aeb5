/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "connect/tide-profile-store.h"
#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideSidebar:
 *
 * The open project's environments, then the saved connections. Properties: "workspace", "profiles"
 * (#TideProfileStore), "selected" (the #TideEnvironment or #TideProfile that is shown, nullable, read-write).
 * Signal: "activated" (the person chose a row; a narrow window turns to the content).
 */
#define TIDE_TYPE_SIDEBAR (tide_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (TideSidebar, tide_sidebar, TIDE, SIDEBAR, GtkWidget)

void tide_sidebar_set_selected (TideSidebar *self,
                                GObject     *item);

G_END_DECLS
