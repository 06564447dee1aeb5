/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"

G_BEGIN_DECLS

/* The backups in a folder (PROJECT/backups). Blocking file reading. */

/* (transfer full) (element-type TideBackup): newest first; a file without a manifest counts only when it is recognised as a dump.
 * A folder that is not there is empty. */
GPtrArray *tide_library_list         (const char          *folder,
                                      GError             **error);
/* (transfer full) (element-type filename): *.partial files and folders that nobody is writing, and manifests without a backup */
GPtrArray *tide_library_list_orphans (const char          *folder,
                                      GError             **error);
/* One of those; BUSY when somebody has begun to write it meanwhile */
gboolean   tide_library_remove_orphan (const char         *path,
                                      GError             **error);
/* Backup, manifest and roles file, in an order that never leaves a backup that looks whole */
gboolean   tide_library_delete       (TideBackup          *backup,
                                      GError             **error);
gboolean   tide_library_set_pinned   (TideBackup          *backup,
                                      gboolean             pinned,
                                      GError             **error);

typedef struct
{
  guint last;    /* 0 everywhere: keep all */
  guint daily;
  guint weekly;
  guint monthly;
} TideRetention;

/* (transfer full) (element-type TideBackup): which of @backups would go. Never pinned ones, never the newest proved one of a
 * database, never below @retention->last. Pure */
GPtrArray *tide_retention_choose     (GPtrArray           *backups,
                                      const TideRetention *retention,
                                      gint64               now); /* microseconds */

G_END_DECLS
