/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "connect/tide-target.h"
#include "job/tide-job.h"
#include "project/tide-project.h"
#include "runbook/tide-run-outcome.h"
#include "runbook/tide-run-question.h"
#include "runbook/tide-run-step.h"

G_BEGIN_DECLS

/**
 * TidePipeline:
 *
 * Steps done one after the other on one database, each shown as it goes, written into a journal, stopped by the first that
 * fails. Made of a #TideRunbook (deploy) or a #TideRollback. Make it in the thread whose main context shall hear of it, run
 * it once, in a job.
 *
 * Signal "question" (#TideRunQuestion): in the context in which it was made, when no asker is set: answer it, now or later.
 */
#define TIDE_TYPE_PIPELINE (tide_pipeline_get_type ())
G_DECLARE_DERIVABLE_TYPE (TidePipeline, tide_pipeline, TIDE, PIPELINE, GObject)

struct _TidePipelineClass
{
  GObjectClass parent_class;

  /*< private >*/
  /* In the job's thread, once the steps have ended: fills in what the outcome says of the database and the ways on */
  void (*conclude) (TidePipeline *self);
  /* Adds members to the record, a JSON object that is open */
  void (*describe) (TidePipeline *self,
                    gpointer      builder);
};

/* Called in the job's thread instead of emitting "question"; it may answer before it returns, or later */
typedef void (*TideAskFunc) (TideRunQuestion *question,
                             gpointer         user_data);

/* (transfer none) (element-type TideRunStep): all of them, from the beginning; does not change */
GListModel     *tide_pipeline_get_steps     (TidePipeline  *self);
TideRunStep    *tide_pipeline_get_step      (TidePipeline  *self,
                                             const char    *id); /* (transfer none) (nullable) */
TideProject    *tide_pipeline_get_project   (TidePipeline  *self);
TideTarget     *tide_pipeline_get_target    (TidePipeline  *self);
void            tide_pipeline_set_asker     (TidePipeline  *self,
                                             TideAskFunc    func,
                                             gpointer       user_data);
/* (transfer full): the record as it is now: {"steps", "backup", "journal", "rollback", ...}; once it has run */
char           *tide_pipeline_dup_json      (TidePipeline  *self);
/* Blocking, in a job's thread. A step that fails or is cancelled is in the outcome, not in @error; that is for what kept
 * the run from beginning (its journal cannot be written). (transfer full) */
TideRunOutcome *tide_pipeline_run           (TidePipeline  *self,
                                             TideJob       *job,
                                             GError       **error);

G_END_DECLS
