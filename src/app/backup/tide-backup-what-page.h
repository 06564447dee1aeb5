/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-choice.h"
#include "backup/tide-backup-request.h"
#include "widgets/tide-wizard-page.h"

G_BEGIN_DECLS

/* What is backed up: all of it, schemas or tables; structure, rows or both; what for. */
#define TIDE_TYPE_BACKUP_WHAT_PAGE (tide_backup_what_page_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupWhatPage, tide_backup_what_page, TIDE, BACKUP_WHAT_PAGE, TideWizardPage)

/* What there is to choose from; until then only all of it can be chosen. One of @catalog and @error is set. */
void tide_backup_what_page_set_catalog (TideBackupWhatPage *self,
                                        const TideBackupChoice  *catalog,
                                        const GError       *error);
void tide_backup_what_page_fill        (TideBackupWhatPage *self,
                                        TideBackupRequest  *request);

G_END_DECLS
