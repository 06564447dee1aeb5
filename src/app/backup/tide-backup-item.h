/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"

G_BEGIN_DECLS

/* How far a backup has been proved, as a person reads it */
typedef enum
{
  TIDE_PROOF_NONE,       /* never verified */
  TIDE_PROOF_DAMAGED,    /* verified, and not even readable */
  TIDE_PROOF_READABLE,   /* levels 1 to 4 */
  TIDE_PROOF_INTACT,
  TIDE_PROOF_RESTORABLE,
  TIDE_PROOF_COUNTED,
} TideProof;

#define TIDE_TYPE_PROOF (tide_proof_get_type ())
GType     tide_proof_get_type (void);
TideProof tide_backup_get_proof (const TideBackup *self);

/**
 * TideBackupItem:
 *
 * One row of the library: a #TideBackup made readable. Properties, all read-only: "title" (the moment), "age" ("3 days ago"),
 * "detail" (environment, format, size, what for), "proof" (#TideProof), "pinned" (boolean), "remark" (a word of warning, or "").
 */
#define TIDE_TYPE_BACKUP_ITEM (tide_backup_item_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupItem, tide_backup_item, TIDE, BACKUP_ITEM, GObject)

TideBackupItem *tide_backup_item_new        (TideBackup     *backup);
TideBackup     *tide_backup_item_get_backup (TideBackupItem *self); /* (transfer none) */
const char     *tide_backup_format_get_word (TideBackupFormat format); /* (transfer none), translated */

G_END_DECLS
