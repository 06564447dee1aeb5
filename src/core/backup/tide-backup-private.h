/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

TideBackup     *tide_backup_new       (const char               *path,
                                       TideBackupFormat          format,
                                       TideManifest             *manifest);
/* tide_backup_plan_make() on a session that tide_backup_catalog_prepare() has made fit; (element-type TideBackupTable) of @tables */
TideBackupPlan *tide_backup_plan_look (TideConninfo             *conninfo,
                                       TideSession              *session,
                                       const TideBackupOptions  *options,
                                       TideManifest             *manifest,
                                       GPtrArray               **tables,
                                       GCancellable             *cancellable,
                                       GError                  **error);

G_END_DECLS
