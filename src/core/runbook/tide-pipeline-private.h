/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "runbook/tide-pipeline.h"
#include "runbook/tide-run-journal.h"
#include "runbook/tide-run-question-private.h"
#include "runbook/tide-run-step-private.h"

G_BEGIN_DECLS

/* One step's work, in the job's thread. FALSE: it failed, or was cancelled. It ends as passed unless it said otherwise. */
typedef gboolean (*TideStepFunc) (TidePipeline  *self,
                                  GError       **error);

typedef struct
{
  const char   *id;
  const char   *title;
  TideStepFunc  run;
} TideStepSpec;

/* (transfer none): what the step of that @id is called, for a person; @id where there is none */
const char     *tide_step_specs_get_title   (const TideStepSpec *specs,
                                             guint               n_specs,
                                             const char         *id);
/* Once, when it is made. @purpose: what kind of run the record speaks of: "deploy" */
void            tide_pipeline_init_steps    (TidePipeline       *self,
                                             TideProject        *project,
                                             TideTarget         *target,
                                             const char         *purpose,
                                             const TideStepSpec *steps,
                                             guint               n_steps);
void            tide_pipeline_set_project   (TidePipeline       *self,
                                             TideProject        *project);

/* For the steps */
TideJob        *tide_pipeline_get_job       (TidePipeline       *self); /* a part of the job: what it is told shows on the running step */
GCancellable   *tide_pipeline_get_cancellable (TidePipeline     *self);
TideRunStep    *tide_pipeline_get_running   (TidePipeline       *self);
TideRunOutcome *tide_pipeline_get_outcome   (TidePipeline       *self); /* in the making */
TideRunJournal *tide_pipeline_get_journal   (TidePipeline       *self);
/* Formats are N_() and go into the journal and the record as they are; whoever looks at the run reads them translated. What
 * goes into them is the same in every language: names, numbers, what a server says. */
/* One line: what the step does, or what came of it */
void            tide_pipeline_status        (TidePipeline       *self,
                                             const char         *format,
                                             ...) G_GNUC_PRINTF (2, 3);
/* A line of what it found */
void            tide_pipeline_note          (TidePipeline       *self,
                                             const char         *format,
                                             ...) G_GNUC_PRINTF (2, 3);
/* The same, as what was warned of, and the step ends as warned */
void            tide_pipeline_warn          (TidePipeline       *self,
                                             const char         *format,
                                             ...) G_GNUC_PRINTF (2, 3);
/* (out) (transfer full): the same in English and in the person's language, without secrets */
void            tide_pipeline_print_both    (TidePipeline       *self,
                                             char              **recorded,
                                             char              **shown,
                                             const char         *format,
                                             va_list             args) G_GNUC_PRINTF (4, 0);
/* The same for a text that is made in both languages; @warns: the step ends as warned */
void            tide_pipeline_tell          (TidePipeline       *self,
                                             gboolean            warns,
                                             const char         *recorded,
                                             const char         *shown);
/* Why there is nothing to do: the step ends as skipped */
void            tide_pipeline_skip          (TidePipeline       *self,
                                             const char         *format,
                                             ...) G_GNUC_PRINTF (2, 3);
/* The running step ends as @state, warned or skipped, unless it fails */
void            tide_pipeline_mark          (TidePipeline       *self,
                                             TideStepState       state);
/* A line of the journal alone, in English */
void            tide_pipeline_journal       (TidePipeline       *self,
                                             const char         *text);
/* A line of its live log. @shown: (nullable): the same in the person's language */
void            tide_pipeline_log           (TidePipeline       *self,
                                             const char         *recorded,
                                             const char         *shown);
/* Puts @question (transfer full) to whoever answers. FALSE: no, or (@error) cancelled. @text: (out) (optional) (nullable) */
gboolean        tide_pipeline_ask           (TidePipeline       *self,
                                             TideRunQuestion    *question,
                                             char              **text,
                                             GError            **error);
/* Writes the record as it is now: the next start reads it if there is no other one */
void            tide_pipeline_save          (TidePipeline       *self);

/* tide-run-report.c: the same for a person, one file that needs nothing else (transfer full) */
char           *tide_run_report_dup_html    (const char         *json);
const char     *tide_pipeline_get_purpose   (TidePipeline       *self);
gint64          tide_pipeline_get_started_at (TidePipeline      *self); /* microseconds since the epoch */
gint64          tide_pipeline_get_ended_at  (TidePipeline       *self); /* 0: it runs */
double          tide_pipeline_get_seconds   (TidePipeline       *self); /* by the monotonic clock */

G_END_DECLS
