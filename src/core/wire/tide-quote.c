/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-quote"

#include "config.h"

#include <string.h>

#include "wire/tide-session.h"

/* Bytes; the server cuts what is longer (NAMEDATALEN) */
#define MAX_NAME 63

static char *
quote (const char *prefix,
       const char *text,
       char        mark,
       char        escape)
{
  GString *quoted = g_string_new (prefix);

  g_string_append_c (quoted, mark);
  for (const char *c = text; *c != '\0'; c++)
    {
      /* No byte of a longer UTF-8 character can look like one of these. */
      if (*c == mark || *c == escape)
        g_string_append_c (quoted, *c);
      g_string_append_c (quoted, *c);
    }
  g_string_append_c (quoted, mark);
  return g_string_free (quoted, FALSE);
}

/**
 * tide_quote_identifier:
 * @name: a name, UTF-8
 *
 * Always quotes, so that a name is never taken for a keyword.
 *
 * Returns: (transfer full): `"name"`
 */
char *
tide_quote_identifier (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return quote ("", name, '"', '\0');
}

/**
 * tide_quote_literal:
 * @text: a text, UTF-8
 *
 * Right under every setting of standard_conforming_strings, as PQescapeLiteral() does it.
 *
 * Returns: (transfer full): `'text'`, or `E'te\\xt'` when it holds a backslash
 */
char *
tide_quote_literal (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  if (strchr (text, '\\') != NULL)
    return quote ("E", text, '\'', '\\');
  return quote ("", text, '\'', '\0');
}

/**
 * tide_name_extend:
 * @name: a name, UTF-8, without quotes
 * @ending: what it is to end with
 *
 * A name that would become too long is cut at a whole character. Names that were cut may begin alike: a number tells
 * them apart.
 *
 * Returns: (transfer full): `name` and `ending`, at most 63 bytes
 */
char *
tide_name_extend (const char *name,
                  const char *ending)
{
  gsize length, room;

  g_return_val_if_fail (name != NULL && ending != NULL, NULL);

  length = strlen (name);
  if (length + strlen (ending) <= MAX_NAME)
    return g_strconcat (name, ending, NULL);
  room = MAX_NAME - strlen ("_00000000") - strlen (ending);
  length = MIN (length, room);
  while (length > 0 && (name[length] & 0xC0) == 0x80)
    length--;
  return g_strdup_printf ("%.*s_%08x%s", (int) length, name, g_str_hash (name), ending);
}
