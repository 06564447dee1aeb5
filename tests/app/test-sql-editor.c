/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <adwaita.h>
#include <glib/gstdio.h>

#include "sql/tide-sql-console.h"
#include "sql/tide-sql-editor.h"
#include "sql/tide-sql-file.h"
#include "sql/tide-sql-mirror.h"
#include "sql/tide-sql-tab.h"
#include "support/tide-test.h"
#include "tide-error.h"
#include "wait-until.h"

static GtkWidget *
present (TideSqlEditor **editor)
{
  GtkWidget *window = gtk_window_new ();

  *editor = g_object_new (TIDE_TYPE_SQL_EDITOR, NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), 700, 400);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (*editor));
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  return window;
}

static gboolean
is_in (TideSqlEditor *editor,
       const char    *word,
       const char    *class)
{
  GtkTextBuffer *buffer = tide_sql_editor_get_buffer (editor);
  GtkTextIter start;
  GtkTextIter end;
  GtkTextIter found;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_source_buffer_ensure_highlight (GTK_SOURCE_BUFFER (buffer), &start, &end);
  g_assert_true (gtk_text_iter_forward_search (&start, word, 0, &found, NULL, NULL));
  return gtk_source_buffer_iter_has_context_class (GTK_SOURCE_BUFFER (buffer), &found, class);
}

static void
test_language (void)
{
  TideSqlEditor *editor;
  GtkWidget *window = present (&editor);
  GtkSourceLanguage *language;

  tide_sql_editor_set_text (editor,
                            "/* a /* nested */ still */ select E'it\\'s inside', U&'d\\0061', ''  'q1' from plain;\n"
                            "do $tag$ begin -- note\n perform 'it''s q2'; /* deep */ end $tag$;\n"
                            "select $$free's text$$, after_it -- last\n", 0);
  language = gtk_source_buffer_get_language (GTK_SOURCE_BUFFER (tide_sql_editor_get_buffer (editor)));
  g_assert_cmpstr (gtk_source_language_get_id (language), ==, "tidemark-postgresql");
  g_assert_true (is_in (editor, "nested", "comment"));
  g_assert_true (is_in (editor, "still", "comment"));
  g_assert_false (is_in (editor, "select", "comment"));
  g_assert_true (is_in (editor, "inside", "string"));
  g_assert_true (is_in (editor, "q1", "string"));
  g_assert_false (is_in (editor, "plain", "string"));
  /* The body is code, and nothing in it goes on behind its end. */
  g_assert_true (is_in (editor, "note", "comment"));
  g_assert_true (is_in (editor, "q2", "string"));
  g_assert_true (is_in (editor, "deep", "comment"));
  g_assert_false (is_in (editor, "after_it", "string"));
  g_assert_true (is_in (editor, "last", "comment"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static char *
dup_text (TideSqlEditor *editor)
{
  return tide_sql_editor_dup_text (editor);
}

static void
test_comment_and_format (void)
{
  TideSqlEditor *editor;
  GtkWidget *window = present (&editor);
  GtkTextBuffer *buffer = tide_sql_editor_get_buffer (editor);
  g_autofree char *commented = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *formatted = NULL;
  GtkTextIter start;
  GtkTextIter end;

  tide_sql_editor_set_text (editor, "select 1\n\n  from t;\nselect 2", 0);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_line (buffer, &end, 3);
  gtk_text_buffer_select_range (buffer, &start, &end);
  gtk_widget_activate_action (GTK_WIDGET (editor), "editor.comment", NULL);
  commented = dup_text (editor);
  g_assert_cmpstr (commented, ==, "-- select 1\n\n--   from t;\nselect 2");
  gtk_widget_activate_action (GTK_WIDGET (editor), "editor.comment", NULL);
  plain = dup_text (editor);
  g_assert_cmpstr (plain, ==, "select 1\n\n  from t;\nselect 2");
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
  gtk_widget_activate_action (GTK_WIDGET (editor), "editor.format", NULL);
  formatted = dup_text (editor);
  g_assert_cmpstr (formatted, ==, "SELECT 1\nFROM t;\nselect 2");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_coloured (TideSqlEditor *editor)
{
  return gtk_source_buffer_get_language (GTK_SOURCE_BUFFER (tide_sql_editor_get_buffer (editor))) != NULL;
}

static void
test_large (void)
{
  TideSqlEditor *editor;
  GtkWidget *window = present (&editor);
  GtkTextBuffer *buffer = tide_sql_editor_get_buffer (editor);
  g_autofree char *large = g_strnfill (600 * 1024, 'x');
  GtkTextIter start;
  GtkTextIter end;

  for (guint i = 63; i < 600 * 1024; i += 64)
    large[i] = '\n';
  tide_sql_editor_set_text (editor, large, 0);
  wait_until (!is_coloured (editor));
  gtk_text_buffer_insert_at_cursor (buffer, "select 'é'", -1);
  /* At the border nothing flickers. */
  gtk_text_buffer_get_iter_at_offset (buffer, &start, 400 * 1024);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (is_coloured (editor));
  gtk_text_buffer_get_iter_at_offset (buffer, &start, 20);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert_at_cursor (buffer, " from t;", -1);
  wait_until (is_coloured (editor));
  gtk_text_buffer_insert_at_cursor (buffer, " select 'last'", -1);
  g_assert_true (is_in (editor, "last", "string"));
  g_assert_false (is_in (editor, "from", "string"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
assert_mirrored (GtkTextBuffer *buffer)
{
  g_autoptr(TideSqlMirror) mirror = tide_sql_mirror_get (buffer);
  g_autofree char *mirrored = tide_sql_mirror_dup_text (mirror);
  g_autofree char *text = NULL;
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  g_assert_cmpstr (mirrored, ==, text);
}

static void
change_somewhere (GtkTextBuffer *buffer)
{
  static const char * const words[] = { "a", "é", "— ", "select 1;\n", "\r\n", "𝛑", "''" };
  int n_chars = gtk_text_buffer_get_char_count (buffer);
  int place = g_test_rand_int_range (0, n_chars + 1);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_iter_at_offset (buffer, &start, place);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, MIN (place + g_test_rand_int_range (0, 9), n_chars));
  switch (g_test_rand_int_range (0, 8))
    {
    case 0: gtk_text_buffer_undo (buffer); break;
    case 1: gtk_text_buffer_redo (buffer); break;
    case 2: gtk_text_buffer_delete (buffer, &end, &start); break;
    case 3: gtk_text_buffer_backspace (buffer, &start, TRUE, TRUE); break;
    case 4: gtk_text_buffer_insert (buffer, &start, words[g_test_rand_int_range (0, G_N_ELEMENTS (words))], -1); break;
    default: gtk_text_buffer_insert_at_cursor (buffer, words[g_test_rand_int_range (0, G_N_ELEMENTS (words))], -1); break;
    }
}

typedef struct
{
  TideSqlMirror *mirror;
  gboolean       done;
} Reader;

static gpointer
read_on (gpointer data)
{
  Reader *reader = data;

  while (!g_atomic_int_get (&reader->done))
    {
      g_autofree char *text = tide_sql_mirror_dup_text (reader->mirror);

      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
  return NULL;
}

static void
refuse (GtkTextBuffer *buffer)
{
  g_signal_stop_emission_by_name (buffer, "insert-text");
}

static void
test_mirror (void)
{
  g_autoptr(GtkTextBuffer) buffer = gtk_text_buffer_new (NULL);
  g_autoptr(GdkPaintable) picture = gdk_paintable_new_empty (8, 8);
  Reader reader = { NULL };
  GThread *thread;
  GtkTextIter start;
  gulong handler;

  gtk_text_buffer_set_text (buffer, "what stands there — before it is followed", -1);
  reader.mirror = tide_sql_mirror_get (buffer);
  assert_mirrored (buffer);
  thread = g_thread_new ("reader", read_on, &reader);
  for (guint i = 0; i < 4000; i++)
    {
      change_somewhere (buffer);
      if (i % 7 == 0)
        assert_mirrored (buffer);
    }
  g_atomic_int_set (&reader.done, TRUE);
  g_thread_join (thread);
  /* So many that they are not noted one by one */
  for (guint i = 0; i < 1000; i++)
    change_somewhere (buffer);
  assert_mirrored (buffer);
  handler = g_signal_connect (buffer, "insert-text", G_CALLBACK (refuse), NULL);
  gtk_text_buffer_insert_at_cursor (buffer, "refused", -1);
  assert_mirrored (buffer);
  g_signal_handler_disconnect (buffer, handler);
  gtk_text_buffer_set_text (buffer, "all, anew", -1);
  assert_mirrored (buffer);
  gtk_text_buffer_get_iter_at_offset (buffer, &start, 3);
  gtk_text_buffer_insert_paintable (buffer, &start, picture);
  gtk_text_buffer_insert_at_cursor (buffer, " and on", -1);
  assert_mirrored (buffer);
  tide_sql_mirror_unref (reader.mirror);
}

typedef struct
{
  gboolean  done;
  char     *text;
  GError   *error;
} Loaded;

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Loaded *loaded = data;

  g_autofree char *stamp = NULL;

  loaded->text = tide_sql_file_load_finish (result, &stamp, &loaded->error);
  loaded->done = TRUE;
}

static void
assert_refused (const char *path,
                int         code,
                const char *word)
{
  Loaded loaded = { FALSE };

  tide_sql_file_load_async (path, NULL, on_loaded, &loaded);
  wait_until (loaded.done);
  g_assert_error (loaded.error, TIDE_ERROR, code);
  g_assert_nonnull (strstr (loaded.error->message, word));
  g_assert_null (loaded.text);
  g_clear_error (&loaded.error);
}

static void
test_files (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "file.sql", NULL);
  Loaded loaded = { FALSE };

  tide_test_write_file (folder, "file.sql", "\x7f" "ELF\x02\x00\xff\xfe", 8);
  assert_refused (path, TIDE_ERROR_INVALID, "byte");
  tide_test_write_file (folder, "file.sql", "a\0b", 3);
  assert_refused (path, TIDE_ERROR_INVALID, "byte 2");
  g_assert_cmpint (truncate (path, 100 * 1024 * 1024), ==, 0);
  assert_refused (path, TIDE_ERROR_REFUSED, "105 MB");
  g_assert_cmpint (g_unlink (path), ==, 0);
  assert_refused (path, TIDE_ERROR_FAILED, "No such file");
  tide_test_write_file (folder, "file.sql", "select 'é", -1);
  tide_sql_file_load_async (path, NULL, on_loaded, &loaded);
  wait_until (loaded.done);
  g_assert_no_error (loaded.error);
  g_assert_cmpstr (loaded.text, ==, "select 'é");
  g_free (loaded.text);
  tide_test_remove_folder (folder);
}

static void
run_text (TideSqlConsole *console,
          const char     *text)
{
  g_autoptr(GPtrArray) statements = tide_query_statement_split (text, 0, strlen (text));

  tide_sql_console_run (console, NULL, statements, NULL, NULL);
  g_assert_true (tide_sql_console_is_busy (console));
}

static void
on_finished (TideSqlConsole *console,
             guint           index,
             const GError   *error,
             gpointer        explain,
             GError        **told)
{
  g_clear_error (told);
  *told = error == NULL ? NULL : g_error_copy (error);
}

static void
cancel_now (TideSqlConsole  *console,
            GError         **told)
{
  gint64 start = g_get_monotonic_time ();

  tide_sql_console_cancel (console);
  g_assert_false (tide_sql_console_is_busy (console));
  g_test_message ("the page is back after %" G_GINT64_FORMAT " microseconds", g_get_monotonic_time () - start);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 50000);
  g_assert_error (*told, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The page is the person's again at once, whatever the server still does; the next run waits for that. */
static void
test_cancel (void)
{
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autoptr(TideProfile) profile = NULL;
  g_autoptr(TideSqlPlace) place = NULL;
  g_autoptr(TideSqlConsole) console = NULL;
  g_autoptr(GError) told = NULL;

  if (conninfo == NULL)
    return;
  profile = tide_profile_new_from_conninfo (conninfo);
  place = tide_sql_place_new_for_profile (profile);
  console = tide_sql_console_new (place);
  g_signal_connect (console, "finished", G_CALLBACK (on_finished), &told);
  /* While it connects */
  run_text (console, "select 1");
  cancel_now (console, &told);
  /* While it runs */
  run_text (console, "select pg_sleep(600)");
  wait_until (tide_sql_console_get_session (console) != NULL);
  cancel_now (console, &told);
  run_text (console, "select 2");
  wait_until (!tide_sql_console_is_busy (console));
  g_assert_no_error (told);
  /* While it sends */
  run_text (console, "select g, repeat('x', 100) from generate_series(1, 100000000) g");
  g_usleep (200000);
  cancel_now (console, &told);
  run_text (console, "select 3");
  wait_until (!tide_sql_console_is_busy (console));
  g_assert_no_error (told);
  g_object_run_dispose (G_OBJECT (console));
  tide_test_drop_database (conninfo);
}

static gboolean
has_temporary (TideSqlConsole *console,
               const char     *name)
{
  TideOutline *temporary = tide_sql_console_get_temporary (console);

  return temporary != NULL && tide_outline_find_relation (temporary, NULL, name) != NULL;
}

static void
on_event (TideSqlConsole       *console,
          const TideQueryEvent *event,
          gboolean             *changed)
{
  *changed = *changed || (event->type == TIDE_QUERY_DONE && event->changes_catalog);
}

/* What only this session has is known as soon as the statement that made it ended, and forgotten with what took it away. */
static void
test_temporary (void)
{
  static const struct
  {
    const char *sql;
    gboolean    changes;
    gboolean    has;
  } steps[] = {
    { "create temporary table mine as select 1 as a", TRUE, TRUE },
    { "select * from mine", FALSE, TRUE },
    { "begin", FALSE, TRUE },
    { "drop table mine", TRUE, FALSE },
    { "rollback", TRUE, TRUE },
    { "discard temporary", TRUE, FALSE },
    { "select 1 as a into temporary mine", TRUE, TRUE },
  };
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autoptr(TideProfile) profile = tide_profile_new_from_conninfo (conninfo);
  g_autoptr(TideSqlPlace) place = tide_sql_place_new_for_profile (profile);
  g_autoptr(TideSqlConsole) console = tide_sql_console_new (place);
  gboolean changed;

  g_signal_connect (console, "event", G_CALLBACK (on_event), &changed);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      changed = FALSE;
      run_text (console, steps[i].sql);
      wait_until (!tide_sql_console_is_busy (console));
      g_test_message ("%s", steps[i].sql);
      g_assert_cmpint (changed, ==, steps[i].changes);
      g_assert_cmpint (has_temporary (console, "mine"), ==, steps[i].has);
    }
  g_free (tide_test_psql (conninfo, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                          " and pid <> pg_backend_pid()"));
  wait_until (tide_sql_console_get_session (console) == NULL);
  g_assert_null (tide_sql_console_get_temporary (console));
  g_object_run_dispose (G_OBJECT (console));
  tide_test_drop_database (conninfo);
}

static void
run_to_end (TideSqlConsole *console,
            const char     *sql)
{
  run_text (console, sql);
  wait_until (!tide_sql_console_is_busy (console));
}

/* When a place leads elsewhere, so does its console: at once where nothing is lost by it, else when the transaction has ended. */
static void
test_moved (void)
{
  g_autoptr(TideConninfo) before = tide_test_create_database ();
  g_autoptr(TideConninfo) after = tide_test_create_database ();
  g_autoptr(TideProfile) profile = tide_profile_new_from_conninfo (before);
  g_autoptr(TideSqlPlace) place = tide_sql_place_new_for_profile (profile);
  g_autoptr(TideSqlConsole) console = tide_sql_console_new (place);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) told = NULL;
  g_autofree char *made = NULL;

  g_signal_connect (console, "finished", G_CALLBACK (on_finished), &told);
  run_to_end (console, "create temporary table mine (a int)");
  run_to_end (console, "begin");
  run_to_end (console, "table mine");
  g_assert_no_error (told);
  g_object_set (profile, "database", tide_conninfo_get (after, "dbname"), NULL);
  run_to_end (console, "create table here (a int)");
  g_assert_error (told, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_assert_nonnull (strstr (told->message, tide_conninfo_get (before, "dbname")));
  tide_sql_console_run_plain (console, NULL, "COMMIT");
  wait_until (!tide_sql_console_is_busy (console));
  g_assert_no_error (told);
  /* Rows of there are not changed from here any more. */
  g_assert_false (tide_sql_console_hold (console, cancellable, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_clear_error (&error);
  run_to_end (console, "create table here (a int)");
  g_assert_no_error (told);
  made = tide_test_psql (after, "select to_regclass('here') is not null");
  g_assert_cmpstr (made, ==, "t");

  /* Who works on the session has it alone, and is the one whom cancelling stops. */
  g_assert_true (tide_sql_console_hold (console, cancellable, &error));
  g_assert_true (tide_sql_console_is_busy (console));
  g_assert_false (tide_sql_console_hold (console, cancellable, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_clear_error (&error);
  tide_sql_console_cancel (console);
  g_assert_true (tide_sql_console_is_busy (console) && g_cancellable_is_cancelled (cancellable));
  tide_sql_console_release (console, NULL);
  g_assert_false (tide_sql_console_is_busy (console));

  g_object_set (profile, "kind", TIDE_KIND_PRODUCTION, NULL);
  g_assert_true (tide_sql_console_get_read_only (console));
  g_assert_false (tide_sql_console_hold (console, cancellable, &error));
  run_to_end (console, "insert into here values (1)");
  g_assert_error (told, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_object_run_dispose (G_OBJECT (console));
  tide_test_drop_database (before);
  tide_test_drop_database (after);
}

static void
replace_all (GtkTextBuffer *buffer,
             const char    *text)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

/* What is refused takes nothing away; what a program puts in, a draft that comes back, is not refused. */
static void
test_too_large (void)
{
  TideSqlEditor *editor;
  GtkWidget *window = present (&editor);
  GtkTextBuffer *buffer = tide_sql_editor_get_buffer (editor);
  const int size = 17 * 1024 * 1024;
  g_autofree char *large = g_strnfill (size, 'x');

  for (int i = 63; i < size; i += 64)
    large[i] = '\n';
  tide_sql_editor_set_text (editor, "select 1", 0);
  replace_all (buffer, large);
  wait_until (gtk_text_buffer_get_char_count (buffer) == 8);
  g_assert_false (gtk_text_buffer_get_can_undo (buffer));
  tide_sql_editor_set_text (editor, large, 0);
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, size);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The text is the file's when it is in the file, and not a moment before. */
static void
test_save (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "file.sql", NULL);
  g_autofree char *lost = g_build_filename (folder, "none", "file.sql", NULL);
  g_autoptr(TideProfile) profile = tide_profile_new ();
  g_autoptr(TideSqlPlace) place = tide_sql_place_new_for_profile (profile);
  GtkWidget *window = gtk_window_new ();
  TideSqlTab *tab = g_object_new (TIDE_TYPE_SQL_TAB, "place", place, NULL);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (tide_sql_tab_get_view (tab)));
  g_autofree char *saved = NULL;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (tab));
  tide_sql_tab_take_file (tab, path, "select 1", NULL);
  g_assert_null (tide_sql_tab_dup_loss (tab, TRUE));
  tide_sql_tab_insert (tab, "-- a\n");
  gtk_widget_activate_action (GTK_WIDGET (tab), "tab.save", NULL);
  g_assert_true (gtk_text_buffer_get_modified (buffer));
  /* What is typed meanwhile, and saved, is in the file, too. */
  tide_sql_tab_insert (tab, "-- b\n");
  gtk_widget_activate_action (GTK_WIDGET (tab), "tab.save", NULL);
  wait_until (!gtk_text_buffer_get_modified (buffer));
  g_assert_true (g_file_get_contents (path, &saved, NULL, NULL));
  g_assert_cmpstr (saved, ==, "-- a\n-- b\nselect 1");

  tide_sql_tab_take_file (tab, lost, "select 2", NULL);
  tide_sql_tab_insert (tab, "-- c\n");
  gtk_widget_activate_action (GTK_WIDGET (tab), "tab.save", NULL);
  g_assert_true (gtk_text_buffer_get_modified (buffer));
  wait_until (g_list_model_get_n_items (gtk_window_get_toplevels ()) > 1);
  g_assert_true (gtk_text_buffer_get_modified (buffer));
  tide_sql_tab_forget (tab);
  gtk_window_destroy (GTK_WINDOW (window));
  tide_test_remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/app/sql-editor/language", test_language);
  g_test_add_func ("/app/sql-editor/comment-and-format", test_comment_and_format);
  g_test_add_func ("/app/sql-editor/large", test_large);
  g_test_add_func ("/app/sql-editor/mirror", test_mirror);
  g_test_add_func ("/app/sql-editor/files", test_files);
  g_test_add_func ("/app/sql-console/cancel", test_cancel);
  g_test_add_func ("/app/sql-console/temporary", test_temporary);
  g_test_add_func ("/app/sql-console/moved", test_moved);
  g_test_add_func ("/app/sql-editor/too-large", test_too_large);
  g_test_add_func ("/app/sql-tab/save", test_save);
  return g_test_run ();
}
