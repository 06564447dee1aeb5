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
/* (array zero-terminated=1): what it goes by; none: there is one page */
const char * const *tide_keyset_get_columns (const TideKeyset   *self);
/* Whether these are a key of the relation itself, and not where its rows lie */
gboolean            tide_keyset_has_key     (const TideKeyset   *self);
/* (transfer full): the statement for the first page, or for that behind the row whose key is $1, $2 ... */
char               *tide_keyset_dup_sql     (const TideKeyset   *self,
                                             gboolean            first,
                                             guint               limit);
/* (transfer full) (nullable) (array zero-terminated=1): the key of the last row of @page; NULL: it has no rows */
char              **tide_keyset_dup_last    (const TideKeyset   *self,
                                             const TideResult   *page);

G_END_DECLS
