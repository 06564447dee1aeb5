/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* `(a BETWEEN 1 AND 2) AND b` is stored as a chain in a chain, and written as `(((a >= 1) AND (a <= 2)) AND b)`; that, once more
 * through the parser, is one chain. So is any chain of AND, or of OR, that another of the same begins with. */

/* (transfer full) (nullable): @expression with all such chains as one; %NULL: there are none */
char *tide_boolean_chain_flatten (const char *expression);
/* (transfer full) (nullable): the statement @sql with all such chains so that they are parsed as chains in chains again; %NULL:
 * there are none */
char *tide_boolean_chain_keep    (const char *sql);

G_END_DECLS
