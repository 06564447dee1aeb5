/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-result.h"

G_BEGIN_DECLS

/**
 * TideRowStore:
 *
 * Every row that one statement answered, as text, in blocks of memory: four bytes a cell beside the text itself, no
 * object per cell. When all stores together hold more than the budget, full blocks go to a file without a name.
 *
 * Appended to in one thread while others read. Rows never change or go away; there are more of them later. Values need
 * not be UTF-8 (SQL_ASCII).
 *
 * Signal: "changed": rows, columns or the state are others now; gathered, in the thread-default main context in
 * which the store was made.
 */
typedef enum
{
  TIDE_ROW_STORE_RUNNING,
  TIDE_ROW_STORE_COMPLETE,
  TIDE_ROW_STORE_CANCELLED,
  TIDE_ROW_STORE_FAILED,
} TideRowStoreState;

#define TIDE_ROW_STORE_DEFAULT_BUDGET (256 * 1024 * 1024)

#define TIDE_TYPE_ROW_STORE (tide_row_store_get_type ())
G_DECLARE_FINAL_TYPE (TideRowStore, tide_row_store, TIDE, ROW_STORE, GObject)

/* @statement: (nullable): the text that answered it. The clock of the two times starts here. */
TideRowStore      *tide_row_store_new             (guint64            budget,
                                                   const char        *statement);
/* FALSE: the disk is full, or memory; what came before stays. Then stop the stream and finish with that error. */
gboolean           tide_row_store_append          (TideRowStore      *self,
                                                   TideResult        *chunk,
                                                   GError           **error);
/* A row that is known by other means, of a store that is finished: n_columns values. Nobody is told of it but the caller. */
gboolean           tide_row_store_add             (TideRowStore      *self,
                                                   const char * const *values,
                                                   const gsize       *lengths,
                                                   guint             *row,    /* (out): where it is */
                                                   GError           **error);
/* No more will come. @error: (nullable): why not all came; G_IO_ERROR_CANCELLED makes it cancelled. Later calls change nothing. */
void               tide_row_store_finish          (TideRowStore      *self,
                                                   const GError      *error);

TideRowStoreState  tide_row_store_get_state       (TideRowStore      *self);
GError            *tide_row_store_dup_error       (TideRowStore      *self);  /* (transfer full) (nullable) */
const char        *tide_row_store_get_statement   (TideRowStore      *self);  /* (nullable) */
guint              tide_row_store_get_n_rows      (TideRowStore      *self);
/* 0 until the first chunk has come */
guint              tide_row_store_get_n_columns   (TideRowStore      *self);
const char        *tide_row_store_get_column_name (TideRowStore      *self,
                                                   guint              column);
guint32            tide_row_store_get_column_type (TideRowStore      *self,
                                                   guint              column); /* type OID */
/* The OID of the table whose column it is, and its number there; 0: it is computed */
guint32            tide_row_store_get_column_origin (TideRowStore   *self,
                                                   guint              column,
                                                   int               *attribute);
guint64            tide_row_store_get_text_bytes  (TideRowStore      *self);  /* of all values */
guint64            tide_row_store_get_spilled     (TideRowStore      *self);  /* bytes in the file */
gint64             tide_row_store_get_first_row   (TideRowStore      *self);  /* microseconds; -1: none yet */
gint64             tide_row_store_get_elapsed     (TideRowStore      *self);  /* microseconds, so far or in all */

/* (transfer full) (nullable): a copy with a NUL behind it; %NULL is SQL's NULL */
char              *tide_row_store_dup_value       (TideRowStore      *self,
                                                   guint              row,
                                                   guint              column,
                                                   gsize             *length); /* (out) (optional): bytes */

/**
 * TideRowReader:
 *
 * Reads values where they lie, on the stack of one thread. Quick when one row follows the other.
 */
typedef struct
{
  TideRowStore         *store; /* owned */
  struct _TideRowBlock *block; /* (nullable): owned: where the last row was */
} TideRowReader;

void               tide_row_reader_init           (TideRowReader     *self,
                                                   TideRowStore      *store);
void               tide_row_reader_clear          (TideRowReader     *self);
/* (transfer none) (nullable): @length bytes without a NUL behind them, valid until this reader is asked for another row;
 * %NULL is SQL's NULL */
const char        *tide_row_reader_get            (TideRowReader     *self,
                                                   guint              row,
                                                   guint              column,
                                                   gsize             *length);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideRowReader, tide_row_reader_clear)

G_END_DECLS
