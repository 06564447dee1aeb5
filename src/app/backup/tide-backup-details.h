/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "backup/tide-backup-item.h"

G_BEGIN_DECLS

/* All that is known of one backup, with what can be done to it (actions of the group "backups"). */
#define TIDE_TYPE_BACKUP_DETAILS (tide_backup_details_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupDetails, tide_backup_details, TIDE, BACKUP_DETAILS, GtkWidget)

void tide_backup_details_set_backup (TideBackupDetails *self,
                                     TideBackup        *backup); /* (nullable) */

G_END_DECLS
