/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "timeline/tide-timeline-item.h"

G_BEGIN_DECLS

#define TIDE_TIMELINE_RAIL_WIDTH 28

/* Draws the line of the timeline and the node of @item at the left edge of @snapshot, @height high, in @color */
void tide_timeline_rail_snapshot (TideTimelineItem *item,
                                  GtkSnapshot      *snapshot,
                                  const GdkRGBA    *color,
                                  float             height);

G_END_DECLS
