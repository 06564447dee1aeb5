/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-label"

#include "config.h"

#include <glib/gi18n.h>

#include "widgets/tide-kind-label.h"

#include "widgets/tide-children.h"
struct _TideKindLabel
{
  GtkWidget  parent_instance;

  /* Template widgets */
  GtkImage  *icon;
  GtkLabel  *word;

  /* Owned */
  char      *css_class; /* of the kind that is shown */

  TideKind   kind;
  gboolean   show_word;
};

enum
{
  PROP_KIND = 1,
  PROP_SHOW_WORD,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideKindLabel, tide_kind_label, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
tide_kind_label_update (TideKindLabel *self)
{
  const char *word = tide_kind_get_word (self->kind);
  g_autofree char *css_class = g_strconcat ("kind-", tide_kind_to_string (self->kind), NULL);

  if (self->css_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), self->css_class);
  gtk_widget_add_css_class (GTK_WIDGET (self), css_class);
  g_free (self->css_class);
  self->css_class = g_steal_pointer (&css_class);
  gtk_image_set_from_icon_name (self->icon, tide_kind_get_icon_name (self->kind));
  gtk_label_set_label (self->word, word);
  gtk_widget_set_visible (GTK_WIDGET (self->word), self->show_word);
  /* One that is set anew asks the display where the pointer is, and waits for the answer. */
  if (!self->show_word || gtk_widget_get_has_tooltip (GTK_WIDGET (self)))
    gtk_widget_set_tooltip_text (GTK_WIDGET (self), self->show_word ? NULL : word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
}

static void
tide_kind_label_dispose (GObject *object)
{
  tide_children_unparent (GTK_WIDGET (object));
  g_clear_pointer (&TIDE_KIND_LABEL (object)->css_class, g_free);
  G_OBJECT_CLASS (tide_kind_label_parent_class)->dispose (object);
}

static void
tide_kind_label_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TideKindLabel *self = TIDE_KIND_LABEL (object);

  switch (prop_id)
    {
    case PROP_KIND: g_value_set_enum (value, self->kind); break;
    case PROP_SHOW_WORD: g_value_set_boolean (value, self->show_word); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_kind_label_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  TideKindLabel *self = TIDE_KIND_LABEL (object);

  switch (prop_id)
    {
    case PROP_KIND: self->kind = g_value_get_enum (value); break;
    case PROP_SHOW_WORD: self->show_word = g_value_get_boolean (value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
  tide_kind_label_update (self);
}

static void
tide_kind_label_class_init (TideKindLabelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tide_kind_label_dispose;
  object_class->get_property = tide_kind_label_get_property;
  object_class->set_property = tide_kind_label_set_property;

  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, TIDE_TYPE_KIND,
                                             TIDE_KIND_UNKNOWN, flags);
  properties[PROP_SHOW_WORD] = g_param_spec_boolean ("show-word", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-kind-label.ui");
  gtk_widget_class_bind_template_child (widget_class, TideKindLabel, icon);
  gtk_widget_class_bind_template_child (widget_class, TideKindLabel, word);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
tide_kind_label_init (TideKindLabel *self)
{
  GtkLayoutManager *layout;

  self->show_word = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  tide_kind_label_update (self);
}

const char *
tide_kind_get_word (TideKind kind)
{
  switch (kind)
    {
    case TIDE_KIND_DEVELOPMENT: return _("development");
    case TIDE_KIND_STAGING: return _("staging");
    case TIDE_KIND_PRODUCTION: return _("production");
    case TIDE_KIND_UNKNOWN:
    default: return _("unknown kind");
    }
}

const char *
tide_kind_get_icon_name (TideKind kind)
{
  switch (kind)
    {
    case TIDE_KIND_DEVELOPMENT: return "tide-kind-development-symbolic";
    case TIDE_KIND_STAGING: return "tide-kind-staging-symbolic";
    case TIDE_KIND_PRODUCTION: return "tide-kind-production-symbolic";
    case TIDE_KIND_UNKNOWN:
    default: return "tide-kind-unknown-symbolic";
    }
}
