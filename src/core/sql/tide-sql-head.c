/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-head"

#include "config.h"

#include "sql/tide-sql-head.h"

gboolean
tide_sql_next_counting (TideSqlLexer *lexer,
                        TideSqlToken *token)
{
  while (tide_sql_lexer_next (lexer, token))
    if (token->type != TIDE_SQL_TOKEN_SPACE && token->type != TIDE_SQL_TOKEN_COMMENT)
      return TRUE;
  return FALSE;
}

void
tide_sql_statement_lexer (TideSqlLexer           *lexer,
                          const char             *text,
                          const TideSqlStatement *statement)
{
  tide_sql_lexer_init (lexer, text, statement->start + statement->length);
  lexer->offset = statement->start;
}

void
tide_sql_head_init (TideSqlHead            *self,
                    const char             *text,
                    const TideSqlStatement *statement)
{
  TideSqlLexer lexer;

  self->text = text;
  self->n_tokens = 0;
  tide_sql_statement_lexer (&lexer, text, statement);
  while (self->n_tokens < TIDE_SQL_HEAD_SIZE && tide_sql_next_counting (&lexer, &self->tokens[self->n_tokens]))
    self->n_tokens++;
}

gboolean
tide_sql_head_is (const TideSqlHead *self,
                  guint              index,
                  const char        *word)
{
  return index < self->n_tokens && tide_sql_token_is_word (&self->tokens[index], self->text, word);
}

gboolean
tide_sql_head_has (const TideSqlHead *self,
                   guint              index,
                   ...)
{
  gboolean all = TRUE;
  const char *word;
  va_list words;

  va_start (words, index);
  while (all && (word = va_arg (words, const char *)) != NULL)
    all = tide_sql_head_is (self, index++, word);
  va_end (words);
  return all;
}

gboolean
tide_sql_statement_mentions (const char             *text,
                             const TideSqlStatement *statement,
                             const char             *word)
{
  TideSqlLexer lexer;
  TideSqlToken token;

  tide_sql_statement_lexer (&lexer, text, statement);
  while (tide_sql_lexer_next (&lexer, &token))
    if (tide_sql_token_is_word (&token, text, word))
      return TRUE;
  return FALSE;
}
