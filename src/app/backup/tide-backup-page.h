/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideBackupPage:
 *
 * The backups in the project's folder "backups", newest first, with what can be done to them. Property "workspace"
 * (#TideWorkspace, construct). Its actions are the group "backups".
 */
#define TIDE_TYPE_BACKUP_PAGE (tide_backup_page_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupPage, tide_backup_page, TIDE, BACKUP_PAGE, GtkWidget)

TideWorkspace *tide_backup_page_get_workspace   (TideBackupPage *self); /* (transfer none) */
/* (transfer full) (nullable): as the project names it; it need not exist */
char          *tide_backup_page_dup_folder      (TideBackupPage *self);
/* Bytes of a table from which on its rows are estimated, as the preferences say */
GPtrArray     *tide_backup_page_get_backups     (TideBackupPage *self); /* (transfer none) (nullable) (element-type TideBackup) */
/* Reads the folder again, in the background */
void           tide_backup_page_reload          (TideBackupPage *self);
/* Says above the list what came of something, until it is dismissed. With @old_database (nullable) it offers to give that
 * one its name in @conninfo back. */
void           tide_backup_page_tell            (TideBackupPage *self,
                                                 const char     *text,
                                                 TideConninfo   *conninfo,
                                                 const char     *old_database);

G_END_DECLS
