/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-lexer.h"

G_BEGIN_DECLS

#define TIDE_SQL_HEAD_SIZE 12

/* The first tokens of a statement that count: nearly always they tell what it is */
typedef struct
{
  const char   *text; /* the whole script, borrowed */
  TideSqlToken  tokens[TIDE_SQL_HEAD_SIZE];
  guint         n_tokens;
} TideSqlHead;

/* The next token that is neither space nor comment */
gboolean tide_sql_next_counting     (TideSqlLexer           *lexer,
                                     TideSqlToken           *token);
/* A lexer over @statement alone; the offsets are those of the script */
void     tide_sql_statement_lexer   (TideSqlLexer           *lexer,
                                     const char             *text,
                                     const TideSqlStatement *statement);
void     tide_sql_head_init         (TideSqlHead            *self,
                                     const char             *text,
                                     const TideSqlStatement *statement);
/* Whether the token at @index is this keyword, in lower case */
gboolean tide_sql_head_is           (const TideSqlHead      *self,
                                     guint                   index,
                                     const char             *word);
/* Whether @words, NULL-terminated, stand from @index on */
gboolean tide_sql_head_has          (const TideSqlHead      *self,
                                     guint                   index,
                                     ...) G_GNUC_NULL_TERMINATED;
/* Whether @statement has the keyword anywhere */
gboolean tide_sql_statement_mentions (const char             *text,
                                      const TideSqlStatement *statement,
                                      const char             *word);

G_END_DECLS
