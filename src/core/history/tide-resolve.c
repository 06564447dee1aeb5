/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-resolve"

#include "config.h"

#include "history/tide-deploy-private.h"
#include "history/tide-resolve.h"
#include "tide-error.h"

/* What the rows of one name are, as Prisma asks */
typedef struct
{
  guint n_rows;
  guint n_finished; /* whether rolled back later or not */
  guint n_failed;
} Attempts;

static void
set_prisma_error (GError     **error,
                  int          code,
                  const char  *prisma_code,
                  const char  *hint,
                  const char  *format,
                  const char  *name)
{
  g_autofree char *message = g_strdup_printf ("migration \"%s\" %s", name, format);
  GError *failure = tide_error_new (code, hint, "%s", message);

  tide_error_take_string (&tide_error_get_fields (failure)->prisma_code, g_strdup (prisma_code));
  g_propagate_error (error, failure);
}

static Attempts
count_attempts (GPtrArray  *rows,
                const char *name)
{
  Attempts attempts = { 0 };

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TideLedgerRow *row = g_ptr_array_index (rows, i);

      if (!g_str_equal (row->name, name))
        continue;
      attempts.n_rows++;
      attempts.n_finished += row->finished_at != 0;
      attempts.n_failed += tide_ledger_row_is_failed (row);
    }
  return attempts;
}

/* An attempt that may still end well is not to be told how it ended. */
static gboolean
check_ended (TideHistory   *history,
             TideSession   *session,
             GPtrArray     *rows,
             const char    *name,
             GCancellable  *cancellable,
             GError       **error)
{
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TideLedgerRow *row = g_ptr_array_index (rows, i);
      g_autofree char *known = NULL;
      gboolean runs = FALSE;

      if (g_str_equal (row->name, name) && tide_ledger_row_is_failed (row))
        known = tide_history_explain_failed (history, session, row, &runs, cancellable, NULL);
      if (!runs)
        continue;
      tide_set_error (error, TIDE_ERROR_BUSY, "wait until it has ended: the server ends it by itself when nobody is there for it any more",
                      "migration \"%s\" has not ended yet: %s", name, known);
      return FALSE;
    }
  return TRUE;
}

/* Makes the ledger where there is none: a database is baselined in this way, empty or not. */
static gboolean
read_attempts (TideHistory   *history,
               TideSession   *session,
               const char    *name,
               gboolean       baseline,
               Attempts      *attempts,
               GCancellable  *cancellable,
               GError       **error)
{
  TideHistoryInterface *iface = TIDE_HISTORY_GET_IFACE (history);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) rows = iface->read (history, session, cancellable, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *attempts = count_attempts (rows, name);
  if (!check_ended (history, session, rows, name, cancellable, error))
    return FALSE;
  return rows != NULL || !baseline || iface->prepare (history, session, TRUE, cancellable, error);
}

static gboolean
check_on_disk (TideMigration  *migration,
               const char     *name,
               GError        **error)
{
  if (migration == NULL)
    {
      set_prisma_error (error, TIDE_ERROR_NOT_FOUND, "P3017",
                        "give the name of a folder in the migrations folder",
                        "is not in the project", name);
      return FALSE;
    }
  /* The row holds the checksum of the file. */
  if (tide_migration_get_problem (migration) != NULL)
    {
      g_propagate_error (error, g_error_copy (tide_migration_get_problem (migration)));
      return FALSE;
    }
  return TRUE;
}

/**
 * tide_resolve_applied:
 * @project: a project
 * @conninfo: the database
 * @name: a migration of @project
 * @cancellable: (nullable): a cancellable
 * @error: P3019, P3017 (no such migration), P3015, P3008 (recorded as applied already), BUSY (P1002)
 *
 * Records @name as applied without running it, as `prisma migrate resolve --applied`: failed
 * attempts are marked as rolled back, and a row without steps is added. Makes the ledger where
 * there is none.
 *
 * Returns: whether it is recorded
 */
gboolean
tide_resolve_applied (TideProject   *project,
                      TideConninfo  *conninfo,
                      const char    *name,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(TideHistory) history = NULL;
  g_autoptr(TideSession) session = NULL;
  TideMigration *migration;
  Attempts attempts;

  g_return_val_if_fail (TIDE_IS_PROJECT (project), FALSE);
  g_return_val_if_fail (conninfo != NULL && name != NULL, FALSE);

  migration = tide_project_find_migration (project, name);
  if (!tide_project_check_lock_file (project, error) || !check_on_disk (migration, name, error))
    return FALSE;

  history = tide_history_for_project (project);
  session = tide_history_open_locked (history, conninfo, 0, cancellable, error);
  if (session == NULL
      || !read_attempts (history, session, name, TRUE, &attempts, cancellable, error))
    return FALSE;
  if (attempts.n_finished > 0)
    {
      set_prisma_error (error, TIDE_ERROR_REFUSED, "P3008", "there is nothing to do",
                        "is already recorded as applied in the database", name);
      return FALSE;
    }
  return TIDE_HISTORY_GET_IFACE (history)->record_applied (history, session, migration, cancellable,
                                                           error);
}

/**
 * tide_resolve_rolled_back:
 * @project: a project
 * @conninfo: the database
 * @name: a migration in the ledger, on disk or not
 * @cancellable: (nullable): a cancellable
 * @error: P3011 (never applied), P3012 (not failed), BUSY (P1002)
 *
 * Marks every failed attempt of @name as rolled back, as `prisma migrate resolve --rolled-back`;
 * doing it again is no error. Where one attempt was rolled back and a later one is applied, Prisma
 * says that it has rolled back and does nothing; here that is P3012.
 *
 * Returns: whether no failed attempt of @name is left
 */
gboolean
tide_resolve_rolled_back (TideProject   *project,
                          TideConninfo  *conninfo,
                          const char    *name,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(TideHistory) history = NULL;
  g_autoptr(TideSession) session = NULL;
  Attempts attempts;

  g_return_val_if_fail (TIDE_IS_PROJECT (project), FALSE);
  g_return_val_if_fail (conninfo != NULL && name != NULL, FALSE);

  history = tide_history_for_project (project);
  session = tide_history_open_locked (history, conninfo, 0, cancellable, error);
  if (session == NULL
      || !read_attempts (history, session, name, FALSE, &attempts, cancellable, error))
    return FALSE;
  if (attempts.n_rows == 0)
    {
      set_prisma_error (error, TIDE_ERROR_NOT_FOUND, "P3011",
                        "only what was started can be rolled back",
                        "cannot be rolled back: it was never applied to the database", name);
      return FALSE;
    }
  if (attempts.n_failed == 0 && attempts.n_finished > 0)
    {
      set_prisma_error (error, TIDE_ERROR_REFUSED, "P3012",
                        "write a new migration that takes back what it did",
                        "cannot be rolled back: it has not failed", name);
      return FALSE;
    }
  return TIDE_HISTORY_GET_IFACE (history)->record_rolled_back (history, session, name, cancellable,
                                                               error);
}
