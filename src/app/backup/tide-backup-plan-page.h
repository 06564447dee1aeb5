/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-request.h"
#include "widgets/tide-wizard-page.h"

G_BEGIN_DECLS

/* What the backup will be: space, warnings, the exact command. Complete once the server was asked and nothing speaks against it. */
#define TIDE_TYPE_BACKUP_PLAN_PAGE (tide_backup_plan_page_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupPlanPage, tide_backup_plan_page, TIDE, BACKUP_PLAN_PAGE, TideWizardPage)

/* Asks the server, in the background */
void tide_backup_plan_page_enter (TideBackupPlanPage *self,
                                  TideBackupRequest  *request);

G_END_DECLS
