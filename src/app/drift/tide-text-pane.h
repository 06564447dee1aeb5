/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideTextPane:
 *
 * One of the texts that stand side by side: highlighted SQL, its own line numbers (gaps have none), a sign beside each line that
 * differs, and the words that do.
 */
#define TIDE_TYPE_TEXT_PANE (tide_text_pane_get_type ())
G_DECLARE_FINAL_TYPE (TideTextPane, tide_text_pane, TIDE, TEXT_PANE, GtkWidget)

GtkWidget     *tide_text_pane_new             (const char    *label);  /* for assistive technologies */
/* @lines: (element-type TideCompareLine) */
void           tide_text_pane_set_lines       (TideTextPane  *self,
                                               GPtrArray     *lines);
void           tide_text_pane_set_vadjustment (TideTextPane  *self,
                                               GtkAdjustment *adjustment);
GtkAdjustment *tide_text_pane_get_vadjustment (TideTextPane  *self);
/* In pixels from the beginning of the text, as far as lines have been laid out */
int            tide_text_pane_get_line_y      (TideTextPane  *self,
                                               guint          line); /* from 0, gaps counted */

G_END_DECLS
