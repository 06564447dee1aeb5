/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "sql/tide-sql-lexer.h"

G_BEGIN_DECLS

/**
 * TideQueryStatement:
 *
 * A statement of a person's text as it is sent: `:name` becomes `$2`, and the place of an error is found in the text all
 * the same. Parameters are looked for where a server takes them: not in strings, not in `::`, `:=` and `[1:n]`, and not in
 * the body of a function, whose `$1` is its own. Immutable, atomically reference counted.
 */
typedef struct _TideQueryStatement TideQueryStatement;

#define TIDE_TYPE_QUERY_STATEMENT (tide_query_statement_get_type ())
GType               tide_query_statement_get_type        (void);
TideQueryStatement *tide_query_statement_new             (const char               *text,
                                                          const TideSqlStatement   *statement);
TideQueryStatement *tide_query_statement_ref             (TideQueryStatement       *self);
void                tide_query_statement_unref           (TideQueryStatement       *self);
/* (transfer full) (element-type TideQueryStatement): those of a part of @text, or of all of it; places are those in @text */
GPtrArray          *tide_query_statement_split           (const char               *text,
                                                          gsize                     start,
                                                          gsize                     end);
/* The statement that a person means whose caret is at the byte @offset: the one around it, the one that ends before it on the
 * same line, the next one, or the last. FALSE: there is none */
gboolean            tide_query_statement_find            (const char               *text,
                                                          gsize                     size,
                                                          gsize                     offset,
                                                          TideSqlStatement         *statement);
const char         *tide_query_statement_get_sql         (const TideQueryStatement *self); /* as it is sent */
const char         *tide_query_statement_get_text        (const TideQueryStatement *self); /* as it is written */
gsize               tide_query_statement_get_start       (const TideQueryStatement *self); /* bytes in the text */
gboolean            tide_query_statement_is_meta         (const TideQueryStatement *self);
/* (transfer none) (element-type utf8): "$1", ":name", each once; the one at index i is sent as $i+1 */
GPtrArray          *tide_query_statement_get_parameters  (const TideQueryStatement *self);
/* The byte in the whole text where an error of this statement is; -1: the server did not say */
gssize              tide_query_statement_locate          (const TideQueryStatement *self,
                                                          const GError             *error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideQueryStatement, tide_query_statement_unref)

G_END_DECLS
