/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "query/tide-query-journal.h"

G_BEGIN_DECLS

/**
 * TideSqlKeeper:
 *
 * Writes what stands in a buffer into the journal, a moment after it changed and in a thread, so that no crash loses it.
 */
#define TIDE_TYPE_SQL_KEEPER (tide_sql_keeper_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlKeeper, tide_sql_keeper, TIDE, SQL_KEEPER, GObject)

TideSqlKeeper *tide_sql_keeper_new      (GtkTextBuffer    *buffer,
                                         const char       *place);
/* Goes on with what was adopted */
void           tide_sql_keeper_adopt    (TideSqlKeeper    *self,
                                         TideQueryJournal *journal,
                                         gint64            order);
void           tide_sql_keeper_set_file (TideSqlKeeper    *self,
                                         const char       *title,
                                         const char       *path,
                                         const char       *stamp);
/* The tab is closed: nothing of it is wanted back */
void           tide_sql_keeper_forget   (TideSqlKeeper    *self);

G_END_DECLS
