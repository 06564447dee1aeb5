/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

#define TIDE_TYPE_SQL_GAPS (tide_sql_gaps_get_type ())

/**
 * TideSqlGaps:
 *
 * What is not drawn of lines that are too long for it. GTK lays a line out as a whole, 2 s for one of 1 MB, and anew after each key: of
 * those the two ends and what is around the caret are shown, and what is between them is in the text as ever, but invisible. Whoever
 * takes the text, to run, save or copy it, gets all of it.
 *
 * Property message (string, nullable): for a person, what is not shown.
 */
G_DECLARE_FINAL_TYPE (TideSqlGaps, tide_sql_gaps, TIDE, SQL_GAPS, GObject)

/* In characters: longer lines are cut, and no more than that is shown of them. A line of LONG takes half a frame to lay out, and one
 * that is written in is laid out twice. */
#define TIDE_SQL_GAPS_LONG 10000
#define TIDE_SQL_GAPS_MOST 4000

/* @view: must outlive the result */
TideSqlGaps *tide_sql_gaps_new     (GtkSourceView *view);
gboolean     tide_sql_gaps_find    (GtkTextBuffer *buffer,
                                    GtkTextIter   *start,
                                    GtkTextIter   *end);
gboolean     tide_sql_gaps_has_any (GtkTextBuffer *buffer);

G_END_DECLS
