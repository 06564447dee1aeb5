/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

#define TIDE_TYPE_SQL_SIGHT (tide_sql_sight_get_type ())

/* What keeps the caret of a large text in sight while its lines are laid out. GTK lays them out bit by bit, and until it has done so
 * takes the others to have no height: what it scrolled to at first drifts away by a page or more. */
G_DECLARE_FINAL_TYPE (TideSqlSight, tide_sql_sight, TIDE, SQL_SIGHT, GObject)

TideSqlSight *tide_sql_sight_new  (GtkSourceView *view);
void          tide_sql_sight_keep (TideSqlSight  *self,
                                   double         margin);

G_END_DECLS
