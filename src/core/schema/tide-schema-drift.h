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

/* Where @from is what is applied in the database that @to is: adds to @ignores the schemas of @database that hold a ledger and nothing
 * of @history, as what is in them is another history's. The one that the project works on is never among them.
 * @ignores: (nullable): then nothing is ignored; @notes: (element-type utf8): which they are. Every comparison of sources asks this. */
void            tide_schema_drift_set_aside (GPtrArray              *ignores,
                                             const TideSchemaSource *from,
                                             const TideSchemaSource *to,
                                             TideSchema             *history,
                                             TideSchema             *database,
                                             GPtrArray              *notes);

G_END_DECLS
