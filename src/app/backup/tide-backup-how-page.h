/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-request.h"
#include "widgets/tide-wizard-page.h"

G_BEGIN_DECLS

/* Format, place, proof, and what hardly anybody needs. What the tools refuse together cannot be chosen together. */
#define TIDE_TYPE_BACKUP_HOW_PAGE (tide_backup_how_page_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupHowPage, tide_backup_how_page, TIDE, BACKUP_HOW_PAGE, TideWizardPage)

void tide_backup_how_page_set_folder (TideBackupHowPage *self,
                                      const char        *folder);
/* A large database is proposed the format that several jobs can write, unless the person has chosen one */
void tide_backup_how_page_set_size   (TideBackupHowPage *self,
                                      gint64             bytes);
/* What the other pages ask for; some of what is here does not go with it */
void tide_backup_how_page_enter      (TideBackupHowPage *self,
                                      TideBackupRequest *request);
void tide_backup_how_page_fill       (TideBackupHowPage *self,
                                      TideBackupRequest *request);

G_END_DECLS
