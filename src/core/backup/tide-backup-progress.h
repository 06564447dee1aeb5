/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-catalog.h"
#include "job/tide-job.h"

G_BEGIN_DECLS

/* Watches a dump from the server's side, by the name its sessions have, and tells a job how far it is. */
typedef struct _TideBackupProgress TideBackupProgress;

/* @tables, @manifest: borrowed until the end. @by_size: several jobs take the largest first */
TideBackupProgress *tide_backup_progress_start (TideConninfo *conninfo,
                                                const char   *application_name,
                                                GPtrArray    *tables,
                                                TideManifest *manifest,
                                                gboolean      by_size,
                                                TideJob      *job);
void                tide_backup_progress_stop  (TideBackupProgress *self);

/* ": 12.3 MB/s, 40 s left" behind what is being read or written; @share: 0..1, or less where it is not known. Nothing in the first
 * moments, which say nothing of the rest */
void                tide_backup_progress_append_rate (GString      *text,
                                                      gint64        started_at,
                                                      double        bytes,
                                                      double        share);

/* How much of a whole backup the parts take, for one bar over all of it */
#define TIDE_BACKUP_DUMP_FROM 0.1
#define TIDE_BACKUP_DUMP_TO 0.85

G_END_DECLS
