/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-profile"

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#include "connect/tide-profile.h"
#include "connect/tide-tls.h"
#include "connect/tide-url-parameters.h"
#include "connect/tide-url.h"
#include "tide-error.h"

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_HOST,
  PROP_DATABASE,
  PROP_USER,
  PROP_SCHEMA,
  PROP_SSLMODE,
  PROP_SSLROOTCERT,
  PROP_SSLCERT,
  PROP_SSLKEY,
  PROP_OPTIONS,
  PROP_APPLICATION_NAME,
  PROP_PARAMETERS,
  PROP_STARTUP_SQL,
  PROP_PORT,
  PROP_KIND,
  PROP_READ_ONLY,
  PROP_ASK_PASSWORD,
  N_PROPS
};

#define N_TEXTS (PROP_STARTUP_SQL + 1)

struct _TideProfile
{
  GObject   parent_instance;

  /* Owned, by property */
  char     *texts[N_TEXTS];

  guint     port;
  TideKind  kind;
  gboolean  read_only;
  gboolean  ask_password;
};

G_DEFINE_FINAL_TYPE (TideProfile, tide_profile, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

/* The properties that are libpq keywords as they stand */
static const struct
{
  guint       property;
  const char *keyword;
} keywords[] = {
  { PROP_HOST, "host" },
  { PROP_DATABASE, "dbname" },
  { PROP_USER, "user" },
  { PROP_SSLMODE, "sslmode" },
  { PROP_SSLROOTCERT, "sslrootcert" },
  { PROP_SSLCERT, "sslcert" },
  { PROP_SSLKEY, "sslkey" },
  { PROP_OPTIONS, "options" },
  { PROP_APPLICATION_NAME, "application_name" },
};

static void
set_text (TideProfile *self,
          guint        property,
          const char  *text)
{
  if (text != NULL && *text == '\0')
    text = NULL;
  if (g_strcmp0 (self->texts[property], text) == 0)
    return;
  g_free (self->texts[property]);
  self->texts[property] = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_number (TideProfile *self,
            guint        property,
            guint       *field,
            guint        number)
{
  if (*field == number)
    return;
  *field = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
tide_profile_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  TideProfile *self = TIDE_PROFILE (object);

  switch (prop_id)
    {
    case PROP_PORT:
      set_number (self, prop_id, &self->port, g_value_get_uint (value));
      break;
    case PROP_KIND:
      set_number (self, prop_id, &self->kind, g_value_get_enum (value));
      break;
    case PROP_READ_ONLY:
      set_number (self, prop_id, (guint *) &self->read_only, g_value_get_boolean (value));
      break;
    case PROP_ASK_PASSWORD:
      set_number (self, prop_id, (guint *) &self->ask_password, g_value_get_boolean (value));
      break;
    default:
      g_assert (prop_id < N_TEXTS);
      set_text (self, prop_id, g_value_get_string (value));
    }
}

static void
tide_profile_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  TideProfile *self = TIDE_PROFILE (object);

  switch (prop_id)
    {
    case PROP_PORT:
      g_value_set_uint (value, self->port);
      break;
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_READ_ONLY:
      g_value_set_boolean (value, self->read_only);
      break;
    case PROP_ASK_PASSWORD:
      g_value_set_boolean (value, self->ask_password);
      break;
    default:
      g_assert (prop_id < N_TEXTS);
      g_value_set_string (value, self->texts[prop_id]);
    }
}

static void
tide_profile_constructed (GObject *object)
{
  TideProfile *self = TIDE_PROFILE (object);

  G_OBJECT_CLASS (tide_profile_parent_class)->constructed (object);
  if (self->texts[PROP_ID] == NULL)
    self->texts[PROP_ID] = g_uuid_string_random ();
}

static void
tide_profile_finalize (GObject *object)
{
  TideProfile *self = TIDE_PROFILE (object);

  for (guint i = 0; i < N_TEXTS; i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (tide_profile_parent_class)->finalize (object);
}

static void
tide_profile_class_init (TideProfileClass *klass)
{
  static const char *const names[N_TEXTS] = {
    NULL, "id", "name", "host", "database", "user", "schema", "sslmode", "sslrootcert", "sslcert", "sslkey", "options",
    "application-name", "parameters", "startup-sql",
  };
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = tide_profile_set_property;
  object_class->get_property = tide_profile_get_property;
  object_class->constructed = tide_profile_constructed;
  object_class->finalize = tide_profile_finalize;

  for (guint i = PROP_ID; i < N_TEXTS; i++)
    properties[i] = g_param_spec_string (names[i], NULL, NULL, NULL,
                                         flags | (i == PROP_ID ? G_PARAM_CONSTRUCT_ONLY : 0));
  properties[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, 65535, 0, flags);
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, TIDE_TYPE_KIND, TIDE_KIND_UNKNOWN, flags);
  properties[PROP_READ_ONLY] = g_param_spec_boolean ("read-only", NULL, NULL, FALSE, flags);
  properties[PROP_ASK_PASSWORD] = g_param_spec_boolean ("ask-password", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_profile_init (TideProfile *self)
{
}

/* The port, where there is one for all hosts; a list of them stays with the other parameters */
static gboolean
adopt_port (TideProfile *self,
            const char  *port)
{
  guint64 number;

  if (port == NULL || !g_ascii_string_to_unsigned (port, 10, 1, 65535, &number, NULL))
    return FALSE;
  self->port = number;
  return TRUE;
}

/**
 * tide_profile_new:
 *
 * Returns: (transfer full): an empty profile with an id of its own
 */
TideProfile *
tide_profile_new (void)
{
  return g_object_new (TIDE_TYPE_PROFILE, NULL);
}

/**
 * tide_profile_new_from_conninfo:
 * @conninfo: connection values
 *
 * Everything but secrets is kept: what has no property of its own goes into "parameters".
 *
 * Returns: (transfer full): a profile for it, named after database and host
 */
TideProfile *
tide_profile_new_from_conninfo (const TideConninfo *conninfo)
{
  TideProfile *self = tide_profile_new ();
  g_auto(GStrv) names = tide_conninfo_list_keywords (conninfo);
  g_autoptr(GStrvBuilder) others = g_strv_builder_new ();
  g_auto(GStrv) other_names = NULL;
  g_autofree char *parameters = NULL;
  g_autofree char *label = tide_conninfo_dup_label (conninfo);

  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    set_text (self, keywords[i].property, tide_conninfo_get (conninfo, keywords[i].keyword));
  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean is_known = g_str_equal (names[i], "port") && adopt_port (self, tide_conninfo_get (conninfo, "port"));

      for (guint j = 0; j < G_N_ELEMENTS (keywords); j++)
        is_known = is_known || g_str_equal (names[i], keywords[j].keyword);
      if (!is_known && !tide_url_parameter_is_secret (names[i]))
        g_strv_builder_add (others, names[i]);
    }
  other_names = g_strv_builder_end (others);
  parameters = tide_url_format_keywords (conninfo, (const char *const *) other_names);
  set_text (self, PROP_PARAMETERS, parameters);
  set_text (self, PROP_SCHEMA, tide_conninfo_get_schema (conninfo));
  set_text (self, PROP_STARTUP_SQL, tide_conninfo_get_startup_sql (conninfo));
  self->read_only = tide_conninfo_get_read_only (conninfo);
  set_text (self, PROP_NAME, label);
  return self;
}

/**
 * tide_profile_duplicate:
 * @self: a profile
 *
 * Returns: (transfer full): a profile that differs in its id alone; it has no password in the keyring
 */
TideProfile *
tide_profile_duplicate (TideProfile *self)
{
  TideProfile *copy = tide_profile_new ();

  g_return_val_if_fail (TIDE_IS_PROFILE (self), copy);

  for (guint i = PROP_NAME; i < N_TEXTS; i++)
    set_text (copy, i, self->texts[i]);
  copy->port = self->port;
  copy->kind = self->kind;
  copy->read_only = self->read_only;
  copy->ask_password = self->ask_password;
  return copy;
}

const char *
tide_profile_get_id (TideProfile *self)
{
  g_return_val_if_fail (TIDE_IS_PROFILE (self), NULL);

  return self->texts[PROP_ID];
}

const char *
tide_profile_get_name (TideProfile *self)
{
  g_return_val_if_fail (TIDE_IS_PROFILE (self), NULL);

  return self->texts[PROP_NAME];
}

TideKind
tide_profile_get_kind (TideProfile *self)
{
  g_return_val_if_fail (TIDE_IS_PROFILE (self), TIDE_KIND_UNKNOWN);

  return self->kind;
}

gboolean
tide_profile_get_ask_password (TideProfile *self)
{
  g_return_val_if_fail (TIDE_IS_PROFILE (self), FALSE);

  return self->ask_password;
}

static gboolean
check_host (TideProfile  *self,
            GError      **error)
{
  const char *host = self->texts[PROP_HOST];

  if (host == NULL || *host == '/' || *host == '@')
    return TRUE;
  if (strstr (host, "://") != NULL)
    tide_set_error (error, TIDE_ERROR_INVALID, _("import the URL, or write only the host's name"),
                    _("the host is a whole URL"));
  else if (strpbrk (host, " \t\r\n/") != NULL)
    tide_set_error (error, TIDE_ERROR_INVALID, _("write a name, an address, or a folder that starts with \"/\""),
                    _("the host \"%s\" has a space or a \"/\" in it"), host);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_files (TideProfile  *self,
             GError      **error)
{
  static const guint files[] = { PROP_SSLROOTCERT, PROP_SSLCERT, PROP_SSLKEY };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      const char *path = self->texts[files[i]];

      /* A word of libpq's since PostgreSQL 16, and no file */
      if (path == NULL || (files[i] == PROP_SSLROOTCERT && g_str_equal (path, "system")))
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        continue;
      tide_set_error (error, TIDE_ERROR_INVALID, _("choose an existing file, or leave the field empty"),
                      _("%s: there is no file \"%s\""), properties[files[i]]->name, path);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_parameters (TideProfile  *self,
                  GError      **error)
{
  const char *text = self->texts[PROP_PARAMETERS];
  g_autoptr(TideConninfo) conninfo = NULL;
  g_auto(GStrv) names = NULL;

  if (text == NULL)
    return TRUE;
  conninfo = tide_url_parse (text, NULL, error);
  if (conninfo == NULL)
    {
      g_prefix_error (error, "other parameters: ");
      return FALSE;
    }
  names = tide_conninfo_list_keywords (conninfo);
  for (guint i = 0; names[i] != NULL; i++)
    if (tide_url_parameter_is_secret (names[i]))
      {
        tide_set_error (error, TIDE_ERROR_INVALID, _("leave it out: only the password is kept, and by the keyring"),
                        _("other parameters: \"%s\" is a secret and cannot be saved here"), names[i]);
        return FALSE;
      }
  return TRUE;
}

/**
 * tide_profile_validate:
 * @self: a profile
 * @error: (out) (optional): %TIDE_ERROR_INVALID with the first thing that is wrong
 *
 * Returns: whether it could be used, as far as can be said without a connection
 */
gboolean
tide_profile_validate (TideProfile  *self,
                       GError      **error)
{
  g_return_val_if_fail (TIDE_IS_PROFILE (self), FALSE);

  if (self->texts[PROP_NAME] == NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, _("give it a name to find it by"), _("the connection has no name"));
      return FALSE;
    }
  if (self->texts[PROP_SSLMODE] != NULL && tide_profile_explain_sslmode (self->texts[PROP_SSLMODE]) == NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID,
                      _("sslmode is one of: disable, allow, prefer, require, verify-ca, verify-full"),
                      _("sslmode has an unknown value, \"%s\""), self->texts[PROP_SSLMODE]);
      return FALSE;
    }
  return check_host (self, error) && check_files (self, error) && check_parameters (self, error);
}

static const char *
find_default_sslmode (TideConninfo *conninfo)
{
  g_autoptr(TideConninfo) copy = tide_conninfo_copy (conninfo);

  /* libpq goes there when no host is named */
  if (tide_conninfo_get (copy, "host") == NULL)
    tide_conninfo_set (copy, "host", g_getenv ("PGHOST"));
  return tide_conninfo_is_local (copy) ? "prefer" : "verify-full";
}

/**
 * tide_profile_dup_conninfo:
 * @self: a profile
 * @password: (nullable): its password
 *
 * Returns: (transfer full): the connection values; parameters that cannot be read (tide_profile_validate() tells) are
 *   left out
 */
TideConninfo *
tide_profile_dup_conninfo (TideProfile *self,
                           const char  *password)
{
  g_autoptr(TideConninfo) conninfo = NULL;
  g_autofree char *port = NULL;

  g_return_val_if_fail (TIDE_IS_PROFILE (self), NULL);

  if (self->texts[PROP_PARAMETERS] != NULL)
    conninfo = tide_url_parse (self->texts[PROP_PARAMETERS], NULL, NULL);
  if (conninfo == NULL)
    conninfo = tide_conninfo_new ();
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (self->texts[keywords[i].property] != NULL)
      tide_conninfo_set (conninfo, keywords[i].keyword, self->texts[keywords[i].property]);
  if (self->port > 0)
    port = g_strdup_printf ("%u", self->port);
  if (port != NULL)
    tide_conninfo_set (conninfo, "port", port);
  if (password != NULL)
    tide_conninfo_set (conninfo, "password", password);
  /* A service may name its own. */
  if (tide_conninfo_get (conninfo, "sslmode") == NULL && tide_conninfo_get (conninfo, "service") == NULL)
    tide_conninfo_set (conninfo, "sslmode", find_default_sslmode (conninfo));
  tide_tls_add_roots (conninfo);
  if (self->texts[PROP_SCHEMA] != NULL)
    tide_conninfo_set_schema (conninfo, self->texts[PROP_SCHEMA]);
  tide_conninfo_set_startup_sql (conninfo, self->texts[PROP_STARTUP_SQL]);
  tide_conninfo_set_read_only (conninfo, self->read_only);
  return g_steal_pointer (&conninfo);
}

/**
 * tide_profile_default_sslmode:
 * @host: (nullable): as in the property; without one, the environment's `PGHOST` or libpq's socket
 *
 * Returns: (transfer none): `prefer` where nobody can listen (a socket, loopback), else `verify-full`
 */
const char *
tide_profile_default_sslmode (const char *host)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();

  tide_conninfo_set (conninfo, "host", host && *host ? host : NULL);
  return find_default_sslmode (conninfo);
}

/**
 * tide_profile_explain_sslmode:
 * @sslmode: a value of libpq's `sslmode`
 *
 * After the table of https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
 *
 * Returns: (transfer none) (nullable): a sentence; %NULL when there is no such value
 */
const char *
tide_profile_explain_sslmode (const char *sslmode)
{
  static const char *const sentences[][2] = {
    { "disable", "Nothing is encrypted: anybody on the way can read and change passwords and data." },
    { "allow", "Encrypted only if the server insists: anybody on the way can read and change what you send." },
    { "prefer", "Encrypted if the server offers it, but anybody on the way can switch that off unnoticed." },
    { "require", "Encrypted, so nobody can listen in, but an impostor could take the server's place." },
    { "verify-ca", "Encrypted, and the server has a certificate you trust, but perhaps one for another host." },
    { "verify-full", "Encrypted, and the certificate proves that the server is the host you named." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_strcmp0 (sslmode, sentences[i][0]) == 0)
      return sentences[i][1];
  return NULL;
}
