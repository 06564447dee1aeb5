/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-pipeline.h"

G_BEGIN_DECLS

/* Private to the runbook room. The record of a run, logs/NAME.json: written anew at every turn, so that the next start
 * knows what a killed one was doing; at the end it is the report. */

/* Notes the run as the last of its purpose on its environment. Names tell it only as long as no clock is set back */
void            tide_run_record_note_last  (TidePipeline  *pipeline,
                                            const char    *folder,
                                            const char    *run);
gboolean        tide_run_record_write      (TidePipeline  *pipeline,
                                            const char    *path,
                                            GError       **error);
gboolean        tide_run_record_write_html (TidePipeline  *pipeline,
                                            const char    *path,
                                            GError       **error);
/* (transfer full) (nullable): the newest record in @folder of a run of @purpose ("deploy"; NULL: any) on @environment, or
 * the one that is called @name ("migration_20251122_101500", its journal or its record; nullable). Its state is KILLED when it says that
 * it runs and nobody holds its journal. NULL without @error: there is none */
TideRunOutcome *tide_run_record_find       (const char    *folder,
                                            const char    *environment,
                                            const char    *purpose,
                                            const char    *name,
                                            GError       **error);

G_END_DECLS
