/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-source.h"

G_BEGIN_DECLS

/* (transfer full): from what the ledger of @target says is applied there to what the database is, without what the project
 * ignores. @notes: (element-type utf8): as for tide_schema_source_new_applied(). Errors: those of the two sources. Blocking */
TideSchemaDiff *tide_schema_drift_read (TideProject  *project,
                                        TideTarget   *target,
                                        GPtrArray    *notes,
                                        TideJob      *job,
                                        GError      **error);

/* Adds to @ignores the schemas of @database that hold a ledger and nothing of @history: what is in them is another history's. @target:
 * whose schema is never among them; @notes (element-type utf8): which they are */
void            tide_schema_drift_set_aside (GPtrArray  *ignores,
                                             TideTarget *target,
                                             TideSchema *history,
                                             TideSchema *database,
                                             GPtrArray  *notes);

G_END_DECLS
