/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-row-table.h"

G_BEGIN_DECLS

/**
 * TideRowEdit:
 *
 * The changes that a person has made to the rows of one table, laid over those that are held: nothing reaches the server
 * before tide_row_edit_apply(). Rows at and above the store's number of rows are new ones. One thread at a time.
 */
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
/* (transfer full): what would run, for review */
char         *tide_row_edit_dup_sql     (TideRowEdit   *self);
/* Blocking. All or nothing, in one transaction or, where one is open, below a savepoint of it. Each statement checks the values
 * that were there and must find one row: else TIDE_ERROR_REFUSED says which row is another one by now. What was applied is then
 * what the rows are. */
gboolean      tide_row_edit_apply       (TideRowEdit   *self,
                                         TideSession   *session,
                                         GCancellable  *cancellable,
                                         GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRowEdit, tide_row_edit_free)

G_END_DECLS
