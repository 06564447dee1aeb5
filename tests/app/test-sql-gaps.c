/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <adwaita.h>

#include "sql/tide-sql-editor.h"
#include "sql/tide-sql-gaps.h"
#include "support/tide-test.h"
#include "wait-until.h"

typedef struct
{
  TideSqlEditor *editor;
  GtkTextBuffer *buffer;
  GtkWidget     *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->window = gtk_window_new ();
  fixture->editor = g_object_new (TIDE_TYPE_SQL_EDITOR, NULL);
  fixture->buffer = tide_sql_editor_get_buffer (fixture->editor);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, 400);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->editor));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
}

/* (transfer full): three lines, the second of so many bytes; its numbers tell where in it one is */
static char *
make_text (gsize size)
{
  GString *text = g_string_new ("select 'é';\ninsert into t values (");

  for (guint i = 0; text->len < size; i++)
    g_string_append_printf (text, "%u, ", i);
  g_string_append (text, "0);\nselect 'last';\n");
  return g_string_free (text, FALSE);
}

static gboolean
is_shown (GtkTextBuffer *buffer,
          int            offset)
{
  GtkTextIter iter, start, end;

  gtk_text_buffer_get_iter_at_offset (buffer, &iter, offset);
  start = iter;
  return !tide_sql_gaps_find (buffer, &start, &end) || gtk_text_iter_compare (&start, &iter) > 0;
}

static void
assert_text (Fixture    *fixture,
             const char *wanted)
{
  g_autofree char *text = tide_sql_editor_dup_text (fixture->editor);

  g_assert_true (g_str_equal (text, wanted));
}

static int
count_shown (const GtkTextIter *line)
{
  GtkTextIter iter = *line, start, end;
  int n_shown = gtk_text_iter_get_chars_in_line (line);

  gtk_text_iter_forward_to_line_end (&iter);
  start = *line;
  while (tide_sql_gaps_find (gtk_text_iter_get_buffer (line), &start, &end) && gtk_text_iter_compare (&start, &iter) < 0)
    {
      n_shown -= gtk_text_iter_get_offset (&end) - gtk_text_iter_get_offset (&start);
      start = end;
    }
  return n_shown;
}

/* What a line costs goes by what is shown of it; tests/bench measures it. */
static void
assert_few_shown (Fixture *fixture)
{
  GtkTextIter line;

  gtk_text_buffer_get_start_iter (fixture->buffer, &line);
  do
    g_assert_cmpint (count_shown (&line), <=, gtk_text_iter_get_chars_in_line (&line) > TIDE_SQL_GAPS_LONG ? TIDE_SQL_GAPS_MOST
                                                                                                          : TIDE_SQL_GAPS_LONG);
  while (gtk_text_iter_forward_line (&line));
}

static gboolean
says (GtkWidget  *root,
      const char *words)
{
  if (GTK_IS_LABEL (root) && gtk_widget_get_mapped (root) && strstr (gtk_label_get_label (GTK_LABEL (root)), words) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (says (child, words))
      return TRUE;
  return FALSE;
}

static void
place_caret (Fixture *fixture,
             int      offset)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (fixture->buffer, &iter, offset);
  gtk_text_buffer_place_cursor (fixture->buffer, &iter);
}

static int
get_caret (Fixture *fixture)
{
  int offset;

  g_object_get (fixture->buffer, "cursor-position", &offset, NULL);
  return offset;
}

static void
step (Fixture         *fixture,
      GtkMovementStep  movement,
      int              n)
{
  g_signal_emit_by_name (tide_sql_editor_get_view (fixture->editor), "move-cursor", movement, n, FALSE);
}

/* A line of 1 MB is opened and written in with few of its characters being shown, and what is not shown is there. */
static void
test_long_line (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *text = make_text (1000000);
  g_autofree char *longer = NULL;
  int length = g_utf8_strlen (text, -1);

  tide_sql_editor_set_text (fixture->editor, text, 0);
  assert_few_shown (fixture);
  assert_text (fixture, text);
  wait_until (says (fixture->window, "Line 2 has "));
  /* Who has the text read aloud gets what is shown, and is told so. */
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (tide_sql_editor_get_view (fixture->editor)),
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
  g_assert_true (is_shown (fixture->buffer, 20) && is_shown (fixture->buffer, length - 20));
  g_assert_false (is_shown (fixture->buffer, length / 2));

  /* Where the caret comes to, by a search or an error, is shown, */
  place_caret (fixture, length / 2);
  assert_few_shown (fixture);
  for (int i = -200; i < 200; i++)
    g_assert_true (is_shown (fixture->buffer, length / 2 + i));
  /* and written in, */
  for (guint i = 0; i < 5; i++)
    {
          gtk_text_buffer_insert_interactive_at_cursor (fixture->buffer, "é", -1, TRUE);
      assert_few_shown (fixture);
    }
  longer = g_strdup_printf ("%.*séé" "ééé%s", (int) (g_utf8_offset_to_pointer (text, length / 2) - text), text,
                            g_utf8_offset_to_pointer (text, length / 2));
  assert_text (fixture, longer);
  /* and what comes next as somebody walks on is shown, too. */
  for (guint i = 0; i < 20; i++)
    {
          step (fixture, GTK_MOVEMENT_VISUAL_POSITIONS, 100);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      assert_few_shown (fixture);
    }
  g_assert_cmpint (get_caret (fixture), ==, length / 2 + 5 + 2000);
  g_assert_true (is_shown (fixture->buffer, get_caret (fixture)));
  for (guint i = 0; i < 5; i++)
    gtk_text_buffer_undo (fixture->buffer);
  assert_text (fixture, text);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

/* Copied, pasted and cut is all that is selected. */
static void
test_copy (Fixture       *fixture,
           gconstpointer  unused)
{
  GtkWidget *view = GTK_WIDGET (tide_sql_editor_get_view (fixture->editor));
  g_autofree char *text = make_text (100000);
  g_autofree char *copied = NULL;
  g_autofree char *twice = g_strconcat (text, text, NULL);
  GtkTextIter start, end;

  tide_sql_editor_set_text (fixture->editor, text, 0);
  gtk_text_buffer_get_bounds (fixture->buffer, &start, &end);
  gtk_text_buffer_select_range (fixture->buffer, &start, &end);
  g_signal_emit_by_name (view, "copy-clipboard");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (view), NULL, on_read, &copied);
  wait_until (copied != NULL);
  g_assert_true (g_str_equal (copied, text));
  /* The middle button pastes what is selected, */
  g_clear_pointer (&copied, g_free);
  gdk_clipboard_read_text_async (gtk_widget_get_primary_clipboard (view), NULL, on_read, &copied);
  wait_until (copied != NULL);
  g_assert_true (g_str_equal (copied, text));
  /* and no other text than what is selected then. */
  place_caret (fixture, 3);
  g_assert_null (gdk_clipboard_get_content (gtk_widget_get_primary_clipboard (view)));
  gtk_text_buffer_get_iter_at_offset (fixture->buffer, &start, 6);
  gtk_text_buffer_get_start_iter (fixture->buffer, &end);
  gtk_text_buffer_select_range (fixture->buffer, &start, &end);
  g_clear_pointer (&copied, g_free);
  gdk_clipboard_read_text_async (gtk_widget_get_primary_clipboard (view), NULL, on_read, &copied);
  wait_until (copied != NULL);
  g_assert_cmpstr (copied, ==, "select");
  gdk_clipboard_set_text (gtk_widget_get_primary_clipboard (view), "selected elsewhere");
  g_assert_false (gtk_text_buffer_get_has_selection (fixture->buffer));
  gtk_text_buffer_get_bounds (fixture->buffer, &start, &end);
  gtk_text_buffer_select_range (fixture->buffer, &start, &end);
  g_signal_emit_by_name (view, "cut-clipboard");
  assert_text (fixture, "");
  for (guint i = 0; i < 2; i++)
    {
      int before = gtk_text_buffer_get_char_count (fixture->buffer);

      g_signal_emit_by_name (view, "paste-clipboard");
      wait_until (gtk_text_buffer_get_char_count (fixture->buffer) > before);
    }
  assert_text (fixture, twice);
  wait_until (says (fixture->window, "2 lines have more than 10"));
}

/* A line gets too long by what is typed into it or joined with it, and short again by what is taken away. */
static void
test_changes (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autofree char *text = make_text (9000);
  g_autofree char *more = g_strdelimit (make_text (9000), "\n", ' ');
  GtkTextIter start, end;

  tide_sql_editor_set_text (fixture->editor, text, 5000);
  assert_few_shown (fixture);
  step (fixture, GTK_MOVEMENT_VISUAL_POSITIONS, -1);
  assert_few_shown (fixture);
  g_assert_cmpint (get_caret (fixture), ==, 4999);
  g_assert_false (tide_sql_gaps_has_any (fixture->buffer));
  gtk_text_buffer_begin_user_action (fixture->buffer);
  gtk_text_buffer_insert_at_cursor (fixture->buffer, more, -1);
  gtk_text_buffer_end_user_action (fixture->buffer);
  g_assert_true (tide_sql_gaps_has_any (fixture->buffer));
  wait_until (says (fixture->window, "Line 2 has 18"));
  gtk_text_buffer_undo (fixture->buffer);
  /* Once cut it stays so until it is much shorter, lest each key at the border does it again. */
  wait_until (says (fixture->window, "Line 2 has ") && !says (fixture->window, "Line 2 has 18"));
  assert_text (fixture, text);
  gtk_text_buffer_get_iter_at_offset (fixture->buffer, &start, 1000);
  gtk_text_buffer_get_iter_at_offset (fixture->buffer, &end, 6000);
  gtk_text_buffer_begin_user_action (fixture->buffer);
  gtk_text_buffer_delete (fixture->buffer, &start, &end);
  gtk_text_buffer_end_user_action (fixture->buffer);
  wait_until (!says (fixture->window, "characters"));
  g_assert_false (tide_sql_gaps_has_any (fixture->buffer));
  gtk_text_buffer_undo (fixture->buffer);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (tide_sql_editor_get_view (fixture->editor)), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
  assert_text (fixture, text);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name, func) g_test_add ("/app/sql-gaps/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("long-line", test_long_line);
  ADD ("copy", test_copy);
  ADD ("changes", test_changes);
  return g_test_run ();
}
