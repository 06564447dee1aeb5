/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-pill"

#include "config.h"

#include <glib/gi18n.h>

#include "widgets/tide-pill.h"

#include "widgets/tide-children.h"

struct _TidePill
{
  GtkWidget       parent_instance;

  /* Children */
  GtkImage       *icon;
  GtkLabel       *word;

  /* Static */
  const TideLook *look;
};

enum
{
  PROP_LOOK = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TidePill, tide_pill, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
tide_pill_dispose (GObject *object)
{
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_pill_parent_class)->dispose (object);
}

static void
tide_pill_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  if (prop_id == PROP_LOOK)
    g_value_set_pointer (value, (gpointer) TIDE_PILL (object)->look);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_pill_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  if (prop_id == PROP_LOOK)
    tide_pill_set_look (TIDE_PILL (object), g_value_get_pointer (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_pill_class_init (TidePillClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_pill_dispose;
  object_class->get_property = tide_pill_get_property;
  object_class->set_property = tide_pill_set_property;

  properties[PROP_LOOK] = g_param_spec_pointer ("look", NULL, NULL,
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "statepill");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
tide_pill_init (TidePill *self)
{
  self->icon = GTK_IMAGE (gtk_image_new ());
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_parent (GTK_WIDGET (self->icon), GTK_WIDGET (self));
  self->word = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_set_parent (GTK_WIDGET (self->word), GTK_WIDGET (self));
}

/**
 * tide_pill_set_look:
 * @self: a pill
 * @look: (nullable): what it shows; static data, it is not copied
 *
 * The word is translated here.
 */
void
tide_pill_set_look (TidePill       *self,
                    const TideLook *look)
{
  GtkWidget *widget = GTK_WIDGET (self);

  g_return_if_fail (TIDE_IS_PILL (self));

  if (self->look == look)
    return;

  if (self->look != NULL)
    gtk_widget_remove_css_class (widget, self->look->css_class);
  if (look != NULL)
    gtk_widget_add_css_class (widget, look->css_class);
  self->look = look;
  gtk_image_set_from_icon_name (self->icon, look ? look->icon_name : NULL);
  gtk_label_set_label (self->word, look ? _(look->word) : "");
  gtk_widget_set_tooltip_text (widget, look && look->meaning ? _(look->meaning) : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOOK]);
}
