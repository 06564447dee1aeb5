/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-workspace.h"
#include "widgets/tide-wizard-page.h"

G_BEGIN_DECLS

/* The parts of a change in their order, each with what makes it real when it is due */
#define TIDE_TYPE_PHASES_LIST_PAGE (tide_phases_list_page_get_type ())
G_DECLARE_FINAL_TYPE (TidePhasesListPage, tide_phases_list_page, TIDE, PHASES_LIST_PAGE, TideWizardPage)

/* @phases: (element-type TidePhase) */
void tide_phases_list_page_enter  (TidePhasesListPage *self,
                                   TideWorkspace      *workspace,
                                   GPtrArray          *phases);
/* The project, its database or the selected environment has changed: what is due now? */
void tide_phases_list_page_update (TidePhasesListPage *self);

G_END_DECLS
