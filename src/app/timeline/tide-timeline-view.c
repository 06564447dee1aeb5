/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-view"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "timeline/tide-migration-details.h"
#include "timeline/tide-timeline-row.h"
#include "timeline/tide-timeline-view.h"
#include "widgets/tide-children.h"
#include "widgets/tide-lazy.h"

struct _TideTimelineView
{
  GtkWidget             parent_instance;

  /* Template widgets */
  AdwLeaflet           *leaflet;
  GtkStack             *list_stack;
  GtkListView          *list;
  GtkWidget            *detail_pane;
  GtkSingleSelection   *selection;

  /* Owned */
  TideTimelineModel    *model;
  TideLintBoard        *board;
  char                 *selected; /* the migration last chosen, kept across updates and environments */
};

enum
{
  PROP_0,
  PROP_SELECTED_ITEM,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideTimelineView, tide_timeline_view, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* After the rows changed: the chosen migration is chosen again, wherever it stands now; at first it is the newest. */
static void
tide_timeline_view_restore (TideTimelineView *self)
{
  guint position = self->selected ? tide_timeline_model_find (self->model, self->selected) : 0;

  gtk_single_selection_set_selected (self->selection, position);
  gtk_stack_set_visible_child_name (self->list_stack,
                                    g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0 ? "rows" : "nothing");
}

static void
on_selection_changed (TideTimelineView *self)
{
  TideTimelineItem *item = tide_timeline_view_get_selected_item (self);

  if (item != NULL)
    {
      g_free (self->selected);
      self->selected = g_strdup (tide_timeline_item_get_name (item));
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_ITEM]);
}

static GtkWidget *
create_details (TideTimelineView *self)
{
  GtkWidget *details = g_object_new (TIDE_TYPE_MIGRATION_DETAILS, NULL);

  g_object_bind_property (self, "selected-item", details, "item", G_BINDING_SYNC_CREATE);
  return details;
}

static GtkWidget *
create_nothing (TideTimelineView *self)
{
  return g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "edit-find-symbolic", "title", _("Nothing Found"),
                       "description", _("No migration fits the search and the filter."),
                       "css-classes", (const char *[]) { "compact", NULL }, NULL);
}

static void
on_row_setup (TideTimelineView *self,
              GtkListItem      *item)
{
  gtk_list_item_set_child (item, tide_timeline_row_new ());
}

static void
on_row_bind (TideTimelineView *self,
             GtkListItem      *item)
{
  tide_timeline_row_set_item (TIDE_TIMELINE_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
on_row_activated (TideTimelineView *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->detail_pane);
}

static void
on_back (TideTimelineView *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* The list's own widgets hold the rows */
static void
on_board_changed (TideTimelineView *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = gtk_widget_get_first_child (child);

      if (row != NULL && TIDE_IS_TIMELINE_ROW (row))
        tide_timeline_row_refresh (TIDE_TIMELINE_ROW (row));
    }
}

static void
tide_timeline_view_dispose (GObject *object)
{
  TideTimelineView *self = TIDE_TIMELINE_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_TIMELINE_VIEW);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->model);
  g_clear_object (&self->board);
  g_clear_pointer (&self->selected, g_free);
  G_OBJECT_CLASS (tide_timeline_view_parent_class)->dispose (object);
}

static void
tide_timeline_view_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SELECTED_ITEM:
      g_value_set_object (value, tide_timeline_view_get_selected_item (TIDE_TIMELINE_VIEW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_timeline_view_class_init (TideTimelineViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_timeline_view_dispose;
  object_class->get_property = tide_timeline_view_get_property;

  properties[PROP_SELECTED_ITEM] =
    g_param_spec_object ("selected-item", NULL, NULL, TIDE_TYPE_TIMELINE_ITEM,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_LAZY);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-timeline-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideTimelineView, leaflet);
  gtk_widget_class_bind_template_child (widget_class, TideTimelineView, list_stack);
  gtk_widget_class_bind_template_child (widget_class, TideTimelineView, list);
  gtk_widget_class_bind_template_child (widget_class, TideTimelineView, detail_pane);
  gtk_widget_class_bind_template_child (widget_class, TideTimelineView, selection);
  gtk_widget_class_bind_template_callback (widget_class, create_details);
  gtk_widget_class_bind_template_callback (widget_class, create_nothing);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_row_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_row_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_selection_changed);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_timeline_view_init (TideTimelineView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->model = tide_timeline_model_new ();
  self->board = tide_lint_board_new ();
  g_signal_connect_object (self->board, "changed", G_CALLBACK (on_board_changed), self, G_CONNECT_SWAPPED);
  tide_timeline_model_set_board (self->model, self->board);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
}

/**
 * tide_timeline_view_set_timeline:
 * @self: a timeline view
 * @timeline: (nullable): what to show
 * @authorship: (nullable): who brought the migrations
 *
 * Shows another timeline; the chosen migration stays chosen where it is in there.
 */
void
tide_timeline_view_set_timeline (TideTimelineView *self,
                                 TideTimeline     *timeline,
                                 TideAuthorship   *authorship)
{
  g_return_if_fail (TIDE_IS_TIMELINE_VIEW (self));

  if (tide_timeline_model_set_timeline (self->model, timeline, authorship))
    tide_timeline_view_restore (self);
}

void
tide_timeline_view_look_through (TideTimelineView *self,
                                 TideTimeline     *timeline,
                                 TideTarget       *target)
{
  g_return_if_fail (TIDE_IS_TIMELINE_VIEW (self));

  tide_lint_board_load (self->board, timeline, target);
}

TideLintBoard *
tide_timeline_view_get_board (TideTimelineView *self)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_VIEW (self), NULL);

  return self->board;
}

/**
 * tide_timeline_view_set_filter:
 * @self: a timeline view
 * @search: (nullable): a text to find
 * @filter: which states to show
 *
 * Narrows the list.
 */
void
tide_timeline_view_set_filter (TideTimelineView   *self,
                               const char         *search,
                               TideTimelineFilter  filter)
{
  g_return_if_fail (TIDE_IS_TIMELINE_VIEW (self));

  tide_timeline_model_set_filter (self->model, search, filter);
  tide_timeline_view_restore (self);
}

/**
 * tide_timeline_view_select:
 * @self: a timeline view
 * @name: a migration
 *
 * Chooses it, scrolls to it, and opens its details where the window is narrow.
 */
void
tide_timeline_view_select (TideTimelineView *self,
                           const char       *name)
{
  guint position;

  g_return_if_fail (TIDE_IS_TIMELINE_VIEW (self));

  g_free (self->selected);
  self->selected = g_strdup (name);
  tide_timeline_view_restore (self);
  position = gtk_single_selection_get_selected (self->selection);
  if (position == GTK_INVALID_LIST_POSITION)
    return;
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  adw_leaflet_set_visible_child (self->leaflet, self->detail_pane);
}

/**
 * tide_timeline_view_get_selected_item:
 * @self: a timeline view
 *
 * Returns: (transfer none) (nullable): the chosen row
 */
TideTimelineItem *
tide_timeline_view_get_selected_item (TideTimelineView *self)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_VIEW (self), NULL);
  return gtk_single_selection_get_selected_item (self->selection);
}
