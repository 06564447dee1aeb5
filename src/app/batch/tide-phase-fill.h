/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_FILL_UNKNOWN, /* "why" says why */
  TIDE_FILL_LEFT,    /* there are rows that are not filled */
  TIDE_FILL_DONE,
} TideFillState;

/* Whether the batches of a change have filled all rows in one environment */
typedef struct
{
  char          *name;
  TideConninfo  *conninfo;
  TideFillState  state;
  char          *why;   /* (nullable) */
} TidePhaseFill;

typedef struct
{
  char      *left_sql; /* of the TidePhase */
  GPtrArray *fills;    /* (element-type TidePhaseFill): not asked yet */
} TidePhaseFillQuestion;

TidePhaseFillQuestion *tide_phase_fill_question_new  (const char             *left_sql);
void                   tide_phase_fill_question_add  (TidePhaseFillQuestion  *self,
                                                      const char             *name,
                                                      TideConninfo           *conninfo);
void                   tide_phase_fill_question_free (TidePhaseFillQuestion  *self);
/* A #TideJobFunc: @data is a #TidePhaseFillQuestion, the result its "fills", answered (transfer full) */
gpointer               tide_phase_fill_read          (TideJob                *job,
                                                      gpointer                data,
                                                      GError                **error);

G_END_DECLS
