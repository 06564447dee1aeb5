/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-restore.h"

G_BEGIN_DECLS

/* A restore that is being asked for, with everything that #TideRestoreOptions only borrows. Not changed any more once a thread
 * has it. Atomically reference counted. */
typedef struct
{
  TideBackup         *backup;
  TideConninfo       *conninfo;
  TideRestoreOptions  options;
  char               *into;        /* (nullable) */
  char              **only;        /* (nullable): all of it */
  char               *environment;
  TideKind            kind;
  char               *folder;      /* where a backup is kept that is made before the database is changed in place */
  gint64              exact_below; /* as #TideBackupOptions.exact_rows_below, for that one */
} TideRestoreRequest;

TideRestoreRequest *tide_restore_request_new   (TideBackup         *backup,
                                                TideConninfo       *conninfo);
TideRestoreRequest *tide_restore_request_ref   (TideRestoreRequest *self);
void                tide_restore_request_unref (TideRestoreRequest *self);
/* Runs it: in place only after a fresh backup. Blocking */
TideRestoreReport  *tide_restore_request_run   (TideRestoreRequest *self,
                                                TideJob            *job,
                                                GError            **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRestoreRequest, tide_restore_request_unref)

G_END_DECLS
