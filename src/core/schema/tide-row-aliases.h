/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a function returns rows of a table, the server writes the names of all columns behind its call, as they stand there:
 * `FROM f() f(a, b)`. In a table with the same columns in another order these would be other columns. */

/* (transfer full): @text without the lists that hold the first of @names (element-type utf8), in that order: it means the same. Pure */
char *tide_row_aliases_strip (const char *text,
                              GPtrArray  *names);

G_END_DECLS
