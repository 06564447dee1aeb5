/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-statement"

#include "config.h"

#include <string.h>

#include "backup/tide-restore-statement.h"
#include "tide-error.h"

static gboolean
is_word (const TideRestoreStatement *self,
         guint                       index,
         const char                 *text,
         const char                 *word)
{
  return index < MIN (self->n_tokens, G_N_ELEMENTS (self->head)) && tide_sql_token_is_word (&self->head[index], text, word);
}

/* As psql finds out where the body of a function may hold semicolons: psqlscan.l */
static gboolean
is_routine (const TideRestoreStatement *self,
            const char                 *text)
{
  guint i = is_word (self, 1, text, "or") && is_word (self, 2, text, "replace") ? 3 : 1;

  return is_word (self, 0, text, "create") && (is_word (self, i, text, "function") || is_word (self, i, text, "procedure"));
}

static void
track_depth (TideRestoreStatement *self,
             const char           *text,
             const TideSqlToken   *token)
{
  if (token->type == TIDE_SQL_TOKEN_OPERATOR && text[token->start] == '(')
    self->paren_depth++;
  else if (token->type == TIDE_SQL_TOKEN_OPERATOR && text[token->start] == ')')
    self->paren_depth = MAX (self->paren_depth - 1, 0);
  else if (token->type != TIDE_SQL_TOKEN_WORD || self->paren_depth > 0 || !is_routine (self, text))
    return;
  else if (tide_sql_token_is_word (token, text, "begin"))
    self->begin_depth++;
  else if (tide_sql_token_is_word (token, text, "case") && self->begin_depth > 0)
    self->begin_depth++;
  else if (tide_sql_token_is_word (token, text, "end"))
    self->begin_depth = MAX (self->begin_depth - 1, 0);
}

/**
 * tide_restore_statement_add:
 * @self: a statement
 * @text: where @token was read
 * @start: offset of the statement in @text
 * @token: its next token
 *
 * Returns: whether @token ends the statement
 */
gboolean
tide_restore_statement_add (TideRestoreStatement *self,
                            const char           *text,
                            gsize                 start,
                            const TideSqlToken   *token)
{
  TideSqlToken relative = *token;

  if (token->type == TIDE_SQL_TOKEN_SPACE || token->type == TIDE_SQL_TOKEN_COMMENT)
    return FALSE;
  relative.start -= start;
  if (self->n_tokens == 0)
    self->first = relative.start;
  if (self->n_tokens < G_N_ELEMENTS (self->head))
    self->head[self->n_tokens] = relative;
  self->n_tokens++;
  if (token->type == TIDE_SQL_TOKEN_SEMICOLON)
    return self->paren_depth == 0 && self->begin_depth == 0;
  track_depth (self, text + start, &relative);
  return FALSE;
}

void
tide_restore_statement_reset (TideRestoreStatement *self)
{
  *self = (TideRestoreStatement) { 0 };
}

static GArray *
lex (const TideRestoreStatement *self,
     const char                 *text,
     gsize                       length)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (TideSqlToken));
  TideSqlLexer lexer;
  TideSqlToken token;

  tide_sql_lexer_init (&lexer, text, length);
  lexer.offset = self->first;
  while (tide_sql_lexer_next (&lexer, &token))
    if (token.type != TIDE_SQL_TOKEN_SPACE && token.type != TIDE_SQL_TOKEN_COMMENT)
      g_array_append_val (tokens, token);
  return tokens;
}

static gboolean
token_is (GArray     *tokens,
          guint       index,
          const char *text,
          const char *word)
{
  return index < tokens->len && tide_sql_token_is_word (&g_array_index (tokens, TideSqlToken, index), text, word);
}

static gboolean
token_is_mark (GArray     *tokens,
               guint       index,
               const char *text,
               char        mark)
{
  const TideSqlToken *token = &g_array_index (tokens, TideSqlToken, index);

  return index < tokens->len && token->type == TIDE_SQL_TOKEN_OPERATOR && token->length == 1 && text[token->start] == mark;
}

static gboolean
token_is_name (GArray *tokens,
               guint   index)
{
  const TideSqlToken *token = &g_array_index (tokens, TideSqlToken, index);

  return index < tokens->len && (token->type == TIDE_SQL_TOKEN_WORD || token->type == TIDE_SQL_TOKEN_QUOTED_NAME);
}

/* The role or table that a token names */
static char *
dup_name (GArray     *tokens,
          guint       index,
          const char *text)
{
  const TideSqlToken *token = &g_array_index (tokens, TideSqlToken, index);
  GString *name;

  if (token->type == TIDE_SQL_TOKEN_WORD)
    return g_ascii_strdown (text + token->start, token->length);
  name = g_string_new_len (text + token->start + 1, token->length - 2);
  g_string_replace (name, "\"\"", "\"", 0);
  return g_string_free (name, FALSE);
}

/* Exactly COPY name [(columns)] FROM stdin [options]: for this alone is it sure that psql reads rows next. */
static gboolean
is_copy_of_rows (GArray     *tokens,
                 const char *text)
{
  guint i = 2;

  if (!token_is_name (tokens, 1))
    return FALSE;
  while (token_is_mark (tokens, i, text, '.') && token_is_name (tokens, i + 1))
    i += 2;
  if (token_is_mark (tokens, i, text, '('))
    {
      while (++i < tokens->len && (token_is_name (tokens, i) || token_is_mark (tokens, i, text, ',')))
        ;
      if (!token_is_mark (tokens, i++, text, ')'))
        return FALSE;
    }
  if (!token_is (tokens, i, text, "from") || !token_is (tokens, i + 1, text, "stdin"))
    return FALSE;
  for (i += 2; i < tokens->len; i++)
    {
      const TideSqlToken *token = &g_array_index (tokens, TideSqlToken, i);

      /* Binary rows have no line that ends them. */
      if (token_is (tokens, i, text, "binary") || token->type == TIDE_SQL_TOKEN_STRING)
        {
          g_autofree char *option = g_ascii_strdown (text + token->start, token->length);

          if (strstr (option, "binary") != NULL || *option != '\'')
            return FALSE;
        }
    }
  return TRUE;
}

static TideRestoreVerdict
judge_copy (const TideRestoreStatement  *self,
            const char                  *text,
            gsize                        length,
            GError                     **error)
{
  g_autoptr(GArray) tokens = lex (self, text, length);

  if (is_copy_of_rows (tokens, text))
    return TIDE_RESTORE_COPY;
  tide_set_error (error, TIDE_ERROR_REFUSED, "a dump holds no such statement; look at the line, and remove it if it does no harm",
                  "the SQL holds a COPY that does not read rows from the dump itself");
  return TIDE_RESTORE_DROP;
}

/* pg_dump puts a bare BEGIN and COMMIT around large objects. */
static TideRestoreVerdict
judge_transaction (const TideRestoreStatement  *self,
                   const char                  *text,
                   GError                     **error)
{
  if (self->n_tokens == 2 && (is_word (self, 0, text, "begin") || is_word (self, 0, text, "commit")))
    return TIDE_RESTORE_DROP;
  tide_set_error (error, TIDE_ERROR_REFUSED, "a dump holds no such statement; look at the line, and remove it if it does no harm",
                  "the SQL wants to end the transaction that makes the restore all or nothing");
  return TIDE_RESTORE_DROP;
}

/* Whether the role may be named here; if not, that is remembered */
static gboolean
may_name (GHashTable *roles,
          GHashTable *missing,
          GArray     *tokens,
          guint       index,
          const char *text)
{
  g_autofree char *role = NULL;

  if (roles == NULL || !token_is_name (tokens, index) || token_is (tokens, index, text, "public"))
    return TRUE;
  role = dup_name (tokens, index, text);
  if (g_hash_table_contains (roles, role))
    return TRUE;
  g_hash_table_add (missing, g_steal_pointer (&role));
  return FALSE;
}

static gboolean
may_own (TideRestorePolicy *policy,
         GArray            *tokens,
         guint              index,
         const char        *text)
{
  return may_name (policy->owners, policy->missing_owners, tokens, index, text);
}

static gboolean
may_be_granted (TideRestorePolicy *policy,
                GArray            *tokens,
                guint              index,
                const char        *text)
{
  return may_name (policy->grantees, policy->missing_grantees, tokens, index, text);
}

/* GRANT ... TO role [WITH GRANT OPTION]; REVOKE ... FROM role; */
static gboolean
grantee_is_there (GArray            *tokens,
                  const char        *text,
                  TideRestorePolicy *policy)
{
  for (guint i = tokens->len; i > 0; i--)
    if (token_is (tokens, i - 1, text, "to") || token_is (tokens, i - 1, text, "from"))
      return may_be_granted (policy, tokens, i, text);
  return TRUE;
}

static TideRestoreVerdict
keep (GString    *kept,
      const char *text,
      gsize       length)
{
  g_string_append_len (kept, text, length);
  g_string_append_c (kept, '\n');
  return TIDE_RESTORE_KEEP;
}

/* ALTER ... OWNER TO role; ALTER DEFAULT PRIVILEGES FOR ROLE role ... */
static TideRestoreVerdict
judge_alter (const TideRestoreStatement  *self,
             const char                  *text,
             gsize                        length,
             TideRestorePolicy           *policy)
{
  g_autoptr(GArray) tokens = lex (self, text, length);
  guint n = tokens->len;
  gboolean allowed;

  if (token_is (tokens, 1, text, "default") && token_is (tokens, 2, text, "privileges"))
    {
      allowed = !policy->no_privileges && (!token_is (tokens, 4, text, "role") || may_be_granted (policy, tokens, 5, text))
                && grantee_is_there (tokens, text, policy);
      return allowed ? keep (policy->privileges, text, length) : TIDE_RESTORE_DROP;
    }
  if (n < 5 || !token_is (tokens, n - 4, text, "owner") || !token_is (tokens, n - 3, text, "to"))
    return TIDE_RESTORE_KEEP;
  allowed = !policy->no_owner && may_own (policy, tokens, n - 2, text);
  return allowed ? keep (policy->ownership, text, length) : TIDE_RESTORE_DROP;
}

static TideRestoreVerdict
judge_grant (const TideRestoreStatement  *self,
             const char                  *text,
             gsize                        length,
             TideRestorePolicy           *policy)
{
  g_autoptr(GArray) tokens = lex (self, text, length);

  if (policy->no_privileges || !grantee_is_there (tokens, text, policy))
    return TIDE_RESTORE_DROP;
  return keep (policy->privileges, text, length);
}

/* Of the database as a whole: the one that is restored into has its name and its settings. */
static gboolean
is_of_database (const TideRestoreStatement *self,
                const char                 *text)
{
  if (is_word (self, 1, text, "database"))
    return is_word (self, 0, text, "create") || is_word (self, 0, text, "drop") || is_word (self, 0, text, "alter");
  if (is_word (self, 0, text, "comment"))
    return is_word (self, 2, text, "database");
  if (is_word (self, 0, text, "grant") || is_word (self, 0, text, "revoke"))
    return is_word (self, 2, text, "on") && is_word (self, 3, text, "database");
  return FALSE;
}

static gboolean
is_any (const TideRestoreStatement *self,
        guint                       index,
        const char                 *text,
        const char *const          *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (is_word (self, index, text, words[i]))
      return TRUE;
  return FALSE;
}

/* The programs of PostgreSQL 17 and newer set what older servers do not know, to what it is anyhow. */
static gboolean
is_new_setting (const TideRestoreStatement *self,
                const char                 *text)
{
  return is_word (self, 0, text, "set") && is_word (self, 1, text, "transaction_timeout");
}

/**
 * tide_restore_statement_judge:
 * @self: a statement that has ended
 * @text: all of it
 * @length: bytes of @text
 * @policy: what may be said
 * @error: %TIDE_ERROR_REFUSED for what a dump has no business to do
 *
 * Returns: what becomes of it
 */
TideRestoreVerdict
tide_restore_statement_judge (const TideRestoreStatement  *self,
                              const char                  *text,
                              gsize                        length,
                              TideRestorePolicy           *policy,
                              GError                     **error)
{
  static const char *const transaction_words[] = { "begin", "commit", "end", "rollback", "abort", "start", NULL };

  if (is_word (self, 0, text, "copy"))
    return judge_copy (self, text, length, error);
  if (is_any (self, 0, text, transaction_words)
      || (is_word (self, 0, text, "prepare") && is_word (self, 1, text, "transaction")))
    return judge_transaction (self, text, error);
  if (is_of_database (self, text) || is_new_setting (self, text))
    return TIDE_RESTORE_DROP;
  if (is_word (self, 0, text, "alter"))
    return judge_alter (self, text, length, policy);
  if (is_word (self, 0, text, "grant") || is_word (self, 0, text, "revoke"))
    return judge_grant (self, text, length, policy);
  return TIDE_RESTORE_KEEP;
}
