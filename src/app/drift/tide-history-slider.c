/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-history-slider"

#include "config.h"

#include "drift/tide-history-point.h"
#include "drift/tide-history-slider.h"
#include "widgets/tide-children.h"

/* Milliseconds that the slider must rest before the point is compared */
#define REST 250

struct _TideHistorySlider
{
  GtkWidget       parent_instance;

  /* Template widgets */
  GtkScale       *scale;
  GtkAdjustment  *adjustment;
  GtkLabel       *label;

  /* Owned */
  TideDriftSides *sides;
  guint           source;   /* waits until the slider rests */
  gboolean        updating; /* it follows the sides */
};

enum
{
  PROP_SIDES = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideHistorySlider, tide_history_slider, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static TideProject *
get_project (TideHistorySlider *self)
{
  TideWorkspace *workspace = tide_drift_sides_get_workspace (self->sides);

  return workspace == NULL ? NULL : tide_workspace_get_project (workspace);
}

static int
find_point (TideHistorySlider *self,
            const char        *source)
{
  TideProject *project = get_project (self);

  return project == NULL ? -1 : tide_history_point_find (project, source);
}

/* Whether the sides are the points before and after one migration */
static gboolean
is_one_migration (TideHistorySlider *self,
                  int                right)
{
  const char *source = tide_drift_sides_get_left (self->sides);
  int left = g_strcmp0 (source, "empty") == 0 ? 0 : find_point (self, source);

  return right > 0 && left == right - 1;
}

static void
show_point (TideHistorySlider *self)
{
  GPtrArray *migrations = tide_project_get_migrations (get_project (self));
  guint point = gtk_adjustment_get_value (self->adjustment);

  if (point >= 1 && point <= migrations->len)
    gtk_label_set_label (self->label, tide_migration_get_name (g_ptr_array_index (migrations, point - 1)));
}

static void
update (TideHistorySlider *self)
{
  int left = find_point (self, tide_drift_sides_get_left (self->sides));
  int right = find_point (self, tide_drift_sides_get_right (self->sides));
  int point = right > 0 ? right : left;

  gtk_widget_set_visible (GTK_WIDGET (self), point > 0);
  if (point <= 0)
    return;
  self->updating = TRUE;
  gtk_adjustment_set_lower (self->adjustment, 1);
  gtk_adjustment_set_upper (self->adjustment, tide_project_get_migrations (get_project (self))->len);
  gtk_adjustment_set_value (self->adjustment, point);
  self->updating = FALSE;
  show_point (self);
}

static gboolean
go (gpointer data)
{
  TideHistorySlider *self = data;
  TideProject *project = get_project (self);
  guint point = gtk_adjustment_get_value (self->adjustment);
  int right = project ? find_point (self, tide_drift_sides_get_right (self->sides)) : -1;
  g_autofree char *here = NULL;
  g_autofree char *before = NULL;

  self->source = 0;
  /* The project was read again meanwhile, and may be shorter. */
  if (project == NULL || point < 1 || point > tide_project_get_migrations (project)->len)
    return G_SOURCE_REMOVE;
  here = tide_history_point_dup (project, point);
  before = tide_history_point_dup (project, point - 1);
  if (is_one_migration (self, right))
    tide_drift_sides_set (self->sides, before, here);
  else if (right > 0)
    tide_drift_sides_set (self->sides, tide_drift_sides_get_left (self->sides), here);
  else
    tide_drift_sides_set (self->sides, here, tide_drift_sides_get_right (self->sides));
  return G_SOURCE_REMOVE;
}

static void
on_value_changed (TideHistorySlider *self)
{
  if (self->updating)
    return;
  show_point (self);
  g_clear_handle_id (&self->source, g_source_remove);
  self->source = g_timeout_add (REST, go, self);
}

static void
set_sides (TideHistorySlider *self,
           TideDriftSides    *sides)
{
  if (!g_set_object (&self->sides, sides) || sides == NULL)
    return;
  g_signal_connect_object (sides, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  if (tide_drift_sides_get_workspace (sides) != NULL)
    g_signal_connect_object (tide_drift_sides_get_workspace (sides), "notify::project", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
tide_history_slider_dispose (GObject *object)
{
  TideHistorySlider *self = TIDE_HISTORY_SLIDER (object);

  g_clear_handle_id (&self->source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_HISTORY_SLIDER);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->sides);
  G_OBJECT_CLASS (tide_history_slider_parent_class)->dispose (object);
}

static void
tide_history_slider_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  if (prop_id == PROP_SIDES)
    g_value_set_object (value, TIDE_HISTORY_SLIDER (object)->sides);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_history_slider_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  if (prop_id == PROP_SIDES)
    set_sides (TIDE_HISTORY_SLIDER (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_history_slider_class_init (TideHistorySliderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_history_slider_dispose;
  object_class->get_property = tide_history_slider_get_property;
  object_class->set_property = tide_history_slider_set_property;
  properties[PROP_SIDES] = g_param_spec_object ("sides", NULL, NULL, TIDE_TYPE_DRIFT_SIDES,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-history-slider.ui");
  gtk_widget_class_bind_template_child (widget_class, TideHistorySlider, scale);
  gtk_widget_class_bind_template_child (widget_class, TideHistorySlider, adjustment);
  gtk_widget_class_bind_template_child (widget_class, TideHistorySlider, label);
  gtk_widget_class_bind_template_callback (widget_class, on_value_changed);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_history_slider_init (TideHistorySlider *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
