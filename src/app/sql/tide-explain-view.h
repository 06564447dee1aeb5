/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "query/tide-explain.h"

G_BEGIN_DECLS

/**
 * TideExplainView:
 *
 * A plan as a tree with bars, as a table, and as text. Property: "explain" (boxed #TideExplain, nullable).
 */
#define TIDE_TYPE_EXPLAIN_VIEW (tide_explain_view_get_type ())
G_DECLARE_FINAL_TYPE (TideExplainView, tide_explain_view, TIDE, EXPLAIN_VIEW, GtkWidget)

GtkWidget *tide_explain_view_new         (void);
void       tide_explain_view_set_explain (TideExplainView *self,
                                          TideExplain     *explain);

G_END_DECLS
