/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-builder.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideExpressionPool:
 *
 * What the expressions of checks and of partial indexes read. To write one, the server opens its table, which is most of what
 * reading such a catalog costs; so it is asked only once for those that are stored alike, over columns of the same names. Two
 * databases that are read at once share a pool, and ask for one half each.
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
  TIDE_N_EXPRESSIONS,
};

/* The statements that have these results: OID, table, and the tree that is stored */
#define TIDE_EXPRESSION_CHECKS_SQL                                                                           \
  "SELECT k.oid, k.conrelid, k.conbin FROM pg_catalog.pg_constraint k"                                       \
  " WHERE k.contype = 'c' AND k.conislocal AND k.conrelid >= 16384;"
#define TIDE_EXPRESSION_PREDICATES_SQL                                                                       \
  "SELECT i.indexrelid, i.indrelid, i.indpred FROM pg_catalog.pg_index i"                                    \
  " WHERE i.indpred IS NOT NULL AND i.indrelid >= 16384;"

/* Gives the checks and indexes of @builder their expressions, in the transaction that @trees were read in. From any thread. */
gboolean tide_expression_pool_fill (TideExpressionPool  *self,
                                    TideSchemaBuilder   *builder,
                                    TideSession         *session,
                                    TideResult *const    trees[TIDE_N_EXPRESSIONS],
                                    GCancellable        *cancellable,
                                    GError             **error);

G_END_DECLS
