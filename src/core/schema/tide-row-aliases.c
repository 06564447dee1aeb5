/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-aliases"

#include "config.h"

#include <string.h>

#include "schema/tide-row-aliases.h"

/* (transfer full) (nullable): the name that @text begins with, without its quotes. @end: (out): what stands behind it */
static char *
parse_name (const char  *text,
            const char **end)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gboolean is_quoted = *text == '"';

  for (text += is_quoted; *text != '\0'; text++)
    {
      if (is_quoted && *text == '"' && *++text != '"')
        break;
      if (!is_quoted && strchr ("\"'(),.; \n", *text) != NULL)
        break;
      g_string_append_c (name, *text);
    }
  *end = text;
  return name->len == 0 ? NULL : g_string_free (g_steal_pointer (&name), FALSE);
}

/* (nullable): what stands behind the list `(a, b)` that @text begins with, if it holds the first of @names. It has none of what came
 * after the view. */
static const char *
skip_list (const char *text,
           GPtrArray  *names)
{
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *name = NULL;

      if (i > 0 && *text == ')')
        break;
      if (!g_str_has_prefix (text, i == 0 ? "(" : ", "))
        return NULL;
      name = parse_name (text + (i == 0 ? 1 : 2), &text);
      if (g_strcmp0 (name, g_ptr_array_index (names, i)) != 0)
        return NULL;
    }
  return *text == ')' ? text + 1 : NULL;
}

char *
tide_row_aliases_strip (const char *text,
                        GPtrArray  *names)
{
  GString *stripped = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *alias = g_str_has_prefix (text, ") ") ? text + strlen (") ") : NULL;
      const char *end = NULL;
      g_autofree char *name = alias == NULL ? NULL : parse_name (alias, &end);
      const char *rest = name == NULL ? NULL : skip_list (end, names);

      if (rest == NULL)
        {
          g_string_append_c (stripped, *text++);
          continue;
        }
      g_string_append_len (stripped, text, end - text);
      text = rest;
    }
  return g_string_free (stripped, FALSE);
}
