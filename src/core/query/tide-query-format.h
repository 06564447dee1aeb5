/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): @sql with line breaks at its clauses and joins, and subqueries indented; in statements that read or change rows,
 * the others keep their lines. No token is changed, added or left out, comments neither; @upper_case: but keywords are
 * written in capitals, which mean the same. */
char *tide_query_format (const char *sql,
                         gboolean    upper_case);

G_END_DECLS
