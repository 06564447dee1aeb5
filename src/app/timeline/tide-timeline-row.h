/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "timeline/tide-timeline-item.h"

G_BEGIN_DECLS

/* A row of the timeline; everything in it is bound to its property "item". */
#define TIDE_TYPE_TIMELINE_ROW (tide_timeline_row_get_type ())
G_DECLARE_FINAL_TYPE (TideTimelineRow, tide_timeline_row, TIDE, TIMELINE_ROW, GtkWidget)

G_END_DECLS
