/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-page.h"
#include "widgets/tide-wizard.h"

G_BEGIN_DECLS

/* Asks what to back up of the selected environment, and how; shows the plan; then runs it as a job of the workspace. */
#define TIDE_TYPE_BACKUP_WIZARD (tide_backup_wizard_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupWizard, tide_backup_wizard, TIDE, BACKUP_WIZARD, TideWizard)

void tide_backup_wizard_present (TideBackupPage *page);

G_END_DECLS
