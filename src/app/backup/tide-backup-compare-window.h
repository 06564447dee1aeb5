/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "backup/tide-backup-page.h"
#include "backup/tide-backup.h"

G_BEGIN_DECLS

/* The row counts of a backup beside those of an environment that is chosen there */
#define TIDE_TYPE_BACKUP_COMPARE_WINDOW (tide_backup_compare_window_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupCompareWindow, tide_backup_compare_window, TIDE, BACKUP_COMPARE_WINDOW, AdwWindow)

void tide_backup_compare_window_present (TideBackupPage *page,
                                         TideBackup     *backup);

G_END_DECLS
