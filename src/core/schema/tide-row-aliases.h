/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-builder.h"

G_BEGIN_DECLS

/* Where a function returns rows of a table, the server writes the names of all columns behind its call, as they stand there:
 * `FROM f() f(a, b)`. In a table with the same columns in another order these would be other columns. */

/* Takes these lists out of what views, rules, policies and functions of @schema, which @builder has just ended, read: it means the
 * same. Lists behind anything else, or with other names than the table's, stay. */
void tide_row_aliases_strip (TideSchemaBuilder *builder,
                             const TideSchema  *schema);

G_END_DECLS
