/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-pipeline.h"

G_BEGIN_DECLS

/* Private to the runbook room. The project's own programs: run as words, without a shell, in the project's folder, with a
 * time-out, and only once a person has seen and approved exactly these words for this folder. What is approved is kept in
 * $XDG_STATE_HOME/tidemark/hooks.json, never in the project: what a fresh clone brings is not run. */

/* Asks once for what is not approved yet. TRUE: it may run. FALSE without @error: a person said no. @timeout_s: as below */
gboolean tide_run_hook_ask         (TidePipeline      *pipeline,
                                    const char        *name, /* "health" */
                                    const char *const *argv,
                                    guint              timeout_s,
                                    GError           **error);
/* Runs it, its output into the log of the running step and the journal. @timeout_s: 0: as tidemark.json says, else five
 * minutes. Errors: TIMED_OUT, TOOL, cancelled */
gboolean tide_run_hook_run         (TidePipeline      *pipeline,
                                    const char        *name,
                                    const char *const *argv,
                                    guint              timeout_s,
                                    GError           **error);

G_END_DECLS
