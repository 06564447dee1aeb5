/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "timeline/tide-timeline-item.h"

G_BEGIN_DECLS

/* The line beside the rows with a node for each: full where applied, hollow where not. Property "item". */
#define TIDE_TYPE_TIMELINE_RAIL (tide_timeline_rail_get_type ())
G_DECLARE_FINAL_TYPE (TideTimelineRail, tide_timeline_rail, TIDE, TIMELINE_RAIL, GtkWidget)

G_END_DECLS
