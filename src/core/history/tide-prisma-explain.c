/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-prisma-explain"

#include "config.h"

#include <glib/gi18n.h>

#include "history/tide-ledger-note.h"
#include "history/tide-prisma-explain.h"
#include "history/tide-prisma-lock.h"
#include "history/tide-transaction-fate.h"

/* (transfer full): @what, after what is known of the deploy, and before what to do */
static char *
tell (const char *what,
      gboolean    ended,
      gboolean    look)
{
  return g_strconcat (ended ? _("the deploy was ended before it could record how the file went; ") : "", what,
                      look ? _("; look at the database, then mark the migration as applied or as rolled back") : "", NULL);
}

static char *
explain_fate (TideTransactionFate fate)
{
  switch (fate)
    {
    case TIDE_TRANSACTION_FATE_COMMITTED:
      return tell (_("its transaction was committed: everything in the file is in the database; mark the migration as applied"), TRUE,
                   FALSE);
    case TIDE_TRANSACTION_FATE_ABORTED:
      return tell (_("its transaction was rolled back: nothing of the file is in the database; mark the migration as rolled back and "
                     "deploy again"), TRUE, FALSE);
    case TIDE_TRANSACTION_FATE_RUNNING:
      return g_strdup (_("its transaction is still open on the server: wait until it has ended and look again"));
    case TIDE_TRANSACTION_FATE_UNKNOWN:
    default:
      return tell (_("the file ran in one transaction, so all of it is in the database or nothing, but the server no longer knows which"),
                   TRUE, TRUE);
    }
}

/* A ledger that came here in a backup tells of transactions of another server. */
static char *
explain_transaction (TideSession           *session,
                     const TideLedgerNote  *note,
                     gboolean              *runs,
                     GCancellable          *cancellable,
                     GError               **error)
{
  TideTransactionPlace place;
  TideTransactionFate fate;

  if (!tide_transaction_ask_place (session, &place, cancellable, error))
    return NULL;
  if (place.server != note->server || place.database != note->database)
    return tell (_("the row was written in another database, of which this one is a copy"), FALSE, TRUE);
  fate = tide_transaction_ask_fate (session, note->transaction, cancellable);
  *runs = fate == TIDE_TRANSACTION_FATE_RUNNING;
  return explain_fate (fate);
}

static char *
explain_statement (const TideLedgerNote *note)
{
  g_autofree char *what = NULL;

  if (note->statement <= 1)
    what = g_strdup_printf (_("it was at its first statement of %u (line %d), which may be in the database or not; the others are not"),
                            note->n_statements, note->line);
  else
    what = g_strdup_printf (_("it was at statement %u of %u (line %d), which may be in the database or not; the %u before it are, those "
                              "after it are not"), note->statement, note->n_statements, note->line, note->statement - 1);
  return tell (what, TRUE, TRUE);
}

static char *
explain_block (const TideLedgerNote *note)
{
  g_autofree char *what =
    g_strdup_printf (_("it was in the transaction that statement %u of %u (line %d) begins, which is in the database as a whole or not at "
                       "all; the %u before it are, what comes after that transaction is not"),
                     note->statement, note->n_statements, note->line, note->statement - 1);

  return tell (what, TRUE, TRUE);
}

/**
 * tide_prisma_explain:
 * @session: a session on the database that @row was read from
 * @row: a row that neither finished nor was rolled back
 * @runs: (out) (optional): see there, too
 * @cancellable: (nullable): a cancellable
 * @error: the server's
 *
 * Returns: (transfer full): see tide_history_explain_failed()
 */
char *
tide_prisma_explain (TideSession          *session,
                     const TideLedgerRow  *row,
                     gboolean             *runs,
                     GCancellable         *cancellable,
                     GError              **error)
{
  g_autofree char *holder = NULL;
  TideLedgerNote note;
  gboolean unused;

  runs = runs ? runs : &unused;
  *runs = FALSE;
  if (!tide_ledger_note_parse (&note, row->logs) && row->logs != NULL && *row->logs != '\0')
    return g_strdup (_("it failed, and its log says why; put right what is wrong, then mark it as rolled back and deploy again, or "
                       "finish it by hand and mark it as applied"));

  holder = tide_prisma_lock_dup_holder (session, cancellable);
  *runs = holder != NULL;
  if (holder != NULL)
    return g_strdup_printf (_("a deploy is running at this moment: %s holds the migration lock; wait until it is done and look again"),
                            holder);

  switch (note.kind)
    {
    case TIDE_LEDGER_NOTE_TRANSACTION:
      return explain_transaction (session, &note, runs, cancellable, error);
    case TIDE_LEDGER_NOTE_STATEMENT:
      return explain_statement (&note);
    case TIDE_LEDGER_NOTE_BLOCK:
      return explain_block (&note);
    case TIDE_LEDGER_NOTE_OWN:
      return tell (_("it begins and commits transactions itself, so how far it came is not known"), TRUE, TRUE);
    case TIDE_LEDGER_NOTE_NONE:
    default:
      return tell (_("it was started and neither ended nor failed with a reason: whatever applied it was killed or lost its connection; "
                     "how far it came is not known"), FALSE, TRUE);
    }
}
