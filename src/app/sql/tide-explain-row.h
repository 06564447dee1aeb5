/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "query/tide-explain.h"

G_BEGIN_DECLS

/* A node of a plan as a list shows it, and what each column says of it */
#define TIDE_TYPE_EXPLAIN_ROW (tide_explain_row_get_type ())
G_DECLARE_FINAL_TYPE (TideExplainRow, tide_explain_row, TIDE, EXPLAIN_ROW, GObject)

typedef enum
{
  TIDE_EXPLAIN_COLUMN_NODE,
  TIDE_EXPLAIN_COLUMN_SHARE,
  TIDE_EXPLAIN_COLUMN_OWN_TIME,
  TIDE_EXPLAIN_COLUMN_TOTAL_TIME,
  TIDE_EXPLAIN_COLUMN_PLANNED,
  TIDE_EXPLAIN_COLUMN_REAL,
  TIDE_EXPLAIN_COLUMN_ESTIMATE,
  TIDE_EXPLAIN_COLUMN_LOOPS,
  TIDE_EXPLAIN_COLUMN_BUFFERS,
  TIDE_EXPLAIN_COLUMN_COST,
  TIDE_EXPLAIN_N_COLUMNS,
} TideExplainColumn;

TideExplainRow        *tide_explain_row_new       (TideExplain           *explain,
                                                   const TideExplainNode *node);
const TideExplainNode *tide_explain_row_get_node  (TideExplainRow        *self);
/* (transfer full) (nullable): the rows below it; NULL: none */
GListModel            *tide_explain_row_list_children (TideExplainRow    *self);
/* (transfer full): "" where nothing was measured */
char                  *tide_explain_row_dup_text  (TideExplainRow        *self,
                                                   TideExplainColumn      column);
/* What the column is sorted by */
double                 tide_explain_row_get_value (TideExplainRow        *self,
                                                   TideExplainColumn      column);
const char            *tide_explain_column_get_title (TideExplainColumn   column);

G_END_DECLS
