/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-wizard"

#include "config.h"

#include <glib/gi18n.h>

#include "widgets/tide-wizard.h"

typedef struct
{
  /* Template widgets */
  AdwWindowTitle *heading;
  GtkButton      *back;
  GtkButton      *next;
  GtkStack       *stack;

  /* Owned */
  GPtrArray      *pages; /* TideWizardPage, which the stack owns */
  char           *verb;

  guint           current;
  gboolean        destructive;
} TideWizardPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TideWizard, tide_wizard, ADW_TYPE_WINDOW)

static TideWizardPage *
get_page (TideWizard *self)
{
  TideWizardPrivate *priv = tide_wizard_get_instance_private (self);

  return g_ptr_array_index (priv->pages, priv->current);
}

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* The one place that makes buttons and title agree with the step that is shown */
static void
tide_wizard_update (TideWizard *self)
{
  TideWizardPrivate *priv = tide_wizard_get_instance_private (self);
  gboolean last = priv->current + 1 == priv->pages->len;
  g_autofree char *step = NULL;

  step = g_strdup_printf (_("%u of %u: %s"), priv->current + 1, priv->pages->len,
                          tide_wizard_page_get_title (get_page (self)));
  adw_window_title_set_subtitle (priv->heading, step);
  gtk_button_set_label (priv->back, priv->current == 0 ? _("_Cancel") : _("_Back"));
  gtk_button_set_label (priv->next, last ? priv->verb : _("_Next"));
  set_class (GTK_WIDGET (priv->next), "destructive-action", last && priv->destructive);
  set_class (GTK_WIDGET (priv->next), "suggested-action", !last || !priv->destructive);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.next",
                                 tide_wizard_page_get_complete (get_page (self)));
}

static void
tide_wizard_go_to (TideWizard *self,
                   guint       number)
{
  TideWizardPrivate *priv = tide_wizard_get_instance_private (self);

  priv->current = number;
  gtk_stack_set_visible_child (priv->stack, GTK_WIDGET (get_page (self)));
  TIDE_WIZARD_GET_CLASS (self)->enter (self, get_page (self));
  tide_wizard_update (self);
}

static void
go_back (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  TideWizardPrivate *priv = tide_wizard_get_instance_private (TIDE_WIZARD (widget));

  if (priv->current == 0)
    gtk_window_close (GTK_WINDOW (widget));
  else
    tide_wizard_go_to (TIDE_WIZARD (widget), priv->current - 1);
}

static void
go_next (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  TideWizard *self = TIDE_WIZARD (widget);
  TideWizardPrivate *priv = tide_wizard_get_instance_private (self);

  if (priv->current + 1 < priv->pages->len)
    {
      tide_wizard_go_to (self, priv->current + 1);
      return;
    }
  TIDE_WIZARD_GET_CLASS (self)->finish (self);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
tide_wizard_finalize (GObject *object)
{
  TideWizardPrivate *priv = tide_wizard_get_instance_private (TIDE_WIZARD (object));

  g_clear_pointer (&priv->pages, g_ptr_array_unref);
  g_clear_pointer (&priv->verb, g_free);
  G_OBJECT_CLASS (tide_wizard_parent_class)->finalize (object);
}

static void
tide_wizard_class_init (TideWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_wizard_finalize;

  gtk_widget_class_install_action (widget_class, "wizard.back", NULL, go_back);
  gtk_widget_class_install_action (widget_class, "wizard.next", NULL, go_next);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-wizard.ui");
  gtk_widget_class_bind_template_child_private (widget_class, TideWizard, heading);
  gtk_widget_class_bind_template_child_private (widget_class, TideWizard, back);
  gtk_widget_class_bind_template_child_private (widget_class, TideWizard, next);
  gtk_widget_class_bind_template_child_private (widget_class, TideWizard, stack);
}

static void
tide_wizard_init (TideWizard *self)
{
  TideWizardPrivate *priv = tide_wizard_get_instance_private (self);

  priv->pages = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_bind_property (self, "title", priv->heading, "title", G_BINDING_SYNC_CREATE);
}

void
tide_wizard_add_page (TideWizard     *self,
                      TideWizardPage *page)
{
  TideWizardPrivate *priv = tide_wizard_get_instance_private (self);

  g_return_if_fail (TIDE_IS_WIZARD (self));
  g_return_if_fail (TIDE_IS_WIZARD_PAGE (page));

  g_ptr_array_add (priv->pages, page);
  gtk_stack_add_child (priv->stack, GTK_WIDGET (page));
  g_signal_connect_object (page, "notify::complete", G_CALLBACK (tide_wizard_update), self, G_CONNECT_SWAPPED);
}

void
tide_wizard_set_verb (TideWizard *self,
                      const char *verb,
                      gboolean    destructive)
{
  TideWizardPrivate *priv = tide_wizard_get_instance_private (self);

  g_return_if_fail (TIDE_IS_WIZARD (self));

  g_free (priv->verb);
  priv->verb = g_strdup (verb);
  priv->destructive = destructive;
  if (priv->pages->len > 0)
    tide_wizard_update (self);
}

void
tide_wizard_present (TideWizard *self)
{
  g_return_if_fail (TIDE_IS_WIZARD (self));

  tide_wizard_go_to (self, 0);
  gtk_window_present (GTK_WINDOW (self));
  /* The keyboard starts at what is asked, not at the button that gives up. */
  gtk_widget_child_focus (GTK_WIDGET (get_page (self)), GTK_DIR_TAB_FORWARD);
}
