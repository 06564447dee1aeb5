/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "connect/tide-target.h"
#include "job/tide-job.h"
#include "project/tide-project.h"

G_BEGIN_DECLS

/* Ways out that the health page knows too are spelled as there: TIDE_HEALTH_ACTION_... */
#define TIDE_WAY_RETRY            "retry"            /* look again, with a new connection */
#define TIDE_WAY_ASK_PASSWORD     "ask-password"
#define TIDE_WAY_DEPLOY           "deploy"           /* (nullable): up to this migration */
#define TIDE_WAY_MARK_APPLIED     "mark-applied"     /* a migration */
#define TIDE_WAY_MARK_ROLLED_BACK "mark-rolled-back" /* a migration */
#define TIDE_WAY_WRITE_DOWN       "write-down"       /* a migration: the SQL that undoes it, to be looked at */
#define TIDE_WAY_RESTORE_FILE     "restore-file"     /* as tide_diagnosis_restore_file() takes it */
#define TIDE_WAY_ADOPT_DRIFT      "adopt-drift"
#define TIDE_WAY_REVERT_DRIFT     "revert-drift"
#define TIDE_WAY_REOPEN           "reopen"           /* a database that takes no connections */
#define TIDE_WAY_CREATE_DATABASE  "create-database"

/* One way out: what a person can press or type */
typedef struct
{
  char       *label;       /* of a button */
  char       *description; /* what it does, and what it does not */
  const char *action;      /* what the window calls it */
  char       *argument;    /* (nullable) */
  char       *command;     /* (nullable): the same for tidemarkctl: what stands behind its name */
  gboolean    destructive;
} TideWay;

/**
 * TideDiagnosis:
 *
 * Something that is wrong, told from what was found: the evidence, and the ways out. Immutable, atomically reference counted.
 */
typedef struct _TideDiagnosis TideDiagnosis;
struct _TideDiagnosis
{
  /*< private >*/
  gatomicrefcount ref_count;
  /*< public, read-only >*/
  const char *id;          /* "failed-migration"; stable */
  char       *title;
  char       *explanation;
  GPtrArray  *evidence;    /* (element-type utf8): a line each */
  GPtrArray  *ways;        /* (element-type TideWay): the most likely first */
  gboolean    is_closed;   /* the database could not be looked at, or not further */
};

#define TIDE_TYPE_DIAGNOSIS (tide_diagnosis_get_type ())
GType          tide_diagnosis_get_type     (void);
TideDiagnosis *tide_diagnosis_ref          (TideDiagnosis     *self);
void           tide_diagnosis_unref        (TideDiagnosis     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDiagnosis, tide_diagnosis_unref)

typedef enum
{
  TIDE_DIAGNOSE_QUICK = 0,
  TIDE_DIAGNOSE_DRIFT = 1 << 0, /* replays the history where that is not kept: seconds, the first time */
} TideDiagnoseFlags;

/* (transfer full) (element-type TideDiagnosis): what is wrong with @project and the database of @target, the worst first;
 * empty: nothing was found. A database that cannot be reached is a diagnosis, not an error. @project: (nullable). Errors:
 * cancelled. Blocking */
GPtrArray     *tide_diagnose               (TideProject       *project,
                                            TideTarget        *target,
                                            TideDiagnoseFlags  flags,
                                            TideJob           *job,
                                            GError           **error);
/* (transfer full) (nullable): why a connection could not be made, from the error alone; NULL: it is about something else */
TideDiagnosis *tide_diagnose_connection    (TideConninfo      *conninfo,
                                            const GError      *failure);
/* Writes the migration file back as git has it. @argument: of a way. The file that is there now is kept beside it */
gboolean       tide_diagnosis_restore_file (TideProject       *project,
                                            const char        *argument,
                                            GError           **error);
/* Makes the database of @conninfo, empty, as its server makes one by itself. Errors: UNREACHABLE, SERVER. Blocking */
gboolean       tide_diagnosis_create_database (TideConninfo   *conninfo,
                                            GCancellable      *cancellable,
                                            GError           **error);

G_END_DECLS
