/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What libpg_query's tree says of one statement: whether the server refuses it in a transaction block.
 * @fallback where its grammar (PostgreSQL 15's) does not know the statement. */
gboolean tide_sql_tree_refuses_transaction (const char *statement,
                                            gboolean    fallback);

G_END_DECLS
