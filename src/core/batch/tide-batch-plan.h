/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideBatchPlan:
 *
 * One UPDATE or DELETE as it will be run piece by piece: over ranges of the primary key, each in a transaction of its own.
 * Immutable, atomically reference counted.
 */
typedef struct _TideBatchPlan TideBatchPlan;

#define TIDE_TYPE_BATCH_PLAN (tide_batch_plan_get_type ())
GType          tide_batch_plan_get_type      (void);
/* What can be told of @sql without the database: better before connecting than after. Errors: INVALID, REFUSED */
gboolean       tide_batch_plan_check         (const char           *sql,
                                              GError              **error);
/* Blocking. Errors: INVALID (not one UPDATE or DELETE), REFUSED (it cannot be done piece by piece with the same outcome),
 * NOT_FOUND (no such table) */
TideBatchPlan *tide_batch_plan_new           (TideSession          *session,
                                              const char           *sql,
                                              GCancellable         *cancellable,
                                              GError              **error);
TideBatchPlan *tide_batch_plan_ref           (TideBatchPlan        *self);
void           tide_batch_plan_unref         (TideBatchPlan        *self);
const char    *tide_batch_plan_get_table     (const TideBatchPlan  *self); /* as SQL writes it */
const char    *tide_batch_plan_get_digest    (const TideBatchPlan  *self); /* of database, table and SQL: one job's name */
gint64         tide_batch_plan_get_rows      (const TideBatchPlan  *self); /* of the table, estimated; -1: not known */
guint          tide_batch_plan_get_n_keys    (const TideBatchPlan  *self);
gboolean       tide_batch_plan_is_update     (const TideBatchPlan  *self);
const char    *tide_batch_plan_get_oid       (const TideBatchPlan  *self); /* of the table */
/* The last key there is; no parameters; one column for each key column */
char          *tide_batch_plan_dup_end_sql   (const TideBatchPlan  *self);
/* How far the next batch goes: the last key of it, and how many rows there are. Parameters: the end, then the last key done if
 * @has_start */
char          *tide_batch_plan_dup_range_sql (const TideBatchPlan  *self,
                                              gboolean              has_start,
                                              guint                 size);
/* The change itself. Parameters: the last key of the batch, then the last key done if @has_start */
char          *tide_batch_plan_dup_batch_sql (const TideBatchPlan  *self,
                                              gboolean              has_start);
/* (transfer full): a batch for a person to read */
char          *tide_batch_plan_dup_text      (const TideBatchPlan  *self,
                                              guint                 size);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideBatchPlan, tide_batch_plan_unref)

G_END_DECLS
