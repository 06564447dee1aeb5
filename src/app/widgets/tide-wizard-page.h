/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideWizardPage:
 *
 * One step of a #TideWizard. Properties: "title" (string: the step's name in the header bar), "complete" (boolean:
 * whether one may go on). A subclass is a template with one child and keeps "complete" true to what was entered.
 */
#define TIDE_TYPE_WIZARD_PAGE (tide_wizard_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (TideWizardPage, tide_wizard_page, TIDE, WIZARD_PAGE, GtkWidget)

struct _TideWizardPageClass
{
  GtkWidgetClass parent_class;
};

const char *tide_wizard_page_get_title    (TideWizardPage *self);
gboolean    tide_wizard_page_get_complete (TideWizardPage *self);
void        tide_wizard_page_set_complete (TideWizardPage *self,
                                           gboolean        complete);

G_END_DECLS
