/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gi18n.h>

#include "health/tide-diagnosis.h"
#include "health/tide-health.h"
#include "history/tide-history.h"

G_BEGIN_DECLS

TideDiagnosis *tide_diagnosis_new          (const char    *id,
                                            char          *title,        /* (transfer full) */
                                            const char    *explanation);
/* Takes @line */
void           tide_diagnosis_take_evidence (TideDiagnosis *self,
                                            char          *line);
TideWay       *tide_diagnosis_add_way      (TideDiagnosis *self,
                                            const char    *action,
                                            const char    *argument,
                                            const char    *label,
                                            const char    *description);
/* A command with the name of a migration in it, as a shell takes it */
void           tide_way_set_command        (TideWay       *self,
                                            const char    *command,
                                            const char    *name);

/* What goes on in a diagnosis: found things are added to @found */
typedef struct
{
  TideProject  *project;
  TideTarget   *target;
  TideSession  *session;
  TideHistory  *history;
  TideTimeline *timeline;
  GCancellable *cancellable;
  GPtrArray    *found;
  gboolean      runs;     /* a migration has begun and not ended */
} TideDiagnoseWork;

void           tide_diagnose_lock          (TideDiagnoseWork *work);
void           tide_diagnose_ledger        (TideDiagnoseWork *work);
void           tide_diagnose_failed        (TideDiagnoseWork *work);
void           tide_diagnose_history       (TideDiagnoseWork *work);
void           tide_diagnose_edited        (TideDiagnoseWork *work);
void           tide_diagnose_files         (TideDiagnoseWork *work);
gboolean       tide_diagnose_drift         (TideDiagnoseWork *work,
                                            TideJob          *job,
                                            GError          **error);

G_END_DECLS
