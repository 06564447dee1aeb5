/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "runbook/tide-run-outcome.h"

G_BEGIN_DECLS

/**
 * TideOutcomeView:
 *
 * What came of a run: how it ended, what state the database is in, what went wrong, and a button for each way on, with what that
 * does. Signal: "way" (id, subject: strings; the subject may be empty): one was chosen. Beside those of the run there are
 * "editor", "diagnose", "journal" and "report".
 */
#define TIDE_TYPE_OUTCOME_VIEW (tide_outcome_view_get_type ())
G_DECLARE_FINAL_TYPE (TideOutcomeView, tide_outcome_view, TIDE, OUTCOME_VIEW, GtkWidget)

/* @done: what stands over a run that went well */
void  tide_outcome_view_set_outcome (TideOutcomeView *self,
                                     TideRunOutcome  *outcome,
                                     const char      *done);
/* (transfer full): how it ended, in a few words */
char *tide_outcome_dup_headline     (TideRunOutcome  *outcome,
                                     const char      *done);

G_END_DECLS
