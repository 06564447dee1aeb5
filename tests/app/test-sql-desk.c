/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sql-desk"

#include "config.h"

#include <adwaita.h>

#include "sql/tide-sql-desk.h"
#include "support/tide-test.h"
#include "wait-until.h"

/* More than any pool has threads, so that what comes behind them waits */
#define N_HELD 200

typedef struct
{
  GtkWidget    *window;
  TideSqlDesk  *desk;
  TideProfile  *profile;
  TideConninfo *conninfo; /* (nullable) */
} Fixture;

static GMutex gate;

static void
fixture_open (Fixture *fixture)
{
  g_autoptr(TideSqlPlace) place = tide_sql_place_new_for_profile (fixture->profile);

  fixture->window = gtk_window_new ();
  fixture->desk = g_object_new (TIDE_TYPE_SQL_DESK, "place", place, NULL);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->desk));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->profile = tide_profile_new ();
  fixture_open (fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  tide_sql_tab_forget (tide_sql_desk_get_tab (fixture->desk));
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_clear_object (&fixture->profile);
  if (fixture->conninfo != NULL)
    tide_test_drop_database (fixture->conninfo);
  g_clear_pointer (&fixture->conninfo, tide_conninfo_unref);
}

static void
wait_at_gate (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  g_mutex_lock (&gate);
  g_mutex_unlock (&gate);
  g_task_return_boolean (task, TRUE);
}

/* Until the gate is opened, no thread takes up any new work. */
static void
shut_gate (void)
{
  g_mutex_lock (&gate);
  for (guint i = 0; i < N_HELD; i++)
    {
      g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);

      g_task_run_in_thread (task, wait_at_gate);
    }
}

static GtkWindow *
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

/* Saves @path, which waits, and closes the tab meanwhile. */
static void
save_and_close (Fixture    *fixture,
                const char *path)
{
  TideSqlTab *tab = tide_sql_desk_get_tab (fixture->desk);

  tide_sql_tab_take_file (tab, path, "select 1");
  tide_sql_tab_insert (tab, "-- a\n");
  shut_gate ();
  gtk_widget_activate_action (GTK_WIDGET (tab), "tab.save", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->desk), "desk.close-tab", NULL);
  g_assert_true (tide_sql_tab_is_saving (tab));
  g_assert_null (find_dialog ());
  g_mutex_unlock (&gate);
}

/* What is not in the file stays in the tab, and the person is told; what is there needs no question. */
static void
test_close_while_saving (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "file.sql", NULL);
  g_autofree char *lost = g_build_filename (folder, "none", "file.sql", NULL);
  TideSqlTab *tab = tide_sql_desk_get_tab (fixture->desk);
  g_autofree char *text = NULL;
  g_autofree char *saved = NULL;

  save_and_close (fixture, lost);
  wait_until (find_dialog () != NULL);
  g_assert_true (tide_sql_desk_get_tab (fixture->desk) == tab && !tide_sql_tab_is_saving (tab));
  text = tide_sql_tab_dup_text (tab);
  g_assert_cmpstr (text, ==, "-- a\nselect 1");
  gtk_window_destroy (find_dialog ());

  g_object_add_weak_pointer (G_OBJECT (tab), (gpointer *) &tab);
  save_and_close (fixture, path);
  wait_until (tab == NULL);
  g_assert_true (g_file_get_contents (path, &saved, NULL, NULL));
  g_assert_cmpstr (saved, ==, "-- a\nselect 1");
  g_assert_null (find_dialog ());
  g_assert_nonnull (tide_sql_desk_get_tab (fixture->desk));
  tide_test_remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/app/sql-desk/close-while-saving", Fixture, NULL, fixture_set_up, test_close_while_saving, fixture_tear_down);
  return g_test_run ();
}
