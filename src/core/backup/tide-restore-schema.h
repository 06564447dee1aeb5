/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"

G_BEGIN_DECLS

/* What a backup or a database holds but for the rows, as SQL that a session can run. Blocking. @roles: (out) (transfer full)
 * (element-type utf8): set of the roles that it makes owners or grants something to */

/* Errors: as those of a restore that cannot read the file; UNSUPPORTED for rows alone */
char *tide_restore_read_schema (TideBackup         *backup,
                                GHashTable        **roles,
                                GCancellable       *cancellable,
                                GError            **error);
/* What pg_dump --schema-only prints, as it prints it. @arguments: (nullable): more of its options. Errors: NOT_FOUND (no pg_dump of the server's
 * major), TOOL */
char *tide_restore_dump_schema (TideConninfo       *conninfo,
                                int                 server_version,
                                const char *const  *arguments,
                                GCancellable       *cancellable,
                                GError            **error);
/* Such a text, judged, without the commands to psql that stand in it */
char *tide_restore_filter_schema (const char       *text,
                                  GHashTable      **roles,
                                  GError          **error);

G_END_DECLS
