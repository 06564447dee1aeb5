/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-restore.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* What the parts of a restore share; nobody else includes it. */

/* tide-restore-toc.c */
GPtrArray   *tide_restore_parse_toc        (const char               *text);
char        *tide_restore_read_archive     (TideBackup               *backup,
                                            int                       major,
                                            const char *const        *arguments,
                                            GCancellable             *cancellable,
                                            GError                  **error);

/* How the file goes into a database: what is the same for archives and SQL text */
typedef struct
{
  TideBackup   *backup;          /* borrowed */
  TideConninfo *conninfo;        /* borrowed: the database to restore into */
  TideJob      *job;             /* (nullable) borrowed */
  GPtrArray    *problems;        /* borrowed */
  char         *list_path;       /* (nullable): for --use-list */
  GHashTable   *owners;          /* sets of roles that may be made owners */
  GHashTable   *grantees;        /* and of those that are there at all */
  char         *ownership;       /* (nullable): owners to be made after it, and grants, where not all that it holds can be made */
  char         *privileges;
  int           server_version;  /* 150018 */
  int           jobs;
  gboolean      clean;
  gboolean      no_owner;
  gboolean      no_privileges;
} TideRestoreLoad;

/* tide-restore-archive.c */
gboolean     tide_restore_load_archive     (TideRestoreLoad          *load,
                                            GError                  **error);
/* tide-restore-plain.c */
gboolean     tide_restore_load_plain       (TideRestoreLoad          *load,
                                            GError                  **error);
/* The same of the text in a file or a pipe; the fraction is told when it is a file */
gboolean     tide_restore_load_text        (TideRestoreLoad          *load,
                                            const char               *path,
                                            TideBackupFormat          format,
                                            GError                  **error);
/* tide-restore-roles.c */
gboolean     tide_restore_read_roles       (TideRestoreLoad          *load,
                                            TideSession              *admin,
                                            GError                  **error);
void         tide_restore_tell_missing     (TideRestoreLoad          *load,
                                            GHashTable               *owners,
                                            GHashTable               *grantees);

gboolean     tide_restore_give_roles       (TideRestoreLoad          *load,
                                            GError                  **error);
void         tide_restore_load_clear       (TideRestoreLoad          *load);

/* tide-restore-database.c */
#define TIDE_RESTORE_WORKING_PREFIX "tidemark_restoring_"
#define TIDE_RESTORE_NEW_INFIX "_restored_"
#define TIDE_RESTORE_KEPT_INFIX "_before_restore_"
#define TIDE_RESTORE_MAX_NAME 63 /* NAMEDATALEN - 1, bytes: the server cuts longer names */
TideSession *tide_restore_open_admin       (TideConninfo             *conninfo,
                                            GCancellable             *cancellable,
                                            GError                  **error);
char        *tide_restore_dup_dated_name   (const char               *name,
                                            const char               *infix);
char        *tide_restore_dup_free_name    (TideSession              *admin,
                                            const char               *name,
                                            const char               *infix,
                                            GCancellable             *cancellable,
                                            GError                  **error);
char        *tide_restore_dup_working_name (void);
gboolean     tide_restore_has_database     (TideSession              *admin,
                                            const char               *name,
                                            gboolean                 *exists,
                                            GCancellable             *cancellable,
                                            GError                  **error);
gboolean     tide_restore_create_database  (TideSession              *admin,
                                            const char               *name,
                                            const char               *settings,
                                            const char               *comment,
                                            GCancellable             *cancellable,
                                            GError                  **error);
gboolean     tide_restore_make_schemas     (TideSession              *session,
                                            const TideManifest       *manifest,
                                            GCancellable             *cancellable,
                                            GError                  **error);
gboolean     tide_restore_drop_database    (TideConninfo             *conninfo,
                                            const char               *name,
                                            GError                  **error);
void         tide_restore_drop_leftovers   (TideSession              *admin,
                                            GPtrArray                *problems,
                                            GCancellable             *cancellable);
gboolean     tide_restore_execute          (TideSession              *session,
                                            GCancellable             *cancellable,
                                            GError                  **error,
                                            const char               *format,
                                            ...) G_GNUC_PRINTF (4, 5);

/* tide-restore-settings.c */
char        *tide_restore_dup_locale       (TideBackup               *backup,
                                            TideSession              *admin,
                                            const char               *name,
                                            GCancellable             *cancellable,
                                            GError                  **error);
char        *tide_restore_dup_settings     (TideSession              *admin,
                                            const char               *from,
                                            const char               *to,
                                            GCancellable             *cancellable,
                                            GError                  **error);

/* tide-restore-kept.c */
#define TIDE_RESTORE_SWAP_KEY "pg_catalog.hashtext('tidemark swap'), pg_catalog.hashtext($1)" /* of an advisory lock; $1: the database */
gboolean     tide_restore_check_kept       (TideSession              *admin,
                                            const char               *of,
                                            const char               *name,
                                            gboolean                  restored,
                                            GCancellable             *cancellable,
                                            GError                  **error);
gboolean     tide_restore_set_open         (TideSession              *admin,
                                            const char               *name,
                                            gboolean                  open,
                                            GError                  **error);

/* tide-restore-swap.c */
gboolean     tide_restore_check_users      (TideSession              *admin,
                                            const char               *name,
                                            GCancellable             *cancellable,
                                            GError                  **error);
char        *tide_restore_swap             (TideConninfo             *conninfo,
                                            const char               *incoming,
                                            const char               *infix,
                                            gboolean                  with_settings,
                                            gboolean                  end_sessions,
                                            guint                     wait_ms,
                                            TideJob                  *job,
                                            GPtrArray                *problems,
                                            GCancellable             *cancellable,
                                            GError                  **error);

/* tide-restore-check.c */
gboolean     tide_restore_check            (TideConninfo             *conninfo,
                                            TideBackup               *backup,
                                            GPtrArray                *toc,
                                            GPtrArray                *problems,
                                            GCancellable             *cancellable,
                                            GError                  **error);

/* tide-restore-watch.c: a session of its own in the database that is being filled */
typedef struct _TideRestoreWatch TideRestoreWatch;
TideRestoreWatch *tide_restore_watch_start (TideConninfo             *conninfo,
                                            TideManifest             *manifest,
                                            TideJob                  *job,
                                            GError                  **error);
void              tide_restore_watch_stop  (TideRestoreWatch         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRestoreWatch, tide_restore_watch_stop)

G_END_DECLS
