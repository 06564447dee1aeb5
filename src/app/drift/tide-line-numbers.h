/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

/* The numbers beside a text that has gaps, with the sign of what became of each line: state is never told by colour alone. */
#define TIDE_TYPE_LINE_NUMBERS (tide_line_numbers_get_type ())
G_DECLARE_FINAL_TYPE (TideLineNumbers, tide_line_numbers, TIDE, LINE_NUMBERS, GtkSourceGutterRendererText)

GtkSourceGutterRenderer *tide_line_numbers_new       (void);
/* @lines: (element-type TideCompareLine) */
void                     tide_line_numbers_set_lines (TideLineNumbers *self,
                                                      GPtrArray       *lines);

G_END_DECLS
