/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks what a database is for; the answer is the action "timeline.tell-kind" of the page around it. */
#define TIDE_TYPE_KIND_QUESTION (tide_kind_question_get_type ())
G_DECLARE_FINAL_TYPE (TideKindQuestion, tide_kind_question, TIDE, KIND_QUESTION, GtkBox)

G_END_DECLS
