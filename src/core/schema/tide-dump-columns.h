/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideDumpColumns:
 *
 * The columns of the tables of an output of pg_dump, in their order, as far as it was read. Another dump may have them in another:
 * there `FROM t x(p, q)` names other columns.
 */
typedef struct _TideDumpColumns TideDumpColumns;

TideDumpColumns *tide_dump_columns_new      (void);
void             tide_dump_columns_free     (TideDumpColumns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDumpColumns, tide_dump_columns_free)

/* Reads the next line of the dump */
void             tide_dump_columns_learn    (TideDumpColumns *self,
                                             const char      *line);
/* (transfer full) (nullable): @line with the names that it gives to columns of a table after these, in the order of their names; %NULL:
 * it gives none */
char            *tide_dump_columns_dup_line (TideDumpColumns *self,
                                             const char      *line);

G_END_DECLS
