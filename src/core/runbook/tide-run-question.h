/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "runbook/tide-checklist-item.h"
#include "runbook/tide-run-step.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_QUESTION_CHECKLIST, /* yes: every box is ticked */
  TIDE_QUESTION_HOOK,      /* yes: run the command "argv" now and from now on; no: leave it out */
  TIDE_QUESTION_BACKUP,    /* production without a backup: yes, with the reason as text; no: make one */
  TIDE_QUESTION_CONFIRM,   /* yes, with "expected" as text where that is set */
  TIDE_QUESTION_PROCEED,   /* after a warning: yes goes on, no ends the run */
} TideQuestionKind;

/**
 * TideRunQuestion:
 *
 * What a pipeline needs to know from a person before it goes on. Its thread waits until somebody has called
 * tide_run_question_answer(), from any thread, or the job is cancelled. Only the first answer counts.
 */
#define TIDE_TYPE_RUN_QUESTION (tide_run_question_get_type ())
G_DECLARE_FINAL_TYPE (TideRunQuestion, tide_run_question, TIDE, RUN_QUESTION, GObject)

TideQuestionKind    tide_run_question_get_kind     (TideRunQuestion *self);
TideRunStep        *tide_run_question_get_step     (TideRunQuestion *self); /* (transfer none) */
const char         *tide_run_question_get_title    (TideRunQuestion *self); /* "Run the health command?" */
const char         *tide_run_question_get_text     (TideRunQuestion *self); /* paragraphs: what the answer does */
const char         *tide_run_question_get_expected (TideRunQuestion *self); /* (nullable): what has to be typed */
const char *const  *tide_run_question_get_argv     (TideRunQuestion *self); /* (nullable): of a hook */
GListModel         *tide_run_question_get_items    (TideRunQuestion *self); /* (nullable) (element-type TideChecklistItem) */
/* Whether @text would do: a database's name typed as it is, a reason that says something. Pure */
gboolean            tide_run_question_accepts      (TideRunQuestion *self,
                                                    const char      *text);
void                tide_run_question_answer       (TideRunQuestion *self,
                                                    gboolean         yes,
                                                    const char      *text); /* (nullable) */
gboolean            tide_run_question_is_answered  (TideRunQuestion *self);

G_END_DECLS
