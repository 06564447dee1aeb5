/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

/* Underlines (nullable) (element-type TideLintFinding) @findings of @migration (NULL: of a text that is none) in @view, and tells
 * what they say where the pointer rests. Those that are accepted, and mere notes, are left out. Places are bytes of its text. */
void tide_lint_marks_show   (GtkSourceView *view,
                             GPtrArray     *findings,
                             const char    *migration);
/* Looks through the text of @view whenever it has rested for a moment, in the background, and shows what is found */
void tide_lint_marks_follow (GtkSourceView *view);

G_END_DECLS
