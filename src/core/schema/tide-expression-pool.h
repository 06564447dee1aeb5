/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-builder.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideExpressionPool:
 *
 * What the expressions of checks, of partial indexes and of defaults read. To write them is most of what reading such a catalog
 * costs the server (it opens their tables); so it is asked only once for those that are stored alike, over columns of the same
 * names. Two databases that are read at once share a pool, and ask for one half each.
 */
typedef struct _TideExpressionPool TideExpressionPool;

TideExpressionPool *tide_expression_pool_new  (void);
void                tide_expression_pool_free (TideExpressionPool *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideExpressionPool, tide_expression_pool_free)

/* Whose expressions they are: the results that tide_expression_pool_fill() takes, in this order */
enum
{
  TIDE_EXPRESSIONS_OF_CHECKS,
  TIDE_EXPRESSIONS_OF_INDEXES,
  TIDE_EXPRESSIONS_OF_DEFAULTS,
  TIDE_N_EXPRESSIONS,
};

/* The statements that have these results: OID, table, and the tree that is stored */
#define TIDE_EXPRESSION_CHECKS_SQL                                                                           \
  "SELECT k.oid, k.conrelid, k.conbin FROM pg_catalog.pg_constraint k"                                       \
  " WHERE k.contype = 'c' AND k.conislocal AND k.conrelid >= 16384;"
#define TIDE_EXPRESSION_PREDICATES_SQL                                                                       \
  "SELECT i.indexrelid, i.indrelid, i.indpred FROM pg_catalog.pg_index i"                                    \
  " WHERE i.indpred IS NOT NULL AND i.indrelid >= 16384;"
#define TIDE_EXPRESSION_DEFAULTS_SQL                                                                         \
  "SELECT d.oid, d.adrelid, d.adbin FROM pg_catalog.pg_attrdef d WHERE d.adrelid >= 16384;"

/* Gives the checks, indexes and defaults of @builder their expressions, in the transaction that @trees were read in. From any
 * thread. */
gboolean tide_expression_pool_fill (TideExpressionPool  *self,
                                    TideSchemaBuilder   *builder,
                                    TideSession         *session,
                                    TideResult *const    trees[TIDE_N_EXPRESSIONS],
                                    GCancellable        *cancellable,
                                    GError             **error);

G_END_DECLS
