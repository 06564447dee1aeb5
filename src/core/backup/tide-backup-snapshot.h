/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-catalog.h"
#include "job/tide-job.h"

G_BEGIN_DECLS

/* A moment of the database that a session holds on to, for all who dump and count. */

/* Begins the transaction, and says in @manifest what and when it is. (transfer full): the snapshot's name */
char     *tide_backup_snapshot_take        (TideSession             *session,
                                            TideManifest            *manifest,
                                            GCancellable            *cancellable,
                                            GError                 **error);
/* Rows of each of @tables (element-type TideBackupTable) in it, into @manifest */
gboolean  tide_backup_snapshot_count       (TideSession             *session,
                                            GPtrArray               *tables,
                                            gint64                   exact_below,
                                            TideManifest            *manifest,
                                            TideJob                 *job,
                                            GError                 **error);

G_END_DECLS
