/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-kept"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "backup/tide-restore-private.h"
#include "tide-error.h"

#define STAMP "YYYYMMDD_HHMMSS"

static void
kept_database_free (gpointer data)
{
  TideKeptDatabase *self = data;

  g_free (self->name);
  g_free (self);
}

void
tide_swap_state_free (TideSwapState *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_free (self);
}

gboolean
tide_restore_set_open (TideSession   *admin,
                       const char    *name,
                       gboolean       open,
                       GError       **error)
{
  g_autofree char *quoted = tide_quote_identifier (name);

  return tide_restore_execute (admin, NULL, error, "ALTER DATABASE %s WITH ALLOW_CONNECTIONS %s", quoted, open ? "true" : "false");
}

/* The local time that the name of a kept database ends with */
static gint64
read_stamp (const char *name)
{
  const char *stamp = name + strlen (name) - strlen (STAMP);
  g_autoptr(GDateTime) time = NULL;
  int year, month, day, hour, minute, second;

  if (sscanf (stamp, "%4d%2d%2d_%2d%2d%2d", &year, &month, &day, &hour, &minute, &second) != 6)
    return 0;
  time = g_date_time_new_local (year, month, day, hour, minute, second);
  return time ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

static GPtrArray *
list_kept (TideSession   *admin,
           const char    *name,
           const char    *infix,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autofree char *dated = tide_restore_dup_dated_name (name, infix);
  g_autofree char *prefix = g_strndup (dated, strlen (dated) - strlen (STAMP));
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT datname, CASE WHEN pg_catalog.has_database_privilege(oid, 'CONNECT')"
                        " OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') THEN pg_catalog.pg_database_size(oid) ELSE -1 END, oid"
                        " FROM pg_catalog.pg_database WHERE pg_catalog.starts_with(datname, $1)"
                        " AND substr(datname, length($1) + 1) ~ '^[0-9]{8}_[0-9]{6}$' ORDER BY 1 DESC",
                        (const char *[]) { prefix }, 1, cancellable, error);
  GPtrArray *kept;

  if (result == NULL)
    return NULL;
  kept = g_ptr_array_new_with_free_func (kept_database_free);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideKeptDatabase *database = g_new0 (TideKeptDatabase, 1);

      database->name = g_strdup (tide_result_get_value (result, i, 0));
      database->kept_at = read_stamp (database->name);
      database->bytes = tide_result_get_int64 (result, i, 1);
      database->oid = (guint) tide_result_get_int64 (result, i, 2);
      g_ptr_array_add (kept, database);
    }
  return kept;
}

/* Closed, and not by a swap that is at work: whoever gets its lock knows. It is let go at once. */
static gboolean
is_closed (TideSession   *admin,
           const char    *name,
           guint         *oid,
           gboolean      *closed,
           gboolean      *swapping,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(TideResult) result =
    tide_session_query (admin, "SELECT d.datallowconn, d.datallowconn OR pg_catalog.pg_try_advisory_xact_lock(" TIDE_RESTORE_SWAP_KEY "), d.oid"
                        " FROM pg_catalog.pg_database d WHERE d.datname = $1", &name, 1, cancellable, error);
  gboolean exists, open;

  if (result == NULL)
    return FALSE;
  exists = tide_result_get_n_rows (result) > 0;
  *oid = exists ? (guint) tide_result_get_int64 (result, 0, 2) : 0;
  open = exists && tide_result_get_boolean (result, 0, 0);
  *swapping = exists && !tide_result_get_boolean (result, 0, 1);
  *closed = exists && !open && !*swapping;
  return TRUE;
}

/**
 * tide_restore_read_swaps:
 * @conninfo: a database, which need not take connections
 * @cancellable: (nullable): cancels it
 * @error: a #TideError
 *
 * Blocking; asks another database of the server.
 *
 * Returns: (transfer full) (nullable): what swaps have left of it
 */
TideSwapState *
tide_restore_read_swaps (TideConninfo  *conninfo,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(TideSession) admin = NULL;
  g_autoptr(TideSwapState) state = NULL;
  const char *name;
  gboolean swapping;

  g_return_val_if_fail (conninfo != NULL && tide_conninfo_get (conninfo, "dbname") != NULL, NULL);

  name = tide_conninfo_get (conninfo, "dbname");
  admin = tide_restore_open_admin (conninfo, cancellable, error);
  if (admin == NULL)
    return NULL;
  state = g_new0 (TideSwapState, 1);
  state->kept = list_kept (admin, name, TIDE_RESTORE_KEPT_INFIX, cancellable, error);
  if (state->kept == NULL || !is_closed (admin, name, &state->oid, &state->closed, &swapping, cancellable, error))
    return NULL;
  return g_steal_pointer (&state);
}

/**
 * tide_restore_reopen:
 * @conninfo: a database that takes no connections
 * @cancellable: (nullable): cancels it
 * @error: %TIDE_ERROR_BUSY: a swap is at work; %TIDE_ERROR_SERVER: it is not ours to change
 *
 * The way out after a swap that was killed between refusing connections and changing the names. Blocking.
 *
 * Returns: whether it takes connections
 */
gboolean
tide_restore_reopen (TideConninfo  *conninfo,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(TideSession) admin = NULL;
  const char *name;
  gboolean closed, swapping;
  guint oid;

  g_return_val_if_fail (conninfo != NULL && tide_conninfo_get (conninfo, "dbname") != NULL, FALSE);

  name = tide_conninfo_get (conninfo, "dbname");
  admin = tide_restore_open_admin (conninfo, cancellable, error);
  if (admin == NULL || !is_closed (admin, name, &oid, &closed, &swapping, cancellable, error))
    return FALSE;
  if (swapping)
    {
      tide_set_error (error, TIDE_ERROR_BUSY, "wait until it is done", "the database \"%s\" is being swapped by somebody else", name);
      return FALSE;
    }
  return !closed || tide_restore_set_open (admin, name, TRUE, error);
}

/**
 * tide_restore_check_kept:
 * @admin: a session on the server
 * @of: a database
 * @name: one that a swap should have kept of it
 * @restored: one that a swap back has set aside will do, too
 * @cancellable: (nullable): cancels it
 * @error: %TIDE_ERROR_REFUSED: it is no such database; %TIDE_ERROR_SERVER
 *
 * Whatever else is on the server belongs to somebody else.
 *
 * Returns: whether a swap has kept it
 */
gboolean
tide_restore_check_kept (TideSession   *admin,
                         const char    *of,
                         const char    *name,
                         gboolean       restored,
                         GCancellable  *cancellable,
                         GError       **error)
{
  static const char *const infixes[] = { TIDE_RESTORE_KEPT_INFIX, TIDE_RESTORE_NEW_INFIX };

  for (guint i = 0; i < (restored ? 2 : 1); i++)
    {
      g_autoptr(GPtrArray) kept = list_kept (admin, of, infixes[i], cancellable, error);

      if (kept == NULL)
        return FALSE;
      for (guint k = 0; k < kept->len; k++)
        if (g_str_equal (((const TideKeptDatabase *) g_ptr_array_index (kept, k))->name, name))
          return TRUE;
    }
  tide_set_error (error, TIDE_ERROR_REFUSED, "look at which were kept: \"tidemarkctl restore --kept\"",
                  "no swap has kept a database \"%s\" of \"%s\"", name, of);
  return FALSE;
}

/**
 * tide_restore_drop_kept:
 * @conninfo: a database
 * @name: one that a swap has kept of it
 * @cancellable: (nullable): cancels it
 * @error: %TIDE_ERROR_REFUSED: it is no such database; %TIDE_ERROR_BUSY: somebody uses it; %TIDE_ERROR_SERVER
 *
 * Blocking. Nothing brings it back.
 *
 * Returns: whether it is gone
 */
gboolean
tide_restore_drop_kept (TideConninfo  *conninfo,
                        const char    *name,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(TideSession) admin = NULL;
  g_autofree char *quoted = NULL;

  g_return_val_if_fail (conninfo != NULL && tide_conninfo_get (conninfo, "dbname") != NULL && name != NULL, FALSE);

  admin = tide_restore_open_admin (conninfo, cancellable, error);
  if (admin == NULL || !tide_restore_check_kept (admin, tide_conninfo_get (conninfo, "dbname"), name, FALSE, cancellable, error))
    return FALSE;
  quoted = tide_quote_identifier (name);
  return tide_restore_check_users (admin, name, cancellable, error) &&
         tide_restore_execute (admin, cancellable, error, "DROP DATABASE %s", quoted);
}
