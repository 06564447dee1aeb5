/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"

G_BEGIN_DECLS

TideBackup *tide_backup_new (const char       *path,
                             TideBackupFormat  format,
                             TideManifest     *manifest);

G_END_DECLS
