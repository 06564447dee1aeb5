/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-end"

#include "config.h"

#include "health/tide-health.h"
#include "tide-error.h"

/* Numbers of processes come again: the moment of the start tells whether it is still the one that was looked at. */
static const char end_sql[] =
  "SELECT CASE WHEN $3::pg_catalog.bool THEN pg_catalog.pg_cancel_backend(pid) ELSE pg_catalog.pg_terminate_backend(pid) END\n"
  "  FROM pg_catalog.pg_stat_activity\n"
  " WHERE pid = $1::pg_catalog.int4 AND (extract(epoch FROM backend_start) * 1000000)::pg_catalog.int8 = $2::pg_catalog.int8";

/**
 * tide_health_end_session:
 * @conninfo: the database
 * @session: "PID@START", the argument of a check
 * @query_only: cancel what it runs and let it live
 * @cancellable: (nullable): a cancellable
 * @error: NOT_FOUND: the session has ended; SERVER: the user may not
 *
 * Returns: whether the server was told to end it
 */
gboolean
tide_health_end_session (TideConninfo  *conninfo,
                         const char    *session,
                         gboolean       query_only,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_auto(GStrv) parts = NULL;
  const char *params[3];
  g_autoptr(TideSession) connection = NULL;
  g_autoptr(TideResult) result = NULL;

  g_return_val_if_fail (conninfo != NULL && session != NULL, FALSE);

  parts = g_strsplit (session, "@", 2);
  g_return_val_if_fail (g_strv_length (parts) == 2, FALSE);
  params[0] = parts[0];
  params[1] = parts[1];
  params[2] = query_only ? "true" : "false";
  connection = tide_session_open (conninfo, cancellable, error);
  if (connection == NULL)
    return FALSE;
  result = tide_session_query (connection, end_sql, params, 3, cancellable, error);
  if (result == NULL)
    return FALSE;
  if (tide_result_get_n_rows (result) > 0 && tide_result_get_boolean (result, 0, 0))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_NOT_FOUND, "look again at who is connected", "process %s has already ended", parts[0]);
  return FALSE;
}
