/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideSelectionText:
 *
 * What is selected in a text view, offered to the middle button: all of it, also what is not shown, which GTK leaves out. It is taken
 * when it is asked for, so that a selection that grows costs nothing.
 */
#define TIDE_TYPE_SELECTION_TEXT (tide_selection_text_get_type ())
G_DECLARE_FINAL_TYPE (TideSelectionText, tide_selection_text, TIDE, SELECTION_TEXT, GdkContentProvider)

/* From now on, in the place of what GTK offers of @view */
void tide_selection_text_offer (GtkTextView *view);

G_END_DECLS
