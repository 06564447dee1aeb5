/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideBackupWatch:
 *
 * Watches a folder of backups, which need not be there yet. Signal "changed" (no arguments): something was put into it, is
 * complete, or has gone; told once when it is quiet again. A file that is only being written is no news.
 */
#define TIDE_TYPE_BACKUP_WATCH (tide_backup_watch_get_type ())
G_DECLARE_FINAL_TYPE (TideBackupWatch, tide_backup_watch, TIDE, BACKUP_WATCH, GObject)

TideBackupWatch *tide_backup_watch_new        (const char      *folder);
const char      *tide_backup_watch_get_folder (TideBackupWatch *self);

G_END_DECLS
