/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-enum"

#include "config.h"

#include <string.h>

#include "sql/tide-sql-enum.h"
#include "sql/tide-sql-head.h"

/* (transfer full): a name as the server folds it */
static char *
dup_name (const TideSqlHead *head,
          guint              index)
{
  const TideSqlToken *token = &head->tokens[index];
  const char *text = head->text + token->start;

  if (token->type != TIDE_SQL_TOKEN_QUOTED_NAME)
    return g_ascii_strdown (text, token->length);
  return token->length > 1 ? g_strndup (text + 1, token->length - 2) : g_strdup ("");
}

/* (transfer full) (nullable): the type's own name, without its schema, from @index on */
static char *
dup_type_name (const TideSqlHead *head,
               guint              index)
{
  if (index + 2 < head->n_tokens && head->tokens[index + 1].type == TIDE_SQL_TOKEN_OPERATOR
      && head->text[head->tokens[index + 1].start] == '.')
    index += 2;
  return index < head->n_tokens ? dup_name (head, index) : NULL;
}

/* (transfer full): what stands between the quotes of a string, doubled quotes still doubled */
static char *
dup_content (const char         *text,
             const TideSqlToken *token)
{
  const char *start = text + token->start;
  const char *end = start + token->length;
  const char *quote;

  if (token->unterminated)
    return g_strdup ("");
  if (*start == '$')
    {
      gsize tag = (const char *) memchr (start + 1, '$', token->length - 1) - start + 1;

      return g_strndup (start + tag, token->length - 2 * tag);
    }
  quote = memchr (start, '\'', token->length);
  return g_strndup (quote + 1, end - 1 - (quote + 1));
}

/* The server keeps bodies of PL/pgSQL as they are; it reads those of SQL functions and of DO */
static gboolean
is_body_read (const char             *text,
              const TideSqlStatement *statement,
              const TideSqlHead      *head)
{
  return !tide_sql_head_is (head, 0, "create") || !tide_sql_statement_mentions (text, statement, "plpgsql");
}

static gboolean
is_string_use (const char             *text,
               const TideSqlStatement *statement,
               const TideSqlHead      *head,
               const TideSqlToken     *token,
               const char             *label)
{
  g_autofree char *content = dup_content (text, token);
  g_autofree char *quoted = NULL;

  if (strcmp (content, label) == 0)
    return TRUE;
  if (text[token->start] != '$')
    return FALSE;
  quoted = g_strdup_printf ("'%s'", label);
  return strstr (content, quoted) != NULL && is_body_read (text, statement, head);
}

static gboolean
statement_uses (const char             *text,
                const TideSqlStatement *statement,
                const char             *label)
{
  TideSqlHead head;
  TideSqlLexer lexer;
  TideSqlToken token;

  tide_sql_head_init (&head, text, statement);
  /* These name labels without reading them as values */
  if (tide_sql_head_has (&head, 0, "alter", "type", NULL) || tide_sql_head_has (&head, 0, "create", "type", NULL)
      || tide_sql_head_is (&head, 0, "comment"))
    return FALSE;

  tide_sql_statement_lexer (&lexer, text, statement);
  while (tide_sql_lexer_next (&lexer, &token))
    if (token.type == TIDE_SQL_TOKEN_STRING && is_string_use (text, statement, &head, &token, label))
      return TRUE;
  return FALSE;
}

static gboolean
is_made_before (const TideSqlScript *script,
                guint                index,
                const char          *type)
{
  const char *text = tide_sql_script_get_text (script);

  for (guint i = 0; i < index; i++)
    {
      g_autofree char *made = NULL;
      TideSqlHead head;

      tide_sql_head_init (&head, text, tide_sql_script_get_statement (script, i));
      if (tide_sql_head_has (&head, 0, "create", "type", NULL))
        made = dup_type_name (&head, 2);
      if (g_strcmp0 (made, type) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * tide_sql_enum_find_use:
 * @script: a script
 * @index: its statement that adds a value
 * @label: (out) (optional) (transfer full): the value
 *
 * A value that a transaction adds cannot be used before it ends (55P04), unless the type is as new. Whether
 * a string is such a use only the server knows: each later one of the same text counts.
 *
 * Returns: the statement that uses it, or -1
 */
int
tide_sql_enum_find_use (const TideSqlScript  *script,
                        guint                 index,
                        char                **label)
{
  const char *text = tide_sql_script_get_text (script);
  g_autofree char *value = NULL;
  g_autofree char *type = NULL;
  TideSqlHead head;

  tide_sql_head_init (&head, text, tide_sql_script_get_statement (script, index));
  type = dup_type_name (&head, 2);
  for (guint i = 3; i < head.n_tokens && value == NULL; i++)
    if (head.tokens[i].type == TIDE_SQL_TOKEN_STRING)
      value = dup_content (text, &head.tokens[i]);
  if (value == NULL || type == NULL || is_made_before (script, index, type))
    return -1;

  for (guint i = index + 1; i < tide_sql_script_get_n_statements (script); i++)
    if (statement_uses (text, tide_sql_script_get_statement (script, i), value))
      {
        if (label != NULL)
          *label = g_steal_pointer (&value);
        return i;
      }
  return -1;
}
