/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-manifest.h"
#include "job/tide-job.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_BACKUP_EVERYTHING,
  TIDE_BACKUP_SCHEMA_ONLY,
  TIDE_BACKUP_DATA_ONLY,
} TideBackupContents;

#define TIDE_BACKUP_EXACT_BELOW (G_GINT64_CONSTANT (1) << 30) /* unless something else is asked for */

/* What a person asks for. Zero-initialise, fill, pass; strings are borrowed for the call. */
typedef struct
{
  TideBackupFormat    format;          /* UNKNOWN: custom */
  TideBackupContents  contents;
  const char         *path;            /* (nullable): file or folder to make; NULL: @folder/migration_backup_YYYYMMDD_HHMMSS.suffix */
  const char         *folder;          /* (nullable): where to make one with the usual name; one of path and folder is set */
  const char *const  *schemas;         /* (nullable): these schemas only */
  const char *const  *tables;          /* (nullable): these tables only, as tide_backup_names_join() writes them; with their partitions */
  int                 jobs;            /* directory only; 0: one per core, at most 8 */
  int                 compression;     /* 0 to 9; -1: the tool's default */
  gboolean            no_owner;
  gboolean            no_privileges;
  gboolean            no_large_objects;
  guint               lock_wait_ms;    /* 0: wait */
  gboolean            with_roles;      /* pg_dumpall --globals-only --no-role-passwords beside it */
  gint64              exact_rows_below; /* bytes of a table up to which its rows are counted exactly; 0: 1 GiB */
  const char         *environment;     /* (nullable) for the manifest */
  TideKind            kind;
  const char         *purpose;         /* (nullable) */
  const char         *migration;       /* (nullable) */
  int                 verify_level;    /* proved right after it was made; 0 is 2 (what costs a read), 1 to 4 */
} TideBackupOptions;

/* Combinations that the tools refuse, told before anything runs: INVALID or USAGE */
gboolean      tide_backup_options_check   (const TideBackupOptions  *options,
                                           GError                  **error);

/* What is known before it starts */
typedef struct
{
  char       *tool;            /* full path of pg_dump */
  char       *tool_version;
  gint64      database_bytes;
  gint64      estimate_bytes;  /* of the backup */
  gint64      free_bytes;      /* where it will be made */
  char      **command;         /* argv, without secrets, as it can be typed */
  char      **tables;          /* (nullable): those that were chosen, with their partitions */
  GPtrArray  *warnings;        /* (element-type utf8): what a restore elsewhere would miss (extensions, roles, what a part needs) */
} TideBackupPlan;

/* Blocking. Errors: NOT_FOUND (no client of that major: what to install; a schema or table that is not there), REFUSED (not enough space; tables under row security
 * that this role does not see whole), UNREACHABLE */
TideBackupPlan *tide_backup_plan_make     (TideConninfo             *conninfo,
                                           const TideBackupOptions  *options,
                                           GCancellable             *cancellable,
                                           GError                  **error);
void            tide_backup_plan_free     (TideBackupPlan           *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBackupPlan, tide_backup_plan_free)

/* A backup that is there */
typedef struct _TideBackup TideBackup;
struct _TideBackup
{
  /*< private >*/
  gatomicrefcount ref_count;
  /*< public, read-only >*/
  char             *path;          /* file or folder */
  char             *manifest_path; /* (nullable): NULL for one that was made elsewhere */
  TideManifest     *manifest;      /* (nullable) */
  TideBackupFormat  format;
  gint64            bytes;
  gint64            created_at;    /* microseconds; of the manifest, else of the file */
  char             *change;        /* (nullable): why its files cannot be those of the manifest, which then proves nothing: level 0 */
};

#define TIDE_TYPE_BACKUP (tide_backup_get_type ())
GType       tide_backup_get_type (void);
TideBackup *tide_backup_ref      (TideBackup *self);
void        tide_backup_unref    (TideBackup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBackup, tide_backup_unref)
/* (transfer full): what lies at @path, with its manifest when there is one */
TideBackup *tide_backup_open     (const char                *path,
                                  GError                   **error);

/**
 * tide_backup_run:
 *
 * Makes a backup: plan, snapshot, row counts in it, pg_dump on it, `NAME.partial`, flush, check, rename, manifest, and the
 * asked level of proof. Blocking; the job reports real progress and cancels: then, as after any failure, nothing is left behind.
 */
TideBackup *tide_backup_run      (TideConninfo              *conninfo,
                                  const TideBackupOptions   *options,
                                  TideJob                   *job,
                                  GError                   **error);

G_END_DECLS
