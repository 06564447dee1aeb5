/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-row"

#include "config.h"

#include <glib/gi18n.h>

#include "timeline/tide-state-look.h"
#include "timeline/tide-timeline-rail.h"
#include "timeline/tide-timeline-row.h"
#include "widgets/tide-children.h"

/* Around the row, between the date, the rail and the rest, between the words of a line, and between the lines */
#define SIDE_MARGIN   12
#define TOP_MARGIN    9
#define BOTTOM_MARGIN 10
#define RAIL_MARGIN   6
#define WORD_SPACING  8
#define LINE_SPACING  2

struct _TideTimelineRow
{
  GtkWidget         parent_instance;

  /* Children */
  GtkWidget        *date;
  GtkWidget        *title;
  GtkWidget        *remark; /* the odd row has one: NULL until it is needed */
  GtkWidget        *pill;
  GtkWidget        *detail;
  GtkWidget        *meta;   /* NULL until it is needed */

  /* Owned */
  TideTimelineItem *item;
};

G_DEFINE_FINAL_TYPE (TideTimelineRow, tide_timeline_row, GTK_TYPE_WIDGET)

/* An inscription, for its size does not depend on its text: rows that scroll by are not measured anew. */
static GtkWidget *
add_text (TideTimelineRow    *self,
          GtkWidget          *after,
          guint               n_chars,
          const char *const  *classes)
{
  GtkWidget *text = g_object_new (GTK_TYPE_INSCRIPTION, "xalign", 0.0f, "nat-chars", n_chars,
                                  "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, "css-classes", classes, NULL);

  gtk_widget_insert_after (text, GTK_WIDGET (self), after);
  return text;
}

static int
measure_child (GtkWidget      *child,
               GtkOrientation  orientation,
               gboolean        natural)
{
  GtkRequisition minimum_size, natural_size;
  GtkRequisition *size = natural ? &natural_size : &minimum_size;

  if (child == NULL || !gtk_widget_get_visible (child))
    return 0;
  gtk_widget_get_preferred_size (child, &minimum_size, &natural_size);
  return orientation == GTK_ORIENTATION_HORIZONTAL ? size->width : size->height;
}

/* Whether the remark has no place beside the title, for which @room would be left: it goes to the line below then. */
static gboolean
is_remark_below (TideTimelineRow *self,
                 int              room)
{
  return room < measure_child (self->title, GTK_ORIENTATION_HORIZONTAL, TRUE) / 2;
}

/* What stands at the end of a line and is left as wide as it likes to be, with the space before it */
static int
measure_end (GtkWidget *child)
{
  int width = measure_child (child, GTK_ORIENTATION_HORIZONTAL, TRUE);

  return width > 0 ? width + WORD_SPACING : 0;
}

static int
measure_width (TideTimelineRow *self,
               gboolean         natural)
{
  int remark = measure_end (self->remark);
  int first = measure_child (self->title, GTK_ORIENTATION_HORIZONTAL, natural) + measure_end (self->pill) + (natural ? remark : 0);
  int second = measure_child (self->detail, GTK_ORIENTATION_HORIZONTAL, natural) + measure_end (self->meta) + (natural ? 0 : remark);

  return measure_child (self->date, GTK_ORIENTATION_HORIZONTAL, TRUE) + MAX (first, second)
         + 2 * SIDE_MARGIN + 2 * RAIL_MARGIN + TIDE_TIMELINE_RAIL_WIDTH;
}

static int
measure_first_line (TideTimelineRow *self)
{
  return MAX (measure_child (self->title, GTK_ORIENTATION_VERTICAL, TRUE),
              measure_child (self->pill, GTK_ORIENTATION_VERTICAL, TRUE));
}

static GtkSizeRequestMode
tide_timeline_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
tide_timeline_row_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  TideTimelineRow *self = TIDE_TIMELINE_ROW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = measure_width (self, FALSE);
      *natural = measure_width (self, TRUE);
      return;
    }
  *minimum = *natural = TOP_MARGIN + measure_first_line (self) + LINE_SPACING
                        + measure_child (self->detail, GTK_ORIENTATION_VERTICAL, TRUE) + BOTTOM_MARGIN;
}

/* Where texts run from right to left, everything stands the other way round. */
static void
place (TideTimelineRow *self,
       GtkWidget       *child,
       int              x,
       int              y,
       int              width,
       int              height)
{
  GtkAllocation where = { x, y, width, height };

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    where.x = gtk_widget_get_width (GTK_WIDGET (self)) - x - width;
  gtk_widget_size_allocate (child, &where, -1);
}

/* Places @child so that it ends at @end; returns where what stands before it is to end. */
static int
place_end (TideTimelineRow *self,
           GtkWidget       *child,
           int              end,
           int              y,
           int              height)
{
  int width = measure_child (child, GTK_ORIENTATION_HORIZONTAL, TRUE);

  if (width == 0)
    return end;
  place (self, child, end - width, y, width, height);
  return end - width - WORD_SPACING;
}

static int
get_rail_x (TideTimelineRow *self)
{
  return SIDE_MARGIN + measure_child (self->date, GTK_ORIENTATION_HORIZONTAL, TRUE) + RAIL_MARGIN;
}

static void
tide_timeline_row_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  TideTimelineRow *self = TIDE_TIMELINE_ROW (widget);
  int rail = get_rail_x (self);
  int start = rail + TIDE_TIMELINE_RAIL_WIDTH + RAIL_MARGIN;
  int first_height = measure_first_line (self);
  int second = TOP_MARGIN + first_height + LINE_SPACING;
  int second_height = measure_child (self->detail, GTK_ORIENTATION_VERTICAL, TRUE);
  gboolean below;
  int end;

  place (self, self->date, SIDE_MARGIN, TOP_MARGIN, rail - RAIL_MARGIN - SIDE_MARGIN, first_height);
  end = place_end (self, self->pill, width - SIDE_MARGIN, TOP_MARGIN, first_height);
  below = is_remark_below (self, end - measure_end (self->remark) - start);
  if (!below)
    end = place_end (self, self->remark, end, TOP_MARGIN, first_height);
  place (self, self->title, start, TOP_MARGIN, end - start, first_height);
  end = place_end (self, self->meta, width - SIDE_MARGIN, second, second_height);
  if (below)
    end = place_end (self, self->remark, end, second, second_height);
  place (self, self->detail, start, second, end - start, second_height);
}

static void
tide_timeline_row_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  TideTimelineRow *self = TIDE_TIMELINE_ROW (widget);
  int x = get_rail_x (self);
  GdkRGBA color;

  if (self->item != NULL)
    {
      if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
        x = gtk_widget_get_width (widget) - x - TIDE_TIMELINE_RAIL_WIDTH;
      gtk_style_context_get_color (gtk_widget_get_style_context (self->pill), &color);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, 0));
      tide_timeline_rail_snapshot (self->item, snapshot, &color, gtk_widget_get_height (widget));
      gtk_snapshot_restore (snapshot);
    }
  GTK_WIDGET_CLASS (tide_timeline_row_parent_class)->snapshot (widget, snapshot);
}

/* Asked for when the pointer rests, not set for each row that scrolls by */
static gboolean
tide_timeline_row_query_tooltip (GtkWidget  *widget,
                                 int         x,
                                 int         y,
                                 gboolean    keyboard_mode,
                                 GtkTooltip *tooltip)
{
  TideTimelineRow *self = TIDE_TIMELINE_ROW (widget);

  if (self->item == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, tide_timeline_item_get_name (self->item));
  return TRUE;
}

/* What takes the focus is the list's own widget, and GTK 4.8 leaves it without a name. */
static void
update_accessible_label (TideTimelineRow *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *title = NULL;
  g_autofree char *remark = NULL;
  g_autofree char *label = NULL;

  if (parent == NULL || self->item == NULL)
    return;

  title = tide_timeline_item_dup_title (self->item);
  remark = tide_timeline_item_dup_remark (self->item);
  label = g_strjoin (", ", title, _(tide_state_get_look (tide_timeline_item_get_entry (self->item))->word),
                     *remark ? remark : NULL, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
tide_timeline_row_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tide_timeline_row_parent_class)->root (widget);
  update_accessible_label (TIDE_TIMELINE_ROW (widget));
}

static void
tide_timeline_row_dispose (GObject *object)
{
  TideTimelineRow *self = TIDE_TIMELINE_ROW (object);

  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->item);
  G_OBJECT_CLASS (tide_timeline_row_parent_class)->dispose (object);
}

static void
tide_timeline_row_class_init (TideTimelineRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_timeline_row_dispose;
  widget_class->root = tide_timeline_row_root;
  widget_class->get_request_mode = tide_timeline_row_get_request_mode;
  widget_class->measure = tide_timeline_row_measure;
  widget_class->size_allocate = tide_timeline_row_size_allocate;
  widget_class->snapshot = tide_timeline_row_snapshot;
  widget_class->query_tooltip = tide_timeline_row_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "timelinerow");
}

static void
tide_timeline_row_init (TideTimelineRow *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  self->date = add_text (self, NULL, 10, (const char *[]) { "numeric", "dim-label", NULL });
  self->title = add_text (self, self->date, 27, (const char *[]) { "row-title", NULL });
  self->pill = g_object_new (TIDE_TYPE_PILL, NULL);
  gtk_widget_insert_after (self->pill, GTK_WIDGET (self), self->title);
  self->detail = add_text (self, self->pill, 27, (const char *[]) { "dim-label", "caption", NULL });
}

/**
 * tide_timeline_row_new:
 *
 * Returns: (transfer floating): an empty row
 */
GtkWidget *
tide_timeline_row_new (void)
{
  return g_object_new (TIDE_TYPE_TIMELINE_ROW, NULL);
}

static void
set_text (GtkWidget  *inscription,
          const char *text)
{
  gtk_inscription_set_text (GTK_INSCRIPTION (inscription), text);
}

static void
show_remark (TideTimelineRow *self)
{
  g_autofree char *remark = tide_timeline_item_dup_remark (self->item);

  if (self->remark == NULL && *remark == '\0')
    return;
  if (self->remark == NULL)
    {
      self->remark = add_text (self, self->title, 12, (const char *[]) { "warning", "caption", NULL });
      gtk_inscription_set_xalign (GTK_INSCRIPTION (self->remark), 1);
    }
  set_text (self->remark, remark);
  gtk_widget_set_visible (self->remark, *remark != '\0');
}

static void
show_meta (TideTimelineRow *self)
{
  const TideCommit *commit = tide_timeline_item_get_commit (self->item);
  g_autofree char *duration = tide_timeline_item_dup_duration (self->item);
  g_autofree char *text = g_strdup_printf ("%s%s%.7s", duration, commit && *duration ? " · " : "",
                                           commit ? commit->commit : "");

  if (self->meta == NULL && *text == '\0')
    return;
  if (self->meta == NULL)
    {
      self->meta = add_text (self, self->detail, 0, (const char *[]) { "numeric", "dim-label", "caption", NULL });
      gtk_inscription_set_xalign (GTK_INSCRIPTION (self->meta), 1);
    }
  set_text (self->meta, text);
  /* Mostly digits, which are narrower than letters; in steps of two, so that few rows are measured anew */
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (self->meta), (g_utf8_strlen (text, -1) * 4 / 5 + 3) & ~1);
  gtk_widget_set_visible (self->meta, *text != '\0');
}

/**
 * tide_timeline_row_set_item:
 * @self: a row
 * @item: (nullable): what to show
 *
 * Fills the row. An item never changes, so this is all there is to it.
 */
void
tide_timeline_row_set_item (TideTimelineRow  *self,
                            TideTimelineItem *item)
{
  g_autofree char *date = NULL;
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;

  g_return_if_fail (TIDE_IS_TIMELINE_ROW (self));
  g_return_if_fail (item == NULL || TIDE_IS_TIMELINE_ITEM (item));

  if (!g_set_object (&self->item, item) || item == NULL)
    return;

  date = tide_timeline_item_dup_date (item);
  title = tide_timeline_item_dup_title (item);
  detail = tide_timeline_item_dup_detail (item);
  set_text (self->date, date);
  set_text (self->title, title);
  set_text (self->detail, detail);
  tide_pill_set_look (TIDE_PILL (self->pill), tide_state_get_look (tide_timeline_item_get_entry (item)));
  show_remark (self);
  show_meta (self);
  update_accessible_label (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
tide_timeline_row_refresh (TideTimelineRow *self)
{
  g_autofree char *detail = NULL;

  g_return_if_fail (TIDE_IS_TIMELINE_ROW (self));

  if (self->item == NULL)
    return;
  detail = tide_timeline_item_dup_detail (self->item);
  set_text (self->detail, detail);
}
