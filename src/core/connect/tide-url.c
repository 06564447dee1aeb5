/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-url"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "connect/tide-url-parameters.h"
#include "connect/tide-url.h"
#include "tide-error.h"

#define EXAMPLE N_("a connection URL looks like postgresql://user:password@host:5432/database")
#define ESCAPES N_("write special characters as %XX: \"%\" as %25, \"@\" as %40, \"/\" as %2F, \"#\" as %23")

/* What other databases' and hosted services' URLs start with */
static const struct
{
  const char *scheme;
  const char *name;
} foreign[] = {
  { "prisma+postgres", "the hosted service Prisma Postgres" },
  { "prisma", "the hosted service Prisma Accelerate" },
  { "mysql", "MySQL" },
  { "mariadb", "MariaDB" },
  { "sqlite", "SQLite" },
  { "file", "SQLite" },
  { "libsql", "libSQL" },
  { "sqlserver", "SQL Server" },
  { "mongodb", "MongoDB" },
  { "mongodb+srv", "MongoDB" },
};

static char *
decode (const char  *text,
        gsize        length,
        const char  *what,
        GError     **error)
{
  g_autofree char *decoded = g_uri_unescape_segment (text, text + length, NULL);

  if (decoded != NULL && g_utf8_validate (decoded, -1, NULL))
    return g_steal_pointer (&decoded);
  tide_url_fail (error, _(ESCAPES), _("%s in the connection URL has a \"%%\" that is not the start of a character"), what);
  return NULL;
}

/* Decodes a piece and hands it over under @name */
static gboolean
take_piece (TideUrlParameters  *self,
            const char         *name,
            const char         *text,
            gsize               length,
            const char         *what,
            GError            **error)
{
  char *decoded = decode (text, length, what, error);

  if (decoded == NULL)
    return FALSE;
  tide_url_parameters_take (self, g_strdup (name), decoded);
  return TRUE;
}

static gboolean
parse_user (TideUrlParameters  *self,
            const char         *text,
            gsize               length,
            GError            **error)
{
  const char *colon = memchr (text, ':', length);
  gsize user_length = colon ? (gsize) (colon - text) : length;

  return take_piece (self, "user", text, user_length, "the user", error) &&
         (colon == NULL ||
          take_piece (self, "password", colon + 1, length - user_length - 1, "the password", error));
}

/* One "host", "host:port", "[::1]:port" or "%2Ffolder:port" */
static gboolean
parse_host (const char  *text,
            GString     *hosts,
            GString     *ports,
            GError     **error)
{
  gsize length = *text == '[' ? strcspn (text, "]") : strcspn (text, ":");
  gboolean is_bracketed = *text == '[' && text[length] == ']';
  const char *rest = text + length + (is_bracketed ? 1 : 0);
  g_autofree char *host = NULL;

  if ((*text == '[' && !is_bracketed) || (*rest != '\0' && *rest != ':'))
    return tide_url_fail (error, _(EXAMPLE), _("the brackets of an IPv6 address in the connection URL do not match"));
  host = is_bracketed ? decode (text + 1, length - 1, "the host", error) : decode (text, length, "the host", error);
  if (host == NULL)
    return FALSE;
  g_string_append (hosts, host);
  g_string_append (ports, *rest == ':' ? rest + 1 : "");
  return TRUE;
}

static gboolean
parse_hosts (TideUrlParameters  *self,
             const char         *text,
             gsize               length,
             GError            **error)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto(GStrv) pieces = g_strsplit (copy, ",", -1);
  g_autoptr(GString) hosts = g_string_new (NULL);
  g_autoptr(GString) ports = g_string_new (NULL);

  for (guint i = 0; pieces[i] != NULL; i++)
    {
      g_string_append (hosts, i > 0 ? "," : "");
      g_string_append (ports, i > 0 ? "," : "");
      if (!parse_host (pieces[i], hosts, ports, error))
        return FALSE;
    }
  tide_url_parameters_take (self, g_strdup ("host"), g_strdup (hosts->str));
  /* Only commas: no port was named */
  if (strspn (ports->str, ",") < ports->len)
    tide_url_parameters_take (self, g_strdup ("port"), g_strdup (ports->str));
  return TRUE;
}

/* As psql understands JDBC's spelling */
static gboolean
take_jdbc_ssl (TideUrlParameters *self,
               const char        *name,
               const char        *value)
{
  if (!g_str_equal (name, "ssl") || !g_str_equal (value, "true"))
    return FALSE;
  if (tide_url_parameters_get (self, "sslmode") == NULL)
    tide_url_parameters_take (self, g_strdup ("sslmode"), g_strdup ("require"));
  return TRUE;
}

static gboolean
parse_parameter (TideUrlParameters  *self,
                 const char         *text,
                 gsize               length,
                 GError            **error)
{
  const char *equals = memchr (text, '=', length);
  gsize name_length = equals ? (gsize) (equals - text) : length;
  g_autofree char *name = decode (text, name_length, "the name of a parameter", error);
  g_autofree char *value = equals ? g_strndup (equals + 1, length - name_length - 1) : g_strdup ("");
  g_autofree char *quoted = NULL;
  g_autofree char *what = NULL;
  char *decoded;

  if (name == NULL)
    return FALSE;
  quoted = tide_url_quote (name, _("of unknown name"));
  what = g_strdup_printf ("parameter %s", quoted);
  /* Prisma reads "+" as a space and libpq does not; this one is Prisma's alone. */
  if (g_str_equal (name, "schema"))
    g_strdelimit (value, "+", ' ');
  decoded = decode (value, strlen (value), what, error);
  if (decoded == NULL)
    return FALSE;
  if (take_jdbc_ssl (self, name, decoded))
    g_free (decoded);
  else
    tide_url_parameters_take (self, g_steal_pointer (&name), decoded);
  return TRUE;
}

static gboolean
parse_query (TideUrlParameters  *self,
             const char         *query,
             GPtrArray          *warnings,
             GError            **error)
{
  g_autofree char *port = g_strdup (tide_url_parameters_get (self, "port"));

  for (const char *p = query; *p != '\0';)
    {
      gsize length = strcspn (p, "&");

      if (length > 0 && !parse_parameter (self, p, length, error))
        return FALSE;
      p += length + (p[length] == '&' ? 1 : 0);
    }
  if (g_strcmp0 (port, tide_url_parameters_get (self, "port")) != 0)
    g_ptr_array_add (warnings, g_strdup ("the parameter \"port\" is taken, as libpq does; "
                                         "Prisma reads only the port behind the host"));
  return TRUE;
}

/* Where the user and password end: at the last "@" before the path, the parameters or the fragment begin. What is
 * before them may still hold an unescaped "?" or "#" that belongs to a password, as libpq takes it: then it is no
 * host with a port. */
static const char *
find_user_end (const char *text)
{
  gsize length = strcspn (text, "/?#");
  const char *at = memrchr (text, '@', length);
  const char *colon = memchr (text, ':', length);

  if (at != NULL || text[length] == '\0' || text[length] == '/' || colon == NULL || *text == '[')
    return at;
  if (strspn (colon + 1, "0123456789") == (gsize) (text + length - colon - 1))
    return NULL;
  return memchr (text, '@', strcspn (text, "/"));
}

static gboolean
parse_path (TideUrlParameters  *self,
            const char         *text,
            gsize               length,
            GError            **error)
{
  if (length > 0 && text[length - 1] == '/')
    length--;
  return length == 0 || take_piece (self, "dbname", text, length, "the database", error);
}

/* @text: all that stands behind "//" */
static gboolean
parse_pieces (TideUrlParameters  *self,
              const char         *text,
              GPtrArray          *warnings,
              GError            **error)
{
  const char *at = find_user_end (text);
  const char *p = at ? at + 1 : text;
  g_autofree char *query = NULL;
  gsize length;

  if (at != NULL && !parse_user (self, text, at - text, error))
    return FALSE;
  length = strcspn (p, "/?#");
  if (!parse_hosts (self, p, length, error))
    return FALSE;
  p += length;
  if (*p == '/')
    {
      length = strcspn (p, "?#");
      if (!parse_path (self, p + 1, length - 1, error))
        return FALSE;
      p += length;
    }
  if (*p == '?')
    query = g_strndup (p + 1, strcspn (p + 1, "#"));
  if (strchr (p, '#') != NULL)
    g_ptr_array_add (warnings, g_strdup ("what follows \"#\" is left out, as in Prisma; write %23 for a \"#\" "
                                         "that belongs to a value"));
  return query == NULL || parse_query (self, query, warnings, error);
}

/* The length of "scheme" in "scheme:"; 0 when @text does not begin so */
static gsize
find_scheme (const char *text)
{
  gsize length = 0;

  while (g_ascii_isalnum (text[length]) || (text[length] != '\0' && strchr ("+-.", text[length]) != NULL))
    length++;
  return text[length] == ':' ? length : 0;
}

static gboolean
refuse_scheme (const char  *scheme,
               GError     **error)
{
  g_autofree char *quoted = tide_url_quote (scheme, _("an unknown word"));

  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    if (g_ascii_strcasecmp (scheme, foreign[i].scheme) == 0)
      {
        tide_set_error (error, TIDE_ERROR_UNSUPPORTED,
                        _("give the postgresql:// URL of a PostgreSQL server that can be reached directly"),
                        _("the connection URL \"%s:...\" is one of %s"), foreign[i].scheme, foreign[i].name);
        return FALSE;
      }
  if (g_ascii_strcasecmp (scheme, "jdbc") == 0)
    return tide_url_fail (error, _("leave out \"jdbc:\""), _("the connection URL starts with \"jdbc:\""));
  return tide_url_fail (error, _(EXAMPLE), _("the connection URL starts with %s in place of postgresql://"), quoted);
}

static gboolean
parse_url (TideUrlParameters  *self,
           const char         *text,
           gsize               scheme_length,
           GPtrArray          *warnings,
           GError            **error)
{
  g_autofree char *scheme = g_strndup (text, scheme_length);

  if (g_ascii_strcasecmp (scheme, "postgres") != 0 && g_ascii_strcasecmp (scheme, "postgresql") != 0)
    return refuse_scheme (scheme, error);
  if (!g_str_has_prefix (text + scheme_length, "://"))
    return tide_url_fail (error, _(EXAMPLE), _("the connection URL has no \"//\" behind \"%s:\""), scheme);
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      return tide_url_fail (error, _("write the URL in one line"), _("the connection URL holds a control character"));
  return parse_pieces (self, text + scheme_length + 3, warnings, error);
}

static gboolean
refuse_text (const char  *text,
             GError     **error)
{
  if (*text == '\0')
    return tide_url_fail (error, _(EXAMPLE), _("the connection URL is empty"));
  if (*text == '"' || *text == '\'' || *text == '`')
    return tide_url_fail (error, _("leave the quotes out"), _("the connection URL is in quotes of its own"));
  return tide_url_fail (error, _(EXAMPLE), _("this is not a connection URL"));
}

static gboolean
parse_text (TideUrlParameters  *self,
            const char         *text,
            gsize               scheme_length,
            GPtrArray          *warnings,
            GError            **error)
{
  if (!g_utf8_validate (text, -1, NULL))
    return tide_url_fail (error, _("write other characters as %XX"), _("the connection URL is not UTF-8"));
  if (self->is_url)
    return parse_url (self, text, scheme_length, warnings, error);
  if (strchr (text, '=') != NULL && strchr ("\"'`", *text) == NULL)
    return tide_url_parse_keywords (self, text, error);
  return refuse_text (text, error);
}

/**
 * tide_url_parse:
 * @url: a `postgres://` or `postgresql://` URL, or libpq's `keyword=value` pairs
 * @warnings: (out) (optional) (element-type utf8) (transfer full): what is odd but no error: an unknown parameter,
 *   one that cannot have its meaning here; empty when there is nothing to say
 * @error: (out) (optional): %TIDE_ERROR_INVALID with `P1013`, naming the part or the parameter, never quoting what may
 *   be a password; %TIDE_ERROR_UNSUPPORTED for another database's URL and for hosted services
 *
 * Takes all that Prisma takes (https://www.prisma.io/docs/orm/overview/databases/postgresql) and all that
 * libpq takes (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING). What is not
 * named is not set: defaults are the caller's, or libpq's. Where the two differ:
 *
 * - `sslmode` has libpq's values; Prisma would read those it does not know as `prefer`.
 * - `sslaccept=strict` becomes `sslmode=verify-full`, and `sslcert` its authority. Without it no
 *   certificate is checked, which is Prisma's default. In a URL that has `sslkey`, `sslrootcert` or
 *   `sslmode=verify-...`, `sslcert` is the client's certificate, as in libpq.
 * - `port=` among the parameters counts, as in libpq; a fragment (`#...`) does not, as in Prisma.
 *
 * Returns: (transfer full): the connection values
 */
TideConninfo *
tide_url_parse (const char  *url,
                GPtrArray  **warnings,
                GError     **error)
{
  g_autoptr(TideConninfo) conninfo = NULL;
  g_autoptr(TideUrlParameters) parameters = NULL;
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;
  gsize scheme_length;

  g_return_val_if_fail (url != NULL, NULL);

  text = g_strstrip (g_strdup (url));
  scheme_length = find_scheme (text);
  conninfo = tide_conninfo_new ();
  parameters = tide_url_parameters_new (scheme_length > 0);
  if (!parse_text (parameters, text, scheme_length, found, error) ||
      !tide_url_parameters_apply (parameters, conninfo, found, error))
    return NULL;
  if (warnings != NULL)
    *warnings = g_steal_pointer (&found);
  return g_steal_pointer (&conninfo);
}
