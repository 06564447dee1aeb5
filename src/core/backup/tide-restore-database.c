/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-database"

#include "config.h"

#include <string.h>

#include "backup/tide-backup-names.h"
#include "backup/tide-restore-leftovers.h"
#include "backup/tide-restore-private.h"
#include "tide-error.h"

#define LOCK_KEY(name) "pg_catalog.hashtext('tidemark restore'), pg_catalog.hashtext(" name ")"

/**
 * tide_restore_execute:
 * @session: a session
 * @cancellable: (nullable): cancels it
 * @error: the server's failure
 * @format: SQL: one simple query, so one transaction unless it says otherwise
 *
 * Returns: whether it was done
 */
gboolean
tide_restore_execute (TideSession   *session,
                      GCancellable  *cancellable,
                      GError       **error,
                      const char    *format,
                      ...)
{
  g_autofree char *sql = NULL;
  g_autoptr(GPtrArray) results = NULL;
  va_list args;

  va_start (args, format);
  sql = g_strdup_vprintf (format, args);
  va_end (args);
  results = tide_session_run (session, sql, cancellable, error);
  return results != NULL;
}

/**
 * tide_restore_open_admin:
 * @conninfo: a database, which need not be there
 * @cancellable: (nullable): cancels it
 * @error: %TIDE_ERROR_UNREACHABLE
 *
 * Databases are made, renamed and dropped from a session on another one.
 *
 * Returns: (transfer full) (nullable): a session on the same server
 */
TideSession *
tide_restore_open_admin (TideConninfo  *conninfo,
                         GCancellable  *cancellable,
                         GError       **error)
{
  static const char *const candidates[] = { "postgres", "template1" };
  g_autoptr(GError) first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      g_autoptr(TideConninfo) other = tide_conninfo_copy (conninfo);
      g_autoptr(GError) failure = NULL;
      TideSession *session;

      if (g_strcmp0 (tide_conninfo_get (conninfo, "dbname"), candidates[i]) == 0)
        continue;
      tide_conninfo_set (other, "dbname", candidates[i]);
      tide_conninfo_set_schema (other, NULL);
      tide_conninfo_set_read_only (other, FALSE);
      tide_conninfo_set_startup_sql (other, NULL);
      session = tide_session_open (other, cancellable, &failure);
      if (session != NULL)
        return session;
      if (first == NULL)
        first = g_steal_pointer (&failure);
    }
  g_propagate_error (error, g_steal_pointer (&first));
  return NULL;
}

/**
 * tide_restore_dup_dated_name:
 * @name: a database
 * @infix: what it is: `_restored_`, `_before_restore_`
 *
 * Returns: (transfer full): @name, cut where the whole would be too long for the server, @infix, and the local time
 */
char *
tide_restore_dup_dated_name (const char *name,
                             const char *infix)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d_%H%M%S");
  gsize room = TIDE_RESTORE_MAX_NAME - strlen (infix) - strlen (time);
  const char *end = name + MIN (strlen (name), room);
  g_autofree char *head = NULL;

  /* Never in the middle of a character */
  while (end > name && ((guchar) *end & 0xc0) == 0x80)
    end--;
  head = g_strndup (name, end - name);
  return g_strconcat (head, infix, time, NULL);
}

/* Tells at sight what it is, and can be no other's. */
char *
tide_restore_dup_working_name (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d_%H%M%S");

  return g_strdup_printf (TIDE_RESTORE_WORKING_PREFIX "%s_%08x", time, g_random_int ());
}

gboolean
tide_restore_has_database (TideSession   *admin,
                           const char    *name,
                           gboolean      *exists,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", &name, 1, cancellable, error);

  if (result == NULL)
    return FALSE;
  *exists = tide_result_get_n_rows (result) > 0;
  return TRUE;
}

/**
 * tide_restore_dup_free_name:
 * @admin: a session on the server
 * @name: a database
 * @infix: as for tide_restore_dup_dated_name()
 * @cancellable: (nullable): cancels it
 * @error: the server's failure
 *
 * Returns: (transfer full) (nullable): a dated name that is not taken: two may fall into the same second
 */
char *
tide_restore_dup_free_name (TideSession   *admin,
                            const char    *name,
                            const char    *infix,
                            GCancellable  *cancellable,
                            GError       **error)
{
  for (;;)
    {
      g_autofree char *dated = tide_restore_dup_dated_name (name, infix);
      gboolean exists;

      if (!tide_restore_has_database (admin, dated, &exists, cancellable, error))
        return NULL;
      if (!exists)
        return g_steal_pointer (&dated);
      g_usleep (100 * 1000);
    }
}

/**
 * tide_restore_create_database:
 * @admin: a session on the server
 * @name: what it is to be called
 * @settings: (nullable): the part of CREATE DATABASE about encoding and locale
 * @comment: what it is for
 * @cancellable: (nullable): cancels it
 * @error: %TIDE_ERROR_SERVER: the server has no such locale, or the role may not make databases
 *
 * As long as @admin is open, no other restore takes it for a leftover.
 *
 * Returns: whether it is there, empty
 */
gboolean
tide_restore_create_database (TideSession   *admin,
                              const char    *name,
                              const char    *settings,
                              const char    *comment,
                              GCancellable  *cancellable,
                              GError       **error)
{
  g_autofree char *quoted = tide_quote_identifier (name);
  g_autofree char *literal = tide_quote_literal (name);
  g_autofree char *text = tide_quote_literal (comment);

  if (!tide_restore_execute (admin, cancellable, error, "SELECT pg_catalog.pg_advisory_lock(" LOCK_KEY ("%s") ")", literal))
    return FALSE;
  if (!tide_restore_execute (admin, cancellable, error, "CREATE DATABASE %s WITH TEMPLATE template0 %s", quoted,
                             settings ? settings : ""))
    {
      g_prefix_error (error, "cannot make a database to restore into: ");
      return FALSE;
    }
  return tide_restore_execute (admin, cancellable, error, "COMMENT ON DATABASE %s IS %s", quoted, text);
}

/**
 * tide_restore_make_schemas:
 * @session: a session on a new database
 * @manifest: (nullable): of what it is to be filled with
 * @cancellable: (nullable): cancels it
 * @error: the server's failure
 *
 * A dump of single tables holds no schemas, so that they could be restored nowhere but where these are.
 *
 * Returns: whether those are there that its tables lie in
 */
gboolean
tide_restore_make_schemas (TideSession         *session,
                           const TideManifest  *manifest,
                           GCancellable        *cancellable,
                           GError             **error)
{
  static const char option[] = "--table=";

  for (guint i = 0; manifest != NULL && manifest->options != NULL && manifest->options[i] != NULL; i++)
    {
      g_autofree char *schema = NULL;
      g_autofree char *table = NULL;
      g_autofree char *quoted = NULL;

      if (!g_str_has_prefix (manifest->options[i], option) ||
          !tide_backup_names_split (manifest->options[i] + strlen (option), &schema, &table))
        continue;
      quoted = tide_quote_identifier (schema);
      if (!tide_restore_execute (session, cancellable, error, "CREATE SCHEMA IF NOT EXISTS %s", quoted))
        return FALSE;
    }
  return TRUE;
}

/**
 * tide_restore_drop_database:
 * @conninfo: a database on the server
 * @name: the one to drop
 * @error: the server's failure
 *
 * Ends its sessions and drops it, if it is there. Not to be cancelled: it clears up.
 *
 * Returns: whether it is gone
 */
gboolean
tide_restore_drop_database (TideConninfo  *conninfo,
                            const char    *name,
                            GError       **error)
{
  g_autoptr(TideSession) admin = tide_restore_open_admin (conninfo, NULL, error);
  g_autofree char *quoted = tide_quote_identifier (name);
  g_autofree char *literal = tide_quote_literal (name);

  if (admin == NULL)
    return FALSE;
  if (tide_session_get_server_version (admin) >= 130000)
    return tide_restore_execute (admin, NULL, error, "DROP DATABASE IF EXISTS %s WITH (FORCE)", quoted);
  return tide_restore_execute (admin, NULL, error, "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
                               " WHERE datname = %s", literal)
         && tide_restore_execute (admin, NULL, error, "DROP DATABASE IF EXISTS %s", quoted);
}

/* A restore that is running holds this lock, and a session in its database. Here it is let go at once: a name is never used again. */
const char *
tide_restore_get_leftovers_sql (void)
{
  return "SELECT datname FROM (SELECT datname FROM pg_catalog.pg_database d"
         " WHERE pg_catalog.starts_with(datname, '" TIDE_RESTORE_WORKING_PREFIX "')"
         " AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid) ORDER BY 1 OFFSET 0) AS unused"
         " WHERE pg_catalog.pg_try_advisory_xact_lock(" LOCK_KEY ("datname") ")";
}

static GPtrArray *
list_leftovers (TideSession   *admin,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr(TideResult) result = tide_session_query (admin, tide_restore_get_leftovers_sql (), NULL, 0, cancellable, error);
  GPtrArray *names;

  if (result == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    g_ptr_array_add (names, g_strdup (tide_result_get_value (result, i, 0)));
  return names;
}

/**
 * tide_restore_drop_leftovers:
 * @admin: a session on the server
 * @problems: (element-type utf8): is told what was found
 * @cancellable: (nullable): cancels it
 *
 * Drops half-made databases that nobody uses. Without force: should a restore be at work there after all, the server says no.
 */
void
tide_restore_drop_leftovers (TideSession  *admin,
                             GPtrArray    *problems,
                             GCancellable *cancellable)
{
  g_autoptr(GPtrArray) names = list_leftovers (admin, cancellable, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *quoted = tide_quote_identifier (name);
      g_autoptr(GError) failure = NULL;

      if (tide_restore_execute (admin, cancellable, &failure, "DROP DATABASE IF EXISTS %s", quoted))
        g_ptr_array_add (problems, g_strdup_printf ("dropped \"%s\", which a restore that was killed had left half-made", name));
      else
        g_ptr_array_add (problems, g_strdup_printf ("a restore that was killed has left \"%s\" half-made, and it could not be dropped: %s",
                                                    name, failure->message));
    }
}

/**
 * tide_restore_list_leftovers:
 * @conninfo: a database on the server
 * @cancellable: (nullable): cancels it
 * @error: a #TideError
 *
 * Returns: (transfer full) (nullable) (element-type utf8): half-made databases that nobody uses
 */
GPtrArray *
tide_restore_list_leftovers (TideConninfo  *conninfo,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autoptr(TideSession) admin = NULL;

  g_return_val_if_fail (conninfo != NULL, NULL);

  admin = tide_restore_open_admin (conninfo, cancellable, error);
  return admin ? list_leftovers (admin, cancellable, error) : NULL;
}
