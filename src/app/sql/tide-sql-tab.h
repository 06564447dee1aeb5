/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

#include "query/tide-completion-catalog.h"
#include "query/tide-query-journal.h"
#include "sql/tide-sql-place.h"
#include "tide-workspace.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideSqlTab:
 *
 * A text, the session that runs it, and what came of it. Properties: "place" (#TideSqlPlace, construct-only), "title" (string),
 * "busy" (boolean: something runs), "writing" (boolean: to a database that is read-only unless it is unlocked), "temporary"
 * (boxed #TideOutline, nullable: the tables that only its session has), these read-only;
 * "manual" (boolean: transactions stay open until somebody ends them).
 * Actions: tab.run, tab.run-all, tab.explain, tab.explain-analyze, tab.cancel, tab.commit, tab.rollback, tab.unlock, tab.manual,
 * tab.save, tab.save-as.
 * Signals: "changed-catalog" (): of a statement that was done; "saved" (boolean): its file was written, or was not, and the person
 * is told why.
 */
#define TIDE_TYPE_SQL_TAB (tide_sql_tab_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlTab, tide_sql_tab, TIDE, SQL_TAB, GtkWidget)

/* Where its exports run as jobs */
void           tide_sql_tab_set_workspace (TideSqlTab         *self,
                                           TideWorkspace      *workspace);
GtkSourceView *tide_sql_tab_get_view     (TideSqlTab           *self); /* (transfer none): for completion and the like */
char          *tide_sql_tab_dup_text     (TideSqlTab           *self);
void           tide_sql_tab_set_text     (TideSqlTab           *self,
                                          const char           *title,  /* (nullable) */
                                          const char           *text);
void           tide_sql_tab_insert       (TideSqlTab           *self,
                                          const char           *text);
/* Goes on with what was left behind */
void           tide_sql_tab_adopt        (TideSqlTab           *self,
                                          TideQueryJournal     *journal,
                                          const TideQueryDraft *draft);
/* What was read from the file at @path */
/* @stamp: that of tide_sql_file_load_finish() */
void           tide_sql_tab_take_file    (TideSqlTab           *self,
                                          const char           *path,
                                          const char           *text,
                                          const char           *stamp);
/* Among the results, in front of them */
void           tide_sql_tab_add_page     (TideSqlTab           *self,
                                          const char           *title,
                                          GtkWidget            *page);
/* Locks it again, if nothing is open */
void           tide_sql_tab_lock         (TideSqlTab           *self);
/* (transfer full) (nullable): what would be lost by closing it, for a person */
char          *tide_sql_tab_dup_loss     (TideSqlTab           *self,
                                          gboolean              with_text);
/* Whether its file is being written; "saved" says when that is over */
gboolean       tide_sql_tab_is_saving    (TideSqlTab           *self);
/* It was closed for good */
void           tide_sql_tab_forget       (TideSqlTab           *self);

G_END_DECLS
