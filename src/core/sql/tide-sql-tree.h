/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-node.h"

G_BEGIN_DECLS

/* What libpg_query's tree says of one statement: whether the server refuses it in a transaction block.
 * @fallback where its grammar (PostgreSQL 15's) does not know the statement. */
gboolean tide_sql_tree_refuses_transaction (const char *statement,
                                            gboolean    fallback);
/* A boolean option of a list of them (VACUUM's "options"), as the server reads it: bare means true */
gboolean tide_sql_tree_get_option          (const TideSqlNode *statement,
                                            const char        *list,
                                            const char        *name,
                                            gboolean           fallback);

G_END_DECLS
