/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"

G_BEGIN_DECLS

/* What is really made when @options ask for no format in particular */
TideBackupFormat tide_backup_command_format   (const TideBackupOptions *options);
/* (transfer full): pg_dump's argv, without the connection. @snapshot: (nullable) */
char           **tide_backup_command_new      (const TideBackupOptions *options,
                                               const char              *tool,
                                               const char              *file,
                                               const char              *snapshot);
/* (transfer full): the same as a person can type it, with the connection and without secrets */
char           **tide_backup_command_to_type  (const TideBackupOptions *options,
                                               const char              *file,
                                               TideConninfo            *conninfo);

G_END_DECLS
