/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-row-table.h"

G_BEGIN_DECLS

/**
 * TideRowEdit:
 *
 * The changes that a person has made to the rows of one table, laid over those that are held: nothing reaches the server
 * before tide_row_edit_apply(). Rows from TIDE_ROW_EDIT_FIRST_NEW on are new ones. One thread at a time.
 */
#define TIDE_ROW_EDIT_FIRST_NEW (1u << 31)

typedef struct _TideRowEdit TideRowEdit;

typedef enum
{
  TIDE_ROW_SAME,
  TIDE_ROW_CHANGED,
  TIDE_ROW_ADDED,
  TIDE_ROW_REMOVED,
  TIDE_ROW_DEFAULT, /* a value of a new row that nobody has set: the table decides */
} TideRowChange;

/* @table: (transfer full) */
TideRowEdit  *tide_row_edit_new         (TideRowStore  *store,
                                         TideRowTable  *table);
void          tide_row_edit_free        (TideRowEdit   *self);
/* @value: (nullable): SQL's NULL. FALSE: the column cannot be written */
gboolean      tide_row_edit_set         (TideRowEdit   *self,
                                         guint          row,
                                         guint          column,
                                         const char    *value,
                                         GError       **error);
/* Again: takes it back; a new row goes away for good */
void          tide_row_edit_toggle_removed (TideRowEdit *self,
                                         guint          row);
/* Returns the new row */
guint         tide_row_edit_add         (TideRowEdit   *self);
guint         tide_row_edit_get_n_added (TideRowEdit   *self);
guint         tide_row_edit_get_n_changes (TideRowEdit *self);
void          tide_row_edit_discard     (TideRowEdit   *self);
/* FALSE: the value is the store's, and not changed. @value: (out) (nullable) */
gboolean      tide_row_edit_look_up     (TideRowEdit   *self,
                                         guint          row,
                                         guint          column,
                                         const char   **value,
                                         gsize         *length,
                                         TideRowChange *change);
/* (transfer full) (nullable): for each of @n rows of the store, or new ones, a row of the store that says what it is to be: what
 * differs is put behind those that are there */
GBytes       *tide_row_edit_write_down  (TideRowEdit   *self,
                                         const guint32 *rows,
                                         guint          n,
                                         GError       **error);
/* (transfer full): what would run, for review */
char         *tide_row_edit_dup_sql     (TideRowEdit   *self);
/* Blocking. All or nothing, in one transaction or, where one is open, below a savepoint of it. Each statement checks the values
 * that were there and must find one row: else TIDE_ERROR_REFUSED says which row is another one by now. What the rows are then is
 * added to the store, and tide_row_edit_renew() tells where. */
gboolean      tide_row_edit_apply       (TideRowEdit   *self,
                                         TideSession   *session,
                                         GCancellable  *cancellable,
                                         GError       **error);
/* Blocking. Before they are applied by another session than the rows came by: whether @to is connected in the same way to the same
 * database, reads values as @from did, and still finds the table. TIDE_ERROR_REFUSED, UNSUPPORTED */
gboolean      tide_row_edit_may_follow  (TideRowEdit   *self,
                                         TideSession   *from,
                                         TideSession   *to,
                                         GCancellable  *cancellable,
                                         GError       **error);
/* @rows: (nullable): guint32 for each row that is shown; %NULL: the first @n_rows of the store.
 * Returns (transfer full): the same after the last tide_row_edit_apply(), which is to be asked once for each @rows: what was changed
 * as it is now, what was deleted left out, what was added at the end */
GBytes       *tide_row_edit_renew       (TideRowEdit   *self,
                                         GBytes        *rows,
                                         guint          n_rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRowEdit, tide_row_edit_free)

G_END_DECLS
