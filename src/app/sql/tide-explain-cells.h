/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "sql/tide-explain-row.h"

G_BEGIN_DECLS

/* How the steps of a plan are drawn, as a tree and as a table */

/* (transfer none): the row behind an item of either */
TideExplainRow *tide_explain_cells_get_row     (gpointer       item);
/* All columns, in the order of TideExplainColumn. @sorts: by a press on their titles */
void            tide_explain_cells_add_columns (GtkColumnView *view,
                                                gboolean       sorts);

G_END_DECLS
