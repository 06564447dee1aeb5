/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-page.h"
#include "backup/tide-backup.h"

G_BEGIN_DECLS

/* What a person can do to backups that are there. Each runs in the background, a long one as a job of the workspace; what
 * came of it is told on @page, a failure over it, and the library is read again. */

void tide_backup_verify         (TideBackupPage *page,
                                 TideBackup     *backup,
                                 int             level);
void tide_backup_set_pinned     (TideBackupPage *page,
                                 TideBackup     *backup,
                                 gboolean        pinned);
/* Asks first */
void tide_backup_delete         (TideBackupPage *page,
                                 TideBackup     *backup);
/* Does not ask: the clean-up has shown them. (element-type TideBackup) */
void tide_backup_delete_all     (TideBackupPage *page,
                                 GPtrArray      *backups);
/* Asks first. (element-type filename) */
void tide_backup_remove_orphans (TideBackupPage *page,
                                 GPtrArray      *orphans);
/* Asks first; gives @old_database the name in @conninfo back */
void tide_backup_swap_back      (TideBackupPage *page,
                                 TideConninfo   *conninfo,
                                 const char     *old_database);
/* Does not ask: whoever offers it has asked */
void tide_backup_drop_kept      (TideBackupPage *page,
                                 TideConninfo   *conninfo,
                                 const char     *database);
/* Lets the database of @conninfo take connections again */
void tide_backup_reopen         (TideBackupPage *page,
                                 TideConninfo   *conninfo);

G_END_DECLS
