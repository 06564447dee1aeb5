/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema.h"

G_BEGIN_DECLS

/* What becomes of the columns of a table when it changes the tables that it inherits from. A parent's column and that of the
 * table are one for the server: what it gave stays as the table's own when it leaves, and what is the table's own stays so when
 * it comes. */

/* (transfer full): the parents of @table (nullable), quoted */
char      **tide_table_split_parents        (const TideSchemaObject *table);
/* How many of the first parents stay. None stays where one of the columns can become what it is to be only without any. */
guint       tide_table_count_kept_parents   (const TideSchemaObject *from,
                                             const TideSchemaObject *to);
/* Whether parents leave or come, be it the same ones */
gboolean    tide_table_changes_parents      (const TideSchemaObject *from,
                                             const TideSchemaObject *to);
/* Whether @from becomes @to without @parent, one of those that it inherits from, be it to inherit from it again */
gboolean    tide_table_leaves_parent        (const TideSchemaObject *from,
                                             const TideSchemaObject *to,
                                             const TideSchemaObject *parent);
/* Whether a parent that gives a column stays one: what is done to the parent's column is done to this one, too */
gboolean    tide_column_stays_with_parent   (const TideSchemaObject *from,
                                             const TideSchemaObject *to);
/* Whether @column, which a parent gave, stays behind as the own one of its table, which is @to then (nullable: it goes) */
gboolean    tide_column_stays_behind        (const TideSchemaObject *column,
                                             const TideSchemaObject *to);
/* Whether a column was given by a parent and is to be again, but by none of those that stay: without any it would become the
 * table's own, for good */
gboolean    tide_column_needs_hold          (const TideSchemaObject *from,
                                             const TideSchemaObject *to);
/* Whether @object, of whatever kind, is a column that comes to a table that is there, @from, by none of the parents that stay:
 * only from another parent can it come as one that is not the table's own */
gboolean    tide_column_needs_giver         (const TideSchemaObject *from,
                                             const TideSchemaObject *object);
/* Whether a table's own column is to be one that only a parent gives. That is another column for the server, which takes the
 * values over. Not where more than the values would be touched. As is one that stands where that of a type may not. */
gboolean    tide_column_is_taken_over       (const TideSchemaObject *from,
                                             const TideSchemaObject *to);

G_END_DECLS
