/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Texts that the server makes of stored expressions */

/* Whether two of them mean the same: one may have been through the server's parser once more than the other */
gboolean tide_expression_equal  (const char *left,
                                 const char *right);
/* The same of a server before 16 and one from there on: that names no table before a column where there is but one */
gboolean tide_expression_equal_across (const char *left,
                                       const char *right);
/* Whether two names of a locale, quoted, mean the same: from 16 on all are written as language tags */
gboolean tide_locale_equal_across (const char *left,
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
