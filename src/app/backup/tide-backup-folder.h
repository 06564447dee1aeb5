/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-library.h"

G_BEGIN_DECLS

/* What a folder of backups holds */
typedef struct
{
  GPtrArray *backups; /* (element-type TideBackup) */
  GPtrArray *orphans; /* (element-type filename) */
  /*< private >*/
  GString   *state;
} TideBackupFolder;

/* Blocking */
TideBackupFolder *tide_backup_folder_read    (const char             *path,
                                              GError                **error);
void              tide_backup_folder_free    (TideBackupFolder       *self);
/* Whether both would be shown alike */
gboolean          tide_backup_folder_is_like (const TideBackupFolder *self,
                                              const TideBackupFolder *other);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBackupFolder, tide_backup_folder_free)

G_END_DECLS
