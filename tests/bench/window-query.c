/* SPDX-License-Identifier: GPL-3.0-or-later */

/* window-query URL SQL: runs SQL and shows its rows in the pane of the SQL page, as they come; then jumps through them and
 * scrolls. Prints: rows; ms from the first rows that came to their being painted; s until all were held; bytes of text; cells;
 * bytes by which the process grew; frames, and their median, 99th percentile and longest in ms of the main thread's own time,
 * so that a busy machine does not count. */
#include "config.h"

#include <adwaita.h>
#include <time.h>
#include <unistd.h>

#include "connect/tide-target.h"
#include "sql/tide-grid.h"
#include "sql/tide-results-pane.h"
#include "wire/tide-session.h"

#define N_FRAMES 300

typedef struct
{
  GMainLoop       *loop;
  TideSession     *session;
  const char      *sql;
  TideRowStore    *store;
  TideResultsPane *pane;
  GtkWidget       *grid;
  GArray          *frames; /* double, ms */
  gint64           first;  /* when the first rows came; atomic enough: read after their signal */
  gint64           painted;
  gint64           began;
  gint64           done;
  gsize            before;
  guint            step;
} Bench;

static gint64
get_thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static gsize
get_resident_bytes (void)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) fields = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    g_error ("no /proc");
  fields = g_strsplit (text, " ", 3);
  return g_ascii_strtoull (fields[1], NULL, 10) * sysconf (_SC_PAGESIZE);
}

static gboolean
take_chunk (TideResult *chunk,
            guint       statement,
            gpointer    data)
{
  Bench *self = data;
  g_autoptr(GError) error = NULL;

  if (self->first == 0 && tide_result_get_n_rows (chunk) > 0)
    self->first = g_get_monotonic_time ();
  if (!tide_row_store_append (self->store, chunk, &error))
    g_error ("%s", error->message);
  return TRUE;
}

static gpointer
run (gpointer data)
{
  Bench *self = data;
  g_autoptr(GError) error = NULL;

  tide_session_stream (self->session, self->sql, 1000, take_chunk, self, NULL, &error);
  self->done = g_get_monotonic_time ();
  tide_row_store_finish (self->store, error);
  return NULL;
}

static GtkWidget *
find_grid (GtkWidget *widget)
{
  if (TIDE_IS_GRID (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_grid (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Turns: jumps to rows all over, then a smooth way down */
static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       data)
{
  Bench *self = data;
  guint n = tide_grid_get_n_rows (TIDE_GRID (self->grid));
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->grid));

  if (tide_row_store_get_state (self->store) == TIDE_ROW_STORE_RUNNING || n == 0)
    return G_SOURCE_CONTINUE;
  if (self->step++ == N_FRAMES)
    {
      g_main_loop_quit (self->loop);
      return G_SOURCE_REMOVE;
    }
  if (self->step % 2 == 0)
    tide_grid_move_to (TIDE_GRID (self->grid), (guint) ((guint64) self->step * 7919 * 104729 % n), self->step % 6, FALSE);
  else
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + 60);
  return G_SOURCE_CONTINUE;
}

static void
on_before_paint (GdkFrameClock *clock,
                 Bench         *self)
{
  self->began = get_thread_time ();
}

static void
on_after_paint (GdkFrameClock *clock,
                Bench         *self)
{
  double cost = (get_thread_time () - self->began) / 1000.0;

  if (self->painted == 0 && self->grid != NULL && tide_grid_get_n_rows (TIDE_GRID (self->grid)) > 0)
    self->painted = g_get_monotonic_time ();
  if (self->step > 1)
    g_array_append_val (self->frames, cost);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const double *) a > *(const double *) b ? 1 : -1;
}

static void
report (Bench  *self,
        gint64  started)
{
  const double *all = (const double *) self->frames->data;
  guint n = self->frames->len;

  g_array_sort (self->frames, compare);
  g_print ("%u %.1f %.3f %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GSIZE_FORMAT " %u %.2f %.2f %.2f\n",
           tide_row_store_get_n_rows (self->store), (self->painted - self->first) / 1000.0,
           (self->done - started) / (double) G_USEC_PER_SEC, tide_row_store_get_text_bytes (self->store),
           (guint64) tide_row_store_get_n_rows (self->store) * tide_row_store_get_n_columns (self->store),
           get_resident_bytes () - self->before, n, all[n / 2], all[n * 99 / 100], all[n - 1]);
}

static void
load_style (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/com/broxiva/Tidemark/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideTarget) target = NULL;
  GtkWidget *window;
  GdkFrameClock *clock;
  Bench bench = { 0 };
  gint64 started;

  if (argc != 3)
    g_error ("usage: window-query URL SQL");
  gtk_init ();
  adw_init ();
  load_style ();
  target = tide_target_resolve (NULL, NULL, argv[1], NULL, &error);
  bench.session = target ? tide_session_open (tide_target_get_conninfo (target), NULL, &error) : NULL;
  if (bench.session == NULL)
    g_error ("%s", error->message);

  bench.pane = g_object_new (TIDE_TYPE_RESULTS_PANE, NULL);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 1180, 620);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (bench.pane));
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);

  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.frames = g_array_new (FALSE, FALSE, sizeof (double));
  bench.sql = argv[2];
  bench.store = tide_row_store_new (G_MAXUINT64, bench.sql);
  tide_results_pane_set_session (bench.pane, bench.session, FALSE);
  tide_results_pane_add_store (bench.pane, NULL, bench.store);
  bench.grid = find_grid (GTK_WIDGET (bench.pane));
  gtk_test_widget_wait_for_draw (window);
  clock = gtk_widget_get_frame_clock (window);
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), &bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &bench);
  gtk_widget_add_tick_callback (window, on_tick, &bench, NULL);
  bench.before = get_resident_bytes ();
  started = g_get_monotonic_time ();
  g_thread_unref (g_thread_new ("query", run, &bench));
  g_main_loop_run (bench.loop);
  report (&bench, started);
  if (g_getenv ("TIDE_BENCH_STAY") != NULL)
    g_main_loop_run (bench.loop);
  return 0;
}
