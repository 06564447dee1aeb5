/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-results-pane"

#include "config.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#include "choose-file.h"
#include "read-clipboard.h"
#include "sql/tide-browse-view.h"
#include "sql/tide-grid-private.h"
#include "sql/tide-result-view.h"
#include "sql/tide-results-pane.h"
#include "support/tide-test.h"
#include "tide-error.h"
#include "wait-until.h"

static gboolean
take (TideResult *chunk,
      guint       statement,
      gpointer    data)
{
  return tide_row_store_append (data, chunk, NULL);
}

static GtkWidget *
find (GtkWidget *widget,
      GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* (transfer full): what the action puts on the clipboard */
static char *
copy (GtkWidget  *view,
      const char *format)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (view);
  g_autoptr(GdkContentProvider) before = NULL;

  gdk_clipboard_set_text (clipboard, "before");
  before = g_object_ref (gdk_clipboard_get_content (clipboard));
  gtk_widget_activate_action (view, "result.copy", "s", format);
  wait_until (gdk_clipboard_get_content (clipboard) != before);
  return read_clipboard (view);
}

/* The menu at the foot of the rows: what each of its entries copies of the first two rows and columns */
static void
check_copy_menu (GtkWidget *view)
{
  static const char *const wanted[][2] = {
    { "tsv", "n\tm\n1\t\"it's \"\"1\"\"\"\n2\t\n" },
    { "csv", "n,m\n1,\"it's \"\"1\"\"\"\n2,\n" },
    { "json", "[\n  {\"n\":1,\"m\":\"it's \\\"1\\\"\"},\n  {\"n\":2,\"m\":null}\n]\n" },
    { "markdown", "| n | m |\n| ---: | --- |\n| 1 | it's \"1\" |\n| 2 | *NULL* |\n" },
    { "insert", "INSERT INTO table_name (\"n\", \"m\") VALUES\n  (1, 'it''s \"1\"'),\n  (2, NULL);\n" },
    { "in-list", "((1, 'it''s \"1\"'), (2, NULL))" },
  };
  GMenuModel *menu = gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (find (view, GTK_TYPE_MENU_BUTTON)));
  g_autoptr(GMenuModel) section = g_menu_model_get_item_link (menu, 0, G_MENU_LINK_SECTION);

  g_assert_cmpint (g_menu_model_get_n_items (section), ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autofree char *action = NULL, *format = NULL, *text = NULL;

      g_assert_true (g_menu_model_get_item_attribute (section, i, "action", "s", &action));
      g_assert_true (g_menu_model_get_item_attribute (section, i, "target", "s", &format));
      g_assert_cmpstr (action, ==, "result.copy");
      g_assert_cmpstr (format, ==, wanted[i][0]);
      text = copy (view, format);
      g_assert_cmpstr (text, ==, wanted[i][1]);
    }
}

/* (transfer none): the gesture of that type that @widget has */
static gpointer
find_gesture (GtkWidget *widget,
              GType      type)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GObject) controller = g_list_model_get_item (controllers, i);

      if (G_OBJECT_TYPE (controller) == type)
        return controller;
    }
  return NULL;
}

/* The edge of a column's head is dragged, and pressed twice: it fits what is in it. */
static void
check_resize (TideGrid *grid)
{
  gpointer drag = find_gesture (GTK_WIDGET (grid), GTK_TYPE_GESTURE_DRAG);
  gpointer click = find_gesture (GTK_WIDGET (grid), GTK_TYPE_GESTURE_CLICK);
  double edge = grid->ends[1], after = grid->ends[2] - grid->ends[1];

  g_signal_emit_by_name (drag, "drag-begin", grid->gutter + edge, 5.0);
  g_signal_emit_by_name (drag, "drag-update", 60.0, 0.0);
  g_signal_emit_by_name (drag, "drag-end", 60.0, 0.0);
  g_assert_cmpfloat_with_epsilon (grid->ends[1], edge + 60, 0.1);
  g_assert_cmpfloat_with_epsilon (grid->ends[2] - grid->ends[1], after, 0.1);
  g_signal_emit_by_name (click, "pressed", 2, grid->gutter + edge + 60, 5.0);
  g_assert_cmpfloat (grid->ends[1], <, edge + 60);
}

static void
test_pane (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, &error);
  g_autoptr(TideRowStore) store = tide_row_store_new (G_MAXUINT64, "SELECT n FROM t");
  GtkWidget *window = gtk_window_new ();
  GtkWidget *pane = g_object_new (TIDE_TYPE_RESULTS_PANE, NULL);
  GtkWidget *grid, *view;
  gpointer gone = pane;
  guint row, column;
  char *text;

  g_assert_no_error (error);
  g_object_add_weak_pointer (G_OBJECT (pane), &gone);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 500);
  gtk_window_set_child (GTK_WINDOW (window), pane);
  gtk_window_present (GTK_WINDOW (window));
  tide_results_pane_add_store (TIDE_RESULTS_PANE (pane), NULL, store);
  grid = find (pane, TIDE_TYPE_GRID);
  view = find (pane, TIDE_TYPE_RESULT_VIEW);
  g_assert_nonnull (grid);
  g_assert_true (tide_session_stream (session, "SELECT n, CASE WHEN n <> 2 THEN 'it''s \"' || n || '\"' END AS m, E'\\xc3\\xa4' AS a"
                                               "  FROM generate_series (1, 12) n",
                                      5, take, store, NULL, &error));
  error = tide_error_new (TIDE_ERROR_LOST, NULL, "the server went away");
  tide_row_store_finish (store, error);
  wait_until (tide_grid_get_n_rows (TIDE_GRID (grid)) == 12);
  g_assert_cmpuint (tide_grid_get_n_columns (TIDE_GRID (grid)), ==, 3);
  gtk_test_widget_wait_for_draw (grid);

  check_resize (TIDE_GRID (grid));

  /* Copying, as they came and in order */
  tide_grid_move_to (TIDE_GRID (grid), 0, 0, FALSE);
  tide_grid_move_to (TIDE_GRID (grid), 1, 1, TRUE);
  check_copy_menu (view);
  g_signal_emit_by_name (grid, "header-clicked", 0);
  g_signal_emit_by_name (grid, "header-clicked", 0);
  tide_grid_move_to (TIDE_GRID (grid), 0, 0, FALSE);
  wait_until (!gtk_widget_get_visible (find (view, GTK_TYPE_SPINNER)));
  text = copy (view, "tsv");
  g_assert_cmpstr (text, ==, "12");
  g_free (text);

  /* Anywhere at once */
  tide_grid_move_to (TIDE_GRID (grid), 1000, 2, FALSE);
  g_assert_true (tide_grid_get_cursor (TIDE_GRID (grid), &row, &column));
  g_assert_cmpuint (row, ==, 11);
  tide_results_pane_add_error (TIDE_RESULTS_PANE (pane), error, FALSE);
  tide_results_pane_clear (TIDE_RESULTS_PANE (pane));
  g_assert_null (find (pane, TIDE_TYPE_GRID));
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_null (gone);
  tide_session_close (session);
  g_clear_object (&session);
  tide_test_drop_database (conninfo);
}

/* A script of thousands of queries does not become thousands of tabs, and the next run is not kept waiting for them to go. */
static void
test_many_results (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *pane = g_object_new (TIDE_TYPE_RESULTS_PANE, NULL);
  GtkNotebook *notebook = GTK_NOTEBOOK (find (pane, GTK_TYPE_NOTEBOOK));
  GtkWidget *messages = gtk_notebook_get_nth_page (notebook, 0);

  gtk_window_set_child (GTK_WINDOW (window), pane);
  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < 150; i++)
    {
      g_autoptr(TideRowStore) store = tide_row_store_new (G_MAXUINT64, "SELECT 1");

      tide_row_store_finish (store, NULL);
      tide_results_pane_add_store (TIDE_RESULTS_PANE (pane), NULL, store);
    }
  g_assert_cmpint (gtk_notebook_get_n_pages (notebook), ==, 101);
  wait_until (find (messages, GTK_TYPE_LABEL) != NULL);
  tide_results_pane_clear (TIDE_RESULTS_PANE (pane));
  g_assert_cmpint (gtk_notebook_get_n_pages (notebook), ==, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A page of a table is shown, and all of it is saved. */
static void
test_browse_saves_all (void)
{
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *folder = tide_test_make_folder ();
  g_autoptr(GFile) file = g_file_new_build_filename (folder, "rows.csv", NULL);
  g_autofree char *saved = NULL;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *grid;

  g_free (tide_test_psql (conninfo, "create table cargo as select n as id from generate_series(1, 2500) n;"
                                    "alter table cargo add primary key (id)"));
  /* The chooser starts there. */
  g_assert_cmpint (g_chdir (folder), ==, 0);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 500);
  gtk_window_set_child (GTK_WINDOW (window), tide_browse_view_new (conninfo, "public", "cargo"));
  gtk_window_present (GTK_WINDOW (window));
  wait_until ((grid = find (window, TIDE_TYPE_GRID)) != NULL && tide_grid_get_n_rows (TIDE_GRID (grid)) == 1000);
  wait_until (gtk_widget_activate_action (find (window, TIDE_TYPE_RESULT_VIEW), "result.export-again", "s", "csv"));
  choose_file (file);
  wait_until (g_file_get_contents (g_file_peek_path (file), &saved, NULL, NULL));
  g_assert_true (g_str_has_prefix (saved, "id\n1\n2\n") && g_str_has_suffix (saved, "\n2499\n2500\n"));
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_cmpint (g_chdir (before), ==, 0);
  tide_test_remove_folder (folder);
  tide_test_drop_database (conninfo);
}

/* (transfer none): the rows of @sql, ready to be changed, in a window of their own */
static TideResultView *
show_rows (TideSession *session,
           const char  *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideRowStore) store = tide_row_store_new (G_MAXUINT64, sql);
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view;

  g_assert_true (tide_session_stream (session, sql, 100, take, store, NULL, &error));
  g_assert_no_error (error);
  tide_row_store_finish (store, NULL);
  view = tide_result_view_new (store, NULL, session, FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 500);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (view);
  return TIDE_RESULT_VIEW (view);
}

/* What is copied is what is shown, also where it is not applied yet. */
static void
test_copy_of_changes (void)
{
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, NULL);
  TideResultView *view;
  TideGrid *grid;
  char *text;

  g_free (tide_test_psql (conninfo, "create table t (id integer primary key, v text); insert into t select n, 'v' || n from generate_series(1, 3) n"));
  view = show_rows (session, "select * from t order by id");
  grid = TIDE_GRID (find (GTK_WIDGET (view), TIDE_TYPE_GRID));
  tide_grid_move_to (grid, 1, 1, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (view), "result.set-null", NULL);
  wait_until (tide_result_view_get_n_changes (view) == 1);
  text = copy (GTK_WIDGET (view), "tsv");
  g_assert_cmpstr (text, ==, "");
  g_free (text);
  gtk_widget_activate_action (GTK_WIDGET (view), "result.insert-row", NULL);
  tide_grid_select_all (grid);
  text = copy (GTK_WIDGET (view), "csv");
  g_assert_cmpstr (text, ==, "id,v\n1,v1\n2,\n3,v3\n,\n");
  g_free (text);
  g_signal_emit_by_name (grid, "header-clicked", 0);
  g_signal_emit_by_name (grid, "header-clicked", 0);
  wait_until (!gtk_widget_get_visible (find (GTK_WIDGET (view), GTK_TYPE_SPINNER)));
  tide_grid_move_to (grid, 0, 0, FALSE);
  tide_grid_move_to (grid, 2, 1, TRUE);
  text = copy (GTK_WIDGET (view), "in-list");
  g_assert_cmpstr (text, ==, "((3, 'v3'), (2, NULL), (1, 'v1'))");
  g_free (text);
  gtk_window_destroy (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))));
  tide_session_close (session);
  g_clear_object (&session);
  tide_test_drop_database (conninfo);
}

/* The field of a cell goes where the cell goes, and what was written is taken when the cell goes out of sight. */
static void
test_editor_follows (void)
{
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, NULL);
  GdkRectangle before, after;
  GtkAdjustment *adjustment;
  TideResultView *view;
  GtkWidget *field = NULL, *popover;
  TideGrid *grid;

  g_free (tide_test_psql (conninfo, "create table t (id integer primary key, v text); insert into t select n, 'v' || n from generate_series(1, 500) n"));
  view = show_rows (session, "select * from t order by id");
  grid = TIDE_GRID (find (GTK_WIDGET (view), TIDE_TYPE_GRID));
  g_object_get (grid, "vadjustment", &adjustment, NULL);
  tide_grid_move_to (grid, 6, 1, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (view), "result.edit", NULL);
  wait_until ((field = find (GTK_WIDGET (view), GTK_TYPE_TEXT_VIEW)) != NULL && gtk_widget_get_mapped (field));
  popover = gtk_widget_get_ancestor (field, GTK_TYPE_POPOVER);
  gtk_popover_get_pointing_to (GTK_POPOVER (popover), &before);
  gtk_adjustment_set_value (adjustment, 40);
  g_assert_true (gtk_widget_get_visible (popover));
  gtk_popover_get_pointing_to (GTK_POPOVER (popover), &after);
  g_assert_cmpint (after.y, ==, before.y - 40);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (field)), "written", -1);
  gtk_text_buffer_set_modified (gtk_text_view_get_buffer (GTK_TEXT_VIEW (field)), TRUE);
  gtk_adjustment_set_value (adjustment, 4000);
  g_assert_false (gtk_widget_get_visible (popover));
  g_assert_cmpuint (tide_result_view_get_n_changes (view), ==, 1);

  /* Asked for where the cell is out of sight, it comes into sight. */
  gtk_widget_activate_action (GTK_WIDGET (view), "result.edit", NULL);
  g_assert_true (gtk_widget_get_visible (popover));
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), <, 400);
  g_object_unref (adjustment);
  gtk_window_destroy (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))));
  tide_session_close (session);
  g_clear_object (&session);
  tide_test_drop_database (conninfo);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/sql/results-pane", test_pane);
  g_test_add_func ("/sql/results-pane/browse-saves-all", test_browse_saves_all);
  g_test_add_func ("/sql/results-pane/many-results", test_many_results);
  g_test_add_func ("/sql/results-pane/copy-of-changes", test_copy_of_changes);
  g_test_add_func ("/sql/results-pane/editor-follows", test_editor_follows);
  return g_test_run ();
}
