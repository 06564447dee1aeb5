/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-query-mask"

#include "config.h"

#include <string.h>

#include "query/tide-query-mask.h"
#include "sql/tide-sql-lexer.h"

/* In strings and comments, and each keeps what stands before and behind the password; one that is still being written has no end. */
static const char * const patterns[] = {
  /* conninfo: password=secret, password = 'my secret', also with doubled quotes; sslpassword and PGPASSWORD, too */
  "(password\\s*=\\s*)(?:''(?:[^'\\\\]|\\\\.)*(?:''|\\z)|'(?:[^'\\\\]|\\\\.)*(?:'|\\z)|[^\\s'\"&;]+)(?<end>)",
  /* a statement inside of a string: quoted, by doubled quotes, by escaped ones, by dollars */
  "(password\"?\\s+(?:e|u&)?)(?:''(?:[^']|'''')*(?:''|\\z)|'(?:[^'\\\\]|''|\\\\.)*(?:'|\\z)|\\\\'(?:[^'\\\\]|\\\\[^'])*(?:\\\\'|\\z)"
  "|\\$(?<tag>\\w*)\\$.*?(?:\\$\\k<tag>\\$|\\z))(?<end>)",
  /* URL */
  "(://[^:/@\\s'\"]*:)[^@\\s'\"]+(?<end>@)",
};

static GRegex *
get_pattern (guint index)
{
  static GRegex *compiled[G_N_ELEMENTS (patterns)];
  static gsize once;

  if (g_once_init_enter (&once))
    {
      for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
        compiled[i] = g_regex_new (patterns[i], G_REGEX_CASELESS | G_REGEX_OPTIMIZE | G_REGEX_RAW | G_REGEX_DOTALL, 0, NULL);
      g_once_init_leave (&once, 1);
    }
  return compiled[index];
}

/* For nearly all there is nothing to be replaced, and that is to be seen at a tenth of the cost: a large script is masked again
 * whenever the journal is written. */
static gboolean
may_tell (const char *text,
          gsize       length)
{
  const char *end = text + length;

  for (const char *at = text; at < end; at++)
    if (((*at == 'p' || *at == 'P') && end - at >= (gssize) strlen ("password") &&
         g_ascii_strncasecmp (at, "password", strlen ("password")) == 0) ||
        (*at == ':' && end - at > 3 && at[1] == '/' && at[2] == '/'))
      return TRUE;
  return FALSE;
}

static char *
mask_inside (const char *text,
             gsize       length)
{
  char *masked = g_strndup (text, length);

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autofree char *before = masked;

      masked = g_regex_replace (get_pattern (i), before, -1, 0, "\\1" TIDE_QUERY_MASK "\\g<end>", 0, NULL);
      if (masked == NULL)
        masked = g_strdup (TIDE_QUERY_MASK);
    }
  return masked;
}

/* PASSWORD, and the option sslpassword, also in quotes */
static gboolean
names_password (const TideSqlToken *token,
                const char         *sql)
{
  const char *end = sql + token->start + token->length;
  gsize length = token->length;

  if (token->type == TIDE_SQL_TOKEN_QUOTED_NAME && end[-1] == '"')
    {
      end--;
      length--;
    }
  return (token->type == TIDE_SQL_TOKEN_WORD || token->type == TIDE_SQL_TOKEN_QUOTED_NAME) && length >= strlen ("password") &&
         g_ascii_strncasecmp (end - strlen ("password"), "password", strlen ("password")) == 0;
}

char *
tide_query_mask (const char *sql)
{
  GString *masked;
  TideSqlLexer lexer;
  TideSqlToken token;
  gboolean password = FALSE; /* the last word that counts */

  g_return_val_if_fail (sql != NULL, NULL);

  masked = g_string_sized_new (strlen (sql));
  tide_sql_lexer_init (&lexer, sql, -1);
  while (tide_sql_lexer_next (&lexer, &token))
    {
      gboolean counts = token.type != TIDE_SQL_TOKEN_SPACE && token.type != TIDE_SQL_TOKEN_COMMENT;
      g_autofree char *inside = NULL;

      if (token.type == TIDE_SQL_TOKEN_STRING && password)
        g_string_append (masked, TIDE_QUERY_MASK);
      else if ((token.type == TIDE_SQL_TOKEN_STRING || token.type == TIDE_SQL_TOKEN_COMMENT || token.type == TIDE_SQL_TOKEN_META) &&
               may_tell (sql + token.start, token.length))
        g_string_append (masked, inside = mask_inside (sql + token.start, token.length));
      else
        g_string_append_len (masked, sql + token.start, token.length);
      /* A string that follows a string is more of it. */
      if (counts)
        password = names_password (&token, sql) || (password && token.type == TIDE_SQL_TOKEN_STRING);
    }
  return g_string_free (masked, FALSE);
}

gboolean
tide_query_is_masked (const char *sql)
{
  return strstr (sql, TIDE_QUERY_MASK) != NULL;
}
