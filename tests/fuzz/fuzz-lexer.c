/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sql/tide-sql-lexer.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            size_t        size);

/* Tokens cover the text without a gap; statements stand in order, apart, inside it */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  const char *text = (const char *) data;
  g_autoptr(GArray) statements = NULL;
  TideSqlLexer lexer;
  TideSqlToken token;
  gsize end = 0;

  tide_sql_lexer_init (&lexer, text, size);
  while (tide_sql_lexer_next (&lexer, &token))
    {
      g_assert (token.start == end && token.length > 0);
      end += token.length;
    }
  g_assert (end == size);

  statements = tide_sql_split (text, size);
  end = 0;
  for (guint i = 0; i < statements->len; i++)
    {
      const TideSqlStatement *statement = &g_array_index (statements, TideSqlStatement, i);

      g_assert (statement->length > 0 && statement->start >= end && statement->start + statement->length <= size);
      g_assert (statement->line == tide_sql_line_of_offset (text, size, statement->start));
      end = statement->start + statement->length;
    }
  g_assert (tide_sql_offset_of_position (text, size, G_MAXINT) == size);
  return 0;
}
