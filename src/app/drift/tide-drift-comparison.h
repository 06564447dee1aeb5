/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drift/tide-drift-outline.h"
#include "schema/tide-schema-proof.h"
#include "schema/tide-schema-source.h"

G_BEGIN_DECLS

/* What is compared with what, in words of tide_schema_source_parse(). "applied" on the left is what the ledger says is applied. */
typedef struct
{
  TideProject *project; /* nullable */
  TideTarget  *target;  /* nullable */
  char        *left;
  char        *right;
  char        *third;   /* nullable: shown beside the two, compared with neither list */
  gboolean     column_order;
  gboolean     before_failure; /* a history that does not run ends before the migration that fails */
} TideDriftQuestion;

TideDriftQuestion *tide_drift_question_new (TideProject       *project,
                                            TideTarget        *target,
                                            const char        *left,
                                            const char        *right);
void               tide_drift_question_free (TideDriftQuestion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDriftQuestion, tide_drift_question_free)

/**
 * TideDriftComparison:
 *
 * Two schemas, read and compared, with the SQL from left to right ("adopt": what the left needs to be as the right) and back
 * ("revert"). Immutable, atomically reference counted.
 */
typedef struct
{
  TideSchemaSource *left;
  TideSchemaSource *right;
  char             *left_label;
  char             *right_label;
  char             *third_label;  /* nullable */
  TideSchema       *third;        /* nullable */
  TideSchemaDiff   *diff;
  TideDriftOutline *outline;
  TideSchemaScript *adopt;        /* left to right */
  TideSchemaScript *revert;       /* right to left */
  GPtrArray        *notes;        /* (element-type utf8): what the person should know of the two sides */
  gint64            read_at;      /* microseconds since the epoch: not later than either side was read */
} TideDriftComparison;

TideDriftComparison *tide_drift_comparison_ref   (TideDriftComparison  *self);
void                 tide_drift_comparison_unref (TideDriftComparison  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDriftComparison, tide_drift_comparison_unref)
/* A #TideJobFunc: @data is a #TideDriftQuestion, the result a #TideDriftComparison (transfer full) */
gpointer             tide_drift_comparison_run   (TideJob              *job,
                                                  gpointer              data,
                                                  GError              **error);
/* A #TideJobFunc: @data is a #TideDriftProofQuestion, the result a #TideSchemaProof (transfer full) */
typedef struct
{
  TideDriftComparison *comparison;
  gboolean             revert;
} TideDriftProofQuestion;
gpointer             tide_drift_comparison_prove (TideJob              *job,
                                                  gpointer              data,
                                                  GError              **error);
/* (transfer full): how the object of @side is made; "" when it is not there */
char                *tide_drift_dup_definition   (const TideSchemaObject *object);

G_END_DECLS
