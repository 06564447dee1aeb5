/* SPDX-License-Identifier: GPL-3.0-or-later */

/* window-typing BYTES [line]: types into the middle of a script of that size, or of one line of it, a key a frame, with all that the page does about it (marks,
 * journal, highlighting), and prints what a key costs the main thread, all that it does until the next one, in ms of its own time: bytes,
 * keys, median, 99th percentile, longest; and the longest of those until the frame that shows the key. It types when the lines are laid
 * out, which is done while nothing else is to be done: last it prints the longest turn of the main loop until then, for so long a key
 * typed meanwhile may wait. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <adwaita.h>

#include "sql/tide-sql-editor.h"
#include "sql/tide-sql-keeper.h"

#define N_KEYS     400
/* Before that a window is being made, not used. */
#define N_FRAMES   3

typedef struct
{
  GMainLoop     *loop;
  TideSqlEditor *editor;
  GArray        *costs; /* gint64, microseconds */
  gint64         began; /* 0: before the first */
  gint64         shown; /* the longest until its frame, microseconds */
  gboolean       painted;
  gboolean       in_line; /* of one line, that stays one */
  guint          n;
  guint          n_frames; /* painted */
} Typing;

static GPollFunc poll_as_usual;
static Typing   *typing;
static gint64    turn_began; /* 0: none yet */
static gint64    longest_turn;

static gint64
get_thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* Between two polls is one turn of the main loop. */
static int
poll_measured (GPollFD *fds,
               guint    n_fds,
               int      timeout)
{
  gint64 now = get_thread_time ();
  int n_ready;

  if (turn_began != 0 && typing->n == 0 && typing->n_frames > N_FRAMES)
    longest_turn = MAX (longest_turn, now - turn_began);
  n_ready = poll_as_usual (fds, n_fds, timeout);
  turn_began = get_thread_time ();
  return n_ready;
}

static gboolean
type (gpointer data)
{
  static const char text[] = "select a from t where b = 'c';\n";
  Typing *self = data;
  char key[2] = { text[self->n % (sizeof text - 1)], '\0' };
  gint64 now = get_thread_time ();
  gint64 cost = now - self->began;

  if (self->in_line && key[0] == '\n')
    key[0] = ' ';
  if (self->began != 0)
    g_array_append_val (self->costs, cost);
  if (self->costs->len == N_KEYS)
    {
      g_main_loop_quit (self->loop);
      return G_SOURCE_REMOVE;
    }
  self->began = now;
  self->n++;
  self->painted = FALSE;
  gtk_text_buffer_insert_interactive_at_cursor (tide_sql_editor_get_buffer (self->editor), key, 1, TRUE);
  gtk_text_view_scroll_mark_onscreen (GTK_TEXT_VIEW (tide_sql_editor_get_view (self->editor)),
                                      gtk_text_buffer_get_insert (tide_sql_editor_get_buffer (self->editor)));
  return G_SOURCE_REMOVE;
}

/* Behind the laying out of lines, the least urgent of what there is to be done */
static gboolean
settle (gpointer data)
{
  g_timeout_add (500, type, data);
  return G_SOURCE_REMOVE;
}

static gboolean
begin (gpointer data)
{
  g_idle_add_full (G_PRIORITY_LOW, settle, data, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_painted (GdkFrameClock *clock,
            Typing        *self)
{
  self->n_frames++;
  if (self->began != 0 && !self->painted)
    {
      self->shown = MAX (self->shown, get_thread_time () - self->began);
      g_timeout_add (30, type, self);
    }
  self->painted = TRUE;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static char *
make_script (gsize size)
{
  GString *script = g_string_sized_new (size + 200);

  for (guint i = 0; script->len < size; i++)
    g_string_append_printf (script, "-- statement %u\nselect id, name || 'x' as label, $tag$ select %u $tag$\n  from orders where id = %u;\n\n",
                            i, i, i);
  return g_string_free (script, FALSE);
}

static char *
make_line (gsize size)
{
  GString *line = g_string_sized_new (size + 200);

  g_string_append (line, "select 1;\ninsert into t values (");
  for (guint i = 0; line->len < size; i++)
    g_string_append_printf (line, "%u, ", i);
  g_string_append (line, "0);\nselect 2;\n");
  return g_string_free (line, FALSE);
}

int
main (int    argc,
      char **argv)
{
  gsize size = argc > 1 ? atol (argv[1]) : 2000000;
  g_autofree char *script = argc > 2 ? make_line (size) : make_script (size);
  Typing self = { .costs = g_array_new (FALSE, FALSE, sizeof (gint64)), .in_line = argc > 2 };
  g_autoptr(TideSqlKeeper) keeper = NULL;
  GtkWidget *window;

  typing = &self;
  poll_as_usual = g_main_context_get_poll_func (NULL);
  g_main_context_set_poll_func (NULL, poll_measured);
  gtk_init ();
  adw_init ();
  window = gtk_window_new ();
  self.loop = g_main_loop_new (NULL, FALSE);
  self.editor = g_object_new (TIDE_TYPE_SQL_EDITOR, NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (self.editor));
  keeper = tide_sql_keeper_new (tide_sql_editor_get_buffer (self.editor), "bench");
  tide_sql_editor_set_text (self.editor, script, g_utf8_strlen (script, -1) / 2);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_realize (window);
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted), &self);
  g_timeout_add_seconds (1, begin, &self);
  g_main_loop_run (self.loop);
  g_array_sort (self.costs, compare);
  g_print ("%zu %u %.1f %.1f %.1f %.1f %.1f\n", strlen (script), self.costs->len, g_array_index (self.costs, gint64, N_KEYS / 2) / 1000.0,
           g_array_index (self.costs, gint64, N_KEYS * 99 / 100) / 1000.0, g_array_index (self.costs, gint64, N_KEYS - 1) / 1000.0,
           self.shown / 1000.0, longest_turn / 1000.0);
  tide_sql_keeper_forget (keeper);
  return 0;
}
