/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "history/tide-ledger-note.h"

static void
assert_round_trip (const TideLedgerNote *note,
                   const char           *text)
{
  g_autofree char *written = tide_ledger_note_to_string (note);
  TideLedgerNote read;

  g_assert_cmpstr (written, ==, text);
  g_assert_true (tide_ledger_note_parse (&read, written));
  g_assert_cmpmem (&read, sizeof read, note, sizeof *note);
}

static void
test_round_trips (void)
{
  assert_round_trip (&(TideLedgerNote) { .kind = TIDE_LEDGER_NOTE_TRANSACTION,
                                         .transaction = G_MAXUINT64,
                                         .database = G_MAXUINT32, .server = 7711091590492594186 },
                     "tidemark: transaction 18446744073709551615 of database 4294967295 on server 7711091590492594186");
  assert_round_trip (&(TideLedgerNote) { .kind = TIDE_LEDGER_NOTE_STATEMENT, .statement = 3,
                                         .n_statements = 9,
                                         .line = 40 },
                     "tidemark: statement 3 of 9, line 40");
  assert_round_trip (&(TideLedgerNote) { .kind = TIDE_LEDGER_NOTE_BLOCK, .statement = 3, .n_statements = 9,
                                         .line = 40 },
                     "tidemark: transaction begun by statement 3 of 9, line 40");
  assert_round_trip (&(TideLedgerNote) { .kind = TIDE_LEDGER_NOTE_OWN },
                     "tidemark: the file's own transactions");
}

/* Logs of Prisma and of failures are not notes, however they begin. */
static void
test_others (void)
{
  static const char *const others[] = {
    NULL, "", "tidemark", "tidemark: ", "tidemark: transaction 12",
    "tidemark: statement 3 of 9, line 40, and more",
    "tidemark: transaction begun by statement 3",
    "tidemark: transaction -1 of database 1 on server 1",
    "tidemark: statement 99999999999999999999 of 1, line 1",
    "A migration failed to apply. New migrations cannot be applied before the error is recovered from.",
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      TideLedgerNote note = { .kind = TIDE_LEDGER_NOTE_OWN };

      g_assert_false (tide_ledger_note_parse (&note, others[i]));
      g_assert_cmpint (note.kind, ==, TIDE_LEDGER_NOTE_NONE);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ledger-note/round-trips", test_round_trips);
  g_test_add_func ("/ledger-note/others", test_others);
  return g_test_run ();
}
