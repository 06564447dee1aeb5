/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-rail"

#include "config.h"

#include "timeline/tide-timeline-rail.h"

#define NODE_SIZE  14
#define NODE_TOP   12 /* so that the node stands beside the title, not in the middle of a tall row */
#define LINE_WIDTH 2

static gboolean
is_in_database (TideMigrationState state)
{
  return state == TIDE_STATE_APPLIED || state == TIDE_STATE_EDITED || state == TIDE_STATE_MISSING;
}

static void
append_line (GtkSnapshot   *snapshot,
             const GdkRGBA *color,
             float          top,
             float          bottom)
{
  gtk_snapshot_append_color (snapshot, color,
                             &GRAPHENE_RECT_INIT ((TIDE_TIMELINE_RAIL_WIDTH - LINE_WIDTH) / 2.0f, top,
                                                  LINE_WIDTH, bottom - top));
}

static void
append_node (GtkSnapshot   *snapshot,
             const GdkRGBA *color,
             gboolean       full)
{
  const float width = full ? NODE_SIZE / 2.0f : LINE_WIDTH;
  GskRoundedRect circle;

  gsk_rounded_rect_init_from_rect (&circle,
                                   &GRAPHENE_RECT_INIT ((TIDE_TIMELINE_RAIL_WIDTH - NODE_SIZE) / 2.0f, NODE_TOP,
                                                        NODE_SIZE, NODE_SIZE),
                                   NODE_SIZE / 2.0f);
  gtk_snapshot_append_border (snapshot, &circle, (float[4]) { width, width, width, width },
                              (GdkRGBA[4]) { *color, *color, *color, *color });
}

/**
 * tide_timeline_rail_snapshot:
 * @item: the row
 * @snapshot: where to draw, from its left upper corner on
 * @color: of the node; the line is lighter
 * @height: of the row
 *
 * Draws a row's piece of the rail: a full node for what is in the database, an empty one for the rest.
 */
void
tide_timeline_rail_snapshot (TideTimelineItem *item,
                             GtkSnapshot      *snapshot,
                             const GdkRGBA    *color,
                             float             height)
{
  guint index = tide_timeline_item_get_index (item);
  guint last = tide_timeline_get_n_entries (tide_timeline_item_get_timeline (item)) - 1;
  GdkRGBA line = *color;

  line.alpha *= 0.4f;
  /* The newest stands on top, so the line begins below the last entry's node and ends at the first one's. */
  if (index < last)
    append_line (snapshot, &line, 0, NODE_TOP);
  if (index > 0)
    append_line (snapshot, &line, NODE_TOP + NODE_SIZE, height);
  append_node (snapshot, color, is_in_database (tide_timeline_item_get_entry (item)->state));
}
