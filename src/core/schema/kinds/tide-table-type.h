/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema.h"

G_BEGIN_DECLS

/* Tables of a composite type. What is done to the type is done to them, where the server knows how; so they leave it before it
 * changes, and come back with columns of the same names and types in the same order. */

/* Whether a table leaves its type, be it to come back to it when that has changed */
gboolean tide_table_leaves_type          (const TideSchemaObject *from,
                                          const TideSchemaObject *to);
/* Whether a table that is there, @from, comes to a type, be it the one it has left */
gboolean tide_table_joins_type           (const TideSchemaObject *from,
                                          const TideSchemaObject *to);
/* Whether a column of a table that comes to a type stands before one that comes first there: another one, added behind that,
 * takes its values over */
gboolean tide_column_is_before_its_place (const TideSchemaObject *from,
                                          const TideSchemaObject *to);

G_END_DECLS
