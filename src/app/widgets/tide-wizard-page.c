/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-wizard-page"

#include "config.h"

#include "widgets/tide-children.h"
#include "widgets/tide-wizard-page.h"

typedef struct
{
  char     *title;
  gboolean  complete;
} TideWizardPagePrivate;

enum
{
  PROP_TITLE = 1,
  PROP_COMPLETE,
  N_PROPS,
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TideWizardPage, tide_wizard_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
tide_wizard_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), G_OBJECT_TYPE (object));
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_wizard_page_parent_class)->dispose (object);
}

static void
tide_wizard_page_finalize (GObject *object)
{
  TideWizardPagePrivate *priv = tide_wizard_page_get_instance_private (TIDE_WIZARD_PAGE (object));

  g_clear_pointer (&priv->title, g_free);
  G_OBJECT_CLASS (tide_wizard_page_parent_class)->finalize (object);
}

static void
tide_wizard_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  TideWizardPagePrivate *priv = tide_wizard_page_get_instance_private (TIDE_WIZARD_PAGE (object));

  switch (prop_id)
    {
    case PROP_TITLE: g_value_set_string (value, priv->title); break;
    case PROP_COMPLETE: g_value_set_boolean (value, priv->complete); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_wizard_page_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  TideWizardPagePrivate *priv = tide_wizard_page_get_instance_private (TIDE_WIZARD_PAGE (object));

  switch (prop_id)
    {
    case PROP_TITLE:
      g_free (priv->title);
      priv->title = g_value_dup_string (value);
      break;
    case PROP_COMPLETE:
      tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (object), g_value_get_boolean (value));
      break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_wizard_page_class_init (TideWizardPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tide_wizard_page_dispose;
  object_class->finalize = tide_wizard_page_finalize;
  object_class->get_property = tide_wizard_page_get_property;
  object_class->set_property = tide_wizard_page_set_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_COMPLETE] = g_param_spec_boolean ("complete", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                    | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
tide_wizard_page_init (TideWizardPage *self)
{
}

const char *
tide_wizard_page_get_title (TideWizardPage *self)
{
  TideWizardPagePrivate *priv = tide_wizard_page_get_instance_private (self);

  g_return_val_if_fail (TIDE_IS_WIZARD_PAGE (self), NULL);
  return priv->title;
}

gboolean
tide_wizard_page_get_complete (TideWizardPage *self)
{
  TideWizardPagePrivate *priv = tide_wizard_page_get_instance_private (self);

  g_return_val_if_fail (TIDE_IS_WIZARD_PAGE (self), FALSE);
  return priv->complete;
}

void
tide_wizard_page_set_complete (TideWizardPage *self,
                               gboolean        complete)
{
  TideWizardPagePrivate *priv = tide_wizard_page_get_instance_private (self);

  g_return_if_fail (TIDE_IS_WIZARD_PAGE (self));

  if (priv->complete == complete)
    return;
  priv->complete = complete;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPLETE]);
}
