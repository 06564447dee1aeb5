/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "timeline/tide-timeline-item.h"
#include "timeline/tide-timeline-model.h"

G_BEGIN_DECLS

/* The rail of one environment's migrations, with the details of the chosen one beside it (behind it in a narrow window).
 * Property "selected-item" (#TideTimelineItem, nullable, read-only). */
#define TIDE_TYPE_TIMELINE_VIEW (tide_timeline_view_get_type ())
G_DECLARE_FINAL_TYPE (TideTimelineView, tide_timeline_view, TIDE, TIMELINE_VIEW, GtkWidget)

void              tide_timeline_view_set_timeline      (TideTimelineView   *self,
                                                        TideTimeline       *timeline,
                                                        TideAuthorship     *authorship);
void              tide_timeline_view_set_filter        (TideTimelineView   *self,
                                                        const char         *search,
                                                        TideTimelineFilter  filter);
void              tide_timeline_view_select            (TideTimelineView   *self,
                                                        const char         *name);
/* Looks through what waits in @timeline, with the sizes that @target knows; rows and details tell of it when it is done */
void              tide_timeline_view_look_through (TideTimelineView *self,
                                                   TideTimeline     *timeline, /* (nullable) */
                                                   TideTarget       *target);  /* (nullable) */
TideLintBoard    *tide_timeline_view_get_board (TideTimelineView *self); /* (transfer none) */
TideTimelineItem *tide_timeline_view_get_selected_item (TideTimelineView   *self);

G_END_DECLS
