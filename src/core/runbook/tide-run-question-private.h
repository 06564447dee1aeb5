/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-run-question.h"

G_BEGIN_DECLS

/* @expected, @argv, @items: (nullable) */
TideRunQuestion *tide_run_question_new  (TideQuestionKind   kind,
                                         TideRunStep       *step,
                                         const char        *title,
                                         const char        *text,
                                         const char        *expected,
                                         const char *const *argv,
                                         GListModel        *items);
/* Waits for the answer. @text: (out) (transfer full) (nullable). FALSE: no, or (@error) cancelled */
gboolean         tide_run_question_wait (TideRunQuestion   *self,
                                         char             **text,
                                         GCancellable      *cancellable,
                                         GError           **error);

G_END_DECLS
