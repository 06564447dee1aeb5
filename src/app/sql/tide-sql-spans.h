/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What SQL is made of, as far as it has colours: the styles of the language in data/, by the same names */
typedef enum
{
  TIDE_SQL_STYLE_NONE,
  TIDE_SQL_STYLE_COMMENT,
  TIDE_SQL_STYLE_STRING,
  TIDE_SQL_STYLE_ESCAPE,
  TIDE_SQL_STYLE_DELIMITER,
  TIDE_SQL_STYLE_IDENTIFIER,
  TIDE_SQL_STYLE_KEYWORD,
  TIDE_SQL_STYLE_TYPE,
  TIDE_SQL_STYLE_NUMBER,
  TIDE_SQL_STYLE_CONSTANT,
  TIDE_SQL_STYLE_PARAMETER,
  TIDE_SQL_STYLE_OPERATOR,
  TIDE_SQL_STYLE_META,
} TideSqlStyle;
#define TIDE_SQL_N_STYLES (TIDE_SQL_STYLE_META + 1)

typedef struct
{
  int          start; /* characters */
  int          end;
  TideSqlStyle style;
} TideSqlSpan;

const char *tide_sql_style_get_name (TideSqlStyle  style);
/* (transfer full) (element-type TideSqlSpan): what has a style between two characters of @text, in order and apart from each
 * other. All that stands before is read, for it says whether a quote is open; any thread may. */
GArray     *tide_sql_spans_find     (const char   *text,
                                     gsize         size,
                                     int           from,
                                     int           to);

G_END_DECLS
