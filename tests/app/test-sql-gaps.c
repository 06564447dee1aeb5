/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <time.h>

#include <adwaita.h>

#include "sql/tide-sql-editor.h"
#include "sql/tide-sql-gaps.h"
#include "support/tide-test.h"
#include "wait-until.h"

/* What the main thread takes at once at most, in its own time, for what happens once and for a key. A frame has 16 ms; this has room
 * for a build that checks its memory on a machine with too much to do, and none for laying the line out, which takes 600 and 2000. */
#define MOST_ONCE 400
#define MOST_KEY  150

static GPollFunc poll_as_usual;
static gint64 turn_began;
static gint64 longest;

static gint64
get_thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static int
poll_measured (GPollFD *fds,
               guint    n_fds,
               int      timeout)
{
  int n_ready;

  longest = MAX (longest, get_thread_time () - turn_began);
  n_ready = poll_as_usual (fds, n_fds, timeout);
  turn_began = get_thread_time ();
  return n_ready;
}

static void
begin_turn (void)
{
  longest = 0;
  turn_began = get_thread_time ();
}

static void
assert_quick (const char *what,
              int         most_ms)
{
  gboolean rested = FALSE;

  g_timeout_add (600, time_out_cb, &rested);
  wait_until (rested);
  g_test_message ("%s: %.1f ms at once", what, longest / 1000.0);
  g_assert_cmpint (longest, <, most_ms * 1000);
}

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

/* A line of 1 MB is opened and written in without the window standing still, and what is not shown is there. */
static void
test_long_line (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char *text = make_text (1000000);
  g_autofree char *longer = NULL;
  int length = g_utf8_strlen (text, -1);

  begin_turn ();
  tide_sql_editor_set_text (fixture->editor, text, 0);
  assert_quick ("open", MOST_ONCE);
  assert_text (fixture, text);
  wait_until (says (fixture->window, "Line 2 has "));
  g_assert_true (is_shown (fixture->buffer, 20) && is_shown (fixture->buffer, length - 20));
  g_assert_false (is_shown (fixture->buffer, length / 2));

  /* Where the caret comes to, by a search or an error, is shown, */
  begin_turn ();
  place_caret (fixture, length / 2);
  assert_quick ("go there", MOST_ONCE);
  for (int i = -200; i < 200; i++)
    g_assert_true (is_shown (fixture->buffer, length / 2 + i));
  /* and written in, */
  for (guint i = 0; i < 5; i++)
    {
      begin_turn ();
      gtk_text_buffer_insert_interactive_at_cursor (fixture->buffer, "é", -1, TRUE);
      assert_quick ("key", MOST_KEY);
    }
  longer = g_strdup_printf ("%.*séé" "ééé%s", (int) (g_utf8_offset_to_pointer (text, length / 2) - text), text,
                            g_utf8_offset_to_pointer (text, length / 2));
  assert_text (fixture, longer);
  /* and what comes next as somebody walks on is shown, too. */
  for (guint i = 0; i < 20; i++)
    {
      begin_turn ();
      step (fixture, GTK_MOVEMENT_VISUAL_POSITIONS, 100);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
  assert_quick ("a hundred steps", MOST_KEY);
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

  begin_turn ();
  tide_sql_editor_set_text (fixture->editor, text, 5000);
  assert_quick ("open", MOST_ONCE);
  begin_turn ();
  step (fixture, GTK_MOVEMENT_VISUAL_POSITIONS, -1);
  assert_quick ("a step to the left in a line of 9,000", MOST_KEY);
  g_assert_cmpint (get_caret (fixture), ==, 4999);
  g_assert_false (tide_sql_gaps_has_any (fixture->buffer));
  gtk_text_buffer_begin_user_action (fixture->buffer);
  gtk_text_buffer_insert_at_cursor (fixture->buffer, more, -1);
  gtk_text_buffer_end_user_action (fixture->buffer);
  g_assert_true (tide_sql_gaps_has_any (fixture->buffer));
  gtk_text_buffer_undo (fixture->buffer);
  wait_until (!says (fixture->window, "characters"));
  assert_text (fixture, text);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  poll_as_usual = g_main_context_get_poll_func (NULL);
  g_main_context_set_poll_func (NULL, poll_measured);
#define ADD(name, func) g_test_add ("/app/sql-gaps/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("long-line", test_long_line);
  ADD ("copy", test_copy);
  ADD ("changes", test_changes);
  return g_test_run ();
}
