/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "query/tide-row-store.h"
#include "sql/tide-sql-console.h"
#include "tide-workspace.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideResultsPane:
 *
 * What a run of SQL answered: a tab for each result with rows, the messages of the server, and other pages (plans). It
 * shows rows as they arrive.
 */
#define TIDE_TYPE_RESULTS_PANE (tide_results_pane_get_type ())
G_DECLARE_FINAL_TYPE (TideResultsPane, tide_results_pane, TIDE, RESULTS_PANE, GtkWidget)

/* Where its exports are shown and run as jobs */
void       tide_results_pane_set_workspace (TideResultsPane *self,
                                            TideWorkspace   *workspace);
/* What the rows came from: its rows can be changed and exported again. @session: (nullable): where changes run, in the
 * transaction that is open there, if any. @read_only: no row is changed. */
void       tide_results_pane_set_session   (TideResultsPane *self,
                                            TideSession     *session,
                                            gboolean         read_only);
/* @console: of that session */
void       tide_results_pane_set_console   (TideResultsPane *self,
                                            TideSqlConsole  *console);
/* Rows that were changed in what is shown, and not applied yet */
guint      tide_results_pane_get_n_changes (TideResultsPane *self);
/* Before a run: forgets what is shown */
void       tide_results_pane_clear         (TideResultsPane *self);
/* @title: (nullable): of its tab; NULL: one made from the statement */
void       tide_results_pane_add_store     (TideResultsPane *self,
                                            const char      *title,
                                            TideRowStore    *store);
/* A line among the messages: a command's tag, what the program has to say */
void       tide_results_pane_add_message   (TideResultsPane *self,
                                            const char      *text);
/* What somebody said to those who listen */
void       tide_results_pane_add_notification (TideResultsPane *self,
                                               const char      *channel,
                                               const char      *payload,
                                               int              pid);
/* A notice or an error, with all its fields; an error is brought to the front */
void       tide_results_pane_add_error     (TideResultsPane *self,
                                            const GError    *error,
                                            gboolean         is_notice);
/* @page: (transfer floating) */
void       tide_results_pane_add_page      (TideResultsPane *self,
                                            const char      *title,
                                            GtkWidget       *page);
/* @page: one of those */
void       tide_results_pane_show_page     (TideResultsPane *self,
                                            GtkWidget       *page);
void       tide_results_pane_show_messages (TideResultsPane *self);

G_END_DECLS
