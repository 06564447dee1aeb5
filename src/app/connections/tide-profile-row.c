/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-profile-row"

#include "config.h"

#include <glib/gi18n.h>

#include "connections/tide-profile-row.h"

#include "widgets/tide-kind-label.h"

struct _TideProfileRow
{
  GtkListBoxRow  parent_instance;

  /* Template widgets */
  GtkPopover    *menu;

  /* Owned */
  TideProfile   *profile;
};

enum
{
  PROP_PROFILE = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideProfileRow, tide_profile_row, GTK_TYPE_LIST_BOX_ROW)

static GParamSpec *properties[N_PROPS];

static char *
format_place (GObject    *object,
              const char *host,
              const char *database)
{
  const char *where = host == NULL || *host == '\0' || *host == '/' ? _("this computer") : host;

  if (database == NULL || *database == '\0')
    return g_strdup (where);
  return g_strdup_printf ("%s · %s", database, where);
}

/* "profile.edit" of the row is "win.edit-connection" with the row's profile */
static void
activate_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  TideProfileRow *self = TIDE_PROFILE_ROW (widget);
  g_autofree char *name = NULL;

  name = g_strdup_printf ("win.%s-connection", action_name + strlen ("profile."));
  gtk_widget_activate_action (widget, name, "s", tide_profile_get_id (self->profile));
}

static void
popup_menu (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  gtk_popover_popup (TIDE_PROFILE_ROW (widget)->menu);
}

static void
right_pressed_cb (GtkGestureClick *gesture,
                  int              n_press,
                  double           x,
                  double           y,
                  TideProfileRow  *self)
{
  gtk_popover_popup (self->menu);
}

static void
tide_profile_row_update_label (TideProfileRow *self)
{
  g_autofree char *label = NULL;

  label = g_strdup_printf ("%s, %s", tide_profile_get_name (self->profile),
                           tide_kind_get_word (tide_profile_get_kind (self->profile)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
tide_profile_row_constructed (GObject *object)
{
  TideProfileRow *self = TIDE_PROFILE_ROW (object);

  G_OBJECT_CLASS (tide_profile_row_parent_class)->constructed (object);
  g_signal_connect_object (self->profile, "notify", G_CALLBACK (tide_profile_row_update_label),
                           self, G_CONNECT_SWAPPED);
  tide_profile_row_update_label (self);
}

static void
tide_profile_row_dispose (GObject *object)
{
  g_clear_object (&TIDE_PROFILE_ROW (object)->profile);
  G_OBJECT_CLASS (tide_profile_row_parent_class)->dispose (object);
}

static void
tide_profile_row_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (prop_id == PROP_PROFILE)
    g_value_set_object (value, TIDE_PROFILE_ROW (object)->profile);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_profile_row_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  if (prop_id == PROP_PROFILE)
    TIDE_PROFILE_ROW (object)->profile = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_profile_row_class_init (TideProfileRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = tide_profile_row_constructed;
  object_class->dispose = tide_profile_row_dispose;
  object_class->get_property = tide_profile_row_get_property;
  object_class->set_property = tide_profile_row_set_property;

  properties[PROP_PROFILE] =
    g_param_spec_object ("profile", NULL, NULL, TIDE_TYPE_PROFILE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_KIND_LABEL);
  gtk_widget_class_install_action (widget_class, "profile.edit", NULL, activate_action);
  gtk_widget_class_install_action (widget_class, "profile.test", NULL, activate_action);
  gtk_widget_class_install_action (widget_class, "profile.duplicate", NULL, activate_action);
  gtk_widget_class_install_action (widget_class, "profile.remove", NULL, activate_action);
  gtk_widget_class_install_action (widget_class, "menu.popup", NULL, popup_menu);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "menu.popup", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "menu.popup", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "profile.remove", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-profile-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TideProfileRow, menu);
  gtk_widget_class_bind_template_callback (widget_class, format_place);
  gtk_widget_class_bind_template_callback (widget_class, right_pressed_cb);
}

static void
tide_profile_row_init (TideProfileRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tide_profile_row_new (TideProfile *profile)
{
  return g_object_new (TIDE_TYPE_PROFILE_ROW, "profile", profile, NULL);
}

TideProfile *
tide_profile_row_get_profile (TideProfileRow *self)
{
  g_return_val_if_fail (TIDE_IS_PROFILE_ROW (self), NULL);
  return self->profile;
}
