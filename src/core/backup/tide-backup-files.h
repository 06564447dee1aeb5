/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What lies in the folder of backups, under which name, and who is writing it. A backup in the making is NAME.partial and locked by
 * its maker, so that what a crash left is told from what is being made. */

#define TIDE_PARTIAL_SUFFIX ".partial"
#define TIDE_DELETED_SUFFIX ".deleted" TIDE_PARTIAL_SUFFIX
#define TIDE_ROLES_SUFFIX ".roles.sql"

gboolean   tide_backup_files_is_busy (const char    *path);
/* Whoever comes later knows by it whose this is; not every file system keeps it. */
void       tide_backup_files_mark    (int            fd);
void       tide_backup_files_unmark  (int            fd);
/* Marked, or, where marks are not kept, called as only this program calls what it has not finished */
gboolean   tide_backup_files_is_ours (const char    *path);
/* (transfer full) (element-type filename): @path itself when it is a file, else the files in it, sorted; relative to its folder */
GPtrArray *tide_backup_files_list    (const char    *path,
                                      GError       **error);
gint64     tide_backup_files_measure (const char    *path);
/* Readable by this user alone, and on the disk: each file, the folder and the folder around it */
gboolean   tide_backup_files_secure  (const char    *path,
                                      GError       **error);
gboolean   tide_backup_files_sync_folder_of (const char  *path,
                                             GError     **error);
/* Renames it, unless something is called so already: FALSE and errno */
gboolean   tide_backup_files_name    (const char    *from,
                                      const char    *to);
/* A file or a folder of files; TRUE when it is not there */
gboolean   tide_backup_files_remove  (const char    *path,
                                      GError       **error);
/* The same, under its lock: %TIDE_ERROR_BUSY when somebody is writing it, and nobody begins to meanwhile */
gboolean   tide_backup_files_remove_idle (const char  *path,
                                          GError     **error);

G_END_DECLS
