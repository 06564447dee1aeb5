/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-completion-tokens"

#include "config.h"

#include <string.h>

#include "query/tide-completion-private.h"

static gsize
token_end (const TideSqlToken *token)
{
  return token->start + token->length;
}

/* Whether the caret at the end of @token is still inside it */
static gboolean
is_open_at (const TideSqlToken *token,
            const char         *text,
            gsize               caret)
{
  if (caret < token_end (token))
    return TRUE;
  if (token->type == TIDE_SQL_TOKEN_COMMENT)
    return token->unterminated || text[token->start] == '-';
  return token->unterminated;
}

/* What is being typed: the token that the caret stands in or behind */
static void
take_typed (TideTokens         *self,
            const TideSqlToken *token,
            gsize               caret)
{
  const char *typed = self->text + token->start;

  self->start = token->start;
  self->quoted = token->type == TIDE_SQL_TOKEN_QUOTED_NAME;
  g_free (self->prefix);
  self->prefix = g_strndup (typed + self->quoted, caret - token->start - self->quoted);
}

/* FALSE: @token is no token of its own to the statement */
static gboolean
take_at_caret (TideTokens         *self,
               const TideSqlToken *token,
               gsize               caret)
{
  switch (token->type)
    {
    case TIDE_SQL_TOKEN_WORD:
      take_typed (self, token, caret);
      return FALSE;
    case TIDE_SQL_TOKEN_QUOTED_NAME:
      if (!is_open_at (token, self->text, caret) || self->text[token->start] != '"')
        return TRUE;
      take_typed (self, token, caret);
      return FALSE;
    case TIDE_SQL_TOKEN_NUMBER:
      self->closed = TRUE;
      return TRUE;
    case TIDE_SQL_TOKEN_STRING:
    case TIDE_SQL_TOKEN_META:
      self->closed = self->closed || token->type == TIDE_SQL_TOKEN_META || is_open_at (token, self->text, caret);
      return TRUE;
    default:
      return TRUE;
    }
}

static void
pair_parens (TideTokens *self)
{
  g_autoptr(GArray) open = g_array_new (FALSE, FALSE, sizeof (guint));

  self->partners = g_new (guint, self->n);
  for (guint i = 0; i < self->n; i++)
    {
      self->partners[i] = TIDE_NO_TOKEN;
      if (tide_tokens_is_sign (self, i, "("))
        g_array_append_val (open, i);
      else if (tide_tokens_is_sign (self, i, ")") && open->len > 0)
        {
          guint opening = g_array_index (open, guint, open->len - 1);

          self->partners[i] = opening;
          self->partners[opening] = i;
          g_array_set_size (open, open->len - 1);
        }
    }
}

/* A statement ends at a semicolon outside parentheses; those of a BEGIN ATOMIC body part its statements, which is what is wanted. */
static void
start_anew (TideTokens *self,
            gsize       caret)
{
  g_array_set_size (self->storage, 0);
  self->caret = 0;
  self->start = caret;
}

void
tide_tokens_init (TideTokens *self,
                  const char *text,
                  gsize       size,
                  gsize       caret)
{
  TideSqlLexer lexer;
  TideSqlToken token;

  *self = (TideTokens) { .text = text, .start = caret, .prefix = g_strdup (""),
                         .storage = g_array_new (FALSE, FALSE, sizeof (TideSqlToken)) };
  tide_sql_lexer_init (&lexer, text, (gssize) size);
  while (tide_sql_lexer_next (&lexer, &token))
    {
      gboolean before = token.start < caret;

      if (token.type == TIDE_SQL_TOKEN_SEMICOLON || token.type == TIDE_SQL_TOKEN_META)
        {
          if (!before)
            break;
          self->closed = token.type == TIDE_SQL_TOKEN_META && caret <= token_end (&token);
          if (self->closed)
            break;
          start_anew (self, caret);
          continue;
        }
      if (token.type == TIDE_SQL_TOKEN_COMMENT)
        self->closed = self->closed || (before && caret <= token_end (&token) && is_open_at (&token, text, caret));
      if (token.type == TIDE_SQL_TOKEN_SPACE || token.type == TIDE_SQL_TOKEN_COMMENT)
        continue;
      if (before && caret <= token_end (&token) && !take_at_caret (self, &token, caret))
        continue;
      g_array_append_val (self->storage, token);
      self->caret += before;
    }
  self->tokens = (TideSqlToken *) self->storage->data;
  self->n = self->storage->len;
  pair_parens (self);
}

void
tide_tokens_clear (TideTokens *self)
{
  g_clear_pointer (&self->storage, g_array_unref);
  g_clear_pointer (&self->partners, g_free);
  g_clear_pointer (&self->prefix, g_free);
}

gboolean
tide_tokens_is (const TideTokens *self,
                guint             index,
                const char       *word)
{
  return index < self->n && tide_sql_token_is_word (&self->tokens[index], self->text, word);
}

gboolean
tide_tokens_is_one_of (const TideTokens  *self,
                       guint              index,
                       const char *const *words)
{
  for (; index < self->n && *words != NULL; words++)
    if (tide_tokens_is (self, index, *words))
      return TRUE;
  return FALSE;
}

gboolean
tide_tokens_is_sign (const TideTokens *self,
                     guint             index,
                     const char       *sign)
{
  return index < self->n && self->tokens[index].type == TIDE_SQL_TOKEN_OPERATOR
         && self->tokens[index].length == strlen (sign)
         && strncmp (self->text + self->tokens[index].start, sign, self->tokens[index].length) == 0;
}

gboolean
tide_tokens_is_name (const TideTokens *self,
                     guint             index)
{
  return index < self->n && (self->tokens[index].type == TIDE_SQL_TOKEN_WORD
                             || self->tokens[index].type == TIDE_SQL_TOKEN_QUOTED_NAME);
}

char *
tide_tokens_dup_name (const TideTokens *self,
                      guint             index)
{
  const TideSqlToken *token = &self->tokens[index];
  const char *from = self->text + token->start;
  GString *name;

  g_assert (index < self->n);

  if (token->type != TIDE_SQL_TOKEN_QUOTED_NAME)
    return g_ascii_strdown (from, (gssize) token->length);
  name = g_string_new_len (from + 1, (gssize) token->length - 1 - !token->unterminated);
  g_string_replace (name, "\"\"", "\"", 0);
  return g_string_free (name, FALSE);
}

guint
tide_tokens_skip_parens (const TideTokens *self,
                         guint             index,
                         guint             end)
{
  guint partner = self->partners[index];

  return partner == TIDE_NO_TOKEN || partner >= end ? end : partner + 1;
}

gboolean
tide_tokens_opens_query (const TideTokens *self,
                         guint             index)
{
  static const char *const words[] = { "select", "with", "values", "insert", "update", "delete", "table", NULL };

  if (!tide_tokens_is_sign (self, index, "("))
    return FALSE;
  /* ((SELECT ...) UNION ...) */
  return tide_tokens_is_one_of (self, index + 1, words) || tide_tokens_opens_query (self, index + 1);
}
