/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-row-edit.h"
#include "sql/tide-grid.h"
#include "sql/tide-result-view.h"

G_BEGIN_DECLS

/* One struct in several files: tide-result-view.c (rows, order, footer), -actions.c (copy, export, viewer),
 * -edit.c (changing rows). */

struct _TideResultView
{
  GtkWidget      parent_instance;

  /* Template widgets */
  TideGrid      *grid;
  GtkWidget     *overlay;
  GtkWidget     *trouble;
  GtkLabel      *trouble_label;
  GtkSpinner    *spinner;
  GtkLabel      *status;
  GtkEntry      *jump_entry;
  GtkMenuButton *copy_button;
  GtkMenuButton *export_button;
  GtkWidget     *edit_box;
  GtkWidget     *review_button;
  GtkWidget     *discard_button;
  GtkWidget     *menu;         /* (nullable): the grid's context menu, once it was wanted */

  /* Owned */
  TideRowStore  *store;
  TideWorkspace *workspace;
  TideSession   *session;
  TideSqlConsole *console;     /* (nullable): of that session */
  TideConninfo  *again;        /* (nullable): where all rows are asked for again */
  char          *again_sql;    /* (nullable): by which; NULL: by the statement of the store */
  TideRowReader  reader;
  GBytes        *rows;         /* (nullable): guint32: which rows of the store are shown; NULL: all of them */
  GBytes        *order;        /* (nullable): guint32: the same, sorted */
  GCancellable  *sorting;      /* (nullable) */
  GMenuModel    *cell_menu;

  TideRowEdit   *edit;         /* (nullable): once something was to be changed; its thread's alone while it is applied */
  GtkWidget     *editor;       /* (nullable): the popover, once it was wanted */
  GtkTextView   *editor_text;  /* its child */

  guint          n_read;       /* the rows of the store when that was made */
  guint          edited, edited_column; /* the row of the store, or the new one */
  guint          edited_row;   /* where that is shown */
  gboolean       gone;         /* disposed */
  gboolean       editable;
  gboolean       applying;
  gboolean       read_only;
  gboolean       paged;
  int            sort_column;  /* -1: none */
  gboolean       descending;
};

/* tide-result-view.c: the row of the store, or the new one of the changes, that is shown at @row */
guint tide_result_view_find_row         (TideResultView *self,
                                         guint           row);
/* Without those that are to be added */
guint tide_result_view_get_n_rows       (TideResultView *self);
/* (transfer full): guint32: of @n rows from @first on, new ones too, the rows of the store that say what is shown there; %NULL without
 * @error: as find_row() says it */
GBytes *tide_result_view_dup_shown      (TideResultView *self,
                                         guint           first,
                                         guint           n,
                                         GError        **error);
void  tide_result_view_start_sort       (TideResultView *self);
void  tide_result_view_update           (TideResultView *self);

const char *tide_result_view_get_value (TideResultView  *self,
                                        guint            row,
                                        guint            column,
                                        gsize           *length,
                                        TideGridCellLook *look);

/* tide-result-edit.c */
void  tide_result_edit_class_init       (GtkWidgetClass *widget_class);
void  tide_result_edit_set_up           (TideResultView *self); /* once the columns are known */

/* tide-result-actions.c */
void  tide_result_actions_class_init    (GtkWidgetClass *widget_class);
void  tide_result_view_show_value       (TideResultView *self);

G_END_DECLS
