/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-pipeline.h"

G_BEGIN_DECLS

/**
 * TideRunbook:
 *
 * A migration as the team's guide has it, from the checklist to the way back. Its steps, by id: "checklist", "connectivity",
 * "backup", "pending", "confirmation", "apply", "validation", "health", "rollback".
 */
#define TIDE_TYPE_RUNBOOK (tide_runbook_get_type ())
G_DECLARE_FINAL_TYPE (TideRunbook, tide_runbook, TIDE, RUNBOOK, TidePipeline)

/* Zero-initialise, fill, pass; strings are copied */
typedef struct
{
  const char *to;              /* (nullable): the last migration to apply */
  const char *skip_backup;     /* (nullable): why no backup is made */
  int         verify_level;    /* 1 to 4; 0: what the environment asks */
  guint       lock_timeout_ms; /* 0: as tide_deploy_run() */
  guint       hook_timeout_s;  /* 0: as tidemark.json says, else five minutes */
  gint64      exact_rows_below; /* as #TideBackupOptions.exact_rows_below */
  const char *create;          /* (nullable): development: make this migration first */
  const char *create_sql;      /* (nullable): what is in it */
  gboolean    seed;            /* development: run the seed hook after the migrations */
} TideRunOptions;

/* A table that a pending migration touches, as it is in the database now */
typedef struct
{
  char   *schema;
  char   *name;
  gint64  bytes; /* with indexes and TOAST */
  gint64  rows;  /* the planner's estimate; -1: never analysed */
} TideRunTable;

/* What a person should know of a statement before it runs */
typedef struct
{
  char *severity; /* "error", "warning", "info" */
  char *rule;
  char *message;
  char *recorded_message; /* in English, for the record */
  char *advice;   /* (nullable) */
  int   line;     /* from 1; 0: of the whole file */
} TideRunWarning;

/* A migration that will be applied */
typedef struct
{
  char      *name;
  char      *sql;
  char      *mode;         /* how it runs, and why, for a person: "in one transaction" */
  char      *recorded_mode; /* the same in English, for the record */
  guint      n_statements;
  GPtrArray *warnings;     /* (element-type TideRunWarning) */
  GPtrArray *tables;       /* (element-type TideRunTable): those that are there already */
} TideRunMigration;

/* @options: (nullable) */
TideRunbook *tide_runbook_new              (TideProject          *project,
                                            TideTarget           *target,
                                            const TideRunOptions *options);
/* (transfer full) (nullable) (element-type TideRunMigration): once "pending" has ended; any thread */
GPtrArray   *tide_runbook_ref_pending      (TideRunbook          *self);
/* The level of proof that a backup needs where nothing else is said */
int          tide_runbook_default_level    (TideKind              kind);

/**
 * tide_runbook_describe_last:
 *
 * What became of the last run on @target, a deploy or a roll-back, told from its record, its journal and what the server
 * says now: also of one that was killed, and of one that runs at this moment. Blocking.
 *
 * Returns: (transfer full) (nullable): NULL without @error: there was none
 */
TideRunOutcome *tide_runbook_describe_last (TideProject          *project,
                                            TideTarget           *target,
                                            GCancellable         *cancellable,
                                            GError              **error);

G_END_DECLS
