/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"
#include "runbook/tide-pipeline-private.h"
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
  char         *create;
  char         *create_sql;
  gboolean      seed;

  /* Fixed when it is made */
  GListStore   *checklist;

  /* Of the run, by the job's thread */
  TideSession  *session;      /* from connectivity on */
  TideBackup   *backup;

  /* Read by others too */
  GMutex        lock;
  GPtrArray    *pending;
  int           blocker;
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

G_END_DECLS
