/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-settings"

#include "config.h"

#include <string.h>

#include "backup/tide-backup-catalog.h"
#include "backup/tide-restore-private.h"

/* One "NAME = VALUE" of CREATE DATABASE, as this server takes it */
static void
append_option (GString    *settings,
               const char *name,
               const char *value,
               int         server_version)
{
  if (g_str_equal (name, "LOCALE") && server_version < 130000)
    g_string_append_printf (settings, " LC_COLLATE = %s LC_CTYPE = %s", value, value);
  else if (!g_str_equal (name, "LOCALE_PROVIDER") || server_version >= 150000)
    g_string_append_printf (settings, " %s = %s", name, value);
}

/* The archive's own CREATE DATABASE; nothing of it is run but these options. An empty list leaves nothing else in the output. */
static char *
read_archive (TideBackup    *backup,
              int            server_version,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autofree char *text =
    tide_restore_read_archive (backup, server_version / 10000,
                               (const char *[]) { "--create", "--use-list=/dev/null", "--file=-", NULL }, cancellable, error);
  g_autoptr(GRegex) regex =
    g_regex_new ("\\b(ENCODING|LOCALE_PROVIDER|LOCALE|LC_COLLATE|LC_CTYPE|ICU_LOCALE|ICU_RULES|BUILTIN_LOCALE) = "
                 "('(?:[^'\\\\]|'')*'|[a-z]+)", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  GString *settings;
  char *create, *end;

  if (text == NULL)
    return NULL;
  settings = g_string_new (NULL);
  create = strstr (text, "\nCREATE DATABASE ");
  create = create ? strstr (create, " WITH TEMPLATE = template0 ") : NULL;
  if (create == NULL)
    return g_string_free (settings, FALSE);
  if ((end = strchr (create, '\n')) != NULL)
    *end = '\0';
  for (g_regex_match (regex, create, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);
      g_autofree char *value = g_match_info_fetch (match, 2);

      append_option (settings, name, value, server_version);
    }
  return g_string_free (settings, FALSE);
}

static void
append_literal (GString    *settings,
                const char *name,
                const char *value)
{
  g_autofree char *quoted = value ? tide_quote_literal (value) : NULL;

  if (quoted != NULL)
    g_string_append_printf (settings, " %s = %s", name, quoted);
}

static char *
format_locale (const TideManifest *manifest,
               int                 server_version)
{
  GString *settings = g_string_new (NULL);
  gboolean is_builtin = g_strcmp0 (manifest->locale_provider, "builtin") == 0;

  append_literal (settings, "ENCODING", manifest->encoding);
  append_literal (settings, "LC_COLLATE", manifest->collate);
  append_literal (settings, "LC_CTYPE", manifest->ctype);
  if (manifest->locale == NULL || server_version < 150000)
    return g_string_free (settings, FALSE);
  g_string_append_printf (settings, " LOCALE_PROVIDER = %s", is_builtin ? "builtin" : "icu");
  append_literal (settings, is_builtin ? "BUILTIN_LOCALE" : "ICU_LOCALE", manifest->locale);
  append_literal (settings, "ICU_RULES", manifest->locale_rules);
  return g_string_free (settings, FALSE);
}

/* SQL text without a manifest does not say: what the database has that it is restored for, if that is there */
static char *
read_database (TideSession   *admin,
               const char    *name,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(TideManifest) manifest = tide_manifest_new ();
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT " TIDE_BACKUP_LOCALE_COLUMNS " FROM pg_catalog.pg_database d WHERE datname = $1", &name, 1,
                        cancellable, error);

  if (result == NULL)
    return NULL;
  if (tide_result_get_n_rows (result) == 0)
    return g_strdup ("");
  tide_backup_catalog_take_locale (result, 0, manifest);
  return format_locale (manifest, tide_session_get_server_version (admin));
}

/**
 * tide_restore_dup_locale:
 * @backup: what is to be restored
 * @admin: a session on the server
 * @name: the database it is restored for; it need not be there
 * @cancellable: (nullable): cancels it
 * @error: a #TideError
 *
 * An archive says it itself, but pg_restore refuses to where the name of its database holds a line break.
 *
 * Returns: (transfer full) (nullable): the part of CREATE DATABASE that gives encoding and locale of the backup
 */
char *
tide_restore_dup_locale (TideBackup    *backup,
                         TideSession   *admin,
                         const char    *name,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(GError) problem = NULL;
  char *settings = NULL;

  if (tide_backup_format_is_archive (backup->format))
    settings = read_archive (backup, tide_session_get_server_version (admin), cancellable, &problem);
  if (settings != NULL)
    return settings;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (backup->manifest != NULL && backup->manifest->encoding != NULL)
    return format_locale (backup->manifest, tide_session_get_server_version (admin));
  return read_database (admin, name, cancellable, error);
}

/* What a list of names is kept as cannot be given as one string: it is set here first, and taken from there. */
static void
append_setting (GString    *sql,
                const char *target,
                const char *name,
                const char *value)
{
  static const char *const lists[] = {
    "local_preload_libraries", "search_path", "session_preload_libraries", "temp_tablespaces", "unix_socket_directories", NULL
  };
  g_autofree char *quoted_value = tide_quote_literal (value);
  g_autofree char *quoted_name = NULL;
  const char *dot = strchr (name, '.');

  /* An extension's parameter has two parts. */
  if (dot != NULL)
    {
      g_autofree char *class = g_strndup (name, dot - name);
      g_autofree char *quoted_class = tide_quote_identifier (class);
      g_autofree char *quoted_rest = tide_quote_identifier (dot + 1);

      quoted_name = g_strconcat (quoted_class, ".", quoted_rest, NULL);
    }
  else
    quoted_name = tide_quote_identifier (name);

  if (g_strv_contains (lists, name))
    g_string_append_printf (sql, "SELECT pg_catalog.set_config('%s', %s, true); ALTER %s SET %s FROM CURRENT;\n", name, quoted_value,
                            target, quoted_name);
  else
    g_string_append_printf (sql, "ALTER %s SET %s TO %s;\n", target, quoted_name, quoted_value);
}

static gboolean
append_parameters (GString       *sql,
                   TideSession   *admin,
                   const char    *from,
                   const char    *quoted_to,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT r.rolname, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)"
                        " FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase"
                        " LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) AS c"
                        " WHERE d.datname = $1", &from, 1, cancellable, error);

  if (result == NULL)
    return FALSE;
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *role = tide_result_get_value (result, i, 0);
      g_autofree char *quoted_role = role ? tide_quote_identifier (role) : NULL;
      g_autofree char *target = role ? g_strdup_printf ("ROLE %s IN DATABASE %s", quoted_role, quoted_to)
                                     : g_strdup_printf ("DATABASE %s", quoted_to);

      append_setting (sql, target, tide_result_get_value (result, i, 1), tide_result_get_value (result, i, 2));
    }
  return TRUE;
}

static gboolean
append_grants (GString       *sql,
               TideSession   *admin,
               const char    *from,
               const char    *quoted_to,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT r.rolname, a.privilege_type, a.is_grantable, a.grantee = 0"
                        " FROM pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee"
                        " WHERE d.datname = $1 AND (a.grantee = 0 OR r.rolname IS NOT NULL)", &from, 1, cancellable, error);
  g_autoptr(TideResult) own =
    result ? tide_session_query (admin, "SELECT datacl IS NOT NULL FROM pg_catalog.pg_database WHERE datname = $1", &from, 1, cancellable,
                                 error)
           : NULL;

  if (own == NULL)
    return FALSE;
  if (tide_result_get_n_rows (own) > 0 && tide_result_get_boolean (own, 0, 0))
    g_string_append_printf (sql, "REVOKE ALL ON DATABASE %s FROM PUBLIC;\n", quoted_to);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *role = tide_result_get_value (result, i, 0);
      g_autofree char *quoted_role = role ? tide_quote_identifier (role) : g_strdup ("PUBLIC");

      g_string_append_printf (sql, "GRANT %s ON DATABASE %s TO %s%s;\n", tide_result_get_value (result, i, 1), quoted_to, quoted_role,
                              tide_result_get_boolean (result, i, 2) ? " WITH GRANT OPTION" : "");
    }
  return TRUE;
}

/**
 * tide_restore_dup_settings:
 * @admin: a session on the server
 * @from: a database
 * @to: the one that takes its place
 * @cancellable: (nullable): cancels it
 * @error: the server's failure
 *
 * What belongs to a database and is in no dump of it: its owner, parameters, grants, comment and connection limit.
 *
 * Returns: (transfer full) (nullable): statements that give them to @to, for one transaction
 */
char *
tide_restore_dup_settings (TideSession   *admin,
                           const char    *from,
                           const char    *to,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT pg_catalog.pg_get_userbyid(datdba), datconnlimit, pg_catalog.shobj_description(oid, 'pg_database'),"
                        " datdba <> (SELECT datdba FROM pg_catalog.pg_database WHERE datname = $2)"
                        " FROM pg_catalog.pg_database WHERE datname = $1",
                        (const char *[]) { from, to }, 2, cancellable, error);
  g_autofree char *quoted = tide_quote_identifier (to);
  g_autofree char *owner = NULL;
  g_autofree char *comment = NULL;
  g_autoptr(GString) sql = g_string_new (NULL);

  if (result == NULL)
    return NULL;
  if (tide_result_get_n_rows (result) == 0)
    return g_string_free (g_steal_pointer (&sql), FALSE);
  owner = tide_quote_identifier (tide_result_get_value (result, 0, 0));
  if (tide_result_get_value (result, 0, 2) != NULL)
    comment = tide_quote_literal (tide_result_get_value (result, 0, 2));
  /* The owner last: afterwards, the rest might no longer be ours to change. */
  g_string_append_printf (sql, "COMMENT ON DATABASE %s IS %s;\n", quoted, comment ? comment : "NULL");
  g_string_append_printf (sql, "ALTER DATABASE %s CONNECTION LIMIT %s;\n", quoted, tide_result_get_value (result, 0, 1));
  if (!append_parameters (sql, admin, from, quoted, cancellable, error) || !append_grants (sql, admin, from, quoted, cancellable, error))
    return NULL;
  if (tide_result_get_boolean (result, 0, 3))
    g_string_append_printf (sql, "ALTER DATABASE %s OWNER TO %s;\n", quoted, owner);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}
