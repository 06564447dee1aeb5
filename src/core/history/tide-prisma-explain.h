/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-ledger.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

char *tide_prisma_explain (TideSession          *session,
                           const TideLedgerRow  *row,
                           gboolean             *runs,
                           GCancellable         *cancellable,
                           GError              **error);

G_END_DECLS
