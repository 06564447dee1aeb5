/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-guard"

#include "config.h"

#include <string.h>

#include "query/tide-guard-private.h"
#include "sql/tide-sql-head.h"

/* The guard where no tree is to be had: a newer server's syntax, or a statement with a mistake in it. */

static const char * const reading[] = { "select", "with", "values", "table", "show", "explain" };
/* In a statement that reads, none of these has any business, unless it is somebody's name for a thing. */
static const char * const writing[] = {
  "insert", "update", "delete", "merge", "into", "truncate", "drop", "alter", "create", "grant", "revoke", "call", "do",
  "copy", "execute", "refresh", "lock", "share", "write", "reset", "discard", "set", "vacuum", "analyze", "cluster", "reindex",
};

static gboolean
is_any (const TideSqlToken *token,
        const char         *text,
        const char * const *words,
        guint               n)
{
  for (guint i = 0; i < n; i++)
    if (tide_sql_token_is_word (token, text, words[i]))
      return TRUE;
  return FALSE;
}

/* @token may be quoted: "set_config" is the same function. */
static const char *
explain_name (const TideSqlToken *token,
              const char         *text)
{
  gboolean quoted = token->type == TIDE_SQL_TOKEN_QUOTED_NAME;
  g_autofree char *name = NULL;

  if (!quoted && token->type != TIDE_SQL_TOKEN_WORD)
    return NULL;
  /* What hides letters behind U&"\0073" is not plain. */
  if (quoted && text[token->start] != '"')
    return "is written in a way that cannot be seen through";
  name = quoted ? g_strndup (text + token->start + 1, token->length - MIN (token->length, 2))
                : g_strndup (text + token->start, token->length);
  return tide_guard_explain_function (name);
}

static void
find_dangers (TideGuard  *self,
              const char *text)
{
  TideSqlStatement all = { .start = 0, .length = strlen (text) };
  TideSqlHead head;

  tide_sql_head_init (&head, text, &all);
  if (tide_sql_head_is (&head, 0, "drop"))
    self->dangers |= TIDE_GUARD_DANGER_DROP;
  if (tide_sql_head_is (&head, 0, "truncate"))
    self->dangers |= TIDE_GUARD_DANGER_TRUNCATE;
  if (tide_sql_statement_mentions (text, &all, "where"))
    return;
  if (tide_sql_statement_mentions (text, &all, "delete"))
    self->dangers |= TIDE_GUARD_DANGER_DELETE_ALL;
  if (tide_sql_head_is (&head, 0, "update"))
    self->dangers |= TIDE_GUARD_DANGER_UPDATE_ALL;
}

void
tide_guard_check_words (TideGuard  *self,
                        const char *statement)
{
  TideSqlLexer lexer;
  TideSqlToken token;
  gboolean first = TRUE;

  find_dangers (self, statement);
  tide_sql_lexer_init (&lexer, statement, -1);
  while (tide_sql_next_counting (&lexer, &token))
    {
      g_autofree char *word = g_ascii_strup (statement + token.start, token.length);
      const char *why = explain_name (&token, statement);

      if (first && !is_any (&token, statement, reading, G_N_ELEMENTS (reading)))
        tide_guard_refuse (self, "it is not certain that this statement only reads");
      else if (!first && is_any (&token, statement, writing, G_N_ELEMENTS (writing)))
        tide_guard_refuse (self, "it is not certain that a statement with \"%s\" in it only reads", word);
      else if (why != NULL)
        tide_guard_refuse (self, "\"%.*s\" %s", (int) token.length, statement + token.start, why);
      first = FALSE;
    }
}
