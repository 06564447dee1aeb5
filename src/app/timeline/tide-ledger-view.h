/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "history/tide-ledger.h"

G_BEGIN_DECLS

/* The rows that the ledger holds for one migration, newest attempt first. */
#define TIDE_TYPE_LEDGER_VIEW (tide_ledger_view_get_type ())
G_DECLARE_FINAL_TYPE (TideLedgerView, tide_ledger_view, TIDE, LEDGER_VIEW, GtkWidget)

void tide_ledger_view_set_rows (TideLedgerView *self,
                                GPtrArray      *rows); /* (nullable) (element-type TideLedgerRow) */

G_END_DECLS
