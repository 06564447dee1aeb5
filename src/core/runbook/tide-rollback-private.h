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

G_END_DECLS
