/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "backup/tide-backup-page.h"

G_BEGIN_DECLS

/* Asks how many backups to keep, shows which would go, and deletes those */
#define TIDE_TYPE_BACKUP_CLEAN_UP (tide_backup_clean_up_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupCleanUp, tide_backup_clean_up, TIDE, BACKUP_CLEAN_UP, AdwWindow)

void tide_backup_clean_up_present (TideBackupPage *page);

G_END_DECLS
