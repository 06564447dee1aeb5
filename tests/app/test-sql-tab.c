/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sql-tab"

#include "config.h"

#include <glib/gstdio.h>

#include "choose-file.h"
#include "desk-fixture.h"
#include "sql/tide-grid.h"
#include "sql/tide-result-view.h"

static gboolean
is_busy (TideSqlTab *tab)
{
  gboolean busy;

  g_object_get (tab, "busy", &busy, NULL);
  return busy;
}

static int
get_caret (TideSqlTab *tab)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (tide_sql_tab_get_view (tab)));
  int place;

  g_object_get (buffer, "cursor-position", &place, NULL);
  return place;
}

/* What has no end is no riddle: the caret stands where it begins. */
static void
test_without_end (Fixture       *fixture,
                  gconstpointer  data)
{
  static const struct
  {
    const char *sql;
    const char *said;
    const char *place;
  } cases[] = {
    { "select 1;\nselect 'é', 'never; ends", "unterminated quoted string", "'never" },
    { "select 1;\nselect 2 /* never /* ends */", "unterminated /* comment", "/* never" },
    { "select 1;\ndo $a$ begin end; $b$", "unterminated dollar-quoted string", "$a$" },
    { "select 1;\nselect 3 as \"never ends", "unterminated quoted identifier", "\"never" },
  };
  TideSqlTab *tab = tide_sql_desk_get_tab (fixture->desk);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *place = strstr (cases[i].sql, cases[i].place);
      g_autofree char *text = NULL;

      wait_until (!is_busy (tab));
      tide_sql_tab_set_text (tab, NULL, cases[i].sql);
      gtk_widget_activate_action (GTK_WIDGET (tab), "tab.run-all", NULL);
      wait_until (says (GTK_WIDGET (tab), cases[i].said));
      g_assert_cmpint (get_caret (tab), ==, g_utf8_pointer_to_offset (cases[i].sql, place));
      text = tide_sql_tab_dup_text (tab);
      g_assert_cmpstr (text, ==, cases[i].sql);
    }
}

static gboolean
contains (const char *path,
          const char *wanted)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && g_str_equal (text, wanted);
}

static gboolean
has_title (TideSqlDesk *desk,
           const char  *wanted)
{
  g_autofree char *title = NULL;

  g_object_get (tide_sql_desk_get_tab (desk), "title", &title, NULL);
  return g_str_equal (title, wanted);
}

static void
open_file (Fixture    *fixture,
           const char *folder,
           const char *name)
{
  g_autoptr(GFile) file = g_file_new_build_filename (folder, name, NULL);

  gtk_widget_activate_action (GTK_WIDGET (fixture->desk), "desk.open", NULL);
  choose_file (file);
}

/* Through the dialog there and back; what is no text is told, and takes nothing from what is there. */
static void
test_files (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *folder = tide_test_make_folder ();
  g_autoptr(GFile) file = g_file_new_build_filename (folder, "query.sql", NULL);
  TideSqlTab *first = tide_sql_desk_get_tab (fixture->desk);
  TideSqlTab *tab;
  g_autofree char *text = NULL;

  tide_test_write_file (folder, "other.sql", "select 'ö'", -1);
  tide_test_write_file (folder, "rubbish.sql", "\x7f" "ELF\0\xff\xfe select", 14);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  tide_sql_tab_set_text (first, NULL, "select 'ü'");
  gtk_widget_activate_action (GTK_WIDGET (first), "tab.save", NULL);
  choose_file (file);
  wait_until (has_title (fixture->desk, "query.sql"));
  g_assert_true (contains (g_file_peek_path (file), "select 'ü'"));
  tide_sql_tab_insert (first, "-- again\n");
  g_assert_true (has_title (fixture->desk, "• query.sql"));
  gtk_widget_activate_action (GTK_WIDGET (first), "tab.save", NULL);
  wait_until (has_title (fixture->desk, "query.sql"));
  g_assert_true (contains (g_file_peek_path (file), "-- again\nselect 'ü'"));

  open_file (fixture, folder, "other.sql");
  wait_until (has_title (fixture->desk, "other.sql"));
  tab = tide_sql_desk_get_tab (fixture->desk);
  open_file (fixture, folder, "rubbish.sql");
  wait_until (find_dialog () != NULL);
  g_assert_true (says (GTK_WIDGET (find_dialog ()), "is no UTF-8 text"));
  gtk_window_destroy (find_dialog ());
  g_assert_true (tide_sql_desk_get_tab (fixture->desk) == tab);
  text = tide_sql_tab_dup_text (tab);
  g_assert_cmpstr (text, ==, "select 'ö'");
  g_assert_cmpint (g_chdir (before), ==, 0);
  tide_sql_tab_forget (first);
  tide_test_remove_folder (folder);
}

/* What another program has written meanwhile is not overwritten unasked, and what stands in the tab stays there. */
static void
test_changed_on_disk (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "query.sql", NULL);
  TideSqlTab *tab;

  tide_test_write_file (folder, "query.sql", "select 1", -1);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  open_file (fixture, folder, "query.sql");
  wait_until (has_title (fixture->desk, "query.sql"));
  tab = tide_sql_desk_get_tab (fixture->desk);
  tide_sql_tab_insert (tab, "-- mine\n");
  tide_test_write_file (folder, "query.sql", "select 'theirs'", -1);
  for (guint i = 0; i < 2; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (tab), "tab.save", NULL);
      wait_until (find_dialog () != NULL);
      g_assert_true (says (GTK_WIDGET (find_dialog ()), "another program has changed"));
      g_assert_true (contains (path, "select 'theirs'"));
      answer (i == 0 ? "cancel" : "ok");
      g_assert_true (has_title (fixture->desk, "• query.sql"));
    }
  wait_until (has_title (fixture->desk, "query.sql"));
  g_assert_true (contains (path, "-- mine\nselect 1"));
  /* Ours is not another's. */
  tide_sql_tab_insert (tab, "-- more\n");
  gtk_widget_activate_action (GTK_WIDGET (tab), "tab.save", NULL);
  wait_until (has_title (fixture->desk, "query.sql"));
  g_assert_cmpint (g_chdir (before), ==, 0);
  tide_test_remove_folder (folder);
}

static gboolean
is_empty (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);

  return g_dir_read_name (dir) == NULL;
}

static gboolean
is_idle (TideConninfo *conninfo)
{
  g_autofree char *n = tide_test_psql (conninfo, "select count(*) from pg_stat_activity where datname = current_database() and "
                                                 "state = 'active' and pid <> pg_backend_pid()");

  return g_str_equal (n, "0");
}

static gboolean
go_on (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
tells (TideJob    *job,
       const char *wanted)
{
  g_autofree char *status = tide_job_dup_status (job);

  return status != NULL && strstr (status, wanted) != NULL;
}

/* Rows on their way into a file tell how many they are, and once they are told to stop, neither file nor statement is left. */
static void
test_export_is_cancelled (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *folder = tide_test_make_folder ();
  g_autoptr(GFile) file = g_file_new_build_filename (folder, "rows.ndjson", NULL);
  GListModel *jobs = tide_workspace_get_jobs (fixture->workspace);
  TideSqlTab *tab = tide_sql_desk_get_tab (fixture->desk);
  g_autoptr(TideJob) job = NULL;
  guint tick;

  g_assert_cmpint (g_chdir (folder), ==, 0);
  run (fixture, "create table t (id int, wait float8); insert into t select g, 0 from generate_series(1, 9) g", "tab.run-all");
  run (fixture, "select id, repeat('x', 9000) as much, pg_sleep(wait) from t", "tab.run");
  g_free (tide_test_psql (fixture->conninfo, "update t set wait = 600 where id = 9"));
  gtk_widget_activate_action (find_widget (GTK_WIDGET (tab), TIDE_TYPE_RESULT_VIEW), "result.export-again", "s", "ndjson");
  choose_file (file);
  wait_until (g_list_model_get_n_items (jobs) == 1);
  job = g_list_model_get_item (jobs, 0);
  wait_until (tells (job, " rows, "));
  g_assert_false (is_empty (folder));
  tide_job_cancel (job);
  wait_until (tide_job_get_state (job) == TIDE_JOB_CANCELLED);
  g_assert_true (is_empty (folder));
  tick = g_timeout_add (50, go_on, NULL);
  wait_until (is_idle (fixture->conninfo));
  g_source_remove (tick);
  g_assert_cmpint (g_chdir (before), ==, 0);
  tide_test_remove_folder (folder);
}

/* The first label below @widget that is seen, and says this */
static GtkWidget *
find_label (GtkWidget  *widget,
            const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child, text);
  return found;
}

/* The step whose rows were guessed worst stands out, by a word and by its colour. */
static void
test_worst_estimate (Fixture       *fixture,
                     gconstpointer  data)
{
  GtkWidget *tab = GTK_WIDGET (tide_sql_desk_get_tab (fixture->desk));
  GtkWidget *label;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1200, 700);
  run (fixture, "select count(*) from generate_series(1, 5000) g where g % 2 = 0", "tab.explain-analyze");
  wait_until ((label = find_label (tab, "⚠")) != NULL);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, "⚠ 100.0 × more");
  g_assert_true (gtk_widget_has_css_class (label, "warning"));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (label), "furthest off"));
}

/* What cannot be brought back is asked about outside of development, however far down in a script it stands. */
static void
test_asks_before_it_destroys (Fixture       *fixture,
                              gconstpointer  data)
{
  static const char *const cases[][2] = {
    { "drop table t", "drop table t\n" },
    { "delete from t", "delete from t\n" },
    { "select 1; drop table a; drop table b; drop table c; drop table d; drop table e; drop table f; drop table g", "\nand 2 more" },
    { "select 1; select 2; select 3; select 4; select 5; select 6; truncate t", "truncate t\n" },
  };
  TideSqlTab *tab = tide_sql_desk_get_tab (fixture->desk);

  run (fixture, "create table t (id int); insert into t values (1)", "tab.run-all");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean sure = i + 1 == G_N_ELEMENTS (cases);
      g_autofree char *n_rows = NULL;

      tide_sql_tab_set_text (tab, NULL, cases[i][0]);
      /* The last answer is on its way, and nothing is asked before it is there. */
      wait_until ((gtk_widget_activate_action (GTK_WIDGET (tab), "tab.run-all", NULL), find_dialog () != NULL));
      g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_dialog ())), cases[i][1]));
      n_rows = tide_test_psql (fixture->conninfo, "select count(*) from t");
      g_assert_cmpstr (n_rows, ==, "1");
      answer (sure ? "ok" : "cancel");
      wait_until (find_dialog () == NULL);
    }
  wait_until (says (GTK_WIDGET (tab), "TRUNCATE TABLE"));
}

static GtkWidget *
find_class (GtkWidget  *widget,
            const char *css_class)
{
  GtkWidget *found = gtk_widget_has_css_class (widget, css_class) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_class (child, css_class);
  return found;
}

static void
assert_title (TideSqlTab *tab,
              const char *text,
              const char *expected)
{
  g_autofree char *title = NULL;

  tide_sql_tab_set_text (tab, NULL, text);
  g_object_get (tab, "title", &title, NULL);
  g_assert_cmpstr (title, ==, expected);
}

/* What has no words on it has a name all the same; a tab has that of what is written in it. */
static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  GtkWidget *tab = GTK_WIDGET (tide_sql_desk_get_tab (fixture->desk));
  GtkWidget *close;

  wait_until ((close = find_class (GTK_WIDGET (fixture->desk), "tab-close-button")) != NULL);
  gtk_test_accessible_assert_property (close, GTK_ACCESSIBLE_PROPERTY_LABEL, "Close Tab");
  assert_title (TIDE_SQL_TAB (tab), "\n-- Größe  of it\nselect 1", "Größe of it");
  assert_title (TIDE_SQL_TAB (tab), "/*\n * all\n */ select 1", "all");
  assert_title (TIDE_SQL_TAB (tab), "--\n", "Query");
  assert_title (TIDE_SQL_TAB (tab), "select * from orders where id = 1", "select * from orders wh…");
  assert_title (TIDE_SQL_TAB (tab), "select a from abcdefghij k", "select a from abcdefghi…");
  assert_title (TIDE_SQL_TAB (tab), "", "Query");
  run (fixture, "select 1 as a", "tab.run");
  gtk_test_accessible_assert_property (find_widget (tab, TIDE_TYPE_GRID), GTK_ACCESSIBLE_PROPERTY_LABEL, "Rows");
  gtk_test_accessible_assert_property (gtk_widget_get_parent (find_label (tab, "select 1 as a")), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "select 1 as a");
  gtk_test_accessible_assert_property (gtk_widget_get_parent (find_label (tab, "Messages")), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Messages");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/app/sql-tab/without-end", Fixture, NULL, fixture_set_up_real, test_without_end, fixture_tear_down);
  g_test_add ("/app/sql-tab/files", Fixture, NULL, fixture_set_up, test_files, fixture_tear_down);
  g_test_add ("/app/sql-tab/changed-on-disk", Fixture, NULL, fixture_set_up, test_changed_on_disk, fixture_tear_down);
  g_test_add ("/app/sql-tab/export-is-cancelled", Fixture, NULL, fixture_set_up_real, test_export_is_cancelled, fixture_tear_down);
  g_test_add ("/app/sql-tab/worst-estimate", Fixture, NULL, fixture_set_up_real, test_worst_estimate, fixture_tear_down);
  g_test_add ("/app/sql-tab/asks-before-it-destroys", Fixture, NULL, fixture_set_up_staging, test_asks_before_it_destroys, fixture_tear_down);
  g_test_add ("/app/sql-tab/names", Fixture, NULL, fixture_set_up_real, test_names, fixture_tear_down);
  return g_test_run ();
}
