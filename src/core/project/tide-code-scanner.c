/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-code-scanner"

#include "config.h"

#include <string.h>

#include "project/tide-code-scanner.h"

static void
token_clear (gpointer data)
{
  g_free (((TideCodeToken *) data)->text);
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* The end of a comment that starts at @c, or @c */
static const char *
skip_comment (const char *c)
{
  const char *end;

  if (c[0] != '/' || (c[1] != '/' && c[1] != '*'))
    return c;
  end = c[1] == '/' ? strchr (c, '\n') : strstr (c + 2, "*/");
  if (end == NULL)
    return c + strlen (c);
  return c[1] == '/' ? end : end + 2;
}

/* From behind the opening quote; a string of one line ends with its line */
static const char *
scan_string (const char    *c,
             char           quote,
             TideCodeToken *token)
{
  GString *value = g_string_new (NULL);

  for (; *c != '\0' && *c != quote && (quote == '`' || *c != '\n'); c++)
    {
      if (quote == '`' && c[0] == '$' && c[1] == '{')
        token->opaque = TRUE;
      if (*c == '\\' && c[1] != '\0')
        c++;
      g_string_append_c (value, *c);
    }
  token->type = TIDE_CODE_STRING;
  token->text = g_string_free (value, FALSE);
  return *c == quote ? c + 1 : c;
}

static const char *
scan_token (const char    *c,
            TideCodeToken *token)
{
  const char *start = c;

  if (*c == '"' || *c == '\'' || *c == '`')
    return scan_string (c + 1, *c, token);
  if (!is_word (*c))
    {
      token->type = TIDE_CODE_SIGN;
      token->text = g_strndup (c, 1);
      return c + 1;
    }
  while (is_word (*c))
    c++;
  token->type = TIDE_CODE_WORD;
  token->text = g_strndup (start, c - start);
  return c;
}

/**
 * tide_code_scan:
 * @text: code, NUL-terminated
 *
 * Returns: (transfer full) (element-type TideCodeToken): its tokens without comments and spaces
 */
GArray *
tide_code_scan (const char *text)
{
  GArray *tokens = g_array_new (FALSE, TRUE, sizeof (TideCodeToken));
  TideCodeToken end = { .type = TIDE_CODE_END };
  const char *c = text;
  int line = 1;

  g_array_set_clear_func (tokens, token_clear);
  while (*c != '\0')
    {
      const char *next = skip_comment (c);

      if (next == c && g_ascii_isspace (*c))
        next = c + 1;
      else if (next == c)
        {
          TideCodeToken token = { .line = line };

          next = scan_token (c, &token);
          g_array_append_val (tokens, token);
        }
      for (; c < next; c++)
        line += *c == '\n';
    }
  end.line = line;
  g_array_append_val (tokens, end);
  return tokens;
}

TideCodeToken *
tide_code_get (GArray *tokens,
               guint   index)
{
  return &g_array_index (tokens, TideCodeToken, MIN (index, tokens->len - 1));
}

gboolean
tide_code_is (GArray     *tokens,
              guint       index,
              const char *text)
{
  TideCodeToken *token = tide_code_get (tokens, index);

  return (token->type == TIDE_CODE_WORD || token->type == TIDE_CODE_SIGN) && strcmp (token->text, text) == 0;
}
