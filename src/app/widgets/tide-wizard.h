/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "widgets/tide-wizard-page.h"

G_BEGIN_DECLS

/**
 * TideWizard:
 *
 * A window that leads through steps: Back or Cancel on the left, Next or the verb on the right, which work when the
 * step that is shown is complete. A subclass adds its pages in order, fills a page in "enter" (also when one comes
 * back to it), and does in "finish" what was asked for; the window closes after that.
 */
#define TIDE_TYPE_WIZARD (tide_wizard_get_type ())
G_DECLARE_DERIVABLE_TYPE (TideWizard, tide_wizard, TIDE, WIZARD, AdwWindow)

struct _TideWizardClass
{
  AdwWindowClass parent_class;

  void (*enter)  (TideWizard     *self,
                  TideWizardPage *page);
  void (*finish) (TideWizard     *self);
};

void tide_wizard_add_page (TideWizard     *self,
                           TideWizardPage *page); /* (transfer floating) */
void tide_wizard_set_verb (TideWizard     *self,
                           const char     *verb,  /* of the last button, with a mnemonic */
                           gboolean        destructive);
/* Shows the first page, and the window */
void tide_wizard_present  (TideWizard     *self);

G_END_DECLS
