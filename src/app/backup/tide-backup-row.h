/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "backup/tide-backup-item.h"

G_BEGIN_DECLS

/* A row of the library; everything in it is bound to its property "item". */
#define TIDE_TYPE_BACKUP_ROW (tide_backup_row_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupRow, tide_backup_row, TIDE, BACKUP_ROW, GtkWidget)

G_END_DECLS
