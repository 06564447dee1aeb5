/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-completion-context"

#include "config.h"

#include "query/tide-completion-private.h"

/* What the level of the caret (its query, or the parentheses around it) says up to there */
typedef struct
{
  const TideTokens *tokens;
  guint             open;    /* the parenthesis around the caret; TIDE_NO_TOKEN */
  guint             first;   /* where the level begins */
  guint             place;   /* where it ends: the caret, or the name before a dot */
  guint             clause;  /* the last word that begins one; TIDE_NO_TOKEN */
  guint             update;  /* the table behind UPDATE; TIDE_NO_TOKEN */
  gboolean          in_from;
  gboolean          in_set;
} Walk;

/* Behind them an expression begins, or its next operand */
static const char *const before_operands[] = {
  "select", "where", "and", "or", "not", "on", "by", "having", "in", "like", "ilike", "between", "is", "case", "when", "then",
  "else", "distinct", "all", "any", "some", "returning", "limit", "offset", "similar", "to", "filter", "values", "array", "from",
  "interval", "using", "default", "exists", "check", "return", "if", "elsif", "over", "collate", "set", NULL
};

static gboolean
is_operand_end (const TideTokens *tokens,
                guint             i)
{
  if (i >= tokens->n)
    return FALSE;
  switch (tokens->tokens[i].type)
    {
    case TIDE_SQL_TOKEN_WORD:
      return !tide_tokens_is_one_of (tokens, i, before_operands);
    case TIDE_SQL_TOKEN_OPERATOR:
      return tide_tokens_is_sign (tokens, i, ")") || tide_tokens_is_sign (tokens, i, "]");
    default:
      return TRUE;
    }
}

/* The first token of the name, maybe with a schema, that ends at @last */
static guint
find_name_start (const TideTokens *tokens,
                 guint             last)
{
  while (last >= 2 && tide_tokens_is_sign (tokens, last - 1, ".") && tide_tokens_is_name (tokens, last - 2))
    last -= 2;
  return last;
}

static gboolean
starts_with (const TideTokens *tokens,
             const char       *word)
{
  return tide_tokens_is (tokens, 0, word);
}

static guint
find_word (const TideTokens *tokens,
           const char       *word,
           guint             end)
{
  guint i = 0;

  while (i < end && !tide_tokens_is (tokens, i, word))
    i++;
  return i < end ? i : TIDE_NO_TOKEN;
}

static void
take_qualifier (TideContext      *self,
                const TideTokens *tokens,
                guint            *place)
{
  if (*place < 2 || !tide_tokens_is_sign (tokens, *place - 1, ".") || !tide_tokens_is_name (tokens, *place - 2))
    return;
  *place -= 2;
  self->qualifier = tide_tokens_dup_name (tokens, *place);
  if (*place < 2 || !tide_tokens_is_sign (tokens, *place - 1, ".") || !tide_tokens_is_name (tokens, *place - 2))
    return;
  *place -= 2;
  self->schema = tide_tokens_dup_name (tokens, *place);
}

static void
walk_level (Walk *walk)
{
  static const char *const words[] = {
    "select", "from", "join", "where", "having", "on", "using", "set", "into", "update", "values", "returning", "by", "limit",
    "offset", "table", "with", NULL
  };
  static const char *const list_ends[] = { "select", "where", "having", "set", "values", "returning", "by", "limit", "offset", NULL };
  const TideTokens *tokens = walk->tokens;

  for (guint i = walk->first; i < walk->place; i++)
    {
      if (tide_tokens_is_sign (tokens, i, "(") && tokens->partners[i] < walk->place)
        i = tokens->partners[i];
      else if (tide_tokens_is_one_of (tokens, i, words))
        {
          gboolean follows = i > walk->first;

          walk->clause = i;
          if (tide_tokens_is (tokens, i, "update") && !(follows && (tide_tokens_is (tokens, i - 1, "for")
                                                                    || tide_tokens_is (tokens, i - 1, "on"))))
            walk->update = tide_tokens_is (tokens, i + 1, "only") ? i + 2 : i + 1;
          if (tide_tokens_is (tokens, i, "from") && !(follows && tide_tokens_is (tokens, i - 1, "distinct")))
            walk->in_from = walk->open == TIDE_NO_TOKEN || tide_tokens_opens_query (tokens, walk->open);
          else if (tide_tokens_is (tokens, i, "using") && walk->first == 0 && starts_with (tokens, "delete"))
            walk->in_from = TRUE;
          if (tide_tokens_is_one_of (tokens, i, list_ends))
            walk->in_from = walk->in_set = FALSE;
          if (tide_tokens_is (tokens, i, "from"))
            walk->in_set = FALSE;
          if (tide_tokens_is (tokens, i, "set"))
            walk->in_set = walk->update != TIDE_NO_TOKEN;
        }
    }
}

/* In the parentheses of INSERT INTO t (...), of a key, an index or a definition. FALSE: of none of these */
static gboolean
read_list (TideContext *self,
           const Walk  *walk)
{
  const TideTokens *tokens = walk->tokens;
  guint before = walk->open > 0 ? walk->open - 1 : 0;
  guint name = find_name_start (tokens, before);
  guint word = name > 0 ? name - 1 : 0;
  gboolean is_first = walk->place == walk->first || tide_tokens_is_sign (tokens, walk->place - 1, ",");

  self->list = walk->open;
  self->expect = TIDE_EXPECT_COLUMN;
  if (tide_tokens_is (tokens, word, "into") || tide_tokens_is (tokens, word, "references"))
    self->target = name;
  else if (tide_tokens_is (tokens, before, "using"))
    self->is_using = TRUE;
  else if (tide_tokens_is (tokens, before, "conflict") && find_word (tokens, "into", walk->open) != TIDE_NO_TOKEN)
    self->target = find_word (tokens, "into", walk->open) + 1;
  else if (starts_with (tokens, "create") && tide_tokens_is (tokens, word, "using") && word > 0)
    self->target = find_name_start (tokens, word - 1);
  else if (starts_with (tokens, "create") && tide_tokens_is (tokens, word, "on"))
    self->target = name;
  else if (starts_with (tokens, "copy") && name == 1)
    self->target = name;
  else if (starts_with (tokens, "create") && find_word (tokens, "select", walk->open) == TIDE_NO_TOKEN
           && (find_word (tokens, "table", walk->open) != TIDE_NO_TOKEN || find_word (tokens, "type", walk->open) != TIDE_NO_TOKEN
               || find_word (tokens, "function", walk->open) != TIDE_NO_TOKEN
               || find_word (tokens, "procedure", walk->open) != TIDE_NO_TOKEN)
           && !tide_tokens_is (tokens, before, "check"))
    {
      /* name type constraints, ... */
      self->list = TIDE_NO_TOKEN;
      if (is_first)
        self->expect = TIDE_EXPECT_NOTHING;
      else if (walk->place == walk->first + 1 || tide_tokens_is_sign (tokens, walk->place - 2, ","))
        self->expect = TIDE_EXPECT_TYPE;
      else if (tide_tokens_is (tokens, walk->place - 1, "references"))
        self->expect = TIDE_EXPECT_RELATION;
      else
        self->expect = is_operand_end (tokens, walk->place - 1) ? TIDE_EXPECT_KEYWORD : TIDE_EXPECT_EXPRESSION;
      return TRUE;
    }
  else
    {
      self->list = TIDE_NO_TOKEN;
      return FALSE;
    }
  return TRUE;
}

/* Behind a word of DDL: DROP TABLE, ALTER TYPE, CALL ... FALSE: it is none */
static gboolean
read_object_word (TideContext *self,
                  const Walk  *walk,
                  guint        word)
{
  static const char *const relations[] = {
    "table", "view", "index", "sequence", "truncate", "lock", "analyze", "vacuum", "references", "copy", "only", "refresh", NULL
  };
  static const char *const functions[] = { "function", "procedure", "routine", "aggregate", "call", NULL };
  static const char *const types[] = { "type", "domain", "returns", NULL };
  const TideTokens *tokens = walk->tokens;
  gboolean creates = starts_with (tokens, "create");

  /* DROP TABLE IF EXISTS */
  if (tide_tokens_is (tokens, word, "exists") && word >= 2 && tide_tokens_is (tokens, word - 1, "if"))
    word -= 2;
  if (tide_tokens_is_one_of (tokens, word, relations))
    self->expect = creates && !tide_tokens_is (tokens, word, "references") ? TIDE_EXPECT_NOTHING : TIDE_EXPECT_RELATION;
  else if (tide_tokens_is_one_of (tokens, word, functions))
    self->expect = creates && !(word > 0 && tide_tokens_is (tokens, word - 1, "execute")) ? TIDE_EXPECT_NOTHING
                                                                                          : TIDE_EXPECT_FUNCTION;
  else if (tide_tokens_is_one_of (tokens, word, types))
    self->expect = creates && !tide_tokens_is (tokens, word, "returns") ? TIDE_EXPECT_NOTHING : TIDE_EXPECT_TYPE;
  else if (tide_tokens_is (tokens, word, "schema"))
    self->expect = creates ? TIDE_EXPECT_NOTHING : TIDE_EXPECT_SCHEMA;
  else
    return FALSE;
  return TRUE;
}

/* ALTER TABLE t ... COLUMN and its like */
static gboolean
read_alter (TideContext *self,
            const Walk  *walk,
            guint        last)
{
  static const char *const words[] = { "column", "drop", "alter", "rename", NULL };
  const TideTokens *tokens = walk->tokens;

  if (!starts_with (tokens, "alter") || !tide_tokens_is (tokens, 1, "table") || last < 3
      || !tide_tokens_is_one_of (tokens, last, words))
    return FALSE;
  if (tide_tokens_is (tokens, last - 1, "add"))
    {
      self->expect = TIDE_EXPECT_NOTHING;
      return TRUE;
    }
  self->expect = TIDE_EXPECT_COLUMN;
  self->target = 2;
  while (tide_tokens_is (tokens, self->target, "if") || tide_tokens_is (tokens, self->target, "exists")
         || tide_tokens_is (tokens, self->target, "only"))
    self->target++;
  return TRUE;
}

/* Behind ON */
static void
read_on (TideContext *self,
         const Walk  *walk)
{
  if (starts_with (walk->tokens, "create") && !walk->in_from)
    self->expect = TIDE_EXPECT_RELATION;
  else if (starts_with (walk->tokens, "comment") || starts_with (walk->tokens, "grant"))
    self->expect = TIDE_EXPECT_RELATION;
  else
    {
      self->expect = TIDE_EXPECT_EXPRESSION;
      self->is_on = TRUE;
    }
}

static void
read_word (TideContext *self,
           const Walk  *walk,
           guint        last)
{
  const TideTokens *tokens = walk->tokens;

  if (tide_tokens_is (tokens, last, "from"))
    self->expect = walk->in_from ? TIDE_EXPECT_RELATION : TIDE_EXPECT_EXPRESSION;
  else if (tide_tokens_is (tokens, last, "join"))
    {
      self->expect = TIDE_EXPECT_RELATION;
      self->is_join = TRUE;
    }
  else if (tide_tokens_is (tokens, last, "into") || tide_tokens_is (tokens, last, "lateral")
           || (tide_tokens_is (tokens, last, "using") && walk->in_from))
    self->expect = TIDE_EXPECT_RELATION;
  else if (tide_tokens_is (tokens, last, "update"))
    self->expect = walk->update == last + 1 && !(last > 0 && tide_tokens_is (tokens, last - 1, "do")) ? TIDE_EXPECT_RELATION
                                                                                                  : TIDE_EXPECT_KEYWORD;
  else if (tide_tokens_is (tokens, last, "on"))
    read_on (self, walk);
  else if (tide_tokens_is (tokens, last, "set"))
    {
      self->expect = walk->in_set ? TIDE_EXPECT_COLUMN : TIDE_EXPECT_KEYWORD;
      self->target = walk->in_set ? walk->update : TIDE_NO_TOKEN;
    }
  else if (tide_tokens_is (tokens, last, "as"))
    self->expect = walk->open != TIDE_NO_TOKEN && tide_tokens_is (tokens, walk->open - 1, "cast")
                   ? TIDE_EXPECT_TYPE
                   : starts_with (tokens, "create") ? TIDE_EXPECT_STATEMENT : TIDE_EXPECT_NOTHING;
  else if (tide_tokens_is (tokens, last, "with") || tide_tokens_is (tokens, last, "recursive"))
    self->expect = TIDE_EXPECT_NOTHING;
  else if (tide_tokens_is (tokens, last, "explain") || tide_tokens_is (tokens, last, "verbose"))
    self->expect = TIDE_EXPECT_STATEMENT;
  else if (!read_alter (self, walk, last) && !read_object_word (self, walk, last))
    self->expect = is_operand_end (tokens, last) ? TIDE_EXPECT_KEYWORD : TIDE_EXPECT_EXPRESSION;
}

static void
read_behind (TideContext *self,
             const Walk  *walk)
{
  const TideTokens *tokens = walk->tokens;
  guint last = walk->place - 1;

  if (last > 0 && tide_tokens_is_sign (tokens, last, ":") && tide_tokens_is_sign (tokens, last - 1, ":"))
    self->expect = TIDE_EXPECT_TYPE;
  else if (tide_tokens_is_sign (tokens, last, ","))
    {
      self->expect = walk->in_from ? TIDE_EXPECT_RELATION : walk->in_set ? TIDE_EXPECT_COLUMN : TIDE_EXPECT_EXPRESSION;
      if (self->expect == TIDE_EXPECT_COLUMN)
        self->target = walk->update;
      else if (self->expect == TIDE_EXPECT_EXPRESSION && starts_with (tokens, "drop"))
        self->expect = TIDE_EXPECT_RELATION;
    }
  else if (tokens->tokens[last].type == TIDE_SQL_TOKEN_WORD)
    read_word (self, walk, last);
  else if (is_operand_end (tokens, last))
    self->expect = starts_with (tokens, "explain") && tokens->partners[last] == 1 ? TIDE_EXPECT_STATEMENT : TIDE_EXPECT_KEYWORD;
  else
    self->expect = TIDE_EXPECT_EXPRESSION;
}

/* In FROM (...: a table of a join, or a query that is yet to be written */
static gboolean
opens_from (const Walk *walk)
{
  Walk around = { .tokens = walk->tokens, .open = TIDE_NO_TOKEN, .place = walk->open, .clause = TIDE_NO_TOKEN,
                  .update = TIDE_NO_TOKEN };

  if (walk->open == 0 || is_operand_end (walk->tokens, walk->open - 1))
    return FALSE;
  walk_level (&around);
  return tide_tokens_is (walk->tokens, walk->open - 1, "from") || tide_tokens_is (walk->tokens, walk->open - 1, "join")
         || (around.in_from && tide_tokens_is_sign (walk->tokens, walk->open - 1, ","));
}

void
tide_context_init (TideContext      *self,
                   const TideTokens *tokens)
{
  Walk walk = { .tokens = tokens, .open = TIDE_NO_TOKEN, .clause = TIDE_NO_TOKEN, .update = TIDE_NO_TOKEN };

  *self = (TideContext) { .expect = TIDE_EXPECT_EXPRESSION, .target = TIDE_NO_TOKEN, .list = TIDE_NO_TOKEN };
  walk.place = tokens->caret;
  take_qualifier (self, tokens, &walk.place);
  for (guint i = 0; i < walk.place; i++)
    if (tide_tokens_is_sign (tokens, i, "(") && tokens->partners[i] >= tokens->caret)
      walk.open = i;
  walk.first = walk.open == TIDE_NO_TOKEN ? 0 : walk.open + 1;
  walk_level (&walk);
  if (walk.open != TIDE_NO_TOKEN && !tide_tokens_opens_query (tokens, walk.open) && read_list (self, &walk))
    return;
  self->expect = TIDE_EXPECT_EXPRESSION;
  if (walk.place > walk.first)
    read_behind (self, &walk);
  else if (walk.open == TIDE_NO_TOKEN)
    self->expect = TIDE_EXPECT_STATEMENT;
  else if (opens_from (&walk))
    self->expect = TIDE_EXPECT_RELATION;
  else if (tide_tokens_is (tokens, walk.open - 1, "as"))
    self->expect = TIDE_EXPECT_STATEMENT;
  if (walk.clause != TIDE_NO_TOKEN && tide_tokens_is (tokens, walk.clause, "by") && walk.clause > 0)
    self->is_order = tide_tokens_is (tokens, walk.clause - 1, "order") || tide_tokens_is (tokens, walk.clause - 1, "group");
}

void
tide_context_clear (TideContext *self)
{
  g_clear_pointer (&self->schema, g_free);
  g_clear_pointer (&self->qualifier, g_free);
}
