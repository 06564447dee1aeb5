/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-traits"

#include "config.h"

#include <string.h>

#include "sql/tide-sql-traits.h"
#include "sql/tide-sql-tree.h"

typedef struct
{
  const TideSqlHead      *head;
  const TideSqlStatement *statement;
  const char            **what;
} Subject;

typedef TideSqlTraits (*Classifier) (const Subject *subject);

static TideSqlTraits
found (const Subject *subject,
       TideSqlTraits  traits,
       const char    *what)
{
  *subject->what = what;
  return traits;
}

/* The statement's options decide; the tree reads them */
static TideSqlTraits
ask_tree (const Subject *subject,
          const char    *what)
{
  g_autofree char *sql = g_strndup (subject->head->text + subject->statement->start, subject->statement->length);

  if (!tide_sql_tree_refuses_transaction (sql, TRUE))
    return TIDE_SQL_TRAIT_NONE;
  return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, what);
}

static TideSqlTraits
classify_alter (const Subject *subject)
{
  const TideSqlHead *head = subject->head;

  if (tide_sql_head_is (head, 1, "table"))
    return tide_sql_statement_mentions (head->text, subject->statement, "concurrently")
           ? ask_tree (subject, "ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY") : TIDE_SQL_TRAIT_NONE;
  if (tide_sql_head_is (head, 1, "type"))
    {
      /* ALTER TYPE name ADD VALUE, ALTER TYPE schema.name ADD VALUE */
      if (tide_sql_head_has (head, 3, "add", "value", NULL) || tide_sql_head_has (head, 5, "add", "value", NULL))
        return found (subject, TIDE_SQL_TRAIT_ADDS_ENUM_VALUE, "ALTER TYPE ... ADD VALUE");
      return TIDE_SQL_TRAIT_NONE;
    }
  if (tide_sql_head_is (head, 1, "system"))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "ALTER SYSTEM");
  if (tide_sql_head_is (head, 1, "subscription"))
    return ask_tree (subject, "ALTER SUBSCRIPTION");
  if (tide_sql_head_is (head, 1, "database")
      && tide_sql_statement_mentions (head->text, subject->statement, "tablespace"))
    return ask_tree (subject, "ALTER DATABASE ... SET TABLESPACE");
  return TIDE_SQL_TRAIT_NONE;
}

static TideSqlTraits
classify_begin (const Subject *subject)
{
  return found (subject, TIDE_SQL_TRAIT_CONTROLS, "BEGIN");
}

static TideSqlTraits
classify_end (const Subject *subject)
{
  return found (subject, TIDE_SQL_TRAIT_CONTROLS, "END");
}

static TideSqlTraits
classify_abort (const Subject *subject)
{
  return found (subject, TIDE_SQL_TRAIT_CONTROLS, "ABORT");
}

static TideSqlTraits
classify_start (const Subject *subject)
{
  if (!tide_sql_head_is (subject->head, 1, "transaction"))
    return TIDE_SQL_TRAIT_NONE;
  return found (subject, TIDE_SQL_TRAIT_CONTROLS, "START TRANSACTION");
}

static TideSqlTraits
classify_commit (const Subject *subject)
{
  if (tide_sql_head_is (subject->head, 1, "prepared"))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "COMMIT PREPARED");
  return found (subject, TIDE_SQL_TRAIT_CONTROLS, "COMMIT");
}

static TideSqlTraits
classify_rollback (const Subject *subject)
{
  guint next = tide_sql_head_is (subject->head, 1, "work") || tide_sql_head_is (subject->head, 1, "transaction") ? 2 : 1;

  if (tide_sql_head_is (subject->head, 1, "prepared"))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "ROLLBACK PREPARED");
  /* to a savepoint: that stays inside the transaction */
  if (tide_sql_head_is (subject->head, next, "to"))
    return TIDE_SQL_TRAIT_NONE;
  return found (subject, TIDE_SQL_TRAIT_CONTROLS, "ROLLBACK");
}

static TideSqlTraits
classify_prepare (const Subject *subject)
{
  if (!tide_sql_head_is (subject->head, 1, "transaction"))
    return TIDE_SQL_TRAIT_NONE;
  return found (subject, TIDE_SQL_TRAIT_CONTROLS, "PREPARE TRANSACTION");
}

static TideSqlTraits
classify_cluster (const Subject *subject)
{
  return ask_tree (subject, "CLUSTER of all tables");
}

/* COPY ... FROM STDIN waits for data that a file of statements does not hold */
static TideSqlTraits
classify_copy (const Subject *subject)
{
  TideSqlLexer lexer;
  TideSqlToken token;
  gboolean from = FALSE;

  tide_sql_statement_lexer (&lexer, subject->head->text, subject->statement);
  while (tide_sql_next_counting (&lexer, &token))
    {
      if (from && tide_sql_token_is_word (&token, subject->head->text, "stdin"))
        return found (subject, TIDE_SQL_TRAIT_COPY_STDIN, "COPY ... FROM STDIN");
      from = tide_sql_token_is_word (&token, subject->head->text, "from");
    }
  return TIDE_SQL_TRAIT_NONE;
}

static TideSqlTraits
classify_create (const Subject *subject)
{
  guint index = tide_sql_head_is (subject->head, 1, "unique") ? 2 : 1;

  if (tide_sql_head_has (subject->head, index, "index", "concurrently", NULL))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "CREATE INDEX CONCURRENTLY");
  if (tide_sql_head_is (subject->head, 1, "database"))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "CREATE DATABASE");
  if (tide_sql_head_is (subject->head, 1, "tablespace"))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "CREATE TABLESPACE");
  if (tide_sql_head_is (subject->head, 1, "subscription"))
    return ask_tree (subject, "CREATE SUBSCRIPTION");
  return TIDE_SQL_TRAIT_NONE;
}

static TideSqlTraits
classify_discard (const Subject *subject)
{
  if (tide_sql_head_is (subject->head, 1, "all"))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION | TIDE_SQL_TRAIT_CHANGES_SESSION, "DISCARD ALL");
  return found (subject, TIDE_SQL_TRAIT_CHANGES_SESSION, "DISCARD");
}

/* An anonymous block may end transactions, if it does not stand in one */
static gboolean
body_commits (const char         *text,
              const TideSqlToken *body)
{
  TideSqlLexer lexer;
  TideSqlToken token, previous = { .type = TIDE_SQL_TOKEN_SEMICOLON };

  tide_sql_lexer_init (&lexer, text, body->start + body->length);
  lexer.offset = body->start;
  /* over the opening quote, dollars and tag */
  if (text[body->start] == '$')
    lexer.offset += 1 + (const char *) memchr (text + body->start + 1, '$', body->length - 1) - (text + body->start);
  while (tide_sql_next_counting (&lexer, &token))
    {
      gboolean ends = tide_sql_token_is_word (&token, text, "commit")
                      || tide_sql_token_is_word (&token, text, "rollback");

      if (ends && (previous.type == TIDE_SQL_TOKEN_SEMICOLON
                   || tide_sql_token_is_word (&previous, text, "begin")
                   || tide_sql_token_is_word (&previous, text, "then")
                   || tide_sql_token_is_word (&previous, text, "else")
                   || tide_sql_token_is_word (&previous, text, "loop")))
        return TRUE;
      previous = token;
    }
  return FALSE;
}

static TideSqlTraits
classify_do (const Subject *subject)
{
  const TideSqlHead *head = subject->head;

  for (guint i = 1; i < head->n_tokens; i++)
    if (head->tokens[i].type == TIDE_SQL_TOKEN_STRING && head->text[head->tokens[i].start] == '$'
        && !head->tokens[i].unterminated && body_commits (head->text, &head->tokens[i]))
      return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "DO with a COMMIT or ROLLBACK in it");
  return TIDE_SQL_TRAIT_NONE;
}

static TideSqlTraits
classify_drop (const Subject *subject)
{
  if (tide_sql_head_has (subject->head, 1, "index", "concurrently", NULL))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "DROP INDEX CONCURRENTLY");
  if (tide_sql_head_is (subject->head, 1, "database"))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "DROP DATABASE");
  if (tide_sql_head_is (subject->head, 1, "tablespace"))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "DROP TABLESPACE");
  /* only with a slot, which the catalog alone knows; nearly all have one */
  if (tide_sql_head_is (subject->head, 1, "subscription"))
    return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "DROP SUBSCRIPTION");
  return TIDE_SQL_TRAIT_NONE;
}

static TideSqlTraits
classify_reindex (const Subject *subject)
{
  return ask_tree (subject, "REINDEX CONCURRENTLY or of a whole schema or database");
}

static TideSqlTraits
classify_reset (const Subject *subject)
{
  return found (subject, TIDE_SQL_TRAIT_CHANGES_SESSION, "RESET");
}

static TideSqlTraits
classify_select (const Subject *subject)
{
  if (!tide_sql_statement_mentions (subject->head->text, subject->statement, "set_config"))
    return TIDE_SQL_TRAIT_NONE;
  return found (subject, TIDE_SQL_TRAIT_CHANGES_SESSION, "set_config()");
}

static TideSqlTraits
classify_set (const Subject *subject)
{
  if (tide_sql_head_is (subject->head, 1, "local") || tide_sql_head_is (subject->head, 1, "transaction")
      || tide_sql_head_is (subject->head, 1, "constraints"))
    return TIDE_SQL_TRAIT_NONE;
  return found (subject, TIDE_SQL_TRAIT_CHANGES_SESSION, "SET");
}

static TideSqlTraits
classify_vacuum (const Subject *subject)
{
  return found (subject, TIDE_SQL_TRAIT_NO_TRANSACTION, "VACUUM");
}

static const struct
{
  const char *word;
  Classifier  classify;
} classifiers[] = {
  { "abort", classify_abort },
  { "alter", classify_alter },
  { "begin", classify_begin },
  { "cluster", classify_cluster },
  { "commit", classify_commit },
  { "copy", classify_copy },
  { "create", classify_create },
  { "discard", classify_discard },
  { "do", classify_do },
  { "drop", classify_drop },
  { "end", classify_end },
  { "prepare", classify_prepare },
  { "reindex", classify_reindex },
  { "reset", classify_reset },
  { "rollback", classify_rollback },
  { "select", classify_select },
  { "set", classify_set },
  { "start", classify_start },
  { "vacuum", classify_vacuum },
};

TideSqlTraits
tide_sql_traits_of (const TideSqlHead      *head,
                    const TideSqlStatement *statement,
                    const char            **what)
{
  Subject subject = { head, statement, what };
  TideSqlTraits traits = TIDE_SQL_TRAIT_NONE;

  *what = NULL;
  if (statement->is_meta)
    return TIDE_SQL_TRAIT_META;
  if (statement->unterminated)
    traits |= TIDE_SQL_TRAIT_UNTERMINATED;

  for (guint i = 0; i < G_N_ELEMENTS (classifiers); i++)
    if (tide_sql_head_is (head, 0, classifiers[i].word))
      return traits | classifiers[i].classify (&subject);
  return traits;
}
