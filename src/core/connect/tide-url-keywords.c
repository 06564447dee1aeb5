/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-url"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "connect/tide-url-parameters.h"

static const char *
skip_space (const char *p)
{
  while (g_ascii_isspace (*p))
    p++;
  return p;
}

/* A value ends at white space, or at its closing quote; a backslash takes the next character as it is. */
static char *
read_value (const char **cursor)
{
  const char *p = *cursor;
  gboolean is_quoted = *p == '\'';
  g_autoptr(GString) value = g_string_new (NULL);

  if (is_quoted)
    p++;
  while (*p != '\0' && (is_quoted ? *p != '\'' : !g_ascii_isspace (*p)))
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      g_string_append_c (value, *p++);
    }
  if (is_quoted && *p != '\'')
    return NULL;
  *cursor = is_quoted ? p + 1 : p;
  return g_string_free (g_steal_pointer (&value), FALSE);
}

/**
 * tide_url_parse_keywords:
 * @self: gets the parameters
 * @text: libpq's `keyword=value` form
 * @error: (out) (optional): INVALID
 *
 * See https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE
 *
 * Returns: whether @text could be read to its end
 */
gboolean
tide_url_parse_keywords (TideUrlParameters  *self,
                         const char         *text,
                         GError            **error)
{
  for (const char *p = skip_space (text); *p != '\0'; p = skip_space (p))
    {
      gsize length = strcspn (p, "= \t\n\v\f\r");
      g_autofree char *name = g_strndup (p, length);
      g_autofree char *quoted = tide_url_quote (name, _("a word"));
      char *value;

      p = skip_space (p + length);
      if (*p != '=' || length == 0)
        return tide_url_fail (error, _("write keyword=value, and a value that has spaces as 'a value'"),
                              _("the connection string has %s where keyword=value should be"), quoted);
      p = skip_space (p + 1);
      value = read_value (&p);
      if (value == NULL)
        return tide_url_fail (error, _("close it; inside quotes write ' as \\' and \\ as \\\\"),
                              _("the quotes around the value of parameter %s are not closed"), quoted);
      tide_url_parameters_take (self, g_steal_pointer (&name), value);
    }
  return TRUE;
}

/**
 * tide_url_format_keywords:
 * @conninfo: connection values
 * @keywords: which of them
 *
 * Returns: (transfer full): those that are set, as `keyword='value'` pairs; empty if none is
 */
char *
tide_url_format_keywords (const TideConninfo *conninfo,
                          const char *const  *keywords)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; keywords[i] != NULL; i++)
    {
      const char *value = tide_conninfo_get (conninfo, keywords[i]);

      if (value == NULL)
        continue;
      g_string_append_printf (text, "%s%s='", text->len > 0 ? " " : "", keywords[i]);
      for (; *value != '\0'; value++)
        {
          if (*value == '\'' || *value == '\\')
            g_string_append_c (text, '\\');
          g_string_append_c (text, *value);
        }
      g_string_append_c (text, '\'');
    }
  return g_string_free (text, FALSE);
}
