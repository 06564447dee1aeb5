/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-pipeline.h"
#include "tide-cli.h"

G_BEGIN_DECLS

/* How the questions of a pipeline are answered */
typedef struct
{
  gboolean yes;           /* to all but hooks that nobody has approved */
  gboolean approve_hooks; /* to those, too */
} TidePipelineAnswers;

/* Runs it, its steps as lines or at the end as one JSON document, its questions on the terminal */
TideExit tide_pipeline_console_run (TideCli                    *cli,
                                    TidePipeline               *pipeline,
                                    const TidePipelineAnswers  *answers,
                                    GError                    **error);

G_END_DECLS
