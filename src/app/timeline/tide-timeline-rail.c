/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-rail"

#include "config.h"

#include "timeline/tide-state-look.h"
#include "timeline/tide-timeline-rail.h"

#define RAIL_WIDTH 28
#define NODE_SIZE  14
#define NODE_TOP   12 /* so that the node stands beside the title, not in the middle of a tall row */
#define LINE_WIDTH 2

struct _TideTimelineRail
{
  GtkWidget         parent_instance;

  /* Owned */
  TideTimelineItem *item;
};

enum
{
  PROP_0,
  PROP_ITEM,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideTimelineRail, tide_timeline_rail, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static TideMigrationState
tide_timeline_rail_get_state (TideTimelineRail *self)
{
  return tide_timeline_item_get_entry (self->item)->state;
}

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
                             &GRAPHENE_RECT_INIT ((RAIL_WIDTH - LINE_WIDTH) / 2.0f, top, LINE_WIDTH, bottom - top));
}

static void
append_node (GtkSnapshot   *snapshot,
             const GdkRGBA *color,
             gboolean       full)
{
  const float width = full ? NODE_SIZE / 2.0f : LINE_WIDTH;
  GskRoundedRect circle;

  gsk_rounded_rect_init_from_rect (&circle,
                                   &GRAPHENE_RECT_INIT ((RAIL_WIDTH - NODE_SIZE) / 2.0f, NODE_TOP, NODE_SIZE, NODE_SIZE),
                                   NODE_SIZE / 2.0f);
  gtk_snapshot_append_border (snapshot, &circle, (float[4]) { width, width, width, width },
                              (GdkRGBA[4]) { *color, *color, *color, *color });
}

static void
tide_timeline_rail_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  TideTimelineRail *self = TIDE_TIMELINE_RAIL (widget);
  float height = gtk_widget_get_height (widget);
  guint index, last;
  GdkRGBA color, line;

  if (self->item == NULL)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  line = color;
  line.alpha *= 0.4f;
  index = tide_timeline_item_get_index (self->item);
  last = tide_timeline_get_n_entries (tide_timeline_item_get_timeline (self->item)) - 1;

  /* The newest stands on top, so the line begins below the last entry's node and ends at the first one's. */
  if (index < last)
    append_line (snapshot, &line, 0, NODE_TOP);
  if (index > 0)
    append_line (snapshot, &line, NODE_TOP + NODE_SIZE, height);
  append_node (snapshot, &color, is_in_database (tide_timeline_rail_get_state (self)));
}

static void
tide_timeline_rail_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? RAIL_WIDTH : NODE_TOP + NODE_SIZE;
}

static void
tide_timeline_rail_set_item (TideTimelineRail *self,
                             TideTimelineItem *item)
{
  if (self->item == item)
    return;
  if (self->item != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), tide_state_get_look (tide_timeline_rail_get_state (self))->css_class);
  g_set_object (&self->item, item);
  if (self->item != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), tide_state_get_look (tide_timeline_rail_get_state (self))->css_class);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

static void
tide_timeline_rail_dispose (GObject *object)
{
  TideTimelineRail *self = TIDE_TIMELINE_RAIL (object);

  g_clear_object (&self->item);
  G_OBJECT_CLASS (tide_timeline_rail_parent_class)->dispose (object);
}

static void
tide_timeline_rail_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, TIDE_TIMELINE_RAIL (object)->item);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_timeline_rail_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ITEM:
      tide_timeline_rail_set_item (TIDE_TIMELINE_RAIL (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_timeline_rail_class_init (TideTimelineRailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_timeline_rail_dispose;
  object_class->get_property = tide_timeline_rail_get_property;
  object_class->set_property = tide_timeline_rail_set_property;
  widget_class->snapshot = tide_timeline_rail_snapshot;
  widget_class->measure = tide_timeline_rail_measure;

  properties[PROP_ITEM] =
    g_param_spec_object ("item", NULL, NULL, TIDE_TYPE_TIMELINE_ITEM,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "timelinerail");
  /* The pill says the same in words. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
tide_timeline_rail_init (TideTimelineRail *self)
{
}
