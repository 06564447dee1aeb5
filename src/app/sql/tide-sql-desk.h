/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-tab.h"

G_BEGIN_DECLS

/**
 * TideSqlDesk:
 *
 * The tabs of one database. Properties: "place" (#TideSqlPlace) and "workspace" (construct-only), "writing" (boolean, read-only: the tab
 * that is seen may write to a production database).
 * Actions on it and below: desk.new-tab, desk.open, desk.close-tab, desk.history.
 */
#define TIDE_TYPE_SQL_DESK (tide_sql_desk_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlDesk, tide_sql_desk, TIDE, SQL_DESK, GtkWidget)

TideSqlPlace *tide_sql_desk_get_place   (TideSqlDesk *self); /* (transfer none) */
TideSqlTab   *tide_sql_desk_get_tab     (TideSqlDesk *self); /* (transfer none) (nullable): the one that is seen */
/* A new tab with that text, shown; an empty untitled one is taken instead. @title: (nullable) */
TideSqlTab   *tide_sql_desk_open_text   (TideSqlDesk *self,
                                         const char  *title,
                                         const char  *text);
/* Puts @side beside the tabs, under that title, with a button in the bar that shows and hides it */
void          tide_sql_desk_add_side    (TideSqlDesk *self,
                                         GtkWidget   *side,
                                         const char  *name,
                                         const char  *title,
                                         const char  *icon_name);
/* Lets the tab that is seen write no more */
void          tide_sql_desk_lock        (TideSqlDesk *self);
/* Whether something runs in a tab, or a transaction is open; @why: (out) (transfer full): what, for a person */
gboolean      tide_sql_desk_is_in_use   (TideSqlDesk *self,
                                         char       **why);

G_END_DECLS
