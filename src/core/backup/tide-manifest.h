/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-format.h"
#include "wire/tide-conninfo.h"
#include "tide-kind.h"

G_BEGIN_DECLS

/* A table as it was in the snapshot */
typedef struct
{
  char     *schema;
  char     *name;
  gint64    rows;  /* -1: not counted */
  gboolean  exact; /* FALSE: the planner's estimate */
  gint64    bytes; /* on disk, with indexes and TOAST */
} TideManifestTable;

/* A file of the backup (a directory dump has many); path is relative to the manifest's folder */
typedef struct
{
  char   *path;
  gint64  bytes;
  char   *sha256;
} TideManifestFile;

/**
 * TideManifest:
 *
 * What is known of one backup, kept beside it as `NAME.json`: what it is of, how it was made, and how far it has
 * been proved. Immutable once read or written but for level, verified_at, problems and pinned, which are written
 * again atomically. Atomically reference counted.
 */
typedef struct _TideManifest TideManifest;
struct _TideManifest
{
  /*< private >*/
  gatomicrefcount ref_count;
  /*< public, read-only >*/
  int               version;        /* of this layout */
  TideBackupFormat  format;
  char             *tool_version;   /* "pg_dump (PostgreSQL) 15.18" */
  char             *server_version;
  char             *host_label;     /* "db.example.com:5432", no secret */
  char             *database;
  char             *environment;    /* (nullable) */
  TideKind          kind;
  char             *encoding;
  char             *collate;
  char             *ctype;
  char             *locale_provider; /* (nullable): "libc", "icu", "builtin"; NULL: not known */
  char             *locale;          /* (nullable): of a provider but libc */
  char             *locale_rules;    /* (nullable): of ICU */
  char             *lsn;            /* (nullable): of the snapshot */
  gint64            created_at;     /* microseconds since the epoch, UTC: when the snapshot was taken */
  gint64            seconds;        /* how long it took */
  char            **options;        /* the command, without secrets */
  char             *purpose;        /* (nullable): "for" of the command line */
  char             *migration;      /* (nullable): the first one that was pending when it was made */
  char             *globals;        /* (nullable): file of roles beside it */
  GPtrArray        *files;          /* (element-type TideManifestFile) */
  GPtrArray        *tables;         /* (element-type TideManifestTable) */
  char            **extensions;     /* "name version" */
  char            **roles;          /* that own something in it or are granted something */
  int               level;          /* proved so far: 0 not, 1 to 4 */
  gint64            verified_at;    /* 0: never */
  char            **problems;       /* of the last verification; what could not be proved is one, too */
  gboolean          pinned;
};

#define TIDE_TYPE_MANIFEST (tide_manifest_get_type ())
GType         tide_manifest_get_type (void);
TideManifest *tide_manifest_new      (void);                         /* empty, to be filled before it is shared */
char         *tide_manifest_dup_path (const char          *backup);  /* (transfer full): where that of a file or folder is */
TideManifestFile  *tide_manifest_add_file  (TideManifest  *self,
                                            const char    *path,
                                            gint64         bytes,
                                            const char    *sha256);
TideManifestTable *tide_manifest_add_table (TideManifest  *self,
                                            const char    *schema,
                                            const char    *name);
/* Errors: NOT_FOUND, INVALID (with what is wrong in it) */
TideManifest *tide_manifest_read     (const char          *path,     /* of the .json */
                                      GError             **error);
gboolean      tide_manifest_write    (const TideManifest  *self,     /* atomically, 0600 */
                                      const char          *path,
                                      GError             **error);
TideManifest *tide_manifest_ref      (TideManifest        *self);
void          tide_manifest_unref    (TideManifest        *self);
gint64        tide_manifest_get_bytes (const TideManifest *self);    /* of all files */
char         *tide_manifest_dup_host_label (TideConninfo *conninfo); /* (transfer full): "host:port" */
gboolean      tide_manifest_is_of    (const TideManifest  *self,     /* whether of this database of this server */
                                      TideConninfo        *conninfo);
gboolean      tide_manifest_is_whole (const TideManifest  *self);    /* of all its tables and rows */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideManifest, tide_manifest_unref)

G_END_DECLS
