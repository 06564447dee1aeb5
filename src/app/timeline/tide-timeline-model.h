/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "history/tide-timeline.h"
#include "project/tide-authorship.h"
#include "timeline/tide-lint-board.h"

G_BEGIN_DECLS

/**
 * TideTimelineModel:
 *
 * A #GListModel of #TideTimelineItem over a timeline, newest first, narrowed by a search text and a
 * state. It holds numbers only; items are made when a row is seen.
 */
#define TIDE_TYPE_TIMELINE_MODEL (tide_timeline_model_get_type ())
G_DECLARE_FINAL_TYPE (TideTimelineModel, tide_timeline_model, TIDE, TIMELINE_MODEL, GObject)

/* What is shown */
typedef enum
{
  TIDE_TIMELINE_FILTER_ALL,
  TIDE_TIMELINE_FILTER_PENDING,   /* what deploy would run */
  TIDE_TIMELINE_FILTER_APPLIED,   /* edited ones too */
  TIDE_TIMELINE_FILTER_ATTENTION, /* failed, edited, missing, rolled back, out of order */
} TideTimelineFilter;

TideTimelineModel *tide_timeline_model_new          (void);
gboolean           tide_timeline_model_set_timeline (TideTimelineModel  *self,
                                                     TideTimeline       *timeline,    /* (nullable) */
                                                     TideAuthorship     *authorship); /* (nullable) */
void               tide_timeline_model_set_filter   (TideTimelineModel  *self,
                                                     const char         *search, /* (nullable): in name, title, author and subject */
                                                     TideTimelineFilter  filter);
/* @board: the warnings that its items tell of */
void               tide_timeline_model_set_board    (TideTimelineModel  *self,
                                                     TideLintBoard      *board);
guint              tide_timeline_model_find         (TideTimelineModel  *self,
                                                     const char         *name); /* GTK_INVALID_LIST_POSITION: not shown */

G_END_DECLS
