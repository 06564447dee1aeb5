/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-prisma-lock"

#include "config.h"

#include "history/tide-prisma-lock.h"
#include "tide-error.h"

/* The key of Prisma's schema engine: a session level lock on one bigint. */
#define LOCK_KEY "72707369"
#define LOCK_NOT_AVAILABLE "55P03"

/* How pg_locks shows a bigint key below 2^32: classid 0, objid the key, objsubid 1. */
static const char holder_sql[] =
  "SELECT l.pid, a.usename, a.application_name,\n"
  "       pg_catalog.to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'),\n"
  /* Of ours it is a word to the ledger, which tells nobody anything. */
  "       CASE WHEN a.state = 'active' OR a.application_name <> 'tidemark'\n"
  "            THEN pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 200) END\n"
  "  FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid\n"
  " WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()\n"
  "   AND l.classid = 0 AND l.objid = " LOCK_KEY " AND l.objsubid = 1\n"
  "   AND l.database = (SELECT oid FROM pg_catalog.pg_database\n"
  "                      WHERE datname = pg_catalog.current_database())\n"
  " LIMIT 1";

static void
append_field (GString    *text,
              const char *format,
              const char *value)
{
  g_autofree char *quoted = NULL;

  if (value == NULL || *value == '\0')
    return;
  quoted = g_strdup_printf ("%s \"%s\"", format, value);
  g_string_append_printf (text, "%s%s", g_str_has_suffix (text->str, "(") ? "" : ", ", quoted);
}

/**
 * tide_prisma_lock_dup_holder:
 * @session: a session on the database
 * @cancellable: (nullable): a cancellable
 *
 * Returns: (transfer full) (nullable): who holds the migration lock, other than @session itself:
 *   process id, user, application, since when it is connected, what it runs
 */
char *
tide_prisma_lock_dup_holder (TideSession  *session,
                             GCancellable *cancellable)
{
  g_autoptr(TideResult) result =
    tide_session_query (session, holder_sql, NULL, 0, cancellable, NULL);
  GString *text;

  if (result == NULL || tide_result_get_n_rows (result) == 0)
    return NULL;

  text = g_string_new (NULL);
  g_string_printf (text, "process %s (", tide_result_get_value (result, 0, 0));
  append_field (text, "user", tide_result_get_value (result, 0, 1));
  append_field (text, "application", tide_result_get_value (result, 0, 2));
  append_field (text, "connected since", tide_result_get_value (result, 0, 3));
  append_field (text, "last statement", tide_result_get_value (result, 0, 4));
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static void
set_busy (TideSession   *session,
          guint          timeout_ms,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autofree char *holder = tide_prisma_lock_dup_holder (session, cancellable);
  GError *busy = tide_error_new (TIDE_ERROR_BUSY,
                                 "wait until it is done; if it hangs, end it with "
                                 "pg_terminate_backend()",
                                 "the migration lock was not free within %g s: %s holds it",
                                 timeout_ms / 1000.0, holder ? holder : "another session");

  tide_error_take_string (&tide_error_get_fields (busy)->prisma_code, g_strdup ("P1002"));
  g_propagate_error (error, busy);
}

/**
 * tide_prisma_lock_take:
 * @session: a session on the database; the lock ends with it
 * @timeout_ms: how long to wait
 * @cancellable: (nullable): a cancellable
 * @error: BUSY with who holds it; the server's
 *
 * Takes the advisory lock under which Prisma applies and resolves migrations. The server does the
 * waiting: a client that merely stopped waiting would leave a request behind that is granted later.
 *
 * Returns: whether @session holds the lock
 */
gboolean
tide_prisma_lock_take (TideSession   *session,
                       guint          timeout_ms,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autofree char *sql = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GError) local_error = NULL;

  /* One simple query is one transaction: the time-out is gone again after it, the lock stays. */
  sql = g_strdup_printf ("SET LOCAL lock_timeout = %u;"
                         "SELECT pg_catalog.pg_advisory_lock(" LOCK_KEY ")",
                         timeout_ms);
  results = tide_session_run (session, sql, cancellable, &local_error);
  if (results != NULL)
    return TRUE;

  if (tide_error_has_sqlstate (local_error, LOCK_NOT_AVAILABLE))
    set_busy (session, timeout_ms, cancellable, error);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
