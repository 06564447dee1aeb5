/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lazy"

#include "config.h"

#include "widgets/tide-lazy.h"

#include "widgets/tide-children.h"

struct _TideLazy
{
  GtkWidget  parent_instance;

  GtkWidget *child; /* NULL until it is made */
  GType      child_type;
  guint      source;
  gboolean   deferred;
};

enum
{
  PROP_CHILD_TYPE = 1,
  PROP_DEFERRED,
  N_PROPS,
};

enum
{
  CREATE,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideLazy, tide_lazy, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static GtkWidget *
tide_lazy_create (TideLazy *self)
{
  return g_object_new (self->child_type, NULL);
}

static gboolean
create_later (gpointer data)
{
  TideLazy *self = data;

  self->source = 0;
  tide_lazy_get_child (self);
  return G_SOURCE_REMOVE;
}

static void
tide_lazy_map (GtkWidget *widget)
{
  TideLazy *self = TIDE_LAZY (widget);

  if (!self->deferred)
    tide_lazy_get_child (self);
  else if (self->child == NULL && self->source == 0)
    self->source = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, create_later, self, NULL);
  GTK_WIDGET_CLASS (tide_lazy_parent_class)->map (widget);
}

static gboolean
tide_lazy_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (tide_lazy_get_child (TIDE_LAZY (widget)));
}

static void
tide_lazy_dispose (GObject *object)
{
  g_clear_handle_id (&TIDE_LAZY (object)->source, g_source_remove);
  tide_children_unparent (GTK_WIDGET (object));
  TIDE_LAZY (object)->child = NULL;
  G_OBJECT_CLASS (tide_lazy_parent_class)->dispose (object);
}

static void
tide_lazy_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  TideLazy *self = TIDE_LAZY (object);

  switch (prop_id)
    {
    case PROP_CHILD_TYPE: g_value_set_gtype (value, self->child_type); break;
    case PROP_DEFERRED: g_value_set_boolean (value, self->deferred); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_lazy_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  TideLazy *self = TIDE_LAZY (object);

  switch (prop_id)
    {
    case PROP_CHILD_TYPE: self->child_type = g_value_get_gtype (value); break;
    case PROP_DEFERRED: self->deferred = g_value_get_boolean (value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_lazy_class_init (TideLazyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tide_lazy_dispose;
  object_class->get_property = tide_lazy_get_property;
  object_class->set_property = tide_lazy_set_property;
  widget_class->map = tide_lazy_map;
  widget_class->grab_focus = tide_lazy_grab_focus;

  properties[PROP_CHILD_TYPE] = g_param_spec_gtype ("child-type", NULL, NULL, GTK_TYPE_WIDGET, construct);
  properties[PROP_DEFERRED] = g_param_spec_boolean ("deferred", NULL, NULL, FALSE, construct);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CREATE] = g_signal_new_class_handler ("create", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                                G_CALLBACK (tide_lazy_create), g_signal_accumulator_first_wins,
                                                NULL, NULL, GTK_TYPE_WIDGET, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_lazy_init (TideLazy *self)
{
}

GType
tide_lazy_get_child_type (TideLazy *self)
{
  g_return_val_if_fail (TIDE_IS_LAZY (self), G_TYPE_INVALID);
  return self->child_type;
}

/**
 * tide_lazy_get_child:
 * @self: a place
 *
 * Returns: (transfer none): what stands in it, made now if that is the first time
 */
GtkWidget *
tide_lazy_get_child (TideLazy *self)
{
  g_return_val_if_fail (TIDE_IS_LAZY (self), NULL);

  if (self->child == NULL)
    {
      g_clear_handle_id (&self->source, g_source_remove);
      g_signal_emit (self, signals[CREATE], 0, &self->child);
      gtk_widget_set_parent (self->child, GTK_WIDGET (self));
    }
  return self->child;
}

static void
create_menu (GtkMenuButton *button,
             gpointer       menu)
{
  if (gtk_menu_button_get_menu_model (button) == NULL)
    gtk_menu_button_set_menu_model (button, menu);
}

void
tide_lazy_set_menu (GtkMenuButton *button,
                    GMenuModel    *menu)
{
  g_return_if_fail (GTK_IS_MENU_BUTTON (button));
  g_return_if_fail (G_IS_MENU_MODEL (menu));

  gtk_menu_button_set_create_popup_func (button, create_menu, g_object_ref (menu), g_object_unref);
}
