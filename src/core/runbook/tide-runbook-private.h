/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"
#include "history/tide-deploy.h"
#include "runbook/tide-pipeline-private.h"
#include "runbook/tide-run-drift.h"
#include "runbook/tide-runbook.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

struct _TideRunbook
{
  TidePipeline  parent_instance;

  /* The options */
  char         *to;
  char         *skip_backup;
  int           verify_level;
  guint         lock_timeout_ms;
  guint         hook_timeout_s;
  gint64        exact_rows_below;
  char         *create;
  char         *create_sql;
  gboolean      seed;

  /* Fixed when it is made */
  GListStore   *checklist;

  /* Of the run, by the job's thread */
  TideSession     *session;     /* from the checklist on */
  TideTimeline    *timeline;    /* as it was before */
  GPtrArray       *plan;        /* (element-type TideDeployStep): what will be applied */
  GHashTable      *before;      /* set of texts: what was not in order before: invalid indexes, checks of health */
  TideRunDrift    *drift;       /* being measured */
  GPtrArray       *drift_before; /* (nullable) (element-type utf8) */
  GPtrArray       *drift_after;  /* (nullable) (element-type utf8) */
  TideBackup      *backup;
  GPtrArray       *hooks;       /* (element-type GStrv): borrowed from the project: those of "health" that may run */
  gboolean         may_seed;
  char            *server_version;

  /* Read by others too */
  GMutex           lock;
  GPtrArray       *pending;
};

/* The steps: one file each */
gboolean tide_runbook_check         (TidePipeline *pipeline, GError **error);
gboolean tide_runbook_connect       (TidePipeline *pipeline, GError **error);
gboolean tide_runbook_back_up       (TidePipeline *pipeline, GError **error);
gboolean tide_runbook_list_pending  (TidePipeline *pipeline, GError **error);
gboolean tide_runbook_confirm       (TidePipeline *pipeline, GError **error);
gboolean tide_runbook_apply         (TidePipeline *pipeline, GError **error);
gboolean tide_runbook_validate      (TidePipeline *pipeline, GError **error);
gboolean tide_runbook_check_health  (TidePipeline *pipeline, GError **error);
gboolean tide_runbook_tell_way_back (TidePipeline *pipeline, GError **error);

/* As of tide_step_specs_get_title() */
const char *tide_runbook_get_step_title (const char *id);

/* For several of them. Whether the environment is one where nothing may go wrong */
gboolean tide_runbook_is_strict     (TideRunbook  *self);
/* (transfer full) (nullable): of the invalid indexes and the constraints that are NOT VALID, one text each, ("index" or "constraint") */
GPtrArray *tide_runbook_list_invalid (TideRunbook *self, GError **error);
void     tide_runbook_read_before   (TideRunbook  *self);
/* The parts of the record that a deploy alone has */
void     tide_runbook_describe      (TidePipeline *pipeline, gpointer builder);
/* What state the database is in, and the ways on */
void     tide_runbook_conclude      (TidePipeline *pipeline);
/* (transfer full): argv of tidemarkctl on the same project and database, and the words (NULL-terminated) behind it */
char   **tide_pipeline_dup_command  (TidePipeline *pipeline, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
