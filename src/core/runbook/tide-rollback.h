/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-compare.h"
#include "runbook/tide-pipeline.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_ROLLBACK_AUTOMATIC, /* the backup that a run made, by swap */
  TIDE_ROLLBACK_MIGRATION, /* one migration: marked as rolled back, a corrective one prepared */
  TIDE_ROLLBACK_EMERGENCY, /* the last proved backup, by swap */
} TideRollbackMode;

#define TIDE_TYPE_ROLLBACK_MODE (tide_rollback_mode_get_type ())
GType tide_rollback_mode_get_type (void);

/* Zero-initialise, fill, pass; strings are copied */
typedef struct
{
  TideRollbackMode  mode;
  const char       *run;          /* AUTOMATIC (nullable): "migration_20251122_101500" or a path of it; NULL: the last one here */
  const char       *migration;    /* MIGRATION */
  const char       *backup;       /* EMERGENCY (nullable): a file; NULL: the newest proved one of this database */
  gboolean          end_sessions; /* end those who use the database; else they are named and nothing happens */
  guint             wait_s;       /* wait for them first */
  guint             hook_timeout_s; /* as #TideRunOptions.hook_timeout_s */
  gint64            exact_rows_below; /* as of tide_backup_compare_rows() */
} TideRollbackOptions;

/**
 * TideRollback:
 *
 * The way back, as a pipeline. Steps of AUTOMATIC and EMERGENCY: "plan" (which backup, what will be lost), "confirmation",
 * "stop" (hook), "restore" (by swap), "verify" (every table's rows), "status" (the ledger), "start" (hook). Steps of
 * MIGRATION: "plan", "confirmation", "resolve", "corrective".
 */
#define TIDE_TYPE_ROLLBACK (tide_rollback_get_type ())
G_DECLARE_FINAL_TYPE (TideRollback, tide_rollback, TIDE, ROLLBACK, TidePipeline)

/**
 * TideRollbackPlan:
 *
 * What a roll-back will do and what it costs. Immutable, atomically reference counted.
 */
typedef struct _TideRollbackPlan TideRollbackPlan;
struct _TideRollbackPlan
{
  /*< private >*/
  gatomicrefcount ref_count;
  /*< public, read-only >*/
  TideBackup        *backup;    /* (nullable): what is restored; NULL for MIGRATION */
  GPtrArray         *choices;   /* (element-type TideBackup): EMERGENCY: what could be, the newest first; else empty */
  TideRowComparison *rows;      /* (nullable): the backup's rows beside those of the database now */
  gint64             rows_lost; /* that the database has beyond the backup, counted; -1: not known */
  char              *losses;    /* what will be lost, for a person; lines */
  char              *recorded_losses; /* the same in English, for the journal */
  GPtrArray         *users;     /* (element-type utf8): who is connected */
  GPtrArray         *undone;    /* (element-type utf8): migrations that are in the ledger now and not in the backup */
  gboolean           failed;    /* MIGRATION: it failed, and will be marked; one that is applied is taken back by a new migration */
  char              *down_sql;  /* (nullable): MIGRATION: what takes its schema changes back; NULL: nothing to take back */
  gboolean           down_loses; /* @down_sql drops something that holds data */
  char              *down_losses; /* (nullable): the statements that do, lines */
};

#define TIDE_TYPE_ROLLBACK_PLAN (tide_rollback_plan_get_type ())
GType             tide_rollback_plan_get_type (void);
TideRollbackPlan *tide_rollback_plan_ref      (TideRollbackPlan          *self);
void              tide_rollback_plan_unref    (TideRollbackPlan          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRollbackPlan, tide_rollback_plan_unref)

TideRollback     *tide_rollback_new           (TideProject               *project,
                                               TideTarget                *target,
                                               const TideRollbackOptions *options);
TideRollbackMode  tide_rollback_get_mode      (TideRollback              *self);
/* Blocking, changes nothing: for a window that shows it before it asks; running it makes the same plan again.
 * Errors: NOT_FOUND (no such run, no proved backup, with what to do), UNREACHABLE */
TideRollbackPlan *tide_rollback_make_plan     (TideRollback              *self,
                                               TideJob                   *job,
                                               GError                   **error);

G_END_DECLS
