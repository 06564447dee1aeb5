/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema.h"

G_BEGIN_DECLS

/* A person may name the columns of a table otherwise where it is read, by their places: `FROM t x(p, q)`. In a table with the same
 * columns in another order these would be other columns. */

/* Writes what is to stand in the brackets. @aliases: (element-type utf8): as the text has them, by place in @table */
typedef void (*TideTableAliasesFunc) (GString                *list,
                                      const TideSchemaObject *table,
                                      GPtrArray              *aliases,
                                      gpointer                user_data);

/* (transfer full) (nullable): @text of @reader, which reads from tables, with each such list written by @write; %NULL: there is none */
char    *tide_table_aliases_dup   (const char             *text,
                                   const TideSchemaObject *reader,
                                   TideTableAliasesFunc    write,
                                   gpointer                user_data);
/* Whether the lists in @left of @from and in @right of @to name the same columns the same: %FALSE if there are none, too. @other: (out):
 * whether they do not */
gboolean tide_table_aliases_equal (const char             *left,
                                   const TideSchemaObject *from,
                                   const char             *right,
                                   const TideSchemaObject *to,
                                   gboolean               *other);

G_END_DECLS
