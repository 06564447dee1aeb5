/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-welcome"

#include "config.h"

#include "tide-welcome.h"

#include "widgets/tide-children.h"
struct _TideWelcome
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (TideWelcome, tide_welcome, GTK_TYPE_WIDGET)

static void
tide_welcome_dispose (GObject *object)
{
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_welcome_parent_class)->dispose (object);
}

static void
tide_welcome_class_init (TideWelcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_welcome_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-welcome.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_welcome_init (TideWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
