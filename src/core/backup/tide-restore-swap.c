/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-swap"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore-private.h"
#include "tide-error.h"

#define LOOK_AGAIN_US (100 * 1000)

/* How long a session may take to go whose program has just ended */
#define GRACE_US G_USEC_PER_SEC

/* How long sessions may take to go that were told to */
#define GOING_SECONDS 10

#define USERS " FROM pg_catalog.pg_stat_activity WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()" \
              " AND backend_type IN ('client backend', 'walsender')"

/* Sessions with which this program only watches: they hold nothing up, and come back by themselves. */
#define WATCHING "application_name = 'tidemark' AND usename = current_user AND state = 'idle'"

static GPtrArray *
list_users (TideSession   *admin,
            const char    *name,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT pid, usename, nullif(application_name, ''), pg_catalog.host(client_addr)" USERS
                        " AND (" WATCHING ") IS NOT TRUE ORDER BY pid",
                        &name, 1, cancellable, error);
  GPtrArray *users;

  if (result == NULL)
    return NULL;
  users = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *role = tide_result_get_value (result, i, 1);
      const char *application = tide_result_get_value (result, i, 2);
      const char *host = tide_result_get_value (result, i, 3);

      g_ptr_array_add (users, g_strdup_printf ("process %s, role %s, application %s%s%s", tide_result_get_value (result, i, 0),
                                               role ? role : "unknown", application ? application : "unknown",
                                               host ? ", from " : "", host ? host : ""));
    }
  return users;
}

static void
set_busy (const char  *name,
          GPtrArray   *users,
          GError     **error)
{
  GString *all = g_string_new (NULL);
  GError *failure;

  for (guint i = 0; i < users->len; i++)
    g_string_append_printf (all, "%s%s", i ? "\n" : "", (const char *) g_ptr_array_index (users, i));
  failure = tide_error_new (TIDE_ERROR_BUSY, "close them first, or let a swap end them", "the database \"%s\" is in use by %u session%s", name,
                            users->len, users->len == 1 ? "" : "s");
  tide_error_get_fields (failure)->detail = g_string_free (all, FALSE);
  g_propagate_error (error, failure);
}

/**
 * tide_restore_check_users:
 * @admin: a session on the server
 * @name: a database
 * @cancellable: (nullable): cancels it
 * @error: %TIDE_ERROR_BUSY with a line for each session
 *
 * Returns: whether nobody uses it
 */
gboolean
tide_restore_check_users (TideSession   *admin,
                          const char    *name,
                          GCancellable  *cancellable,
                          GError       **error)
{
  gint64 deadline = g_get_monotonic_time () + GRACE_US;

  for (;;)
    {
      g_autoptr(GPtrArray) users = list_users (admin, name, cancellable, error);

      if (users == NULL || users->len == 0)
        return users != NULL;
      if (g_get_monotonic_time () >= deadline)
        {
          set_busy (name, users, error);
          return FALSE;
        }
      g_usleep (LOOK_AGAIN_US);
    }
}

/* Held by the session that swaps, and so gone with it; others see by it whether a closed database is being swapped. */
static gboolean
take_lock (TideSession   *admin,
           const char    *name,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT pg_catalog.pg_try_advisory_lock(" TIDE_RESTORE_SWAP_KEY ")", &name, 1, cancellable, error);

  if (result == NULL)
    return FALSE;
  if (tide_result_get_boolean (result, 0, 0))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_BUSY, "wait until it is done", "the database \"%s\" is being swapped by somebody else", name);
  return FALSE;
}

static gboolean
end_watching (TideSession   *admin,
              const char    *name,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(TideResult) ended =
    tide_session_query (admin, "SELECT pg_catalog.pg_terminate_backend(pid)" USERS " AND " WATCHING, &name, 1, cancellable, error);

  return ended != NULL;
}

/* With new connections refused: waits for those that are there, then ends them where that was asked for. */
static gboolean
empty_database (TideSession   *admin,
                const char    *name,
                gboolean       end_sessions,
                guint          wait_ms,
                TideJob       *job,
                GCancellable  *cancellable,
                GError       **error)
{
  gint64 patience = g_get_monotonic_time () + (gint64) wait_ms * 1000;
  gint64 deadline = patience + (end_sessions ? GOING_SECONDS * G_USEC_PER_SEC : GRACE_US);
  gboolean told = FALSE;

  for (;;)
    {
      g_autoptr(GPtrArray) users = list_users (admin, name, cancellable, error);
      gint64 now = g_get_monotonic_time ();

      if (users == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (users->len == 0)
        return end_watching (admin, name, cancellable, error);
      if (now >= deadline)
        {
          set_busy (name, users, error);
          return FALSE;
        }
      for (guint i = 0; !told && i < users->len; i++)
        tide_job_log (job, "in use: %s", (const char *) g_ptr_array_index (users, i));
      told = TRUE;
      if (end_sessions && now >= patience)
        {
          g_autoptr(TideResult) ended = tide_session_query (admin, "SELECT pg_catalog.pg_terminate_backend(pid)" USERS, &name, 1, cancellable,
                                                            error);
          if (ended == NULL)
            return FALSE;
        }
      g_usleep (LOOK_AGAIN_US);
    }
}

/* One transaction: after it both have their new names and take connections; before it neither has. */
static gboolean
change_names (TideSession   *admin,
              const char    *name,
              const char    *incoming,
              const char    *kept,
              const char    *settings,
              GError       **error)
{
  g_autofree char *quoted_name = tide_quote_identifier (name);
  g_autofree char *quoted_incoming = tide_quote_identifier (incoming);
  g_autofree char *quoted_kept = tide_quote_identifier (kept);
  g_autoptr(GError) failure = NULL;

  if (tide_restore_execute (admin, NULL, &failure, "BEGIN;\n%s"
                            "ALTER DATABASE %s RENAME TO %s;\nALTER DATABASE %s WITH ALLOW_CONNECTIONS true;\n"
                            "ALTER DATABASE %s RENAME TO %s;\nCOMMIT",
                            settings ? settings : "", quoted_name, quoted_kept, quoted_kept, quoted_incoming, quoted_name))
    return TRUE;
  tide_restore_execute (admin, NULL, NULL, "ROLLBACK");
  g_propagate_prefixed_error (error, g_steal_pointer (&failure), "the two databases could not change names: ");
  return FALSE;
}

/* On every path but success, also when our session is gone. Whether the names have been changed after all is seen from the
 * server: the connection may have died after the commit. */
static gboolean
reopen (TideConninfo *conninfo,
        const char   *name,
        const char   *kept,
        GError      **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(TideSession) admin = tide_restore_open_admin (conninfo, NULL, &failure);
  g_autofree char *quoted = tide_quote_identifier (name);
  gboolean changed = FALSE;

  if (admin != NULL && tide_restore_has_database (admin, kept, &changed, NULL, &failure) && changed)
    return TRUE;
  if (admin != NULL && failure == NULL && tide_restore_set_open (admin, name, TRUE, &failure))
    return FALSE;
  if (error != NULL && tide_error_get_fields (*error) != NULL)
    tide_error_take_string (&tide_error_get_fields (*error)->hint,
                            g_strdup_printf ("the database takes no connections now: run ALTER DATABASE %s WITH ALLOW_CONNECTIONS true; "
                                             "the next swap does it, too (%s)", quoted, failure->message));
  return FALSE;
}

/* Left by a swap that was killed in between, or meant so; either way this swap ends with a database that can be used. */
static gboolean
tell_closed (TideSession   *admin,
             const char    *name,
             GPtrArray     *problems,
             gboolean      *exists,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT datallowconn FROM pg_catalog.pg_database WHERE datname = $1", &name, 1, cancellable, error);

  if (result == NULL)
    return FALSE;
  *exists = tide_result_get_n_rows (result) > 0;
  if (*exists && !tide_result_get_boolean (result, 0, 0) && problems != NULL)
    g_ptr_array_add (problems, g_strdup_printf ("\"%s\" did not take connections, as a swap that was killed leaves it; it does now", name));
  return TRUE;
}

static gboolean
swap_closed (TideSession   *admin,
             const char    *name,
             const char    *incoming,
             const char    *kept,
             gboolean       with_settings,
             gboolean       end_sessions,
             guint          wait_ms,
             TideJob       *job,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autofree char *settings = NULL;

  if (!empty_database (admin, name, end_sessions, wait_ms, job, cancellable, error))
    return FALSE;
  if (with_settings)
    {
      settings = tide_restore_dup_settings (admin, name, incoming, cancellable, error);
      if (settings == NULL)
        return FALSE;
    }
  /* The point of no return: from here on a cancel comes too late. */
  return !g_cancellable_set_error_if_cancelled (cancellable, error) && change_names (admin, name, incoming, kept, settings, error);
}

/**
 * tide_restore_swap:
 * @conninfo: the database whose name @incoming is to have
 * @incoming: a database on the same server, in which nobody is
 * @infix: what the present one is kept as
 * @with_settings: give @incoming what belongs to the present one as a database
 * @end_sessions: end those who use the present one, after @wait_ms
 * @wait_ms: how long to wait for them to go
 * @job: (nullable): hears who is waited for
 * @problems: (nullable) (element-type utf8): is told what was odd
 * @cancellable: (nullable): cancels it, until the names change
 * @error: %TIDE_ERROR_BUSY, %TIDE_ERROR_SERVER
 *
 * Refuses new connections, waits for or ends the old ones, and changes both names in one transaction. Connections are allowed again
 * on every path; when this program is killed in between, the next swap does it.
 *
 * Returns: (transfer full) (nullable): the name under which the present one was kept; empty if there was none
 */
char *
tide_restore_swap (TideConninfo  *conninfo,
                   const char    *incoming,
                   const char    *infix,
                   gboolean       with_settings,
                   gboolean       end_sessions,
                   guint          wait_ms,
                   TideJob       *job,
                   GPtrArray     *problems,
                   GCancellable  *cancellable,
                   GError       **error)
{
  const char *name = tide_conninfo_get (conninfo, "dbname");
  g_autoptr(TideSession) admin = tide_restore_open_admin (conninfo, cancellable, error);
  g_autofree char *quoted_name = tide_quote_identifier (name);
  g_autofree char *quoted_incoming = tide_quote_identifier (incoming);
  g_autofree char *kept = NULL;
  GError *failure = NULL;
  gboolean exists, closed;

  if (admin == NULL || !take_lock (admin, name, cancellable, error) ||
      !tell_closed (admin, name, problems, &exists, cancellable, error))
    return NULL;
  if (!exists)
    return tide_restore_execute (admin, NULL, error, "ALTER DATABASE %s RENAME TO %s", quoted_incoming, quoted_name) ? g_strdup ("") : NULL;
  kept = tide_restore_dup_free_name (admin, name, infix, cancellable, error);
  if (kept == NULL)
    return NULL;

  tide_job_set_status (job, _("swapping; should this be interrupted: ALTER DATABASE %s WITH ALLOW_CONNECTIONS true"), quoted_name);
  closed = tide_restore_set_open (admin, name, FALSE, &failure);
  if (closed && swap_closed (admin, name, incoming, kept, with_settings, end_sessions, wait_ms, job, cancellable, &failure))
    return g_steal_pointer (&kept);
  /* Where the server would not let us close it, there is nothing to undo. */
  if ((closed || !g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_SERVER)) && reopen (conninfo, name, kept, &failure))
    {
      g_error_free (failure);
      return g_steal_pointer (&kept);
    }
  g_propagate_error (error, failure);
  return NULL;
}

/**
 * tide_restore_swap_back:
 * @conninfo: the database that was swapped
 * @old_database: the name under which the old one was kept
 * @end_sessions: end those who use the present one; else %TIDE_ERROR_BUSY names them
 * @cancellable: (nullable): cancels it, until the names change
 * @error: %TIDE_ERROR_NOT_FOUND, %TIDE_ERROR_REFUSED (no swap has kept it), %TIDE_ERROR_BUSY, %TIDE_ERROR_SERVER
 *
 * Blocking. Each database keeps its own settings and grants.
 *
 * Returns: (transfer full) (nullable): the dated name under which the restored one is kept now; empty if there was none
 */
char *
tide_restore_swap_back (TideConninfo  *conninfo,
                        const char    *old_database,
                        gboolean       end_sessions,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(TideSession) admin = NULL;
  gboolean exists;

  g_return_val_if_fail (conninfo != NULL && tide_conninfo_get (conninfo, "dbname") != NULL, NULL);
  g_return_val_if_fail (old_database != NULL, NULL);

  admin = tide_restore_open_admin (conninfo, cancellable, error);
  if (admin == NULL || !tide_restore_has_database (admin, old_database, &exists, cancellable, error))
    return NULL;
  if (!exists)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, "restore a backup of that time", "there is no database \"%s\" to go back to", old_database);
      return NULL;
    }
  if (!tide_restore_check_kept (admin, tide_conninfo_get (conninfo, "dbname"), old_database, TRUE, cancellable, error))
    return NULL;
  /* Somebody may be looking into the old one. */
  if (!end_sessions && !tide_restore_check_users (admin, old_database, cancellable, error))
    return NULL;
  if (end_sessions && !empty_database (admin, old_database, TRUE, 0, NULL, cancellable, error))
    return NULL;
  return tide_restore_swap (conninfo, old_database, TIDE_RESTORE_NEW_INFIX, FALSE, end_sessions, 0, NULL, NULL, cancellable, error);
}

/**
 * tide_restore_list_users:
 * @conninfo: a database
 * @cancellable: (nullable): cancels it
 * @error: a #TideError
 *
 * Returns: (transfer full) (nullable) (element-type utf8): who is connected to it, in words
 */
GPtrArray *
tide_restore_list_users (TideConninfo  *conninfo,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(TideSession) admin = NULL;

  g_return_val_if_fail (conninfo != NULL && tide_conninfo_get (conninfo, "dbname") != NULL, NULL);

  admin = tide_restore_open_admin (conninfo, cancellable, error);
  return admin ? list_users (admin, tide_conninfo_get (conninfo, "dbname"), cancellable, error) : NULL;
}
