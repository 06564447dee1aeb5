/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-ledger-note"

#include "config.h"

#include <stdio.h>

#include "history/tide-ledger-note.h"

#define TRANSACTION_FORMAT "tidemark: transaction %" G_GUINT64_FORMAT \
                           " of database %" G_GUINT32_FORMAT " on server %" G_GUINT64_FORMAT
#define STATEMENT_FORMAT "tidemark: statement %u of %u, line %d"
#define BLOCK_FORMAT "tidemark: transaction begun by statement %u of %u, line %d"
#define OWN_TEXT "tidemark: the file's own transactions"

/**
 * tide_ledger_note_to_string:
 * @self: a note of any kind but %TIDE_LEDGER_NOTE_NONE
 *
 * Returns: (transfer full): its text, for the `logs` column
 */
char *
tide_ledger_note_to_string (const TideLedgerNote *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  switch (self->kind)
    {
    case TIDE_LEDGER_NOTE_TRANSACTION:
      return g_strdup_printf (TRANSACTION_FORMAT, self->transaction, self->database, self->server);
    case TIDE_LEDGER_NOTE_STATEMENT:
      return g_strdup_printf (STATEMENT_FORMAT, self->statement, self->n_statements, self->line);
    case TIDE_LEDGER_NOTE_BLOCK:
      return g_strdup_printf (BLOCK_FORMAT, self->statement, self->n_statements, self->line);
    case TIDE_LEDGER_NOTE_OWN:
      return g_strdup (OWN_TEXT);
    case TIDE_LEDGER_NOTE_NONE:
    default:
      g_return_val_if_reached (NULL);
    }
}

/* Only what reads back as itself is a note: an error text may begin with the same words. */
static gboolean
reads_back (const TideLedgerNote *self,
            const char           *logs)
{
  g_autofree char *text = tide_ledger_note_to_string (self);

  return g_str_equal (text, logs);
}

/**
 * tide_ledger_note_parse:
 * @self: (out caller-allocates): the note; of kind %TIDE_LEDGER_NOTE_NONE when @logs is none
 * @logs: (nullable): the `logs` of a row
 *
 * Returns: whether @logs is a note
 */
gboolean
tide_ledger_note_parse (TideLedgerNote *self,
                        const char     *logs)
{
  TideLedgerNote note = { 0 };

  g_return_val_if_fail (self != NULL, FALSE);

  *self = note;
  if (logs == NULL || !g_str_has_prefix (logs, "tidemark: "))
    return FALSE;

  if (sscanf (logs, TRANSACTION_FORMAT, &note.transaction, &note.database, &note.server) == 3)
    note.kind = TIDE_LEDGER_NOTE_TRANSACTION;
  else if (sscanf (logs, STATEMENT_FORMAT, &note.statement, &note.n_statements, &note.line) == 3)
    note.kind = TIDE_LEDGER_NOTE_STATEMENT;
  else if (sscanf (logs, BLOCK_FORMAT, &note.statement, &note.n_statements, &note.line) == 3)
    note.kind = TIDE_LEDGER_NOTE_BLOCK;
  else
    note.kind = TIDE_LEDGER_NOTE_OWN;

  if (!reads_back (&note, logs))
    return FALSE;
  *self = note;
  return TRUE;
}
