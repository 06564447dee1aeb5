/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-url"

#include "config.h"

#include <string.h>

#include "connect/tide-url-parameters.h"
#include "connect/tide-url.h"

static void
append_escaped (GString    *url,
                const char *text)
{
  g_string_append_uri_escaped (url, text, NULL, FALSE);
}

static void
append_parameter (GString    *url,
                  const char *name,
                  const char *value)
{
  g_string_append_c (url, strchr (url->str, '?') == NULL ? '?' : '&');
  g_string_append (url, name);
  g_string_append_c (url, '=');
  append_escaped (url, value);
}

static void
append_user (GString            *url,
             const TideConninfo *conninfo,
             gboolean            with_password)
{
  const char *user = tide_conninfo_get (conninfo, "user");
  const char *password = with_password ? tide_conninfo_get (conninfo, "password") : NULL;

  if (user == NULL && password == NULL)
    return;
  append_escaped (url, user ? user : "");
  if (password != NULL)
    {
      g_string_append_c (url, ':');
      append_escaped (url, password);
    }
  g_string_append_c (url, '@');
}

static void
append_host (GString    *url,
             const char *host,
             const char *port)
{
  gboolean is_ipv6 = strchr (host, ':') != NULL;

  g_string_append (url, is_ipv6 ? "[" : "");
  g_string_append_uri_escaped (url, host, is_ipv6 ? ":" : NULL, FALSE);
  g_string_append (url, is_ipv6 ? "]" : "");
  if (port != NULL && *port != '\0')
    g_string_append_printf (url, ":%s", port);
}

/* A single socket folder goes into a parameter, behind a host that means nothing: Prisma and libpq both take that. */
static gboolean
is_socket (const char *host)
{
  return (*host == '/' || *host == '@') && strchr (host, ',') == NULL;
}

/* Whether all ports stand behind their hosts: one for each */
static gboolean
append_hosts (GString    *url,
              const char *host,
              const char *port)
{
  g_auto(GStrv) hosts = g_strsplit (is_socket (host) ? "localhost" : host, ",", -1);
  g_auto(GStrv) ports = g_strsplit (port, ",", -1);
  guint n_hosts = MAX (g_strv_length (hosts), 1);
  /* Only commas: behind their hosts they could not be seen */
  gboolean is_paired = strspn (port, ",") < strlen (port) && g_strv_length (ports) == n_hosts;

  for (guint i = 0; i < n_hosts; i++)
    {
      g_string_append (url, i > 0 ? "," : "");
      append_host (url, hosts[i] ? hosts[i] : "", is_paired ? ports[i] : NULL);
    }
  return is_paired || *port == '\0';
}

static gboolean
is_placed (const char *keyword)
{
  static const char *const placed[] = { "user", "password", "host", "port", "dbname", NULL };

  return g_strv_contains (placed, keyword);
}

static void
append_parameters (GString            *url,
                   const TideConninfo *conninfo,
                   gboolean            with_password)
{
  g_auto(GStrv) keywords = tide_conninfo_list_keywords (conninfo);
  const char *schema = tide_conninfo_get_schema (conninfo);

  for (guint i = 0; keywords[i] != NULL; i++)
    if (!is_placed (keywords[i]) && (with_password || !tide_url_parameter_is_secret (keywords[i])))
      append_parameter (url, keywords[i], tide_conninfo_get (conninfo, keywords[i]));
  /* An empty sslkey is libpq's usual file, and tells that sslcert and sslpassword are libpq's and not Prisma's. */
  if ((tide_conninfo_get (conninfo, "sslcert") != NULL || tide_conninfo_get (conninfo, "sslpassword") != NULL) &&
      tide_conninfo_get (conninfo, "sslkey") == NULL)
    append_parameter (url, "sslkey", "");
  if (schema != NULL)
    append_parameter (url, "schema", schema);
}

/**
 * tide_url_format:
 * @conninfo: connection values
 * @with_password: whether the password and other secrets come with it
 *
 * Returns: (transfer full): a URL that tide_url_parse() reads back as @conninfo, and that Prisma and libpq can use as far
 *   as they know its parameters. What is not an address (read-only, the start-up SQL) is left out.
 */
char *
tide_url_format (const TideConninfo *conninfo,
                 gboolean            with_password)
{
  GString *url = g_string_new ("postgresql://");
  const char *host = tide_conninfo_get (conninfo, "host");
  const char *port = tide_conninfo_get (conninfo, "port");
  const char *dbname = tide_conninfo_get (conninfo, "dbname");
  gboolean is_paired;

  host = host ? host : "";
  port = port ? port : "";
  append_user (url, conninfo, with_password);
  is_paired = append_hosts (url, host, port);
  g_string_append_c (url, '/');
  append_escaped (url, dbname ? dbname : "");
  if (is_socket (host))
    append_parameter (url, "host", host);
  if (!is_paired)
    append_parameter (url, "port", port);
  append_parameters (url, conninfo, with_password);
  return g_string_free (url, FALSE);
}
