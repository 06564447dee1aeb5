/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-desk.h"

G_BEGIN_DECLS

/**
 * TideSqlPage:
 *
 * The SQL page: for each environment a desk of its own with its tabs, and the one of the chosen environment is seen:
 * what is written for one database is never run on another by a click in the sidebar. Properties: "workspace"
 * (construct-only), "profile" (#TideProfile, nullable: the desk of that connection is seen instead), "writing" (boolean, read-only: the tab that is seen may write to a production database).
 */
#define TIDE_TYPE_SQL_PAGE (tide_sql_page_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlPage, tide_sql_page, TIDE, SQL_PAGE, GtkWidget)

/* The desk that is seen */
TideSqlDesk *tide_sql_page_get_desk    (TideSqlPage *self); /* (transfer none) (nullable) */
/* All of them: what runs or is open in tabs that are not seen */
gboolean     tide_sql_page_is_in_use   (TideSqlPage *self,
                                        char       **why); /* (out) (transfer full) */

G_END_DECLS
