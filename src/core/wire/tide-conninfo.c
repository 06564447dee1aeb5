/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-conninfo"

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "wire/tide-conninfo.h"
#include "wire/tide-session.h"

typedef struct
{
  char *keyword;
  char *value;
} Setting;

struct _TideConninfo
{
  gatomicrefcount ref_count;
  GArray         *settings; /* of Setting, in order of setting */
  char           *schema;
  char           *startup_sql;
  gboolean        read_only;
};

G_DEFINE_BOXED_TYPE (TideConninfo, tide_conninfo, tide_conninfo_ref, tide_conninfo_unref)

static void
setting_clear (gpointer data)
{
  Setting *setting = data;

  /* Any of them may be a secret (password, sslpassword). */
  explicit_bzero (setting->value, strlen (setting->value));
  g_free (setting->keyword);
  g_free (setting->value);
}

static Setting *
find_setting (const TideConninfo *self,
              const char         *keyword,
              guint              *index)
{
  for (guint i = 0; i < self->settings->len; i++)
    {
      Setting *setting = &g_array_index (self->settings, Setting, i);

      if (g_str_equal (setting->keyword, keyword))
        {
          *index = i;
          return setting;
        }
    }
  return NULL;
}

/**
 * tide_conninfo_new:
 *
 * Returns: (transfer full): connection values with nothing set, so libpq's defaults
 */
TideConninfo *
tide_conninfo_new (void)
{
  TideConninfo *self = g_new0 (TideConninfo, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->settings = g_array_new (FALSE, FALSE, sizeof (Setting));
  g_array_set_clear_func (self->settings, setting_clear);
  return self;
}

/**
 * tide_conninfo_copy:
 * @self: connection values
 *
 * Returns: (transfer full): a deep copy, to change before it is shared
 */
TideConninfo *
tide_conninfo_copy (const TideConninfo *self)
{
  TideConninfo *copy = tide_conninfo_new ();

  g_return_val_if_fail (self != NULL, copy);

  for (guint i = 0; i < self->settings->len; i++)
    {
      const Setting *setting = &g_array_index (self->settings, Setting, i);

      tide_conninfo_set (copy, setting->keyword, setting->value);
    }
  copy->schema = g_strdup (self->schema);
  copy->startup_sql = g_strdup (self->startup_sql);
  copy->read_only = self->read_only;
  return copy;
}

TideConninfo *
tide_conninfo_ref (TideConninfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_conninfo_unref (TideConninfo *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->settings);
  g_free (self->schema);
  g_free (self->startup_sql);
  g_free (self);
}

/**
 * tide_conninfo_set:
 * @self: connection values that are not shared yet
 * @keyword: a libpq keyword
 * @value: (nullable): its value; %NULL removes the keyword
 */
void
tide_conninfo_set (TideConninfo *self,
                   const char   *keyword,
                   const char   *value)
{
  Setting *setting;
  guint index;

  g_return_if_fail (self != NULL);
  g_return_if_fail (keyword != NULL);

  setting = find_setting (self, keyword, &index);
  if (setting != NULL && value != NULL && setting->value != value)
    {
      explicit_bzero (setting->value, strlen (setting->value));
      g_free (setting->value);
      setting->value = g_strdup (value);
    }
  else if (setting != NULL && value == NULL)
    {
      g_array_remove_index (self->settings, index);
    }
  else if (setting == NULL && value != NULL)
    {
      Setting added = { g_strdup (keyword), g_strdup (value) };

      g_array_append_val (self->settings, added);
    }
}

/**
 * tide_conninfo_get:
 * @self: connection values
 * @keyword: a libpq keyword
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
tide_conninfo_get (const TideConninfo *self,
                   const char         *keyword)
{
  Setting *setting;
  guint index;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (keyword != NULL, NULL);

  setting = find_setting (self, keyword, &index);
  return setting ? setting->value : NULL;
}

/**
 * tide_conninfo_list_keywords:
 * @self: connection values
 *
 * Returns: (transfer full) (array zero-terminated=1): the keywords that are set, in their order
 */
char **
tide_conninfo_list_keywords (const TideConninfo *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->settings->len; i++)
    g_strv_builder_add (builder, g_array_index (self->settings, Setting, i).keyword);
  return g_strv_builder_end (builder);
}

void
tide_conninfo_set_schema (TideConninfo *self,
                          const char   *schema)
{
  g_return_if_fail (self != NULL);

  g_free (self->schema);
  self->schema = g_strdup (schema);
}

const char *
tide_conninfo_get_schema (const TideConninfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->schema;
}

void
tide_conninfo_set_read_only (TideConninfo *self,
                             gboolean      read_only)
{
  g_return_if_fail (self != NULL);

  self->read_only = read_only;
}

gboolean
tide_conninfo_get_read_only (const TideConninfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->read_only;
}

void
tide_conninfo_set_startup_sql (TideConninfo *self,
                               const char   *sql)
{
  g_return_if_fail (self != NULL);

  g_free (self->startup_sql);
  self->startup_sql = g_strdup (sql);
}

const char *
tide_conninfo_get_startup_sql (const TideConninfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->startup_sql;
}

static gboolean
is_local_host (const char *host)
{
  g_autoptr(GInetAddress) address = NULL;

  /* A folder, an abstract socket, or libpq's default */
  if (*host == '\0' || *host == '/' || *host == '@')
    return TRUE;
  if (g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost"))
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static const char *
get_host (const TideConninfo *self)
{
  const char *host = tide_conninfo_get (self, "host");

  return host ? host : tide_conninfo_get (self, "hostaddr");
}

/**
 * tide_conninfo_is_local:
 * @self: connection values
 *
 * Of several hosts, all must be local. `hostaddr` says where libpq goes when both are set.
 *
 * Returns: whether the server is on this machine: a socket, or a loopback address or name
 */
gboolean
tide_conninfo_is_local (const TideConninfo *self)
{
  const char *address;
  g_auto(GStrv) hosts = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (tide_conninfo_get (self, "service") != NULL && get_host (self) == NULL)
    return FALSE;
  address = tide_conninfo_get (self, "hostaddr");
  if (address == NULL)
    address = tide_conninfo_get (self, "host");
  hosts = g_strsplit (address ? address : "", ",", -1);
  for (guint i = 0; hosts[i] != NULL; i++)
    {
      if (!is_local_host (hosts[i]))
        return FALSE;
    }
  return TRUE;
}

/**
 * tide_conninfo_dup_settings:
 * @self: connection values
 *
 * What Prisma's `schema` and a read-only profile ask for, in one round trip; sent right after
 * connecting, and by whoever makes a used session new. Not as start-up `options`: poolers refuse
 * those.
 *
 * Returns: (transfer full) (nullable): statements, each with its semicolon
 */
char *
tide_conninfo_dup_settings (const TideConninfo *self)
{
  const char *schema;
  GString *sql;

  g_return_val_if_fail (self != NULL, NULL);

  sql = g_string_new (NULL);
  schema = tide_conninfo_get_schema (self);
  if (schema != NULL)
    {
      g_autofree char *quoted = tide_quote_identifier (schema);

      g_string_append_printf (sql, "SET search_path = %s;", quoted);
    }
  if (tide_conninfo_get_read_only (self))
    g_string_append (sql, "SET default_transaction_read_only = on;");
  return g_string_free (sql, sql->len == 0);
}

static char *
dup_place (const TideConninfo *self)
{
  const char *host = get_host (self);
  const char *port = tide_conninfo_get (self, "port");
  const char *service = tide_conninfo_get (self, "service");

  if (host == NULL && service != NULL)
    return g_strdup_printf (_("service %s"), service);
  if (host == NULL || *host == '\0')
    host = _("the local socket");
  if (strchr (host, ',') != NULL)
    return g_strdup (host);
  return g_strdup_printf ("%s:%s", host, port ? port : "5432");
}

/**
 * tide_conninfo_dup_label:
 * @self: connection values
 *
 * Returns: (transfer full): how a person is told where this leads, never with a secret:
 *   `broxiva on db.example.com:5432 as ada`, in their language. What is written down takes the English one
 */
char *
tide_conninfo_dup_label (const TideConninfo *self)
{
  g_autofree char *place = NULL;
  const char *user;
  const char *database;

  g_return_val_if_fail (self != NULL, NULL);

  place = dup_place (self);
  user = tide_conninfo_get (self, "user");
  if (user == NULL)
    user = g_get_user_name ();
  database = tide_conninfo_get (self, "dbname");
  /* Translators: a database, the server it is on, and the user */
  return g_strdup_printf (_("%s on %s as %s"), database ? database : user, place, user);
}

static gboolean
has_all_of (const TideConninfo *self,
            const TideConninfo *other)
{
  g_auto(GStrv) keywords = tide_conninfo_list_keywords (other);

  for (guint i = 0; keywords[i] != NULL; i++)
    if (!g_str_has_suffix (keywords[i], "password")
        && g_strcmp0 (tide_conninfo_get (self, keywords[i]), tide_conninfo_get (other, keywords[i])) != 0)
      return FALSE;
  return TRUE;
}

/**
 * tide_conninfo_is_same_way:
 * @self: connection values
 * @other: others
 *
 * Who changed a password is where he was: passwords do not count.
 *
 * Returns: whether both lead to the same database, in the same way
 */
gboolean
tide_conninfo_is_same_way (const TideConninfo *self,
                           const TideConninfo *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  return has_all_of (self, other) && has_all_of (other, self)
         && g_strcmp0 (tide_conninfo_get_schema (self), tide_conninfo_get_schema (other)) == 0
         && g_strcmp0 (tide_conninfo_get_startup_sql (self), tide_conninfo_get_startup_sql (other)) == 0;
}
