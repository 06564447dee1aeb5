/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-session.h"

G_BEGIN_DECLS

/* What became of a transaction, as far as the server remembers */
typedef enum
{
  TIDE_TRANSACTION_FATE_UNKNOWN,
  TIDE_TRANSACTION_FATE_RUNNING,
  TIDE_TRANSACTION_FATE_COMMITTED,
  TIDE_TRANSACTION_FATE_ABORTED,
} TideTransactionFate;

/* Where transaction ids of a session belong */
typedef struct
{
  guint64 server;   /* system identifier; 0 where it may not be read */
  guint32 database; /* OID */
} TideTransactionPlace;

TideTransactionFate tide_transaction_ask_fate  (TideSession           *session,
                                                guint64                transaction,
                                                GCancellable          *cancellable);
TideTransactionFate tide_transaction_wait_fate (TideSession           *session,
                                                guint64                transaction);
gboolean            tide_transaction_ask_place (TideSession           *session,
                                                TideTransactionPlace  *place,
                                                GCancellable          *cancellable,
                                                GError               **error);

G_END_DECLS
