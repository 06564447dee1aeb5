/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-transaction-fate"

#include "config.h"

#include "history/tide-transaction-fate.h"
#include "tide-error.h"

/* A server notices within this time that a client is gone, or that it was told to stop. */
#define WAIT_STEPS 50
#define WAIT_STEP_US 100000

/**
 * tide_transaction_ask_fate:
 * @session: a session on the same server
 * @transaction: a transaction id with its epoch, as txid_current() gives it
 * @cancellable: (nullable): a cancellable
 *
 * Asks the server what became of a transaction. txid_status() stands in every server since 10,
 * while its successor pg_xact_status() came with 13.
 *
 * Returns: its fate; UNKNOWN when it is too long ago, in the future (another server), or when the
 *   server does not answer
 */
TideTransactionFate
tide_transaction_ask_fate (TideSession  *session,
                           guint64       transaction,
                           GCancellable *cancellable)
{
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, transaction);
  const char *params[] = { id };
  g_autoptr(TideResult) result = NULL;
  const char *status = NULL;

  result = tide_session_query (session, "SELECT pg_catalog.txid_status($1::bigint)", params, 1,
                               cancellable, NULL);
  if (result != NULL && tide_result_get_n_rows (result) == 1)
    status = tide_result_get_value (result, 0, 0);

  if (g_strcmp0 (status, "committed") == 0)
    return TIDE_TRANSACTION_FATE_COMMITTED;
  if (g_strcmp0 (status, "aborted") == 0)
    return TIDE_TRANSACTION_FATE_ABORTED;
  if (g_strcmp0 (status, "in progress") == 0)
    return TIDE_TRANSACTION_FATE_RUNNING;
  return TIDE_TRANSACTION_FATE_UNKNOWN;
}

/**
 * tide_transaction_wait_fate:
 * @session: a session on the same server
 * @transaction: a transaction whose own connection was lost
 *
 * As tide_transaction_ask_fate(), but gives the server some seconds to notice that the client of
 * the transaction is gone.
 *
 * Returns: its fate
 */
TideTransactionFate
tide_transaction_wait_fate (TideSession *session,
                            guint64      transaction)
{
  TideTransactionFate fate = TIDE_TRANSACTION_FATE_UNKNOWN;

  for (guint i = 0; i < WAIT_STEPS; i++)
    {
      fate = tide_transaction_ask_fate (session, transaction, NULL);
      if (fate != TIDE_TRANSACTION_FATE_RUNNING)
        break;
      g_usleep (WAIT_STEP_US);
    }
  return fate;
}

/**
 * tide_transaction_ask_place:
 * @session: a session
 * @place: (out caller-allocates): which server and database it is on
 * @cancellable: (nullable): a cancellable
 * @error: the server's
 *
 * Returns: whether @place is set
 */
gboolean
tide_transaction_ask_place (TideSession           *session,
                            TideTransactionPlace  *place,
                            GCancellable          *cancellable,
                            GError               **error)
{
  g_autoptr(TideResult) database = NULL;
  g_autoptr(TideResult) server = NULL;

  /* Asked before, for to be refused would undo a transaction that is open. */
  database = tide_session_query (session,
                                 "SELECT oid, pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')"
                                 " FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()",
                                 NULL, 0, cancellable, error);
  if (database == NULL)
    return FALSE;
  place->database = (guint32) tide_result_get_int64 (database, 0, 0);
  place->server = 0;
  if (!tide_result_get_boolean (database, 0, 1))
    return TRUE;

  server = tide_session_query (session,
                               "SELECT system_identifier FROM pg_catalog.pg_control_system()",
                               NULL, 0, cancellable, error);
  if (server == NULL)
    return FALSE;
  place->server = (guint64) tide_result_get_int64 (server, 0, 0);
  return TRUE;
}
