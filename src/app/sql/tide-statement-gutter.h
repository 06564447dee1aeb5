/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

/* A bar in the margin beside the statement that would run */
#define TIDE_TYPE_STATEMENT_GUTTER (tide_statement_gutter_get_type ())
G_DECLARE_FINAL_TYPE (TideStatementGutter, tide_statement_gutter, TIDE, STATEMENT_GUTTER, GtkSourceGutterRenderer)

/* From 0; none when @first is behind @last */
void tide_statement_gutter_set_lines (TideStatementGutter *self,
                                      int                  first,
                                      int                  last);

G_END_DECLS
