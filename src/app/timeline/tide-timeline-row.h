/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "timeline/tide-timeline-item.h"

G_BEGIN_DECLS

/* A row of the timeline. It lays out and fills its few widgets itself: a start and every frame of a scroll make or fill
 * a screen of rows, and boxes and bindings took most of that time. */
#define TIDE_TYPE_TIMELINE_ROW (tide_timeline_row_get_type ())
G_DECLARE_FINAL_TYPE (TideTimelineRow, tide_timeline_row, TIDE, TIMELINE_ROW, GtkWidget)

GtkWidget *tide_timeline_row_new      (void);
/* @item (nullable): what to show */
void       tide_timeline_row_set_item (TideTimelineRow  *self,
                                       TideTimelineItem *item);
/* Says anew what the item tells of itself beside what never changes: its warnings */
void       tide_timeline_row_refresh  (TideTimelineRow  *self);

G_END_DECLS
