/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideTool: the one place where external programs are found and the one way they are run.
 *
 * argv as an array, no shell, both streams read as they come, killed on cancel (the whole process
 * group) and when this program dies, an exit status other than 0 turned into one %TIDE_ERROR_TOOL
 * that quotes the last lines of stderr. Secrets go in by a private passfile, never by argv.
 */

/**
 * TidePgInstall:
 * @bindir: a folder with PostgreSQL server binaries (initdb, postgres)
 * @major: their major version
 */
typedef struct
{
  char *bindir;
  int   major;
} TidePgInstall;

GPtrArray *tide_tool_list_pg_installs (void);
char      *tide_tool_find             (const char           *name,
                                       int                   major,
                                       GError              **error);
/* (transfer full): how to install PostgreSQL's programs on this system, a sentence without a full stop */
char      *tide_tool_dup_install_hint (gboolean              server,
                                       int                   major);

typedef void (*TideToolLineFunc) (const char *line,
                                  gboolean    is_stderr,
                                  gpointer    user_data);

typedef struct
{
  const char        *cwd;         /* nullable */
  const char *const *environment; /* nullable: inherit; else NULL-terminated "K=V" added to the inherited */
  gboolean           bare;        /* @environment is all there is, nothing is inherited */
  gboolean           sheds;       /* inherits PATH, LANG, LC_ALL, TZ, TMPDIR and LD_LIBRARY_PATH alone: nothing that is a secret */
  const int         *descriptors; /* nullable: ended by -1; open in the child under the same numbers */
  int                user_id;     /* 0: as we are; else drop to this uid and its groups before exec, and @sheds */
  int                stdin_fd;    /* 0: nothing to read; else open there as its stdin, and still the caller's to close */
  TideToolLineFunc   line_func;   /* nullable: every line of both streams as it comes, in the calling
                                   * thread, made valid UTF-8 */
  gpointer           line_data;
} TideToolOptions;

/* (transfer full): @argv as a line that a shell takes: words that need it in quotes */
char      *tide_tool_dup_line         (const char *const     *argv);

char      *tide_tool_run              (const char *const     *argv,
                                       const TideToolOptions *options,
                                       GCancellable          *cancellable,
                                       GError               **error);

G_END_DECLS
