/* SPDX-License-Identifier: GPL-3.0-or-later */

/* window-scroll PROJECT: shows the timeline of a project in a window, scrolls it from end to end, a step a
 * frame, and prints what the frames cost the main thread, in ms of its own time, so that a busy machine does not count:
 * migrations, frames, median, 99th percentile, longest; the longest by the clock on the wall; and which frames the
 * three longest were: step, ms of its own, of it before the layout, in it, and in painting. */
#include "config.h"

#include <time.h>

#include <adwaita.h>

#include "project/tide-project.h"
#include "timeline/tide-timeline-view.h"

#define N_FRAMES 600

/* What a frame cost: microseconds of the main thread, to the end of each of its phases */
typedef struct
{
  guint  step;
  gint64 update;
  gint64 layout;
  gint64 whole;
} Frame;

typedef struct
{
  GMainLoop     *loop;
  GtkAdjustment *adjustment;
  GArray        *frames; /* Frame */
  Frame          frame;
  gint64         began;
  gint64         began_wall;
  gint64         longest_wall;
  guint          step;
} Scroll;

static gint64
get_thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       data)
{
  Scroll *self = data;
  double range = gtk_adjustment_get_upper (self->adjustment) - gtk_adjustment_get_page_size (self->adjustment);

  /* The model tells its rows behind the first frames. */
  if (range < 100000)
    return G_SOURCE_CONTINUE;
  if (self->step++ == N_FRAMES)
    {
      g_assert_cmpfloat (gtk_adjustment_get_value (self->adjustment), >, range * 0.99);
      g_main_loop_quit (self->loop);
      return G_SOURCE_REMOVE;
    }
  gtk_adjustment_set_value (self->adjustment, range * self->step / N_FRAMES);
  return G_SOURCE_CONTINUE;
}

static void
on_before_paint (GdkFrameClock *clock,
                 Scroll        *self)
{
  self->began = get_thread_time ();
  self->began_wall = g_get_monotonic_time ();
}

static void
on_layout (GdkFrameClock *clock,
           Scroll        *self)
{
  /* This comes before GTK's own layout. */
  self->frame.update = get_thread_time () - self->began;
}

static void
on_paint (GdkFrameClock *clock,
          Scroll        *self)
{
  self->frame.layout = get_thread_time () - self->began;
}

static void
on_after_paint (GdkFrameClock *clock,
                Scroll        *self)
{
  self->frame.whole = get_thread_time () - self->began;
  self->frame.step = self->step;

  /* Those before lay the window out. */
  if (self->step == 0)
    return;
  g_array_append_val (self->frames, self->frame);
  self->longest_wall = MAX (self->longest_wall, g_get_monotonic_time () - self->began_wall);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return ((const Frame *) a)->whole > ((const Frame *) b)->whole ? 1 : -1;
}

static void
report (GArray *frames,
        guint   n_rows,
        gint64  longest_wall)
{
  const Frame *all = (const Frame *) frames->data;
  guint n = frames->len;

  g_array_sort (frames, compare);
  g_print ("%u %u %.2f %.2f %.2f %.2f", n_rows, n, all[n / 2].whole / 1000.0, all[n * 99 / 100].whole / 1000.0,
           all[n - 1].whole / 1000.0, longest_wall / 1000.0);
  for (guint i = 1; i <= 3; i++)
    g_print (" %u:%.1f=%.1f+%.1f+%.1f", all[n - i].step, all[n - i].whole / 1000.0, all[n - i].update / 1000.0,
             (all[n - i].layout - all[n - i].update) / 1000.0, (all[n - i].whole - all[n - i].layout) / 1000.0);
  g_print ("\n");
}

static GtkWidget *
find_list (GtkWidget *widget)
{
  if (GTK_IS_LIST_VIEW (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_list (child);

      if (found != NULL)
        return found;
    }
  return NULL;
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
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTimeline) timeline = NULL;
  TideTimelineView *view;
  GtkWidget *window;
  GdkFrameClock *clock;
  Scroll scroll = { 0 };

  if (argc != 2)
    g_error ("usage: window-scroll PROJECT");
  gtk_init ();
  adw_init ();
  load_style ();
  project = tide_project_load (argv[1], &error);
  if (project == NULL)
    g_error ("%s", error->message);
  timeline = tide_timeline_new (tide_project_get_migrations (project), NULL);

  view = g_object_new (TIDE_TYPE_TIMELINE_VIEW, NULL);
  tide_timeline_view_set_timeline (view, timeline, NULL);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 1100, 760);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));

  scroll.loop = g_main_loop_new (NULL, FALSE);
  scroll.frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  scroll.adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (find_list (GTK_WIDGET (view))));
  clock = gtk_widget_get_frame_clock (window);
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), &scroll);
  g_signal_connect (clock, "layout", G_CALLBACK (on_layout), &scroll);
  g_signal_connect (clock, "paint", G_CALLBACK (on_paint), &scroll);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &scroll);
  gtk_widget_add_tick_callback (GTK_WIDGET (view), on_tick, &scroll, NULL);
  g_main_loop_run (scroll.loop);

  report (scroll.frames, tide_timeline_get_n_entries (timeline), scroll.longest_wall);
  return 0;
}
