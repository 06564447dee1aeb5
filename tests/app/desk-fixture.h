/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include <adwaita.h>

#include "sql/tide-sql-desk.h"
#include "support/tide-test.h"
#include "wait-until.h"

G_BEGIN_DECLS

/* A window with a desk in it, and what is done and looked for there */
typedef struct
{
  GtkWidget     *window;
  TideSqlDesk   *desk;
  TideProfile   *profile;
  TideWorkspace *workspace;
  TideConninfo  *conninfo; /* (nullable) */
} Fixture;

static inline void
fixture_open (Fixture *fixture)
{
  g_autoptr(TideSqlPlace) place = tide_sql_place_new_for_profile (fixture->profile);

  fixture->window = gtk_window_new ();
  fixture->workspace = tide_workspace_new ();
  fixture->desk = g_object_ref_sink (g_object_new (TIDE_TYPE_SQL_DESK, "place", place, "workspace", fixture->workspace, NULL));
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->desk));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static inline void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->profile = tide_profile_new ();
  fixture_open (fixture);
}

/* With a database behind it */
static inline void
fixture_set_up_real (Fixture       *fixture,
                     gconstpointer  data)
{
  fixture->conninfo = tide_test_create_database ();
  fixture->profile = tide_profile_new_from_conninfo (fixture->conninfo);
  fixture_open (fixture);
}

static inline void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  tide_sql_tab_forget (tide_sql_desk_get_tab (fixture->desk));
  g_clear_object (&fixture->desk);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_clear_object (&fixture->workspace);
  g_clear_object (&fixture->profile);
  if (fixture->conninfo != NULL)
    tide_test_drop_database (fixture->conninfo);
  g_clear_pointer (&fixture->conninfo, tide_conninfo_unref);
}

static inline void
fixture_set_up_staging (Fixture       *fixture,
                        gconstpointer  data)
{
  fixture->conninfo = tide_test_create_database ();
  fixture->profile = tide_profile_new_from_conninfo (fixture->conninfo);
  g_object_set (fixture->profile, "kind", TIDE_KIND_STAGING, NULL);
  fixture_open (fixture);
}

static inline GtkWindow *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return window;
    }
  return NULL;
}

static inline GtkWidget *
find_widget (GtkWidget *widget,
             GType      type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, type);
  return found;
}

/* A run has begun once it was, and ended once it is not any more. */
static inline void
on_busy (GObject    *tab,
         GParamSpec *pspec,
         gboolean   *begun)
{
  gboolean busy;

  g_object_get (tab, "busy", &busy, NULL);
  *begun = *begun || busy;
}

static inline void
run (Fixture    *fixture,
     const char *sql,
     const char *action)
{
  TideSqlTab *tab = tide_sql_desk_get_tab (fixture->desk);
  gboolean begun = FALSE;
  gboolean busy = FALSE;
  gulong handler = g_signal_connect (tab, "notify::busy", G_CALLBACK (on_busy), &begun);

  tide_sql_tab_set_text (tab, NULL, sql);
  gtk_widget_activate_action (GTK_WIDGET (tab), action, NULL);
  wait_until ((g_object_get (tab, "busy", &busy, NULL), begun && !busy));
  g_signal_handler_disconnect (tab, handler);
}

static inline gboolean
says (GtkWidget  *widget,
      const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;
  return FALSE;
}

static inline void
answer (const char *response)
{
  GtkWindow *dialog = find_dialog ();

  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_destroy (dialog);
}

G_END_DECLS
