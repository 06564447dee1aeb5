/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-tool.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* Runs a PostgreSQL client program against @conninfo: the password goes in by an in-memory passfile that the child inherits, all
 * other connection settings (TLS among them) as one --dbname=, and of our environment only what is no secret. @argv: program and its
 * arguments, without the connection. @conninfo: (nullable): NULL for one that works on files alone. Blocking; as tide_tool_run(). Also UNSUPPORTED: a passphrase of the client's key, which cannot
 * be handed over in private */
char *tide_backup_tool_run           (const char *const     *argv,
                                      TideConninfo          *conninfo,
                                      const TideToolOptions *options,
                                      GCancellable          *cancellable,
                                      GError               **error);
/* (transfer full): @conninfo as a libpq connection string, without its secrets */
char *tide_backup_tool_dup_dbname    (TideConninfo          *conninfo);
/* (transfer full): full path of @name for @major, never older. NOT_FOUND with what to install. @version: (out) (optional)
 * (transfer full): what it says of itself, "pg_dump (PostgreSQL) 15.18" */
char *tide_backup_tool_find          (const char            *name,
                                      int                    major,
                                      char                 **version,
                                      GError               **error);

G_END_DECLS
