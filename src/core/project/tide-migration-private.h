/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-migration.h"

G_BEGIN_DECLS

/* @folder: the folder's name in file system encoding, inside @directory */
TideMigration *tide_migration_new            (const char  *directory,
                                              const char  *folder);
/* Any file of SQL as if it were a migration of its own name. @path: absolute, file system encoding */
TideMigration *tide_migration_new_for_file   (const char  *path);
/* (transfer full) (element-type TideMigration): what @directory holds, in Prisma's order; empty where there is none */
GPtrArray     *tide_migration_list_directory (const char  *directory,
                                              GError     **error);

G_END_DECLS
