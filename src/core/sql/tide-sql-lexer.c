/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-lexer"

#include "config.h"

#include <string.h>

#include "sql/tide-sql-lexer.h"

/* The rules are those of PostgreSQL's scan.l and of psql's psqlscan.l (section 4.1 of the manual). */

static inline gboolean
is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline gboolean
is_name_start (char c)
{
  return g_ascii_isalpha (c) || c == '_' || (guchar) c >= 0x80;
}

static inline gboolean
is_dollar_tag (char c)
{
  return is_name_start (c) || g_ascii_isdigit (c);
}

static inline gboolean
is_name (char c)
{
  return is_dollar_tag (c) || c == '$';
}

static inline gboolean
is_operator (char c)
{
  return c != '\0' && strchr ("~!@#^&|`?+-*/%<>=", c) != NULL;
}

/* The byte @ahead of the offset, NUL past the end */
static inline char
peek (const TideSqlLexer *self,
      gsize               ahead)
{
  return self->size - self->offset > ahead ? self->text[self->offset + ahead] : '\0';
}

static inline gboolean
starts_comment (const TideSqlLexer *self,
                gsize               ahead)
{
  char c = peek (self, ahead);

  return (c == '-' && peek (self, ahead + 1) == '-') || (c == '/' && peek (self, ahead + 1) == '*');
}

static void
skip_line (TideSqlLexer *self)
{
  while (self->offset < self->size && peek (self, 0) != '\n' && peek (self, 0) != '\r')
    self->offset++;
}

static void
lex_block_comment (TideSqlLexer *self,
                   TideSqlToken *token)
{
  guint depth = 0;

  do
    {
      if (peek (self, 0) == '/' && peek (self, 1) == '*')
        depth++, self->offset += 2;
      else if (peek (self, 0) == '*' && peek (self, 1) == '/')
        depth--, self->offset += 2;
      else
        self->offset++;
    }
  while (depth > 0 && self->offset < self->size);

  token->unterminated = depth > 0;
}

/* From an opening quote to behind its closing one; a doubled quote stands for itself */
static gboolean
skip_quoted (TideSqlLexer *self,
             gboolean      backslashes)
{
  char quote = peek (self, 0);

  for (self->offset++; self->offset < self->size; self->offset++)
    {
      if (backslashes && peek (self, 0) == '\\' && self->offset + 1 < self->size)
        self->offset++;
      else if (peek (self, 0) == quote && peek (self, 1) == quote)
        self->offset++;
      else if (peek (self, 0) == quote)
        {
          self->offset++;
          return TRUE;
        }
    }
  return FALSE;
}

/* SQL joins string parts that stand on different lines, and each part of an E'' knows backslashes:
 * whether such a part follows; if so the offset is moved onto its quote. */
static gboolean
continues_string (TideSqlLexer *self)
{
  TideSqlLexer ahead = *self;
  gboolean newline = FALSE;

  while (ahead.offset < ahead.size)
    {
      char c = peek (&ahead, 0);

      if (c == '-' && peek (&ahead, 1) == '-')
        skip_line (&ahead);
      else if (is_space (c))
        newline = newline || c == '\n' || c == '\r', ahead.offset++;
      else
        break;
    }
  if (!newline || peek (&ahead, 0) != '\'')
    return FALSE;

  self->offset = ahead.offset;
  return TRUE;
}

static void
lex_string (TideSqlLexer *self,
            TideSqlToken *token,
            gboolean      backslashes)
{
  token->type = TIDE_SQL_TOKEN_STRING;
  do
    token->unterminated = !skip_quoted (self, backslashes);
  while (backslashes && !token->unterminated && continues_string (self));
}

static void
lex_quoted_name (TideSqlLexer *self,
                 TideSqlToken *token)
{
  token->type = TIDE_SQL_TOKEN_QUOTED_NAME;
  token->unterminated = !skip_quoted (self, FALSE);
}

/* At a dollar: a parameter, a dollar quoted string, or a stray character */
static void
lex_dollar (TideSqlLexer *self,
            TideSqlToken *token)
{
  const char *end;
  gsize tag = 1;

  if (g_ascii_isdigit (peek (self, 1)))
    {
      token->type = TIDE_SQL_TOKEN_PARAMETER;
      for (self->offset++; g_ascii_isdigit (peek (self, 0)); self->offset++)
        ;
      return;
    }

  while (is_dollar_tag (peek (self, tag)))
    tag++;
  if (peek (self, tag) != '$')
    {
      token->type = TIDE_SQL_TOKEN_OPERATOR;
      self->offset++;
      return;
    }

  tag++;
  token->type = TIDE_SQL_TOKEN_STRING;
  end = memmem (self->text + self->offset + tag, self->size - self->offset - tag,
                self->text + self->offset, tag);
  token->unterminated = end == NULL;
  self->offset = end ? (gsize) (end - self->text) + tag : self->size;
}

static void
lex_number (TideSqlLexer *self,
            TideSqlToken *token)
{
  token->type = TIDE_SQL_TOKEN_NUMBER;
  do
    {
      char c = g_ascii_tolower (peek (self, 0));

      self->offset++;
      if (c == 'e' && (peek (self, 0) == '+' || peek (self, 0) == '-') && g_ascii_isdigit (peek (self, 1)))
        self->offset++;
    }
  while (is_dollar_tag (peek (self, 0)) || peek (self, 0) == '.');
}

/* A word, or the string or quoted name that a one-letter prefix opens */
static void
lex_word (TideSqlLexer *self,
          TideSqlToken *token)
{
  char first = g_ascii_tolower (peek (self, 0));

  if (peek (self, 1) == '\'' && strchr ("ebxn", first) != NULL)
    {
      self->offset++;
      lex_string (self, token, first == 'e');
      return;
    }
  if (first == 'u' && peek (self, 1) == '&' && (peek (self, 2) == '\'' || peek (self, 2) == '"'))
    {
      self->offset += 2;
      if (peek (self, 0) == '"')
        lex_quoted_name (self, token);
      else
        lex_string (self, token, FALSE);
      return;
    }

  token->type = TIDE_SQL_TOKEN_WORD;
  while (is_name (peek (self, 0)))
    self->offset++;
}

static void
lex_operator (TideSqlLexer *self,
              TideSqlToken *token)
{
  token->type = TIDE_SQL_TOKEN_OPERATOR;
  self->offset++;
  if (!is_operator (self->text[token->start]))
    return;
  while (is_operator (peek (self, 0)) && !starts_comment (self, 0))
    self->offset++;
}

static void
lex_any (TideSqlLexer *self,
         TideSqlToken *token)
{
  char c = peek (self, 0);

  if (is_space (c))
    {
      token->type = TIDE_SQL_TOKEN_SPACE;
      while (is_space (peek (self, 0)))
        self->offset++;
    }
  else if (starts_comment (self, 0))
    {
      token->type = TIDE_SQL_TOKEN_COMMENT;
      if (c == '-')
        skip_line (self);
      else
        lex_block_comment (self, token);
    }
  else if (c == '\'')
    lex_string (self, token, FALSE);
  else if (c == '"')
    lex_quoted_name (self, token);
  else if (c == '$')
    lex_dollar (self, token);
  else if (is_name_start (c))
    lex_word (self, token);
  else if (g_ascii_isdigit (c) || (c == '.' && g_ascii_isdigit (peek (self, 1))))
    lex_number (self, token);
  else if (c == '\\')
    {
      token->type = TIDE_SQL_TOKEN_META;
      skip_line (self);
    }
  else if (c == ';')
    {
      token->type = TIDE_SQL_TOKEN_SEMICOLON;
      self->offset++;
    }
  else
    lex_operator (self, token);
}

/**
 * tide_sql_lexer_init:
 * @self: (out caller-allocates): a lexer
 * @text: SQL; borrowed for as long as @self is used
 * @size: bytes of @text, or -1 when it is NUL-terminated
 */
void
tide_sql_lexer_init (TideSqlLexer *self,
                     const char   *text,
                     gssize        size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (text != NULL || size == 0);

  self->text = text;
  self->size = size < 0 ? strlen (text) : (gsize) size;
  self->offset = 0;
}

/**
 * tide_sql_lexer_next:
 * @self: a lexer
 * @token: (out caller-allocates): the next token
 *
 * Tokens follow each other without a gap and cover the whole text, spaces and comments too.
 *
 * Returns: %FALSE at the end of the text
 */
gboolean
tide_sql_lexer_next (TideSqlLexer *self,
                     TideSqlToken *token)
{
  g_return_val_if_fail (self != NULL && token != NULL, FALSE);

  *token = (TideSqlToken) { .type = TIDE_SQL_TOKEN_END, .start = self->offset };
  if (self->offset >= self->size)
    return FALSE;

  lex_any (self, token);
  token->length = self->offset - token->start;
  return TRUE;
}

/**
 * tide_sql_token_is_word:
 * @token: a token of @text
 * @text: the text that was lexed
 * @word: a keyword in lower case
 *
 * Returns: whether @token is that keyword, in any case and not quoted
 */
gboolean
tide_sql_token_is_word (const TideSqlToken *token,
                        const char         *text,
                        const char         *word)
{
  return token->type == TIDE_SQL_TOKEN_WORD
         && g_ascii_strncasecmp (text + token->start, word, token->length) == 0
         && word[token->length] == '\0';
}
