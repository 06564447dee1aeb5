/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the timeline page tells where there is no timeline to show. */
#define TIDE_TYPE_TIMELINE_STATUS (tide_timeline_status_get_type ())
G_DECLARE_FINAL_TYPE (TideTimelineStatus, tide_timeline_status, TIDE, TIMELINE_STATUS, GtkWidget)

/* @name: "none" (no environment is selected), "error" or "empty" (no migrations); @error: (nullable): for "error" */
void tide_timeline_status_show (TideTimelineStatus *self,
                                const char         *name,
                                const GError       *error);

G_END_DECLS
