/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"
#include "project/tide-project.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* Migrations run on a throw-away database, for what they make of it: as a deploy runs them, with nothing recorded. Blocking. */

/* How far a replay came */
typedef struct
{
  guint    next;     /* index of the first one that is not there */
  gboolean is_clean; /* nothing of that one is */
} TideReplayPlace;

/* Makes the schema that @conninfo names, and the ledger (which migrations may touch) without a row */
gboolean tide_replay_prepare (TideProject      *project,
                              TideConninfo     *conninfo,
                              GCancellable     *cancellable,
                              GError          **error);
/* @migrations: (element-type TideMigration); @place: (inout): where to begin, and how far it came, on failure too. Errors: those of
 * the server with file, line and statement; of a file that cannot be read or run */
gboolean tide_replay_run     (TideConninfo     *conninfo,
                              GPtrArray        *migrations,
                              guint             end,
                              TideJob          *job,
                              TideReplayPlace  *place,
                              GError          **error);

G_END_DECLS
