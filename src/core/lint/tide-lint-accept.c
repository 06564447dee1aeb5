/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-accept"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "lint/tide-lint-accept.h"

#define WHOLE_FILE (-1)

static char *
dup_key (const char *rule,
         int         index)
{
  return g_strdup_printf ("%d:%s", index, rule);
}

void
tide_lint_accept_add (TideLintPass *pass,
                      const char   *rule,
                      int           index,
                      const char   *because)
{
  g_hash_table_replace (pass->accepted, dup_key (rule, index), g_strdup (because));
}

static void
report (TideLintPass       *pass,
        const TideSqlToken *token,
        char               *message)
{
  TideLintNote note = { .start = token->start, .length = token->length, .message = message };

  tide_lint_pass_report (pass, TIDE_LINT_ACCEPT_COMMENT, note);
}

/* The words between "accept" and "because": rules, and "in this file" */
static void
accept_rules (TideLintPass       *pass,
              const TideSqlToken *token,
              char               *words,
              const char         *because,
              int                 index)
{
  char *in_file = strstr (words, " in this file");
  g_auto(GStrv) rules = NULL;

  if (in_file != NULL)
    {
      *in_file = '\0';
      index = WHOLE_FILE;
    }
  rules = g_strsplit_set (words, ", ", -1);
  for (guint i = 0; rules[i] != NULL; i++)
    {
      if (*rules[i] == '\0')
        continue;
      if (!g_str_equal (rules[i], "all") && tide_lint_rule_find (rules[i]) == NULL)
        report (pass, token, g_strdup_printf (_("there is no rule \"%s\" to accept"), rules[i]));
      else
        tide_lint_accept_add (pass, rules[i], index, because);
    }
}

static void
read_comment (TideLintPass       *pass,
              const TideSqlToken *token,
              int                 index)
{
  g_autofree char *text = g_strndup (pass->text + token->start, token->length);
  char *words = strstr (text, "tidemark:");
  char *because;

  if (words == NULL)
    return;
  words = g_strstrip (words + strlen ("tidemark:"));
  if (!g_str_has_prefix (words, "accept "))
    return;
  if (pass->text[token->start] == '/' && g_str_has_suffix (words, "*/"))
    words[strlen (words) - 2] = '\0';
  words += strlen ("accept ");
  because = strstr (words, " because ");
  if (because == NULL || *g_strstrip (because + strlen (" because ")) == '\0')
    {
      report (pass, token, g_strdup (_("what is accepted needs a reason: \"accept RULE because REASON\"")));
      return;
    }
  *because = '\0';
  accept_rules (pass, token, words, g_strstrip (because + strlen (" because ")), index);
}

void
tide_lint_accept_read (TideLintPass *pass)
{
  guint n = tide_sql_script_get_n_statements (pass->script);
  TideSqlLexer lexer;
  TideSqlToken token;
  guint index = 0;

  g_hash_table_remove_all (pass->accepted);
  if (g_strstr_len (pass->text, pass->size, "tidemark:") == NULL)
    return;
  tide_sql_lexer_init (&lexer, pass->text, pass->size);
  while (tide_sql_lexer_next (&lexer, &token))
    {
      const TideSqlStatement *statement;

      while (index < n && (statement = tide_sql_script_get_statement (pass->script, index)) != NULL
             && token.start >= statement->start + statement->length)
        index++;
      if (token.type == TIDE_SQL_TOKEN_COMMENT)
        read_comment (pass, &token, index);
    }
}

gboolean
tide_lint_accept_find (TideLintPass  *pass,
                       const char    *rule,
                       int            index,
                       const char   **because)
{
  const char *const rules[] = { rule, "all" };
  const int places[] = { index, WHOLE_FILE };

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *key = dup_key (rules[i % 2], places[i / 2]);

      if (g_hash_table_lookup_extended (pass->accepted, key, NULL, (gpointer *) because))
        return TRUE;
    }
  return FALSE;
}
