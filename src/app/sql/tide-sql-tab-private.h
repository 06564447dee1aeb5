/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "sql/tide-results-pane.h"
#include "sql/tide-sql-console.h"
#include "sql/tide-sql-editor.h"
#include "sql/tide-sql-keeper.h"
#include "sql/tide-sql-tab.h"
#include "widgets/tide-button-content.h"

G_BEGIN_DECLS

/* One struct in several files: tide-sql-tab.c (life and looks), -run.c (what is run and what comes of it), -file.c */

typedef enum
{
  TIDE_SQL_BAR_NONE,
  TIDE_SQL_BAR_LOSS,    /* the connection went away with a transaction */
  TIDE_SQL_BAR_MASKED,  /* passwords were not kept */
  TIDE_SQL_BAR_REFUSED, /* it only reads */
} TideSqlBar;

struct _TideSqlTab
{
  GtkWidget         parent_instance;

  /* Template widgets */
  TideSqlEditor    *editor;
  TideResultsPane  *results;
  GtkPaned         *paned;
  GtkWidget        *run_button;
  AdwButtonContent *run_content;
  GtkMenuButton    *chip;
  GtkLabel         *chip_label;
  GtkWidget        *end_box;
  GtkWidget        *lock_button;
  TideButtonContent *lock_content;
  GtkInfoBar       *bar;
  GtkLabel         *bar_label;
  GtkButton        *bar_button;

  /* Owned */
  TideSqlPlace     *place;
  TideSqlConsole   *console;
  TideSqlKeeper    *keeper;
  char             *title;
  char             *start;       /* of the text: what it is called without one */
  char             *path;
  char             *stamp;       /* of the file: tide_sql_file_load_finish() */
  char             *ran_text;    /* all of the text when it was last run */
  GPtrArray        *statements;  /* of the last run */
  GHashTable       *remembered;  /* values of parameters */
  guint             age_source;
  guint             n_results;
  guint             n_edits;     /* of the text */
  TideSqlBar        bar_kind;
  gboolean          asking;      /* a question is open */
  gboolean          saving;      /* a file is being written */
  gboolean          save_again;  /* once that one is */
};

/* tide-sql-tab.c */
void tide_sql_tab_show_bar        (TideSqlTab     *self,
                                   TideSqlBar      kind,
                                   const char     *text);
void tide_sql_tab_set_file        (TideSqlTab     *self,
                                   const char     *title,
                                   const char     *path,
                                   const char     *stamp);

/* tide-sql-tab-run.c */
void tide_sql_tab_install_run     (GtkWidgetClass *widget_class);
void tide_sql_tab_connect_console (TideSqlTab     *self);

/* tide-sql-tab-file.c */
void tide_sql_tab_install_file    (GtkWidgetClass *widget_class);

G_END_DECLS
