/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"

G_BEGIN_DECLS

/* The ladder: 1 table of contents and a full read; 2 checksums equal the manifest's; 3 restored into the private PostgreSQL
 * without an error; 4 every table's rows counted there equal the manifest's. */
typedef struct
{
  int         level;    /* reached */
  gboolean    ok;       /* the asked level was reached */
  GPtrArray  *problems; /* (element-type utf8): what was found, and what could not be proved */
} TideVerdict;

/* Blocking. Writes level and problems into the manifest when there is one. A bad backup is a verdict, not an error. */
TideVerdict *tide_verify_run    (TideBackup    *backup,
                                 int            level,
                                 TideJob       *job,
                                 GError       **error);
void         tide_verdict_free  (TideVerdict   *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideVerdict, tide_verdict_free)

gboolean     tide_verify_bytes (TideBackup  *backup,
                                TideJob     *job,
                                GError     **error);

G_END_DECLS
