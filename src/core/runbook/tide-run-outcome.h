/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A way on after a run. @id: "retry", "rollback-automatic", "rollback-migration", "rollback-emergency", "resolve",
 * "reopen", "journal"; a window has a button for those it knows */
typedef struct
{
  char  *id;
  char  *title; /* "Restore the backup of this run", in English: gettext() it to show it */
  char  *text;  /* (nullable): what that does; the same */
  char **argv;  /* (nullable): the same on the command line */
  char  *subject; /* (nullable): the migration or the run that it is about */
} TideRunWay;

typedef enum
{
  TIDE_RUN_RUNNING,
  TIDE_RUN_DONE,
  TIDE_RUN_FAILED,
  TIDE_RUN_CANCELLED,
  TIDE_RUN_KILLED, /* only of a record that was read: the program ended in the middle */
} TideRunState;

/**
 * TideRunOutcome:
 *
 * What came of a run. Immutable once tide_pipeline_run() has returned it, atomically reference counted.
 */
typedef struct _TideRunOutcome TideRunOutcome;
struct _TideRunOutcome
{
  /*< private >*/
  gatomicrefcount ref_count;
  /*< public, read-only >*/
  TideRunState  state;
  char         *run;         /* its name: "migration_20251122_101500" */
  char         *purpose;     /* (nullable): of one that was read: "deploy", "rollback-automatic", "rollback-migration", "rollback-emergency" */
  char         *subject;     /* (nullable): of a roll-back that was read: the run or the migration that it takes back */
  guint         oid;         /* of a roll-back that was read: of the database before it; 0: it had not looked yet */
  char         *application; /* (nullable): the same: what its commands have done: "stopping", "stopped", "starting" */
  char         *step;        /* (nullable): the id of the step that ended it */
  GError       *failure;     /* (nullable) */
  char         *database;    /* what state the database is in, a sentence or two for a person */
  char         *recorded_database; /* (nullable): the same in English, for journal and record */
  GPtrArray    *pending;     /* (element-type utf8): migrations that it was to apply */
  GPtrArray    *applied;     /* (element-type utf8): migrations */
  char         *failed;      /* (nullable): the migration that failed */
  char         *backup;      /* (nullable): made by this run: its path */
  char         *kept;        /* (nullable): a roll-back: the database that keeps what was there before */
  char         *file;        /* (nullable): a roll-back of one migration: the corrective migration.sql that was prepared */
  char         *journal;
  char         *html;        /* (nullable): the report, once written */
  char         *json;        /* (nullable) */
  char        **rollback;    /* (nullable): argv that brings back what was there before */
  char        **rollback_by_hand; /* (nullable): lines to type with PostgreSQL's own programs */
  GPtrArray    *ways;        /* (element-type TideRunWay): best first */
};

#define TIDE_TYPE_RUN_OUTCOME (tide_run_outcome_get_type ())
GType           tide_run_outcome_get_type (void);
TideRunOutcome *tide_run_outcome_new      (void);
TideRunOutcome *tide_run_outcome_ref      (TideRunOutcome    *self);
void            tide_run_outcome_unref    (TideRunOutcome    *self);
TideRunWay     *tide_run_outcome_add_way  (TideRunOutcome    *self,
                                           const char        *id,
                                           const char        *title,
                                           const char        *text,
                                           const char *const *argv);
const char     *tide_run_state_to_string  (TideRunState       state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRunOutcome, tide_run_outcome_unref)

G_END_DECLS
