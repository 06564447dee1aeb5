/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

/* Search and replace in a source view */
#define TIDE_TYPE_SQL_SEARCH_BAR (tide_sql_search_bar_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlSearchBar, tide_sql_search_bar, TIDE, SQL_SEARCH_BAR, GtkWidget)

void tide_sql_search_bar_set_view (TideSqlSearchBar *self,
                                   GtkSourceView    *view);
/* With what is selected as what is searched for */
void tide_sql_search_bar_open     (TideSqlSearchBar *self,
                                   gboolean          replace);

G_END_DECLS
