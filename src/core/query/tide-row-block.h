/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideRowBlock:
 *
 * Some rows in one piece of memory: from its start a word for each cell, from its end, downwards, the texts. The word
 * tells where the text starts, counted from the end; it ends where that of the cell before starts. One thread adds rows
 * while others read those that are there; nothing in it moves. Atomically reference counted.
 */
typedef struct _TideRowBlock TideRowBlock;

/* (transfer full) (nullable): without rows; %NULL when there is no memory */
TideRowBlock *tide_row_block_new         (guint                  first_row,
                                          guint                  n_columns,
                                          gsize                  size);
TideRowBlock *tide_row_block_ref         (TideRowBlock          *self);
void          tide_row_block_unref       (TideRowBlock          *self);
/* (transfer full): the same rows, which lie at @data, where they stay as long as @owner */
TideRowBlock *tide_row_block_new_mapped  (const TideRowBlock    *self,
                                          const char            *data,
                                          GBytes                *owner);
/* FALSE: there is no room left for the row. A value is %NULL for SQL's NULL. */
gboolean      tide_row_block_add         (TideRowBlock          *self,
                                          const char * const    *values,
                                          const gsize           *lengths);
guint         tide_row_block_get_first   (const TideRowBlock    *self);
guint         tide_row_block_get_n_rows  (const TideRowBlock    *self);
gsize         tide_row_block_get_size    (const TideRowBlock    *self);
const char   *tide_row_block_get_data    (const TideRowBlock    *self);
const char   *tide_row_block_get_value   (const TideRowBlock    *self,
                                          guint                  row, /* of the store */
                                          guint                  column,
                                          gsize                 *length);
/* Bytes that a row needs */
gsize         tide_row_block_measure     (guint                  n_columns,
                                          const gsize           *lengths);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRowBlock, tide_row_block_unref)

G_END_DECLS
