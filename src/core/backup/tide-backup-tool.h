/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-tool.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* Runs a PostgreSQL client program against @conninfo: the password goes in by an in-memory passfile that the child inherits, the TLS and
 * other connection settings by environment (no secret among them), never by argv. @argv: program and its arguments, without the connection.
 * Blocking; as tide_tool_run() */
char *tide_backup_tool_run (const char *const     *argv,
                            TideConninfo          *conninfo,
                            const TideToolOptions *options,
                            GCancellable          *cancellable,
                            GError               **error);

G_END_DECLS
