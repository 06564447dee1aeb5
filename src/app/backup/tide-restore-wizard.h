/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-page.h"
#include "backup/tide-backup.h"
#include "widgets/tide-wizard.h"

G_BEGIN_DECLS

/* Asks what to restore, what of it, and where; then runs it as a job of the workspace and tells what came of it. */
#define TIDE_TYPE_RESTORE_WIZARD (tide_restore_wizard_get_type ())
G_DECLARE_FINAL_TYPE (TideRestoreWizard, tide_restore_wizard, TIDE, RESTORE_WIZARD, TideWizard)

void tide_restore_wizard_present (TideBackupPage *page,
                                  TideBackup     *backup); /* (nullable): a file is asked for */

G_END_DECLS
