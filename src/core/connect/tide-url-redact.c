/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-url"

#include "config.h"

#include "connect/tide-url.h"

#define MASK "***"
#define SECRETS "password|sslpassword|pgpassword|oauth_client_secret|scram_client_key|scram_server_key"

/* Each finds what stands before a password, as its group 1, and the password. In doubt they take too much:
 * a piece of a host name that is masked harms nobody. */
static const char *const patterns[] = {
  /* scheme://user:password@ up to the last "@" before parameters begin */
  "(\\b[a-z][a-z0-9+.-]*://[^\\s:@/]*:)(?:(?!\\?[a-z_]+=|://)[^\\s\"'])*@",
  /* the same with spaces, quotes or parameters in the password, or without an end: everything that is no port and no
   * IPv6 address, up to the line's last "@" or the next space */
  "(\\b[a-z][a-z0-9+.-]*://[^\\s:@/\\[]*:)(?!\\d*(?:[/?#,\\s\"']|$)|\\*\\*\\*@)(?:.*@|\\S*)",
  "([?&](?:" SECRETS ")=)[^&\\s\"']*",
  /* password = 'it''s', PASSWORD 'secret' of SQL */
  "((?<![?&a-z0-9_])(?:" SECRETS ")\\s*(?:=\\s*|\\s)E?)(?:'(?:[^'\\\\]|\\\\.|'')*(?:'|$)|\"(?:[^\"\\\\]|\\\\.)*(?:\"|$))",
  "((?<![?&a-z0-9_])(?:" SECRETS ")\\s*=\\s*+)(?!['\"]|\\*\\*\\*)(?:[^\\s\\\\]|\\\\.)*",
};

static char *
mask (const char  *text,
      guint        index)
{
  static GRegex *regexes[G_N_ELEMENTS (patterns)];
  g_autoptr(GError) error = NULL;
  const char *replacement = index < 2 ? "\\1" MASK "@" : "\\1" MASK;
  char *masked;

  if (g_once_init_enter (&regexes[index]))
    g_once_init_leave (&regexes[index], g_regex_new (patterns[index], G_REGEX_CASELESS | G_REGEX_RAW | G_REGEX_OPTIMIZE,
                                                     0, NULL));
  masked = g_regex_replace (regexes[index], text, -1, 0, replacement, G_REGEX_MATCH_DEFAULT, &error);
  /* The matcher has limits. A text beyond them is not shown, rather than shown with what it holds. */
  return masked ? masked : g_strdup ("(text withheld: it is too long to be searched for passwords)");
}

/**
 * tide_url_redact:
 * @text: any text
 *
 * Masks the passwords of URLs of any scheme, of `password=...` pairs (quoted or not, in URLs, in connection
 * strings, in environments) and of SQL's `PASSWORD '...'`.
 *
 * Returns: (transfer full): @text with `***` in place of every password
 */
char *
tide_url_redact (const char *text)
{
  char *redacted;

  g_return_val_if_fail (text != NULL, NULL);

  redacted = g_strdup (text);
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autofree char *before = redacted;

      redacted = mask (before, i);
    }
  return redacted;
}
