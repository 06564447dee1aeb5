/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_MAINTAIN_VACUUM  = 1 << 0,
  TIDE_MAINTAIN_ANALYZE = 1 << 1, /* with VACUUM: in one go */
  TIDE_MAINTAIN_REINDEX = 1 << 2, /* CONCURRENTLY; alone, and with a target */
} TideMaintainFlags;

/* What was done, and what the server left out and why */
typedef struct
{
  GPtrArray *done;     /* (element-type utf8): "public.orders" */
  GPtrArray *skipped;  /* (element-type utf8): the server's words */
} TideMaintainReport;

void                tide_maintain_report_free (TideMaintainReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideMaintainReport, tide_maintain_report_free)

/* @target: a table, for REINDEX an index, too, as a person writes it; NULL, or for REINDEX the name of the database: all of it.
 * The whole database passes over what others hold; one table waits for it, and the job says for whom. Cancelling ends the
 * statement on the server; what is done is done, and what a stopped REINDEX leaves is dropped. When the program is killed, a server from
 * 14 on ends VACUUM and ANALYZE after seconds, and REINDEX goes on to its end. Errors: NOT_FOUND, the server's. Blocking */
TideMaintainReport *tide_maintain_run         (TideConninfo       *conninfo,
                                               TideMaintainFlags   flags,
                                               const char         *target,
                                               TideJob            *job,
                                               GError            **error);

G_END_DECLS
