/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "health/tide-reminder-bar.h"
#include "tide-desktop.h"
#include "sql/tide-sql-page.h"
#include "tide-sidebar.h"
#include "tide-window.h"
#include "widgets/tide-lazy.h"

G_BEGIN_DECLS

struct _TideWindow
{
  AdwApplicationWindow  parent_instance;

  /* Template widgets */
  AdwToastOverlay      *toasts;
  AdwLeaflet           *leaflet;
  TideSidebar          *sidebar;
  GtkStack             *stack;
  AdwViewStack         *pages;
  AdwSqueezer          *squeezer;
  GtkWidget            *no_room;      /* what it shows where the buttons have none */
  AdwViewSwitcherBar   *switcher_bar;
  GtkWidget            *deploy_button;
  GtkWidget            *jobs_place;
  GtkMenuButton        *menu_button;
  TideLazy             *error_place;
  GtkLabel             *loading_label;
  AdwViewSwitcher      *connection_switcher;
  AdwViewStack         *connection_pages;
  TideLazy             *connection_place;
  TideLazy             *connection_sql;
  GtkInfoBar           *trouble_bar;
  GtkLabel             *trouble_label;
  GtkButton            *trouble_button; /* the way out: to look again, or to start the sample */
  TideReminderBar      *reminder_bar;
  GtkWidget            *writing_button;

  /* Owned */
  TideWorkspace        *workspace;
  TideDesktop          *desktop;
  GSignalGroup         *environment_signals; /* of the one that is selected */
  TideProfileStore     *profiles;
  GSettings            *settings;
  GMenu                *recent_menu;
  TideProfile          *profile;      /* shown instead of the project */
  char                 *opening;      /* the folder that is being opened */
  char                 *failed;       /* the folder that could not be opened */
  GError               *error;        /* why */
  GCancellable         *cancellable;  /* of what is being opened */

  guint                 present_source; /* waits for what the first frame is to show */
  gboolean              sidebar_hidden; /* the person does not want it */
  gboolean              starting_sample;
  gboolean              closing_sql; /* what is open on the SQL page was asked about */
  gboolean              closing;      /* as soon as the running jobs have been cancelled */
};

/* Which page is shown, and the bar above it, follow from what there is */
/* (transfer none) (nullable): of the connection that is shown, or of the project; @make: also when nobody has looked at it so far */
/* What is open on the SQL pages, of the project and of connections: (transfer full) (nullable) */
char        *tide_window_dup_sql_use  (TideWindow    *self);
TideSqlPage *tide_window_get_sql_page (TideWindow    *self,
                                       gboolean       make);
/* The buttons of the pages are below them */
gboolean     tide_window_is_narrow    (TideWindow    *self);
void tide_window_install_content      (GtkWidgetClass *widget_class);
void tide_window_update_content       (TideWindow     *self);
void tide_window_update_writing   (TideWindow     *self);
void tide_window_update_trouble       (TideWindow     *self);
/* Which folder is open, could not be opened, or is being opened; and the actions around that */
void tide_window_install_projects     (GtkWidgetClass *widget_class);
void tide_window_update_recent        (TideWindow     *self);
gboolean tide_window_shows_sample     (TideWindow     *self);
/* Deploy and roll back, in windows of their own */
void     tide_window_install_runs     (GtkWidgetClass *widget_class);
void     tide_window_update_runs      (TideWindow     *self);
/* Brings up the window of a run, by the name of app.show-page; FALSE: there is none */
gboolean tide_window_show_run         (TideWindow     *self,
                                       const char     *name);
/* TRUE: something runs; the person is asked, and the window closes when it has stopped */
gboolean tide_window_ask_to_close     (TideWindow     *self);
/* The actions on saved connections */
void tide_window_install_connections  (GtkWidgetClass *widget_class);

G_END_DECLS
