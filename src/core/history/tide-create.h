/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-project.h"

G_BEGIN_DECLS

/* (transfer full): @title as Prisma slugifies it: "Hello, Wörld" -> "hello_woerld", cut at 200 */
char *tide_create_slug      (const char   *title);
/* Makes migrations/<UTC yyyymmddhhmmss>_slug/migration.sql with @sql (NULL: Prisma's
 * empty-migration text), and the lock file; nothing half-made stays. (transfer full): the path of
 * migration.sql */
char *tide_create_migration (TideProject  *project,
                             const char   *title,
                             const char   *sql,
                             GError      **error);

G_END_DECLS
