/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-url"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "connect/tide-url-parameters.h"
#include "tide-error.h"

typedef enum
{
  TYPE_TEXT,
  TYPE_SECRET,
  TYPE_PORTS,   /* 5432, or 5432,,5433 */
  TYPE_INTEGER, /* of libpq: 32 bits, may be negative */
  TYPE_COUNT,   /* of Prisma: not negative */
  TYPE_BOOLEAN, /* of Prisma: true or false and no other spelling */
  TYPE_CHOICE,
} ParameterType;

typedef struct
{
  const char    *name;
  ParameterType  type;
  gboolean       is_keyword; /* libpq knows it by this name; otherwise it is Prisma's */
  const char    *choices;
} Parameter;

/* https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS up to PostgreSQL 18: an older libpq
 * refuses a newer keyword by name, which is better than to connect without what was asked for.
 * Prisma's: https://www.prisma.io/docs/orm/overview/databases/postgresql#arguments */
static const Parameter parameters[] = {
  { "service", TYPE_TEXT, TRUE },
  { "servicefile", TYPE_TEXT, TRUE },
  { "host", TYPE_TEXT, TRUE },
  { "hostaddr", TYPE_TEXT, TRUE },
  { "port", TYPE_PORTS, TRUE },
  { "user", TYPE_TEXT, TRUE },
  { "password", TYPE_SECRET, TRUE },
  { "passfile", TYPE_TEXT, TRUE },
  { "dbname", TYPE_TEXT, TRUE },
  { "sslmode", TYPE_CHOICE, TRUE, "disable allow prefer require verify-ca verify-full" },
  { "sslrootcert", TYPE_TEXT, TRUE },
  { "sslcert", TYPE_TEXT, TRUE },
  { "sslkey", TYPE_TEXT, TRUE },
  { "sslpassword", TYPE_SECRET, TRUE },
  { "sslcrl", TYPE_TEXT, TRUE },
  { "sslcrldir", TYPE_TEXT, TRUE },
  { "sslsni", TYPE_CHOICE, TRUE, "0 1" },
  { "sslcertmode", TYPE_CHOICE, TRUE, "disable allow require" },
  { "sslnegotiation", TYPE_CHOICE, TRUE, "postgres direct" },
  { "sslcompression", TYPE_CHOICE, TRUE, "0 1" },
  { "sslkeylogfile", TYPE_TEXT, TRUE },
  { "ssl_min_protocol_version", TYPE_CHOICE, TRUE, "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3" },
  { "ssl_max_protocol_version", TYPE_CHOICE, TRUE, "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3" },
  { "gssencmode", TYPE_CHOICE, TRUE, "disable prefer require" },
  { "gssdelegation", TYPE_CHOICE, TRUE, "0 1" },
  { "gsslib", TYPE_TEXT, TRUE },
  { "krbsrvname", TYPE_TEXT, TRUE },
  { "channel_binding", TYPE_CHOICE, TRUE, "disable prefer require" },
  { "require_auth", TYPE_TEXT, TRUE },
  { "requirepeer", TYPE_TEXT, TRUE },
  { "scram_client_key", TYPE_SECRET, TRUE },
  { "scram_server_key", TYPE_SECRET, TRUE },
  { "oauth_issuer", TYPE_TEXT, TRUE },
  { "oauth_client_id", TYPE_TEXT, TRUE },
  { "oauth_client_secret", TYPE_SECRET, TRUE },
  { "oauth_scope", TYPE_TEXT, TRUE },
  { "connect_timeout", TYPE_INTEGER, TRUE },
  { "keepalives", TYPE_CHOICE, TRUE, "0 1" },
  { "keepalives_idle", TYPE_INTEGER, TRUE },
  { "keepalives_interval", TYPE_INTEGER, TRUE },
  { "keepalives_count", TYPE_INTEGER, TRUE },
  { "tcp_user_timeout", TYPE_INTEGER, TRUE },
  { "target_session_attrs", TYPE_CHOICE, TRUE, "any read-write read-only primary standby prefer-standby" },
  { "load_balance_hosts", TYPE_CHOICE, TRUE, "disable random" },
  { "min_protocol_version", TYPE_CHOICE, TRUE, "3.0 3.2 latest" },
  { "max_protocol_version", TYPE_CHOICE, TRUE, "3.0 3.2 latest" },
  { "client_encoding", TYPE_TEXT, TRUE },
  { "application_name", TYPE_TEXT, TRUE },
  { "fallback_application_name", TYPE_TEXT, TRUE },
  { "options", TYPE_TEXT, TRUE },
  { "replication", TYPE_CHOICE, TRUE, "0 1 true false on off yes no database" },

  { "schema", TYPE_TEXT },
  { "sslaccept", TYPE_CHOICE, FALSE, "strict accept_invalid_certs" },
  { "sslidentity", TYPE_TEXT },
  { "socket_timeout", TYPE_COUNT },
  { "pool_timeout", TYPE_COUNT },
  { "connection_limit", TYPE_COUNT },
  { "statement_cache_size", TYPE_COUNT },
  { "max_connection_lifetime", TYPE_COUNT },
  { "max_idle_connection_lifetime", TYPE_COUNT },
  { "pgbouncer", TYPE_BOOLEAN },
  { "single_use_connections", TYPE_BOOLEAN },
};

static const Parameter *
find_parameter (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    if (g_str_equal (parameters[i].name, name))
      return &parameters[i];
  return NULL;
}

static void
wipe (gpointer text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

TideUrlParameters *
tide_url_parameters_new (gboolean is_url)
{
  TideUrlParameters *self = g_new0 (TideUrlParameters, 1);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, wipe);
  self->names = g_ptr_array_new ();
  self->is_url = is_url;
  return self;
}

void
tide_url_parameters_free (TideUrlParameters *self)
{
  g_ptr_array_unref (self->names);
  g_hash_table_unref (self->values);
  g_free (self);
}

/**
 * tide_url_parameters_take:
 * @self: parameters
 * @name: (transfer full): a name
 * @value: (transfer full): its value, in place of an earlier one
 */
void
tide_url_parameters_take (TideUrlParameters *self,
                          char              *name,
                          char              *value)
{
  if (!g_hash_table_contains (self->values, name))
    g_ptr_array_add (self->names, name);
  g_hash_table_insert (self->values, name, value);
}

const char *
tide_url_parameters_get (TideUrlParameters *self,
                         const char        *name)
{
  return g_hash_table_lookup (self->values, name);
}

static void
set_value (TideUrlParameters *self,
           const char        *name,
           const char        *value)
{
  tide_url_parameters_take (self, g_strdup (name), g_strdup (value));
}

gboolean
tide_url_parameter_is_secret (const char *name)
{
  const Parameter *parameter = find_parameter (name);

  return parameter != NULL && parameter->type == TYPE_SECRET;
}

/**
 * tide_url_quote:
 * @text: a part of a connection string
 * @otherwise: what to say instead
 *
 * A password with an unescaped "?" or "/" may end up in any part of what was meant as a URL. So
 * only plain words are quoted in messages.
 *
 * Returns: (transfer full): @text in quotes, or @otherwise
 */
char *
tide_url_quote (const char *text,
                const char *otherwise)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("_-.,", *p) == NULL)
      return g_strdup (otherwise);
  return g_strdup_printf ("\"%s\"", text);
}

/**
 * tide_url_fail:
 * @error: (out) (optional): where to put it
 * @hint: (nullable): what to do next
 * @format: what is wrong, without any part of a password
 *
 * Returns: %FALSE, always
 */
gboolean
tide_url_fail (GError     **error,
               const char  *hint,
               const char  *format,
               ...)
{
  g_autofree char *message = NULL;
  GError *failure;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  failure = tide_error_new (TIDE_ERROR_INVALID, hint, "%s", message);
  tide_error_take_string (&tide_error_get_fields (failure)->prisma_code, g_strdup ("P1013"));
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
check_ports (const char  *value,
             GError     **error)
{
  g_auto(GStrv) ports = g_strsplit (value, ",", -1);

  for (guint i = 0; ports[i] != NULL; i++)
    if (*ports[i] != '\0' && !g_ascii_string_to_unsigned (ports[i], 10, 1, 65535, NULL, NULL))
      return tide_url_fail (error,
                            _("a port is a number from 1 to 65535; special characters in a password are written as "
                            "%XX, \"/\" as %2F, \"@\" as %40, \":\" as %3A"),
                            _("the port of the connection URL is not a port number"));
  return TRUE;
}

static gboolean
is_choice (const Parameter *parameter,
           const char      *value)
{
  g_auto(GStrv) choices = g_strsplit (parameter->choices, " ", -1);

  return g_strv_contains ((const char *const *) choices, value);
}

static gboolean
check_parameter (const Parameter  *parameter,
                 const char       *value,
                 GError          **error)
{
  g_autofree char *quoted = tide_url_quote (value, _("a value"));
  g_autofree char *hint = NULL;

  switch (parameter->type)
    {
    case TYPE_PORTS:
      return check_ports (value, error);
    case TYPE_INTEGER:
      return g_ascii_string_to_signed (value, 10, G_MININT32, G_MAXINT32, NULL, NULL) ||
             tide_url_fail (error, _("write a whole number, or leave the parameter out"),
                            _("parameter \"%s\" has %s, which is not a whole number"), parameter->name, quoted);
    case TYPE_COUNT:
      return g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, NULL, NULL) ||
             tide_url_fail (error, _("write a whole number of 0 or more, or leave the parameter out"),
                            _("parameter \"%s\" has %s, which is not a whole number of 0 or more"),
                            parameter->name, quoted);
    case TYPE_BOOLEAN:
      return g_str_equal (value, "true") || g_str_equal (value, "false") ||
             tide_url_fail (error, _("write true or false, or leave the parameter out"),
                            _("parameter \"%s\" has %s, which is neither true nor false"), parameter->name, quoted);
    case TYPE_CHOICE:
      hint = g_strdup_printf ("%s is one of: %s", parameter->name, parameter->choices);
      return is_choice (parameter, value) ||
             tide_url_fail (error, hint, _("parameter \"%s\" has %s, which is none of its values"),
                            parameter->name, quoted);
    case TYPE_TEXT:
    case TYPE_SECRET:
    default:
      return TRUE;
    }
}

static void
warn_unknown (const char *name,
              GPtrArray  *warnings)
{
  g_autofree char *quoted = tide_url_quote (name, NULL);

  if (quoted != NULL)
    g_ptr_array_add (warnings, g_strdup_printf ("unknown parameter %s is ignored", quoted));
  else
    g_ptr_array_add (warnings, g_strdup ("an unknown parameter is ignored; if it is a piece of the password, "
                                         "write the password's special characters as %XX"));
}

static gboolean
check_all (TideUrlParameters  *self,
           GPtrArray          *warnings,
           GError            **error)
{
  for (guint i = 0; i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);
      const char *value = tide_url_parameters_get (self, name);
      const Parameter *parameter = find_parameter (name);

      if (parameter == NULL)
        warn_unknown (name, warnings);
      else if (!check_parameter (parameter, value, error))
        return FALSE;
    }
  if (g_strcmp0 (tide_url_parameters_get (self, "schema"), "") == 0)
    return tide_url_fail (error, _("name a schema, or leave the parameter out: it is \"public\" then"),
                          _("parameter \"schema\" is empty"));
  return TRUE;
}

/* Prisma calls the server's certificate authority "sslcert", libpq the client's certificate. What else
 * is there tells whose language it is. */
static gboolean
speaks_libpq (TideUrlParameters *self)
{
  const char *sslmode = tide_url_parameters_get (self, "sslmode");

  return !self->is_url ||
         tide_url_parameters_get (self, "sslkey") != NULL ||
         tide_url_parameters_get (self, "sslrootcert") != NULL ||
         (sslmode != NULL && g_str_has_prefix (sslmode, "verify-"));
}

static void
map_strict (TideUrlParameters *self,
            GPtrArray         *warnings)
{
  const char *sslmode = tide_url_parameters_get (self, "sslmode");

  if (sslmode != NULL && (g_str_equal (sslmode, "disable") || g_str_has_prefix (sslmode, "verify-")))
    return;
  if (g_strcmp0 (sslmode, "require") != 0)
    g_ptr_array_add (warnings, g_strdup ("sslaccept=strict is taken as sslmode=verify-full: unlike Prisma, "
                                         "no unencrypted connection is made when the server offers no TLS"));
  set_value (self, "sslmode", "verify-full");
}

/* Prisma's sslmode and sslaccept in libpq's words:
 *   prefer, require with sslaccept=accept_invalid_certs (its default): the same sslmode, no certificate is checked;
 *   sslaccept=strict: verify-full, with sslcert as the authority;
 *   disable: disable.
 * The other words for sslmode are libpq's, and mean here what they mean there. */
static void
map_tls (TideUrlParameters *self,
         GPtrArray         *warnings)
{
  gboolean is_strict = g_strcmp0 (tide_url_parameters_get (self, "sslaccept"), "strict") == 0;
  gboolean is_prisma = !speaks_libpq (self);
  const char *sslcert = tide_url_parameters_get (self, "sslcert");

  if (is_strict)
    map_strict (self, warnings);
  if (is_prisma && sslcert != NULL)
    {
      if (is_strict)
        set_value (self, "sslrootcert", sslcert);
      else
        g_ptr_array_add (warnings, g_strdup ("the authority in sslcert is not checked, as in Prisma; "
                                             "add sslaccept=strict to have the server's certificate checked"));
      set_value (self, "sslcert", "");
    }
  if (is_prisma)
    set_value (self, "sslpassword", "");
  if (tide_url_parameters_get (self, "sslidentity") != NULL)
    g_ptr_array_add (warnings, g_strdup ("sslidentity is ignored: libpq reads no PKCS#12; take it apart with "
                                         "\"openssl pkcs12\" and name the pieces in sslcert and sslkey"));
}

/**
 * tide_url_parameters_apply:
 * @self: parameters; Prisma's are turned into libpq's on the way
 * @conninfo: what to fill
 * @warnings: (element-type utf8): gets what is odd but no error
 * @error: (out) (optional): INVALID, naming the parameter
 *
 * An empty value is libpq's default, as for libpq. Those that steer Prisma's pool of connections are checked
 * and have no meaning here.
 *
 * Returns: whether all of them could be understood
 */
gboolean
tide_url_parameters_apply (TideUrlParameters  *self,
                           TideConninfo       *conninfo,
                           GPtrArray          *warnings,
                           GError            **error)
{
  if (!check_all (self, warnings, error))
    return FALSE;
  map_tls (self, warnings);
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      const char *value = tide_url_parameters_get (self, parameters[i].name);

      if (parameters[i].is_keyword && value != NULL && *value != '\0')
        tide_conninfo_set (conninfo, parameters[i].name, value);
    }
  tide_conninfo_set_schema (conninfo, tide_url_parameters_get (self, "schema"));
  if (g_strcmp0 (tide_url_parameters_get (self, "pgbouncer"), "true") == 0)
    g_ptr_array_add (warnings, g_strdup ("pgbouncer=true: migrations need a session of their own; "
                                         "name the server itself where the pooler works by transaction"));
  return TRUE;
}
