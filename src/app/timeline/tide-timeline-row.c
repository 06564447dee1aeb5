/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-row"

#include "config.h"

#include <glib/gi18n.h>

#include "timeline/tide-state-look.h"
#include "timeline/tide-timeline-rail.h"
#include "timeline/tide-timeline-row.h"
#include "widgets/tide-children.h"

struct _TideTimelineRow
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

G_DEFINE_FINAL_TYPE (TideTimelineRow, tide_timeline_row, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static gboolean
is_set (TideTimelineRow *self,
        const char      *text)
{
  return text != NULL && *text != '\0';
}

static gpointer
get_look (TideTimelineRow    *self,
          TideMigrationState  state)
{
  return (gpointer) tide_state_get_look (state);
}

/* What takes the focus is the list's own widget, and GTK 4.8 leaves it without a name. */
static void
update_accessible_label (TideTimelineRow *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *title = NULL;
  g_autofree char *remark = NULL;
  g_autofree char *label = NULL;
  TideMigrationState state;

  if (parent == NULL || self->item == NULL)
    return;

  g_object_get (self->item, "title", &title, "state", &state, "remark", &remark, NULL);
  label = g_strjoin (", ", title, _(tide_state_get_look (state)->word), is_set (self, remark) ? remark : NULL, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
tide_timeline_row_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tide_timeline_row_parent_class)->root (widget);
  update_accessible_label (TIDE_TIMELINE_ROW (widget));
}

/* Asked for when the pointer rests, not set for each row that scrolls by */
static gboolean
on_query_tooltip (GtkWidget       *title,
                  int              x,
                  int              y,
                  gboolean         keyboard_mode,
                  GtkTooltip      *tooltip,
                  TideTimelineRow *self)
{
  if (self->item == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, tide_timeline_item_get_name (self->item));
  return TRUE;
}

static void
tide_timeline_row_dispose (GObject *object)
{
  TideTimelineRow *self = TIDE_TIMELINE_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_TIMELINE_ROW);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->item);
  G_OBJECT_CLASS (tide_timeline_row_parent_class)->dispose (object);
}

static void
tide_timeline_row_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, TIDE_TIMELINE_ROW (object)->item);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_timeline_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ITEM:
      if (g_set_object (&TIDE_TIMELINE_ROW (object)->item, g_value_get_object (value)))
        {
          update_accessible_label (TIDE_TIMELINE_ROW (object));
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_timeline_row_class_init (TideTimelineRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_timeline_row_dispose;
  object_class->get_property = tide_timeline_row_get_property;
  object_class->set_property = tide_timeline_row_set_property;
  widget_class->root = tide_timeline_row_root;

  properties[PROP_ITEM] =
    g_param_spec_object ("item", NULL, NULL, TIDE_TYPE_TIMELINE_ITEM,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_TIMELINE_RAIL);
  g_type_ensure (TIDE_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-timeline-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, is_set);
  gtk_widget_class_bind_template_callback (widget_class, get_look);
  gtk_widget_class_bind_template_callback (widget_class, on_query_tooltip);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "timelinerow");
}

static void
tide_timeline_row_init (TideTimelineRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
