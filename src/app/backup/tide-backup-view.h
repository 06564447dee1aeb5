/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "backup/tide-backup-item.h"

G_BEGIN_DECLS

/* The library as a list with details. Property "selected-item" (#TideBackupItem, nullable, read-only). */
#define TIDE_TYPE_BACKUP_VIEW (tide_backup_view_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupView, tide_backup_view, TIDE, BACKUP_VIEW, GtkWidget)

void        tide_backup_view_set_backups     (TideBackupView *self,
                                              GPtrArray      *backups);     /* (nullable) (element-type TideBackup) */
void        tide_backup_view_set_environment (TideBackupView *self,
                                              const char     *environment); /* (nullable): of all */
TideBackup *tide_backup_view_get_selected    (TideBackupView *self);        /* (transfer none) (nullable) */

G_END_DECLS
