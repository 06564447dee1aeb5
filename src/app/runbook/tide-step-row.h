/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "runbook/tide-run-question.h"

G_BEGIN_DECLS

/**
 * TideStepRow:
 *
 * A step of a pipeline: its title, what it does or what came of it, its state as icon and word, its time, who it waits for;
 * folded below that everything it found, its live log, and what the window adds. A question stands in it, always in sight.
 */
#define TIDE_TYPE_STEP_ROW (tide_step_row_get_type ())
G_DECLARE_FINAL_TYPE (TideStepRow, tide_step_row, TIDE, STEP_ROW, GtkListBoxRow)

GtkWidget   *tide_step_row_new      (TideRunStep     *step);
TideRunStep *tide_step_row_get_step (TideStepRow     *self); /* (transfer none) */
/* @verb: of a confirmation's button */
void         tide_step_row_ask      (TideStepRow     *self,
                                     TideRunQuestion *question,
                                     const char      *verb);
/* Takes the place of the lines that say what it found */
void         tide_step_row_add      (TideStepRow     *self,
                                     GtkWidget       *extra);
void         tide_step_row_unfold   (TideStepRow     *self);

G_END_DECLS
