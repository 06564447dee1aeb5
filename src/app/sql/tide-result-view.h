/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "query/tide-row-store.h"
#include "sql/tide-sql-console.h"
#include "tide-workspace.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideResultView:
 *
 * The rows of one statement: a grid, and below it how many there are, how long they took, and what can be done with
 * them.
 *
 * Signal: "sort" (guint column): a header was clicked; returns TRUE where somebody else brings the rows in that order, FALSE:
 * those that are held are sorted.
 */
#define TIDE_TYPE_RESULT_VIEW (tide_result_view_get_type ())
G_DECLARE_FINAL_TYPE (TideResultView, tide_result_view, TIDE, RESULT_VIEW, GtkWidget)

/* @workspace: (nullable); @session: (nullable): where the rows came from */
GtkWidget *tide_result_view_new (TideRowStore  *store,
                                 TideWorkspace *workspace,
                                 TideSession   *session,
                                 gboolean       read_only);
/* What comes is pages of something larger: it does not run meanwhile, and has no time in all. All of it is what @sql answers. */
void       tide_result_view_set_paged (TideResultView *self,
                                       TideConninfo   *conninfo,
                                       const char     *sql);
/* The order in which the rows came */
void       tide_result_view_show_sort (TideResultView *self,
                                       int             column, /* -1: none */
                                       gboolean        descending);

/* @console: whose session changes of rows are applied on, while nothing else runs there */
void       tide_result_view_set_console (TideResultView *self,
                                         TideSqlConsole *console);
/* Rows that were changed and not applied yet */
guint      tide_result_view_get_n_changes (TideResultView *self);

G_END_DECLS
