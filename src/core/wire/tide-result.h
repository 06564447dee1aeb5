/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TideResult:
 *
 * What one statement answered: columns and rows in text format (or, when streaming, one chunk of
 * the rows), the command tag, and the notices that came with it. Immutable, atomically reference
 * counted, crosses threads uncopied. Rows lie in one text arena with offsets.
 */
typedef struct _TideResult TideResult;

#define TIDE_TYPE_RESULT (tide_result_get_type ())
GType        tide_result_get_type          (void);
TideResult  *tide_result_ref               (TideResult       *self);
void         tide_result_unref             (TideResult       *self);

guint        tide_result_get_n_columns     (const TideResult *self);
guint        tide_result_get_n_rows        (const TideResult *self);
const char  *tide_result_get_column_name   (const TideResult *self,
                                            guint             column);
guint32      tide_result_get_column_type   (const TideResult *self,
                                            guint             column); /* type OID */
guint32      tide_result_get_column_origin (const TideResult *self,
                                            guint             column,
                                            int              *attribute); /* table OID, 0: none */
int          tide_result_find_column       (const TideResult *self,
                                            const char       *name);   /* -1: none */

/* (nullable): the text of a cell, NUL-terminated, owned by the result; NULL is SQL's NULL */
const char  *tide_result_get_value         (const TideResult *self,
                                            guint             row,
                                            guint             column);
/* All of a row: as many as there are columns */
void         tide_result_get_row           (const TideResult *self,
                                            guint             row,
                                            const char      **values);
gsize        tide_result_get_length        (const TideResult *self,
                                            guint             row,
                                            guint             column); /* bytes */
gint64       tide_result_get_int64         (const TideResult *self,
                                            guint             row,
                                            guint             column); /* 0 for NULL */
gboolean     tide_result_get_boolean       (const TideResult *self,
                                            guint             row,
                                            guint             column); /* FALSE for NULL */

/* (transfer none) (nullable): in a chunk of a stream, what COPY TO STDOUT sent: whole rows, as text; then there are no columns */
GBytes      *tide_result_get_copy          (const TideResult *self);
/* (transfer full): that text as rows of one column, a line each */
TideResult  *tide_result_split_copy        (const TideResult *self);
/* Of the first chunk: whether it begins as the binary format of COPY, which has no lines */
gboolean     tide_result_is_binary_copy    (const TideResult *self);

/* "INSERT 0 3", "CREATE TABLE", "SELECT 5" */
const char  *tide_result_get_command       (const TideResult *self);
guint64      tide_result_get_affected      (const TideResult *self);
/* (transfer none) (element-type GError): notices and warnings, with their fields */
GPtrArray   *tide_result_get_notices       (const TideResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideResult, tide_result_unref)

G_END_DECLS
