/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideRowFormat:
 * @TIDE_ROW_FORMAT_CSV: as COPY writes it: NULL is nothing, an empty text is ""
 * @TIDE_ROW_FORMAT_TSV: for spreadsheets: NULL is nothing; a value with a tab, a line's end or a quote is quoted
 * @TIDE_ROW_FORMAT_JSON: an array of objects; numbers verbatim, NaN and infinity as texts, json as it is
 * @TIDE_ROW_FORMAT_NDJSON: an object a line
 * @TIDE_ROW_FORMAT_MARKDOWN: a table; line ends are <br>
 * @TIDE_ROW_FORMAT_INSERT: a statement for every hundred rows
 * @TIDE_ROW_FORMAT_IN_LIST: what stands behind IN; rows of several columns as (a, b)
 */
typedef enum
{
  TIDE_ROW_FORMAT_CSV,
  TIDE_ROW_FORMAT_TSV,
  TIDE_ROW_FORMAT_JSON,
  TIDE_ROW_FORMAT_NDJSON,
  TIDE_ROW_FORMAT_MARKDOWN,
  TIDE_ROW_FORMAT_INSERT,
  TIDE_ROW_FORMAT_IN_LIST,
} TideRowFormat;

/**
 * TideRowWriter:
 *
 * Writes rows of texts in a format, row by row, to the end of a string that its owner may empty between two rows.
 */
typedef struct _TideRowWriter TideRowWriter;

/* @table: (nullable): for INSERT: its name as it stands in SQL */
TideRowWriter *tide_row_writer_new         (TideRowFormat       format,
                                            guint               n_columns,
                                            const char * const *names,
                                            const guint32      *types,
                                            const char         *table);
void           tide_row_writer_free        (TideRowWriter      *self);
void           tide_row_writer_set_header  (TideRowWriter      *self,
                                            gboolean            header); /* CSV and TSV: the names come first; TRUE at first */
void           tide_row_writer_begin       (TideRowWriter      *self,
                                            GString            *out);
/* A value is %NULL for SQL's NULL */
void           tide_row_writer_add         (TideRowWriter      *self,
                                            const char * const *values,
                                            const gsize        *lengths,
                                            GString            *out);
void           tide_row_writer_end         (TideRowWriter      *self,
                                            GString            *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRowWriter, tide_row_writer_free)

/* "csv", "json", "ndjson", "markdown", "tsv"; FALSE: no such format */
gboolean       tide_row_format_parse       (const char         *name,
                                            TideRowFormat      *format);
const char    *tide_row_format_get_extension (TideRowFormat     format);
/* Whether a value of the type is a number: smallint, integer, bigint, real, double precision, numeric, oid */
gboolean       tide_type_is_number         (guint32             type);

G_END_DECLS
