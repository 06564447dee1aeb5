/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-runbook.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* Private to the runbook room: the tables that SQL names and that are there. */

/* (transfer full) (nullable): an array of OIDs in text, of what @plan (element-type TideDeployStep) touches; NULL: nothing */
char      *tide_run_tables_dup_oids (TideSession   *session,
                                     GPtrArray     *plan,
                                     GCancellable  *cancellable);
/* (transfer full) (element-type TideRunTable): what @sql touches, with sizes. Waits for no lock: of a table that is locked
 * the size is what the server last noted */
GPtrArray *tide_run_tables_read     (TideSession   *session,
                                     const char    *sql,
                                     GCancellable  *cancellable,
                                     GError       **error);

G_END_DECLS
