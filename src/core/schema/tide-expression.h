/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Texts that the server makes of stored expressions */

/* Whether two of them mean the same: one may have been through the server's parser once more than the other */
gboolean tide_expression_equal  (const char *left,
                                 const char *right);
/* (transfer full) (nullable): a statement whose stored expressions are parsed into just what they were made from, so that they read
 * the same again; %NULL: @sql is one already */
char    *tide_expression_dup_exact (const char *sql);
/* (transfer full): with the name @from replaced by @to wherever it stands outside of strings; @qualifier: only before a dot */
char    *tide_expression_rename (const char *expression,
                                 const char *from,
                                 const char *to,
                                 gboolean    qualifier);

G_END_DECLS
