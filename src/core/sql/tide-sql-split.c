/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-split"

#include "config.h"

#include <string.h>

#include "sql/tide-sql-lexer.h"

typedef struct
{
  /* Borrowed */
  const char       *text;

  /* Owned */
  GArray           *statements;

  /* The statement under way; length 0: none */
  TideSqlStatement  current;
  TideSqlToken      previous;    /* the last token that counts */
  gsize             line_offset; /* up to where lines were counted */
  int               line;
  guint             n_words;
  guint             paren_depth;
  guint             body_depth;  /* BEGIN ATOMIC and the CASEs in it */
  gboolean          routine;     /* CREATE [OR REPLACE] FUNCTION or PROCEDURE */
} Splitter;

static int
count_lines (Splitter *self,
             gsize     offset)
{
  const char *from = self->text + self->line_offset;
  const char *newline;

  while ((newline = memchr (from, '\n', self->text + offset - from)) != NULL)
    {
      self->line++;
      from = newline + 1;
    }
  self->line_offset = offset;
  return self->line;
}

static void
end_statement (Splitter *self)
{
  if (self->current.length > 0)
    g_array_append_val (self->statements, self->current);
  self->current = (TideSqlStatement) { 0 };
  self->previous = (TideSqlToken) { .type = TIDE_SQL_TOKEN_END };
  self->n_words = self->paren_depth = self->body_depth = 0;
  self->routine = FALSE;
}

static void
extend_statement (Splitter           *self,
                  const TideSqlToken *token)
{
  if (self->current.length == 0)
    {
      self->current.start = token->start;
      self->current.line = count_lines (self, token->start);
    }
  self->current.length = token->start + token->length - self->current.start;
  self->current.unterminated = self->current.unterminated || token->unterminated;
}

/* Whether the statement's head, word by word, is still or just became that of a routine */
static void
note_head (Splitter           *self,
           const TideSqlToken *token)
{
  static const char *const head[] = { "create", "or", "replace" };

  if (self->n_words > 0 && self->n_words != G_MAXUINT
      && (tide_sql_token_is_word (token, self->text, "function")
          || tide_sql_token_is_word (token, self->text, "procedure")))
    {
      self->routine = self->n_words == 1 || self->n_words == G_N_ELEMENTS (head);
      self->n_words = G_MAXUINT;
    }
  else if (self->n_words < G_N_ELEMENTS (head)
           && tide_sql_token_is_word (token, self->text, head[self->n_words]))
    self->n_words++;
  else
    self->n_words = G_MAXUINT;
}

/* END and CASE are no keywords behind a dot or AS */
static gboolean
is_label (Splitter *self)
{
  return tide_sql_token_is_word (&self->previous, self->text, "as")
         || (self->previous.type == TIDE_SQL_TOKEN_OPERATOR && self->text[self->previous.start] == '.');
}

/* The body of a routine in standard SQL holds statements with semicolons of their own */
static void
note_body (Splitter           *self,
           const TideSqlToken *token)
{
  if (tide_sql_token_is_word (token, self->text, "atomic")
      && tide_sql_token_is_word (&self->previous, self->text, "begin"))
    self->body_depth++;
  else if (self->body_depth == 0 || is_label (self))
    return;
  else if (tide_sql_token_is_word (token, self->text, "case"))
    self->body_depth++;
  else if (tide_sql_token_is_word (token, self->text, "end"))
    self->body_depth--;
}

static void
take_word (Splitter           *self,
           const TideSqlToken *token)
{
  if (self->n_words != G_MAXUINT)
    note_head (self, token);
  if (self->routine && self->paren_depth == 0)
    note_body (self, token);
}

static void
take_operator (Splitter           *self,
               const TideSqlToken *token)
{
  if (self->text[token->start] == '(')
    self->paren_depth++;
  else if (self->text[token->start] == ')' && self->paren_depth > 0)
    self->paren_depth--;
}

static void
take_token (Splitter           *self,
            const TideSqlToken *token)
{
  if (token->type == TIDE_SQL_TOKEN_SPACE)
    return;
  if (token->type == TIDE_SQL_TOKEN_COMMENT && !token->unterminated)
    return;
  if (token->type == TIDE_SQL_TOKEN_SEMICOLON && self->paren_depth == 0 && self->body_depth == 0)
    {
      end_statement (self);
      return;
    }
  if (token->type == TIDE_SQL_TOKEN_META)
    {
      end_statement (self);
      extend_statement (self, token);
      self->current.is_meta = TRUE;
      end_statement (self);
      return;
    }

  extend_statement (self, token);
  if (token->type == TIDE_SQL_TOKEN_WORD)
    take_word (self, token);
  else
    {
      self->n_words = G_MAXUINT;
      if (token->type == TIDE_SQL_TOKEN_OPERATOR)
        take_operator (self, token);
    }
  self->previous = *token;
}

/**
 * tide_sql_split:
 * @text: a script
 * @size: its bytes, or -1 when it is NUL-terminated
 *
 * Finds the statements as psql does: a semicolon inside parentheses (CREATE RULE) or inside a BEGIN
 * ATOMIC body ends nothing. A comment that never ends makes a statement, so that it is not overlooked.
 *
 * Returns: (transfer full) (element-type TideSqlStatement): in order; empty for a script of comments
 */
GArray *
tide_sql_split (const char *text,
                gssize      size)
{
  Splitter self = { .text = text, .line = 1 };
  TideSqlLexer lexer;
  TideSqlToken token;

  g_return_val_if_fail (text != NULL, NULL);

  self.statements = g_array_new (FALSE, TRUE, sizeof (TideSqlStatement));
  end_statement (&self);
  tide_sql_lexer_init (&lexer, text, size);
  while (tide_sql_lexer_next (&lexer, &token))
    take_token (&self, &token);
  end_statement (&self);
  return self.statements;
}

/**
 * tide_sql_line_of_offset:
 * @text: a script
 * @size: its bytes
 * @offset: bytes from the start; past the end counts as the end
 *
 * Returns: the line of @offset, from 1
 */
int
tide_sql_line_of_offset (const char *text,
                         gsize       size,
                         gsize       offset)
{
  Splitter self = { .text = text, .line = 1 };

  return count_lines (&self, MIN (offset, size));
}

/**
 * tide_sql_offset_of_position:
 * @text: a script in UTF-8
 * @size: its bytes
 * @position: as the server tells it: characters from 1
 *
 * Returns: the byte where that character starts; @size when the text is shorter
 */
gsize
tide_sql_offset_of_position (const char *text,
                             gsize       size,
                             int         position)
{
  gsize offset = 0;

  for (int character = 1; character < position && offset < size; character++)
    {
      do
        offset++;
      while (offset < size && ((guchar) text[offset] & 0xC0) == 0x80);
    }
  return offset;
}
