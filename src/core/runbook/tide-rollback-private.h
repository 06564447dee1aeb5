/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-pipeline-private.h"
#include "runbook/tide-rollback.h"

G_BEGIN_DECLS

struct _TideRollback
{
  TidePipeline      parent_instance;

  /* The options */
  TideRollbackMode  mode;
  char             *run;
  char             *migration;
  char             *backup;
  gboolean          end_sessions;
  guint             wait_s;
  guint             hook_timeout_s;
  gint64            exact_rows_below;

  /* Of the run, by the job's thread */
  gboolean          stopped;  /* the application, by our hook */
  const char       *application; /* (nullable): as the record tells it; static */
  guint             oid;      /* of the database as it was; 0: not known */
  gboolean          swapped;
  gboolean          resolved;

  GMutex            lock;
  TideRollbackPlan *plan;
};

TideRollbackPlan *tide_rollback_plan_new       (void);
/* What a migration did to the schema, taken back: into @plan */
gboolean          tide_rollback_plan_migration (TideRollback      *self,
                                                TideRollbackPlan  *plan,
                                                TideJob           *job,
                                                GError           **error);

/* The steps */
gboolean tide_rollback_plan    (TidePipeline *pipeline, GError **error);
gboolean tide_rollback_confirm (TidePipeline *pipeline, GError **error);
gboolean tide_rollback_stop    (TidePipeline *pipeline, GError **error);
gboolean tide_rollback_restore (TidePipeline *pipeline, GError **error);
gboolean tide_rollback_verify  (TidePipeline *pipeline, GError **error);
gboolean tide_rollback_status  (TidePipeline *pipeline, GError **error);
gboolean tide_rollback_start   (TidePipeline *pipeline, GError **error);
gboolean tide_rollback_resolve (TidePipeline *pipeline, GError **error);
gboolean tide_rollback_correct (TidePipeline *pipeline, GError **error);
void     tide_rollback_conclude (TidePipeline *pipeline);
void     tide_rollback_describe (TidePipeline *pipeline, gpointer builder);
/* As of tide_step_specs_get_title() */
const char *tide_rollback_get_step_title (const char *id);
/* tide-rollback-last.c: appends to @text what the server and the project tell of @outcome, a roll-back that was killed or is under way,
 * and gives it its ways */
void     tide_rollback_describe_last (TideRunOutcome *outcome,
                                      TideProject    *project,
                                      TideTarget     *target,
                                      GString        *text,
                                      GCancellable   *cancellable);
/* "What starts the application again: ..." behind @text */
void     tide_rollback_append_start  (TideProject    *project,
                                      GString        *text);

G_END_DECLS
