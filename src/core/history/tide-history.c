/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-history"

#include "config.h"

#include "history/tide-history.h"
#include "history/tide-prisma-history.h"

G_DEFINE_INTERFACE (TideHistory, tide_history, G_TYPE_OBJECT)

static void
tide_history_default_init (TideHistoryInterface *iface)
{
}

/**
 * tide_history_for_project:
 * @project: a project
 *
 * Returns: (transfer full): how the history of @project is kept in a database
 */
TideHistory *
tide_history_for_project (TideProject *project)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);

  return tide_prisma_history_new (tide_project_get_variable (project, TIDE_PRISMA_DISABLE_LOCK),
                                  tide_project_get_schemas (project));
}

/**
 * tide_history_for_database:
 *
 * Returns: (transfer full): the history to look for in a database that no project is known of
 */
TideHistory *
tide_history_for_database (void)
{
  return tide_prisma_history_new (NULL, NULL);
}

/* The ledger cannot say it, and a server that does not say it either (a role that sees nothing of others) leaves them failed. */
static void
mark_running (TideHistory  *self,
              TideSession  *session,
              GPtrArray    *rows,
              GCancellable *cancellable)
{
  for (guint i = 0; i < rows->len; i++)
    {
      TideLedgerRow *row = g_ptr_array_index (rows, i);
      TideLedgerRow running = *row;
      g_autofree char *known = NULL;

      if (!tide_ledger_row_is_failed (row))
        continue;
      known = TIDE_HISTORY_GET_IFACE (self)->explain (self, session, row, &running.runs, cancellable, NULL);
      if (known == NULL || !running.runs)
        continue;
      rows->pdata[i] = tide_ledger_row_new (&running);
      tide_ledger_row_unref (row);
    }
}

/**
 * tide_history_read_timeline:
 * @self: a history
 * @project: whose migrations to look at
 * @session: (nullable): a session on the database; %NULL when there is none at hand
 * @cancellable: (nullable): a cancellable
 * @error: the server's, or what read() of the interface says
 *
 * Joins the migrations on disk with the ledger, in one round trip; a few more where a migration has not ended, for whether it
 * runs at this moment. Blocks.
 *
 * Returns: (transfer full): the timeline
 */
TideTimeline *
tide_history_read_timeline (TideHistory   *self,
                            TideProject   *project,
                            TideSession   *session,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (TIDE_IS_HISTORY (self), NULL);
  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);

  if (session != NULL)
    rows = TIDE_HISTORY_GET_IFACE (self)->read (self, session, cancellable, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (rows != NULL)
    mark_running (self, session, rows, cancellable);
  return tide_timeline_new (tide_project_get_migrations (project), rows);
}

/**
 * tide_history_read_fingerprint:
 * @self: a history
 * @session: a session on the database
 * @cancellable: (nullable): a cancellable
 * @error: the server's
 *
 * Asks cheaply whether the ledger has changed. Blocks.
 *
 * Returns: (transfer full): a text that is another one after every change of the ledger
 */
char *
tide_history_read_fingerprint (TideHistory   *self,
                               TideSession   *session,
                               GCancellable  *cancellable,
                               GError       **error)
{
  g_return_val_if_fail (TIDE_IS_HISTORY (self), NULL);
  g_return_val_if_fail (TIDE_IS_SESSION (session), NULL);

  return TIDE_HISTORY_GET_IFACE (self)->read_fingerprint (self, session, cancellable, error);
}

/**
 * tide_history_count_rows:
 * @self: a history
 * @session: a session on the database
 * @n_rows: (out): how many rows the ledger has; -1 where there is no ledger
 * @cancellable: (nullable): a cancellable
 * @error: the server's
 *
 * Counts without reading. Blocks.
 *
 * Returns: whether the server could say
 */
gboolean
tide_history_count_rows (TideHistory   *self,
                         TideSession   *session,
                         gint64        *n_rows,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_return_val_if_fail (TIDE_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (TIDE_IS_SESSION (session), FALSE);
  g_return_val_if_fail (n_rows != NULL, FALSE);

  return TIDE_HISTORY_GET_IFACE (self)->count (self, session, n_rows, cancellable, error);
}

/**
 * tide_history_explain_failed:
 * @self: a history
 * @session: a session on the database that @row was read from
 * @row: a row that tide_ledger_row_is_failed()
 * @runs: (out) (optional): whether it may still end well: a deploy is at it, or its transaction is open
 * @cancellable: (nullable): a cancellable
 * @error: the server's
 *
 * A ledger cannot tell a failure from a kill, nor either from a deploy that runs at this moment.
 * The note that our deploys leave in the row, the server's memory of transactions and the lock can.
 *
 * Returns: (transfer full): sentences for a person, ending with what to do next
 */
char *
tide_history_explain_failed (TideHistory          *self,
                             TideSession          *session,
                             const TideLedgerRow  *row,
                             gboolean             *runs,
                             GCancellable         *cancellable,
                             GError              **error)
{
  g_return_val_if_fail (TIDE_IS_HISTORY (self), NULL);
  g_return_val_if_fail (TIDE_IS_SESSION (session), NULL);
  g_return_val_if_fail (row != NULL, NULL);

  return TIDE_HISTORY_GET_IFACE (self)->explain (self, session, row, runs, cancellable, error);
}
