/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-connection-text"

#include "config.h"

#include <string.h>

#include <libpq-fe.h>

#include "wire/tide-connection-text.h"

/* libpq hides in dialogs what it marks with "*" (password, sslpassword); of keys of SCRAM it says only that they are for
 * experts. */
static gboolean
is_secret (const PQconninfoOption *option)
{
  return *option->dispchar == '*' || strstr (option->keyword, "password") != NULL || strstr (option->keyword, "secret") != NULL
         || g_str_has_prefix (option->keyword, "scram_");
}

static void
append_pair (GString    *pairs,
             const char *keyword,
             const char *value)
{
  g_string_append_printf (pairs, "%s%s='", pairs->len > 0 ? " " : "", keyword);
  for (; *value != '\0'; value++)
    {
      if (*value == '\'' || *value == '\\')
        g_string_append_c (pairs, '\\');
      g_string_append_c (pairs, *value);
    }
  g_string_append_c (pairs, '\'');
}

/**
 * tide_connection_text_mask:
 * @text: what libpq connects with
 * @mask: stands for each secret
 * @has_secret: (out): whether there is one
 *
 * A file of passwords, named by `passfile`, is no secret itself.
 *
 * Returns: (transfer full) (nullable): what may be seen of @text; %NULL when libpq cannot read it
 */
char *
tide_connection_text_mask (const char *text,
                           const char *mask,
                           gboolean   *has_secret)
{
  g_autoptr (GString) pairs = g_string_new (NULL);
  PQconninfoOption *options = PQconninfoParse (text, NULL);

  *has_secret = FALSE;
  if (options == NULL)
    return NULL;
  for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
    {
      if (option->val == NULL)
        continue;
      *has_secret |= is_secret (option);
      append_pair (pairs, option->keyword, is_secret (option) ? mask : option->val);
    }
  PQconninfoFree (options);
  return g_strdup (*has_secret ? pairs->str : text);
}
