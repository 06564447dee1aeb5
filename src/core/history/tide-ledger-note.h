/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideLedgerNoteKind:
 * @TIDE_LEDGER_NOTE_NONE: not a note of ours: an error text, or nothing
 * @TIDE_LEDGER_NOTE_TRANSACTION: the file runs in one transaction, whose id is known
 * @TIDE_LEDGER_NOTE_STATEMENT: the file runs statement by statement, and this one was started last
 * @TIDE_LEDGER_NOTE_BLOCK: the same, in a transaction of the file's own that this statement has begun
 * @TIDE_LEDGER_NOTE_OWN: the file begins and commits transactions itself
 */
typedef enum
{
  TIDE_LEDGER_NOTE_NONE,
  TIDE_LEDGER_NOTE_TRANSACTION,
  TIDE_LEDGER_NOTE_STATEMENT,
  TIDE_LEDGER_NOTE_BLOCK,
  TIDE_LEDGER_NOTE_OWN,
} TideLedgerNoteKind;

/**
 * TideLedgerNote:
 *
 * What is written into the `logs` of a row while its file runs, so that after a kill the next
 * reader can tell how far the file came. It is taken away when the file ends: a finished row looks
 * as Prisma leaves it. Which server and database the transaction id belongs to is kept beside it,
 * since a ledger may be restored elsewhere from a backup.
 */
typedef struct
{
  TideLedgerNoteKind kind;
  guint64            transaction; /* xid8 */
  guint64            server;      /* system identifier */
  guint32            database;    /* OID */
  guint              statement;   /* from 1 */
  guint              n_statements;
  int                line;        /* of the statement, from 1 */
} TideLedgerNote;

char     *tide_ledger_note_to_string (const TideLedgerNote *self);
gboolean  tide_ledger_note_parse     (TideLedgerNote       *self,
                                      const char           *logs);

G_END_DECLS
