/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-json"

#include "config.h"

#include <string.h>

#include "tide-json.h"

/* No file of ours comes near it, and no stack ends before it. */
#define MAX_DEPTH 500

/* The byte behind the string or comment that begins at @at; @at itself where none begins there */
static const char *
skip_opaque (const char *at,
             const char *end)
{
  const char *close;

  if (*at == '"')
    {
      for (at++; at < end && *at != '"'; at++)
        if (*at == '\\')
          at++;
      return MIN (at + 1, end);
    }
  if (end - at >= 2 && at[0] == '/' && at[1] == '/')
    {
      close = memchr (at, '\n', end - at);
      return close ? close + 1 : end;
    }
  if (end - at >= 2 && at[0] == '/' && at[1] == '*')
    {
      close = memmem (at + 2, end - at - 2, "*/", 2);
      return close ? close + 2 : end;
    }
  return at;
}

static gboolean
is_too_deep (const char *text,
             gsize       size)
{
  const char *end = text + size;
  guint depth = 0;

  for (const char *at = text; at < end;)
    {
      const char *next = skip_opaque (at, end);

      if (next != at)
        {
          at = next;
          continue;
        }
      if (*at == '[' || *at == '{')
        depth++;
      else if ((*at == ']' || *at == '}') && depth > 0)
        depth--;
      if (depth > MAX_DEPTH)
        return TRUE;
      at++;
    }
  return FALSE;
}

/**
 * tide_json_load:
 * @parser: a parser
 * @text: the JSON
 * @size: its bytes
 * @error: the parser's, whose signal "error" is then heard too, except for what is nested too deep
 *
 * json-glib calls itself for every level, and a file made for it would end the program.
 *
 * Returns: whether @parser holds the document
 */
gboolean
tide_json_load (JsonParser  *parser,
                const char  *text,
                gsize        size,
                GError     **error)
{
  if (is_too_deep (text, size))
    {
      g_set_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE, "it is nested more than %d deep", MAX_DEPTH);
      return FALSE;
    }
  return json_parser_load_from_data (parser, text, size, error);
}
