/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A #GListModel of #TideBackupItem over the backups of a folder, in their order, narrowed to an environment. Items are made when
 * a row is seen. */
#define TIDE_TYPE_BACKUP_MODEL (tide_backup_model_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupModel, tide_backup_model, TIDE, BACKUP_MODEL, GObject)

TideBackupModel *tide_backup_model_new             (void);
void             tide_backup_model_set_backups     (TideBackupModel *self,
                                                    GPtrArray       *backups);     /* (element-type TideBackup) */
void             tide_backup_model_set_environment (TideBackupModel *self,
                                                    const char      *environment); /* (nullable): of all */
guint            tide_backup_model_find            (TideBackupModel *self,
                                                    const char      *path);        /* GTK_INVALID_LIST_POSITION: not shown */

G_END_DECLS
