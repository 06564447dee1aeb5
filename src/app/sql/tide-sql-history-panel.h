/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What was run, the newest first, with a search. Signal: "chosen" (const char *text): put it back */
#define TIDE_TYPE_SQL_HISTORY_PANEL (tide_sql_history_panel_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlHistoryPanel, tide_sql_history_panel, TIDE, SQL_HISTORY_PANEL, GtkWidget)

/* Reads it again if it is seen, or else when it is */
void tide_sql_history_panel_refresh (TideSqlHistoryPanel *self);

G_END_DECLS
