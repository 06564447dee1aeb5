/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sql-desk"

#include "config.h"

#include "desk-fixture.h"
#include "sql/tide-explain-view.h"
#include "sql/tide-result-view.h"
#include "sql/tide-sql-editor.h"

/* More than any pool has threads, so that what comes behind them waits */
#define N_HELD 200

static GMutex gate;

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

/* Saves @path, which waits, and closes the tab meanwhile. */
static void
save_and_close (Fixture    *fixture,
                const char *path)
{
  TideSqlTab *tab = tide_sql_desk_get_tab (fixture->desk);

  tide_sql_tab_take_file (tab, path, "select 1", NULL);
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

/* Nothing below @widget asks for more than what a phone has, the margins of the page aside. */
static void
check_narrow (GtkWidget *widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (minimum > 360)
    g_test_message ("%s asks for %d", G_OBJECT_TYPE_NAME (widget), minimum);
  g_assert_cmpint (minimum, <=, 360);
  /* What can be scrolled may be as wide as it likes. */
  if (GTK_IS_SCROLLED_WINDOW (widget))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child))
      check_narrow (child);
}

static gboolean
offers (GtkWidget  *widget,
        const char *action)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) && gtk_widget_is_sensitive (widget) &&
      g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (offers (child, action))
      return TRUE;
  return FALSE;
}

/* Begins a new row of what was answered last, once that is known to be possible. */
static void
insert_row (GtkWidget *tab)
{
  wait_until (offers (tab, "result.insert-row"));
  gtk_widget_activate_action (find_widget (tab, TIDE_TYPE_RESULT_VIEW), "result.insert-row", NULL);
  wait_until (offers (tab, "result.review"));
}

/* The page fits a phone whatever it shows. */
static void
test_narrow (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *tab = GTK_WIDGET (tide_sql_desk_get_tab (fixture->desk));

  check_narrow (GTK_WIDGET (fixture->desk));
  run (fixture, "create table t (id int primary key, v text); insert into t select g, repeat('x', 100) from generate_series(1, 100) g",
       "tab.run-all");
  run (fixture, "begin", "tab.run");
  run (fixture, "table t", "tab.run");
  gtk_widget_activate_action (find_widget (tab, TIDE_TYPE_SQL_EDITOR), "editor.replace", NULL);
  insert_row (tab);
  check_narrow (GTK_WIDGET (fixture->desk));
  gtk_widget_activate_action (find_widget (tab, TIDE_TYPE_RESULT_VIEW), "result.discard", NULL);
  wait_until (!offers (tab, "result.review"));
  run (fixture, "update t set v = 'y'", "tab.explain-analyze");
  wait_until (find_widget (tab, TIDE_TYPE_EXPLAIN_VIEW) != NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->desk), "desk.side", "s", "objects");
  check_narrow (GTK_WIDGET (fixture->desk));
}

/* Who listens hears: what he said himself in the same run, and what others say later. */
static void
test_notify (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *tab = GTK_WIDGET (tide_sql_desk_get_tab (fixture->desk));

  run (fixture, "listen \"the Harbour\"; notify \"the Harbour\", 'it''s wörds'", "tab.run-all");
  wait_until (says (tab, ": it's wörds"));
  g_free (tide_test_psql (fixture->conninfo, "notify \"the Harbour\"; notify deaf, 'nobody'; notify \"the Harbour\", 'ship'"));
  wait_until (says (tab, ": ship"));
  g_assert_true (says (tab, "NOTIFY the Harbour from process "));
  g_assert_false (says (tab, "nobody"));
}

/* However much is said, the page stays usable: the last of it is there. */
static void
test_many_notices (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkWidget *tab = GTK_WIDGET (tide_sql_desk_get_tab (fixture->desk));

  run (fixture, "do $$ begin for i in 1..30000 loop raise notice 'n%', i; end loop; raise 'the end'; end $$", "tab.run");
  wait_until (says (tab, "the end"));
  g_assert_true (says (tab, "NOTICE: n30000") && !says (tab, "NOTICE: n29000"));
  g_assert_true (says (tab, "What was said before is not kept"));
  run (fixture, "select 1", "tab.run");
  g_assert_false (says (tab, "What was said before is not kept"));
}

/* Rows that were changed and not applied go only when the person says so. */
static void
test_close_with_changes (Fixture       *fixture,
                         gconstpointer  data)
{
  TideSqlTab *tab = tide_sql_desk_get_tab (fixture->desk);

  run (fixture, "create table t (id int primary key, v text); insert into t values (1, 'a')", "tab.run-all");
  run (fixture, "table t", "tab.run");
  tide_sql_tab_set_text (tab, NULL, "");
  insert_row (GTK_WIDGET (tab));
  gtk_widget_activate_action (GTK_WIDGET (fixture->desk), "desk.close-tab", NULL);
  wait_until (find_dialog () != NULL);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_dialog ())), "1 changed row is not applied yet"));
  answer ("cancel");
  wait_until (find_dialog () == NULL);
  g_assert_true (tide_sql_desk_get_tab (fixture->desk) == tab);
  g_assert_nonnull (find_widget (GTK_WIDGET (tab), TIDE_TYPE_RESULT_VIEW));

  /* The answer is on its way: until it is there, the tab is still being closed. */
  g_object_add_weak_pointer (G_OBJECT (tab), (gpointer *) &tab);
  wait_until ((gtk_widget_activate_action (GTK_WIDGET (fixture->desk), "desk.close-tab", NULL), find_dialog () != NULL));
  answer ("ok");
  wait_until (tab == NULL);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GtkCssProvider) provider = NULL;

  gtk_test_init (&argc, &argv, NULL);
  provider = gtk_css_provider_new ();
  adw_init ();
  gtk_css_provider_load_from_resource (provider, "/com/broxiva/Tidemark/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_test_add ("/app/sql-desk/close-while-saving", Fixture, NULL, fixture_set_up, test_close_while_saving, fixture_tear_down);
  g_test_add ("/app/sql-desk/narrow", Fixture, NULL, fixture_set_up_real, test_narrow, fixture_tear_down);
  g_test_add ("/app/sql-desk/notify", Fixture, NULL, fixture_set_up_real, test_notify, fixture_tear_down);
  g_test_add ("/app/sql-desk/many-notices", Fixture, NULL, fixture_set_up_real, test_many_notices, fixture_tear_down);
  g_test_add ("/app/sql-desk/close-with-changes", Fixture, NULL, fixture_set_up_real, test_close_with_changes, fixture_tear_down);
  return g_test_run ();
}
