/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-restore-request.h"
#include "tide-workspace.h"
#include "widgets/tide-wizard-page.h"

G_BEGIN_DECLS

/* Where a backup goes: beside a database, in its place by a swap, or into it; what is kept and lost, and who is using it.
 * Complete when it is clear, and confirmed where something can be lost. */
#define TIDE_TYPE_RESTORE_TARGET_PAGE (tide_restore_target_page_get_type ())
G_DECLARE_FINAL_TYPE (TideRestoreTargetPage, tide_restore_target_page, TIDE, RESTORE_TARGET_PAGE, TideWizardPage)

void             tide_restore_target_page_set_workspace   (TideRestoreTargetPage *self,
                                                           TideWorkspace         *workspace);
/* Asks the database who uses it, in the background */
void             tide_restore_target_page_enter           (TideRestoreTargetPage *self,
                                                           TideBackupFormat       format);
TideConninfo    *tide_restore_target_page_get_conninfo    (TideRestoreTargetPage *self); /* (transfer none) (nullable) */
void             tide_restore_target_page_fill            (TideRestoreTargetPage *self,
                                                           TideRestoreRequest    *request);

G_END_DECLS
