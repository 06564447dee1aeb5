/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

#include "sql/tide-sql-place.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideSqlTab:
 *
 * A text, the session that runs it, and what came of it. Properties: "place" (#TideSqlPlace, construct-only),
 * "title" (string), "modified" (boolean), "busy" (boolean: something runs), all but the first read-only.
 */
#define TIDE_TYPE_SQL_TAB (tide_sql_tab_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlTab, tide_sql_tab, TIDE, SQL_TAB, GtkWidget)

TideSqlPlace  *tide_sql_tab_get_place    (TideSqlTab *self); /* (transfer none) */
GtkSourceView *tide_sql_tab_get_view     (TideSqlTab *self); /* (transfer none): for completion and the like */
char          *tide_sql_tab_dup_text     (TideSqlTab *self);
void           tide_sql_tab_set_text     (TideSqlTab *self,
                                          const char *title,  /* (nullable) */
                                          const char *text);

G_END_DECLS
