/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideKeyset:
 *
 * How the rows of a relation are read page by page: in the order of its key, each page from behind the last row of the one
 * before, so that the thousandth costs what the first does (OFFSET would read all before it again). The key is the primary one,
 * or a unique one without NULLs; a table without either goes by where its rows lie (ctid). What has neither (a view, a foreign
 * table) is one page. Immutable, atomically reference counted.
 */
typedef struct _TideKeyset TideKeyset;

#define TIDE_TYPE_KEYSET (tide_keyset_get_type ())
GType               tide_keyset_get_type    (void);
/* Blocking. NOT_FOUND: there is no such relation, or none with rows */
TideKeyset         *tide_keyset_read        (TideSession        *session,
                                             const char         *schema,
                                             const char         *name,
                                             GCancellable       *cancellable,
                                             GError            **error);
TideKeyset         *tide_keyset_ref         (TideKeyset         *self);
void                tide_keyset_unref       (TideKeyset         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideKeyset, tide_keyset_unref)
/* Whether rows can be read in the order of @column as cheaply: it comes first in an index of its own */
gboolean            tide_keyset_can_order   (const TideKeyset   *self,
                                             const char         *column);
/* (transfer full) (nullable): the same relation in the order of @column, and by the key where that is the same; NULL: it cannot be.
 * Rows without a value come last, in pages of their own. */
TideKeyset         *tide_keyset_order       (const TideKeyset   *self,
                                             const char         *column,
                                             gboolean            descending);
/* Whether rows without a value follow those that have one: pages are read with @nulls when the others are read */
gboolean            tide_keyset_has_nulls   (const TideKeyset   *self);
/* (array zero-terminated=1): what it goes by; none: there is one page */
const char * const *tide_keyset_get_columns (const TideKeyset   *self);
/* (transfer full): the statement for the first page, or for that behind the row whose key is $1, $2 ... */
char               *tide_keyset_dup_sql     (const TideKeyset   *self,
                                             gboolean            first,
                                             gboolean            nulls,
                                             guint               limit);
/* (transfer full): the statement for all rows at once, in that order */
char               *tide_keyset_dup_all_sql (const TideKeyset   *self);
/* (transfer full) (nullable) (array zero-terminated=1): the key of the last row of @page; NULL: it has no rows */
char              **tide_keyset_dup_last    (const TideKeyset   *self,
                                             gboolean            nulls,
                                             const TideResult   *page);

G_END_DECLS
