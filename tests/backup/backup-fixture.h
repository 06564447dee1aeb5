/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-library.h"
#include "backup/tide-backup.h"
#include "backup/tide-verify.h"
#include "support/tide-test.h"

#define BACKUP_FIXTURE_NAME "migration_backup_20250101_000000.dump"

G_BEGIN_DECLS

/* A database and a folder for its backups */
typedef struct
{
  TideConninfo *conninfo;
  char         *folder;
} BackupFixture;

void        backup_fixture_set_up      (BackupFixture           *self,
                                        gconstpointer            data);
void        backup_fixture_tear_down   (BackupFixture           *self,
                                        gconstpointer            data);
/* A shop: two tables, a sequence, an enum, a view; @rows of them */
void        backup_fixture_fill        (BackupFixture           *self,
                                        guint                    rows);
/* (transfer full): a backup that must be made */
TideBackup *backup_fixture_make        (BackupFixture           *self,
                                        const TideBackupOptions *options);
/* Fails the test unless @level is reached and no further problem is told */
void        backup_fixture_verify      (TideBackup              *backup,
                                        int                      level);
/* (nullable): what the manifest says of the table of that name */
const TideManifestTable *backup_fixture_find_table (TideManifest *manifest,
                                                    const char   *name);
/* A file as a run of ours leaves it that was killed; where no marks are kept, its name must be one that is given by us */
void        backup_fixture_leave       (const char              *folder,
                                        const char              *name,
                                        const char              *text);
/* How many files and folders there are in the folder */
guint       backup_fixture_count_files (BackupFixture           *self);

G_END_DECLS
