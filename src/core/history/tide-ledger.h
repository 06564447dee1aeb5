/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-result.h"

G_BEGIN_DECLS

/* A row of the ledger table as it stands there. Immutable, atomically reference counted. */
typedef struct _TideLedgerRow TideLedgerRow;
struct _TideLedgerRow
{
  /*< private >*/
  gatomicrefcount ref_count;
  /*< public, read-only >*/
  char   *id;
  char   *checksum;
  char   *name;
  char   *logs;           /* nullable */
  gint64  started_at;     /* microseconds since the epoch, UTC */
  gint64  finished_at;    /* 0: not */
  gint64  rolled_back_at; /* 0: not */
  int     applied_steps;
  gboolean runs;          /* not in the table: a deploy is at it, as tide_history_read_timeline() was told by the server */
};

#define TIDE_TYPE_LEDGER_ROW (tide_ledger_row_get_type ())
GType          tide_ledger_row_get_type       (void);
TideLedgerRow *tide_ledger_row_new            (const TideLedgerRow *values);
TideLedgerRow *tide_ledger_row_read           (TideResult          *result,
                                               guint                row,
                                               GError             **error);
TideLedgerRow *tide_ledger_row_ref            (TideLedgerRow       *self);
void           tide_ledger_row_unref          (TideLedgerRow       *self);
gboolean       tide_ledger_row_is_rolled_back (const TideLedgerRow *self);
gboolean       tide_ledger_row_is_failed      (const TideLedgerRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLedgerRow, tide_ledger_row_unref)

G_END_DECLS
