/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "backup/tide-backup-item.h"

G_BEGIN_DECLS

/* How far a backup has been proved, as icon, word and colour. Property "proof" (#TideProof). */
#define TIDE_TYPE_BACKUP_BADGE (tide_backup_badge_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupBadge, tide_backup_badge, TIDE, BACKUP_BADGE, GtkWidget)

const char *tide_proof_get_word    (TideProof proof); /* (transfer none), translated: "Intact" */
const char *tide_proof_get_meaning (TideProof proof); /* (transfer none), translated: one sentence */

G_END_DECLS
