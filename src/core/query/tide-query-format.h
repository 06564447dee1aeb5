/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How keywords are written, which mean the same in any case */
typedef enum
{
  TIDE_KEYWORDS_UPPER,
  TIDE_KEYWORDS_LOWER,
  TIDE_KEYWORDS_AS_WRITTEN,
} TideKeywordCase;

/* (transfer full): @sql with line breaks at its clauses and joins, and subqueries indented; in statements that read or change rows,
 * the others keep their lines. No token is changed, added or left out, comments neither, but for
 * the case of keywords. @indent: spaces of a step inwards */
char *tide_query_format (const char      *sql,
                         TideKeywordCase  keywords,
                         guint            indent);

G_END_DECLS
