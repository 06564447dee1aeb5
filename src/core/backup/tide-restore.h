/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"

G_BEGIN_DECLS

/* An entry of an archive's table of contents (pg_restore --list --verbose) */
typedef struct
{
  int     id;         /* dump id */
  char   *kind;       /* "TABLE", "TABLE DATA", "FK CONSTRAINT" */
  char   *schema;     /* (nullable) */
  char   *name;       /* of a part of a table with the table's name before it: "users users_pkey" */
  char   *owner;      /* (nullable) */
  char   *line;       /* as pg_restore printed it, for --use-list */
  GArray *depends_on; /* (element-type int): dump ids that must be restored before it */
} TideTocEntry;

/* (transfer full) (element-type TideTocEntry): for plain files an empty list. INVALID: damaged; UNSUPPORTED: made by a newer pg_dump */
GPtrArray *tide_restore_read_toc      (TideBackup               *backup,
                                       GCancellable             *cancellable,
                                       GError                  **error);
/* (transfer container) (element-type TideTocEntry): the entries of @toc that @only ("schema", "schema.table", "#ID") and what it depends on
 * come to, in their order. @problems: (element-type utf8) (nullable): is told what had to be left out. NOT_FOUND: nothing is called so. Pure */
GPtrArray *tide_restore_select        (GPtrArray                *toc,
                                       const char *const        *only,
                                       gboolean                  with_parents, /* FALSE: they are there already */
                                       GPtrArray                *problems,
                                       GError                  **error);

typedef enum
{
  TIDE_RESTORE_NEW,      /* into a new database beside the old one */
  TIDE_RESTORE_SWAP,     /* the same, then the two change names */
  TIDE_RESTORE_IN_PLACE, /* --clean --if-exists in the database itself */
} TideRestoreMode;

typedef struct
{
  TideRestoreMode     mode;
  const char         *into;          /* (nullable): name of the new database; NULL: NAME_restored_YYYYMMDD_HHMMSS; NEW only */
  const char *const  *only;          /* (nullable): "schema", "schema.table", or "#ID"; dependencies follow */
  int                 jobs;
  gboolean            no_owner;      /* also chosen by itself, and told, where a role is missing */
  gboolean            no_privileges;
  gboolean            end_sessions;  /* swap: end the sessions that use the database, else BUSY names them */
  guint               wait_ms;       /* swap: how long to wait for them first */
} TideRestoreOptions;

typedef struct
{
  char      *database;      /* where the data is now */
  char      *old_database;  /* (nullable): swap: the dated name under which the old one was kept */
  gint64     seconds;
  GPtrArray *problems;      /* (element-type utf8): told, but no failure: a role that is missing, what stayed in place */
} TideRestoreReport;

/* @conninfo: the database that the backup is restored for (its name need not exist for NEW). Blocking. All or nothing: a failed or
 * cancelled restore leaves the target as it was and drops what it had made. Plain files run with ON_ERROR_STOP in one transaction and are
 * refused when they hold psql meta-commands outside COPY data. */
TideRestoreReport *tide_restore_run         (TideBackup               *backup,
                                             TideConninfo             *conninfo,
                                             const TideRestoreOptions *options,
                                             TideJob                  *job,
                                             GError                  **error);
void               tide_restore_report_free (TideRestoreReport        *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRestoreReport, tide_restore_report_free)

/* Before IN_PLACE of @backup: REFUSED, with how, where no other fresh and proved one in @folder (nullable) keeps what is in the database
 * now and its kind asks for one */
gboolean           tide_restore_check_in_place (TideBackup            *backup,
                                             const char            *folder,
                                             TideConninfo             *conninfo,
                                             TideKind                  kind,
                                             GError                  **error);
/* (transfer full) (nullable): before IN_PLACE, a whole backup of what is there now, in the folder and of the environment of @options */
TideBackup        *tide_restore_keep_present (TideConninfo            *conninfo,
                                             const TideBackupOptions *options,
                                             TideJob                 *job,
                                             GError                 **error);

/* (transfer full) (element-type utf8): who is connected to the database of @conninfo: "process 12, role ada, application psql" */
GPtrArray         *tide_restore_list_users  (TideConninfo             *conninfo,
                                             GCancellable             *cancellable,
                                             GError                  **error);
/* (transfer full) (element-type utf8): half-made databases that restores which were killed have left on that server; nobody uses them,
 * and the next restore drops them */
GPtrArray         *tide_restore_list_leftovers (TideConninfo          *conninfo,
                                             GCancellable             *cancellable,
                                             GError                  **error);

/* A database that a swap has kept */
typedef struct
{
  char   *name;
  guint   oid;
  gint64  kept_at; /* microseconds: the time in its name, which is local; 0: there is no such time */
  gint64  bytes;   /* -1: this role may not know */
} TideKeptDatabase;

/* What swaps have left of a database */
typedef struct
{
  guint      oid;    /* of the database that has the name now; 0: there is none */
  gboolean   closed; /* it takes no connections, and no swap is at work: one that was killed leaves it so */
  GPtrArray *kept;   /* (element-type TideKeptDatabase): newest first */
} TideSwapState;

TideSwapState     *tide_restore_read_swaps  (TideConninfo             *conninfo,
                                             GCancellable             *cancellable,
                                             GError                  **error);
void               tide_swap_state_free     (TideSwapState            *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSwapState, tide_swap_state_free)
/* Lets a database that is closed take connections again; BUSY: a swap is at work */
gboolean           tide_restore_reopen      (TideConninfo             *conninfo,
                                             GCancellable             *cancellable,
                                             GError                  **error);
/* Drops @name for good; REFUSED: it is none that a swap has kept of the database of @conninfo; BUSY: somebody uses it */
gboolean           tide_restore_drop_kept   (TideConninfo             *conninfo,
                                             const char               *name,
                                             GCancellable             *cancellable,
                                             GError                  **error);

/* The way back after a swap: @old_database takes the name again, what was restored is kept under a dated one (transfer full) */
char              *tide_restore_swap_back   (TideConninfo             *conninfo,
                                             const char               *old_database,
                                             gboolean                  end_sessions,
                                             GCancellable             *cancellable,
                                             GError                  **error);

G_END_DECLS
