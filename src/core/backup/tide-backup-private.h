/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

TideBackup     *tide_backup_new       (const char               *path,
                                       TideBackupFormat          format,
                                       TideManifest             *manifest);
/* (transfer full) (nullable): where the roles beside it lie, that its manifest tells of */
char           *tide_backup_dup_roles_path (const TideBackup    *backup);
/* (transfer full): what a file of its manifest is called now: the backup may have been renamed, with its manifest */
char           *tide_backup_dup_file_name (const TideBackup       *backup,
                                           const TideManifestFile *file);
/* tide_backup_plan_make() on a session that tide_backup_catalog_prepare() has made fit; (element-type TideBackupTable) of @tables */
TideBackupPlan *tide_backup_plan_look (TideConninfo             *conninfo,
                                       TideSession              *session,
                                       const TideBackupOptions  *options,
                                       TideManifest             *manifest,
                                       GPtrArray               **tables,
                                       GCancellable             *cancellable,
                                       GError                  **error);

G_END_DECLS
