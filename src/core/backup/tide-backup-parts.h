/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* Looks for what is chosen of a database: what is not there fails, and a partitioned table brings its partitions, which no
 * pg_dump before 16 does. @tables: (out) (transfer full) (nullable): the tables to dump, NULL where none are chosen.
 * Errors: NOT_FOUND */
gboolean  tide_backup_parts_find    (TideSession              *session,
                                     const TideBackupOptions  *options,
                                     char                   ***tables,
                                     GCancellable             *cancellable,
                                     GError                  **error);
/* What the chosen needs and the dump will not hold, the kind of each before its name. @missing: (out) (transfer full) (nullable) */
gboolean  tide_backup_parts_look_around (TideSession              *session,
                                         const TideBackupOptions  *options,
                                         char                   ***missing,
                                         GCancellable             *cancellable,
                                         GError                  **error);

G_END_DECLS
