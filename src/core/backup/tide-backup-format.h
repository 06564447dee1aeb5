/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How a backup is laid out on disk. The first five can be made; the others are recognised and restored. */
typedef enum
{
  TIDE_BACKUP_FORMAT_UNKNOWN,
  TIDE_BACKUP_FORMAT_CUSTOM,    /* one file, chosen parts restorable */
  TIDE_BACKUP_FORMAT_DIRECTORY, /* a folder, made and restored by several jobs */
  TIDE_BACKUP_FORMAT_PLAIN,     /* SQL text */
  TIDE_BACKUP_FORMAT_GZIP,      /* SQL text, compressed */
  TIDE_BACKUP_FORMAT_TAR,
  TIDE_BACKUP_FORMAT_ZSTD,      /* SQL text, compressed */
  TIDE_BACKUP_FORMAT_LZ4,       /* SQL text, compressed */
  TIDE_BACKUP_FORMAT_CLUSTER,   /* pg_dumpall's SQL: told, never restored into a database */
} TideBackupFormat;

#define TIDE_TYPE_BACKUP_FORMAT (tide_backup_format_get_type ())
GType            tide_backup_format_get_type      (void);
const char      *tide_backup_format_to_string     (TideBackupFormat   format); /* "custom", as the command line says it */
gboolean         tide_backup_format_from_string   (const char        *text,
                                                   TideBackupFormat  *format);
const char      *tide_backup_format_get_suffix    (TideBackupFormat   format); /* ".dump", ".dir", ".sql", ".sql.gz", ".tar" */
gboolean         tide_backup_format_is_archive    (TideBackupFormat   format); /* pg_restore reads it */
/* The least major of a pg_restore that reads the archive at @path; 0: any, or no archive */
int              tide_backup_format_read_major    (const char        *path,
                                                   TideBackupFormat   format);
TideBackupFormat tide_backup_format_read_packing  (const char        *path);   /* PLAIN, GZIP, ZSTD or LZ4, whatever is in it */
/* Whether an archive of a version that is not known is one at all, and no damaged head */
gboolean         tide_backup_format_is_sound      (const char        *path,
                                                   TideBackupFormat   format);
/* Looks at what the file or folder holds, never at its name. INVALID: it is no backup (and what it seems to be) */
TideBackupFormat tide_backup_format_detect        (const char        *path,
                                                   GError           **error);

G_END_DECLS
