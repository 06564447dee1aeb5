/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "runbook/tide-run-question.h"

G_BEGIN_DECLS

/**
 * TideQuestionView:
 *
 * A question of a pipeline where it is asked, in the row of its step: what it is, what has to be typed or ticked, and a button
 * for each answer. The buttons work once; after that the view is of no more use.
 */
#define TIDE_TYPE_QUESTION_VIEW (tide_question_view_get_type ())
G_DECLARE_FINAL_TYPE (TideQuestionView, tide_question_view, TIDE, QUESTION_VIEW, GtkWidget)

/* @verb: of the button that says yes to a confirmation, with a mnemonic */
GtkWidget *tide_question_view_new   (TideRunQuestion  *question,
                                     const char       *verb);
/* Puts the keyboard where the answer is given: never on what cannot be undone */
void       tide_question_view_focus (TideQuestionView *self);

G_END_DECLS
