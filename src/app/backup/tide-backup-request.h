/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"

G_BEGIN_DECLS

/**
 * TideBackupRequest:
 *
 * A backup that is being asked for, with everything that #TideBackupOptions only borrows. The pages of the wizard fill it;
 * once a thread has it, it is not changed any more. Atomically reference counted.
 */
typedef struct
{
  TideConninfo      *conninfo;
  TideBackupOptions  options;
  char             **schemas;     /* (nullable) */
  char             **tables;      /* (nullable) */
  char              *folder;
  char              *environment;
  char              *purpose;     /* (nullable) */
  char              *migration;   /* (nullable) */
} TideBackupRequest;

TideBackupRequest *tide_backup_request_new   (TideConninfo      *conninfo);
TideBackupRequest *tide_backup_request_ref   (TideBackupRequest *self);
void               tide_backup_request_unref (TideBackupRequest *self);
/* (transfer none): the options, with all they borrow in place */
const TideBackupOptions *tide_backup_request_get_options (TideBackupRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBackupRequest, tide_backup_request_unref)

G_END_DECLS
