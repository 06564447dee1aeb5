/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-query-format"

#include "config.h"

#include <string.h>

#include "query/tide-query-format.h"
#include "sql/tide-sql-head.h"

/* Reserved words, and what else begins a clause; some are names in some places, but case means nothing there. */
static const char * const keywords[] = {
  "all", "alter", "analyze", "and", "any", "array", "as", "asc", "begin", "between", "by", "case", "cast", "check", "collate",
  "column", "commit", "conflict", "constraint", "create", "cross", "default", "delete", "desc", "distinct", "do", "drop",
  "else", "end", "except", "exists", "explain", "false", "fetch", "filter", "first", "for", "foreign", "from", "full", "grant",
  "group", "having", "if", "ilike", "in", "index", "inner", "insert", "intersect", "into", "is", "join", "key", "last",
  "lateral", "left", "like", "limit", "merge", "natural", "not", "nothing", "null", "nulls", "offset", "on", "only", "or",
  "order", "outer", "over", "partition", "primary", "recursive", "references", "returning", "right", "rollback", "rows",
  "select", "set", "similar", "some", "table", "then", "to", "true", "truncate", "union", "unique", "update", "using",
  "values", "view", "when", "where", "window", "with", "within",
};

static const char * const clauses[] = {
  "select", "from", "where", "group", "having", "order", "limit", "offset", "fetch", "union", "intersect", "except", "values",
  "returning", "window",
};
static const char * const joins[] = { "join", "left", "right", "inner", "full", "cross", "natural" };
static const char * const reflowed[] = { "select", "with", "insert", "update", "delete", "merge", "values" };

typedef struct
{
  const char      *text;
  GString         *out;
  TideKeywordCase  keywords;
  guint            indent;
  gboolean         reflow;
  TideSqlToken     previous;   /* neither space; END at the start */
  gboolean         between;    /* the next AND belongs to BETWEEN */
  gboolean         after_join; /* LEFT of LEFT JOIN has broken the line already */
  gboolean         update;     /* SET is a clause */
  GArray          *parens;     /* (element-type gboolean): whether a query is inside */
} Format;

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

#define IS_ANY(token, text, words) is_any (token, text, words, G_N_ELEMENTS (words))

static gboolean
is_char (const TideSqlToken *token,
         const char         *text,
         char                c)
{
  return token->type == TIDE_SQL_TOKEN_OPERATOR && token->length == 1 && text[token->start] == c;
}

static gboolean
in_query (const Format *self)
{
  return self->parens->len == 0 || g_array_index (self->parens, gboolean, self->parens->len - 1);
}

static guint
get_depth (const Format *self)
{
  guint depth = 0;

  for (guint i = 0; i < self->parens->len; i++)
    depth += g_array_index (self->parens, gboolean, i);
  return depth;
}

static void
add_line (Format *self,
          guint   extra)
{
  while (self->out->len > 0 && self->out->str[self->out->len - 1] == ' ')
    g_string_truncate (self->out, self->out->len - 1);
  if (self->out->len > 0)
    g_string_append_printf (self->out, "\n%*s", (int) ((get_depth (self) + extra) * self->indent), "");
}

static gboolean
is_name_part (const Format       *self,
              const TideSqlToken *token)
{
  return is_char (&self->previous, self->text, '.') || self->text[token->start + token->length] == '.';
}

/* Whether @token stands at the beginning of a line of its own; @extra (out): further in than its query */
static gboolean
breaks (Format             *self,
        const TideSqlToken *token,
        guint              *extra)
{
  gboolean follows_join = self->after_join;

  *extra = 0;
  if (token->type != TIDE_SQL_TOKEN_WORD || !in_query (self) || is_name_part (self, token))
    return FALSE;
  self->after_join = IS_ANY (token, self->text, joins) || (follows_join && tide_sql_token_is_word (token, self->text, "outer"));
  if (self->after_join)
    return !follows_join && self->text[token->start + token->length] != '(';
  if (tide_sql_token_is_word (token, self->text, "between"))
    self->between = TRUE;
  if (tide_sql_token_is_word (token, self->text, "and") && self->between)
    return self->between = FALSE;
  *extra = 1;
  if (tide_sql_token_is_word (token, self->text, "and") || tide_sql_token_is_word (token, self->text, "or"))
    return TRUE;
  *extra = 0;
  if (tide_sql_token_is_word (token, self->text, "set"))
    return self->update && !tide_sql_token_is_word (&self->previous, self->text, "update");
  /* IS DISTINCT FROM; DELETE FROM; INSERT ... VALUES stands alone */
  if (tide_sql_token_is_word (token, self->text, "from"))
    return !tide_sql_token_is_word (&self->previous, self->text, "distinct")
           && !tide_sql_token_is_word (&self->previous, self->text, "delete");
  return IS_ANY (token, self->text, clauses);
}

static void
add_token (Format             *self,
           const TideSqlToken *token)
{
  g_autofree char *word = NULL;

  /* left (text, 2) is a function. */
  if (self->text[token->start + token->length] == '(' && IS_ANY (token, self->text, joins))
    g_string_append_len (self->out, self->text + token->start, token->length);
  else if (self->keywords != TIDE_KEYWORDS_AS_WRITTEN && token->type == TIDE_SQL_TOKEN_WORD && !is_name_part (self, token)
      && IS_ANY (token, self->text, keywords))
    {
      word = self->keywords == TIDE_KEYWORDS_UPPER ? g_ascii_strup (self->text + token->start, token->length)
                                                   : g_ascii_strdown (self->text + token->start, token->length);
      g_string_append (self->out, word);
    }
  else
    g_string_append_len (self->out, self->text + token->start, token->length);
}

static void
track_parens (Format             *self,
              const TideSqlToken *token,
              const TideSqlToken *next)
{
  gboolean query = IS_ANY (next, self->text, reflowed);

  if (is_char (token, self->text, '('))
    g_array_append_val (self->parens, query);
  else if (is_char (token, self->text, ')') && self->parens->len > 0)
    g_array_set_size (self->parens, self->parens->len - 1);
}

/* What stands between the last token and this one */
static void
add_gap (Format             *self,
         const TideSqlToken *token,
         const TideSqlToken *space)
{
  gboolean spaced = space->type == TIDE_SQL_TOKEN_SPACE;
  gboolean line = spaced && memchr (self->text + space->start, '\n', space->length) != NULL;
  gboolean after_comment = self->previous.type == TIDE_SQL_TOKEN_COMMENT && self->text[self->previous.start] == '-';
  /* The server joins strings that stand on two lines, and no others. */
  gboolean joined = line && token->type == TIDE_SQL_TOKEN_STRING && self->previous.type == TIDE_SQL_TOKEN_STRING;
  guint extra = 0;

  if (self->previous.type == TIDE_SQL_TOKEN_END)
    return;
  if (breaks (self, token, &extra) || after_comment || joined || (line && token->type == TIDE_SQL_TOKEN_COMMENT))
    add_line (self, joined ? 1 : extra);
  else if (is_char (token, self->text, ')') && in_query (self) && self->parens->len > 0)
    {
      gboolean was = FALSE;

      g_array_index (self->parens, gboolean, self->parens->len - 1) = was;
      add_line (self, 0);
    }
  else if (spaced)
    g_string_append_c (self->out, ' ');
}

static void
format_statement (Format                 *self,
                  const TideSqlStatement *statement)
{
  g_autoptr(GArray) parens = g_array_new (FALSE, FALSE, sizeof (gboolean));
  TideSqlToken space = { TIDE_SQL_TOKEN_END };
  TideSqlLexer lexer;
  TideSqlToken token;

  self->parens = parens;
  self->previous = (TideSqlToken) { TIDE_SQL_TOKEN_END };
  self->between = self->after_join = FALSE;
  tide_sql_statement_lexer (&lexer, self->text, statement);
  while (tide_sql_lexer_next (&lexer, &token))
    {
      TideSqlLexer ahead = lexer;
      TideSqlToken next = { TIDE_SQL_TOKEN_END };

      if (token.type == TIDE_SQL_TOKEN_SPACE)
        {
          space = token;
          if (!self->reflow)
            g_string_append_len (self->out, self->text + token.start, token.length);
          continue;
        }
      tide_sql_next_counting (&ahead, &next);
      if (self->reflow)
        add_gap (self, &token, &space);
      add_token (self, &token);
      track_parens (self, &token, &next);
      self->previous = token;
      space = (TideSqlToken) { TIDE_SQL_TOKEN_END };
    }
}

/* Whether both say the same, but for space and the case of what is not quoted */
static gboolean
is_same (const char *a,
         const char *b)
{
  TideSqlLexer lexer_a;
  TideSqlLexer lexer_b;
  TideSqlToken token_a;
  TideSqlToken token_b;

  tide_sql_lexer_init (&lexer_a, a, -1);
  tide_sql_lexer_init (&lexer_b, b, -1);
  for (;;)
    {
      while (tide_sql_lexer_next (&lexer_a, &token_a) && token_a.type == TIDE_SQL_TOKEN_SPACE)
        ;
      while (tide_sql_lexer_next (&lexer_b, &token_b) && token_b.type == TIDE_SQL_TOKEN_SPACE)
        ;
      if (token_a.type != token_b.type || token_a.length != token_b.length)
        return FALSE;
      if (token_a.type == TIDE_SQL_TOKEN_END)
        return TRUE;
      if (token_a.type == TIDE_SQL_TOKEN_WORD
            ? g_ascii_strncasecmp (a + token_a.start, b + token_b.start, token_a.length) != 0
            : memcmp (a + token_a.start, b + token_b.start, token_a.length) != 0)
        return FALSE;
    }
}

char *
tide_query_format (const char      *sql,
                   TideKeywordCase  keywords,
                   guint            indent)
{
  g_autoptr(GArray) statements = NULL;
  Format self = { .text = sql, .keywords = keywords, .indent = indent };
  g_autofree char *out = NULL;
  gsize copied = 0;

  g_return_val_if_fail (sql != NULL, NULL);

  statements = tide_sql_split (sql, -1);
  self.out = g_string_sized_new (strlen (sql));
  for (guint i = 0; i < statements->len; i++)
    {
      const TideSqlStatement *statement = &g_array_index (statements, TideSqlStatement, i);
      GString *all = self.out;
      TideSqlHead head;

      tide_sql_head_init (&head, sql, statement);
      self.reflow = head.n_tokens > 0 && IS_ANY (&head.tokens[0], sql, reflowed);
      self.update = tide_sql_head_is (&head, 0, "update");
      g_string_append_len (all, sql + copied, statement->start - copied);
      self.out = g_string_new (NULL);
      format_statement (&self, statement);
      g_string_append_len (all, self.out->str, self.out->len);
      g_string_free (self.out, TRUE);
      self.out = all;
      copied = statement->start + statement->length;
    }
  g_string_append (self.out, sql + copied);
  out = g_string_free (self.out, FALSE);
  return is_same (sql, out) ? g_steal_pointer (&out) : g_strdup (sql);
}
