/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-gaps.h"

G_BEGIN_DECLS

/* tide-sql-gaps.c */
gboolean tide_sql_gaps_has_between (const GtkTextIter *from,
                                    const GtkTextIter *to);

/* tide-sql-gaps-view.c: what a person does in @view meets all of the text, also where GTK would see only what is shown */
void     tide_sql_gaps_follow_view (GtkSourceView     *view);

G_END_DECLS
