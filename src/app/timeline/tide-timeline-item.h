/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-timeline.h"
#include "project/tide-authorship.h"
#include "timeline/tide-lint-board.h"

G_BEGIN_DECLS

/**
 * TideTimelineItem:
 *
 * One row of the timeline as a list sees it: an entry of a #TideTimeline made readable. It never changes.
 */
#define TIDE_TYPE_TIMELINE_ITEM (tide_timeline_item_get_type ())
G_DECLARE_FINAL_TYPE (TideTimelineItem, tide_timeline_item, TIDE, TIMELINE_ITEM, GObject)

TideTimelineItem        *tide_timeline_item_new            (TideTimeline     *timeline,
                                                            guint             index,
                                                            TideAuthorship   *authorship, /* (nullable) */
                                                            TideLintBoard    *board); /* (nullable) */
TideLintBoard           *tide_timeline_item_get_board      (TideTimelineItem *self); /* (transfer none) (nullable) */
TideTimeline            *tide_timeline_item_get_timeline   (TideTimelineItem *self);
const TideTimelineEntry *tide_timeline_item_get_entry      (TideTimelineItem *self);
const TideCommit        *tide_timeline_item_get_commit     (TideTimelineItem *self); /* (nullable) */
const char              *tide_timeline_item_get_name       (TideTimelineItem *self);
guint                    tide_timeline_item_get_index      (TideTimelineItem *self); /* in the timeline, oldest first */
char                    *tide_timeline_item_dup_title      (TideTimelineItem *self);
char                    *tide_timeline_item_dup_date       (TideTimelineItem *self); /* "2025-11-17", or "" */
char                    *tide_timeline_item_dup_detail     (TideTimelineItem *self); /* who, why, when */
char                    *tide_timeline_item_dup_duration   (TideTimelineItem *self); /* "12 ms", or "" */
char                    *tide_timeline_item_dup_remark     (TideTimelineItem *self); /* "out of order", or "" */

G_END_DECLS
