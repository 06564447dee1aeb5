/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideTool: the one place where external programs are found and the one way they are run.
 *
 * argv as an array, no shell, both streams read as they come, killed on cancel (the whole process
 * group), an exit status other than 0 turned into one %TIDE_ERROR_TOOL that quotes the last lines of
 * stderr. Secrets go in by an inherited file descriptor, never by argv or environment.
 */

/* Directories with PostgreSQL server binaries (initdb, postgres), newest major first: $TIDEMARK_PG_BINDIR if set,
 * /usr/lib/postgresql/N/bin, /usr/pgsql-N/bin, beside pg_config, PATH, the Flatpak's own.
 * (element-type TidePgInstall) */
typedef struct
{
  char *bindir;
  int   major;
} TidePgInstall;

GPtrArray *tide_tool_list_pg_installs (void);
/* (transfer full) (nullable): full path of @name (pg_dump, psql, ...) for a server of @major, else the newest; NULL + NOT_FOUND
 * with what to install */
char      *tide_tool_find             (const char           *name,
                                       int                   major,
                                       GError              **error);

typedef void (*TideToolLineFunc) (const char *line,
                                  gboolean    is_stderr,
                                  gpointer    user_data);

typedef struct
{
  const char        *cwd;         /* nullable */
  const char *const *environment; /* nullable: inherit; else NULL-terminated "K=V" added to the inherited */
  int                user_id;     /* 0: as we are; else drop to this uid (and its gid) before exec */
  TideToolLineFunc   line_func;   /* nullable: every line of both streams as it comes, in the calling thread */
  gpointer           line_data;
} TideToolOptions;

/* Blocking. (transfer full) (nullable): what it wrote on stdout (bounded to 16 MiB) */
char      *tide_tool_run              (const char *const     *argv,
                                       const TideToolOptions *options,
                                       GCancellable          *cancellable,
                                       GError               **error);

G_END_DECLS
