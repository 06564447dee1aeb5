/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/tide-wizard-page.h"

G_BEGIN_DECLS

/* Asks for a change and for what that change needs; complete when it can be taken apart. */
#define TIDE_TYPE_PHASES_CHANGE_PAGE (tide_phases_change_page_get_type ())
G_DECLARE_FINAL_TYPE (TidePhasesChangePage, tide_phases_change_page, TIDE, PHASES_CHANGE_PAGE, TideWizardPage)

/* (transfer none) (nullable) (element-type TidePhase): NULL while it is not complete */
GPtrArray *tide_phases_change_page_get_phases (TidePhasesChangePage *self);

G_END_DECLS
