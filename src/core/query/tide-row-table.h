/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-transaction-fate.h"
#include "query/tide-row-store.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideRowTable:
 *
 * The one table that the rows of a result stand in, and what tells them apart: its primary key, or a unique index whose
 * columns are never NULL, all of it among the result's columns.
 */
typedef struct
{
  char *name;      /* (nullable): quoted; NULL: the column is computed */
  char *type;      /* as a cast takes it: "numeric(12,2)" */
  int   attribute;
  gboolean is_key;
  gboolean is_fixed;   /* written by the server only */
  gboolean has_equality; /* json, point and some others have none */
} TideRowTableColumn;

typedef struct
{
  char               *name;     /* quoted, with its schema */
  guint               n_columns;
  TideRowTableColumn *columns;  /* as in the result */
  TideTransactionPlace place;   /* the database that it stands in */
} TideRowTable;

/* Whether it is worth asking: all columns that are columns of a table are of the same one, each once, and the statement reads
 * no other. No connection is needed. */
gboolean      tide_row_table_is_likely (TideRowStore  *store);
/* (transfer full) (nullable): the name of that one as the statement has it, quoted; %NULL also where it names another one as well */
char         *tide_row_table_dup_name  (TideRowStore  *store);
/* Blocking. TIDE_ERROR_UNSUPPORTED says why rows of this result cannot be changed. */
TideRowTable *tide_row_table_read      (TideRowStore  *store,
                                        TideSession   *session,
                                        GCancellable  *cancellable,
                                        GError       **error);
/* Whether they are the same table of the same database, with the same columns and key */
gboolean      tide_row_table_equal     (const TideRowTable *self,
                                        const TideRowTable *other);
void          tide_row_table_free      (TideRowTable  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRowTable, tide_row_table_free)

G_END_DECLS
