/* SPDX-License-Identifier: GPL-3.0-or-later */

/* window-drift N: shows a tree of N differences, opens it wholly, scrolls it from end to end, a step a frame, and prints what
 * that costs the main thread, in ms of its own time, so that a busy machine does not count: differences, to fill and to open
 * it, frames, median, 99th percentile, longest. */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include <adwaita.h>

#include "drift/tide-drift-tree.h"
#include "schema/tide-schema-builder.h"

#define N_FRAMES 600

typedef struct
{
  GMainLoop     *loop;
  GtkAdjustment *adjustment;
  GArray        *frames; /* gint64: microseconds */
  guint          n_rows;
  guint          seen;
  gint64         began;
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

  /* The rows of a long list are told in steps. */
  if (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (widget)))) < self->n_rows || range < 1000)
    return G_SOURCE_CONTINUE;
  if (self->step++ == N_FRAMES)
    {
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
}

static void
on_after_paint (GdkFrameClock *clock,
                Scroll        *self)
{
  gint64 took = get_thread_time () - self->began;

  /* The first frame lays the window out. */
  if (self->seen++ > 0)
    g_array_append_val (self->frames, took);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const gint64 *) a > *(const gint64 *) b ? 1 : -1;
}

/* The tree itself: drop-downs have lists too. */
static GtkWidget *
find_list (GtkWidget *widget)
{
  if (GTK_IS_LIST_VIEW (widget) && gtk_widget_has_css_class (widget, "drift-tree"))
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
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/com/broxiva/Tidemark/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static TideSchema *
create_schema (guint n)
{
  TideSchemaBuilder *builder = tide_schema_builder_new ("bench", 150000, "tide");
  TideSchemaObject *schema = tide_schema_builder_add (builder, TIDE_OBJECT_SCHEMA, 2200, 0, NULL, "public", NULL, NULL);

  for (guint i = 0; schema != NULL && i < n; i++)
    {
      const char *name = tide_schema_builder_take (builder, g_strdup_printf ("table_%05u", i));

      tide_schema_builder_add (builder, TIDE_OBJECT_TABLE, 16384 + i, 0, "public", name, NULL, NULL);
    }
  return tide_schema_builder_end (builder);
}

/* The schema, then its only kind */
static void
expand (GtkListView *list)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (list));

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GtkTreeListRow) row = g_list_model_get_item (model, i);

      gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

static void
scroll_through (GtkWidget *window,
                GtkWidget *list,
                Scroll    *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  self->loop = g_main_loop_new (NULL, FALSE);
  self->frames = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), self);
  gtk_widget_add_tick_callback (list, on_tick, self, NULL);
  g_main_loop_run (self->loop);
  g_array_sort (self->frames, compare);
}

int
main (int   argc,
      char *argv[])
{
  guint n = argc == 2 ? atoi (argv[1]) : 20000;
  g_autoptr (TideSchema) left = create_schema (0);
  g_autoptr (TideSchema) right = create_schema (n);
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (left, right, NULL);
  g_autoptr (TideDriftOutline) outline = tide_drift_outline_new (diff);
  TideDriftTree *tree;
  GtkWidget *window;
  GtkWidget *list;
  Scroll scroll = { .n_rows = n + 2 };
  gint64 times[3];

  gtk_init ();
  adw_init ();
  load_style ();
  tree = g_object_new (TIDE_TYPE_DRIFT_TREE, NULL);
  list = find_list (GTK_WIDGET (tree));
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 760);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (tree));
  gtk_window_present (GTK_WINDOW (window));
  times[0] = get_thread_time ();
  tide_drift_tree_set_outline (tree, outline);
  times[1] = get_thread_time ();
  expand (GTK_LIST_VIEW (list));
  times[2] = get_thread_time ();
  scroll_through (window, list, &scroll);
  g_print ("%u %.2f %.2f %u %.2f %.2f %.2f\n", tide_schema_diff_get_changes (diff)->len, (times[1] - times[0]) / 1000.0,
           (times[2] - times[1]) / 1000.0, scroll.frames->len,
           g_array_index (scroll.frames, gint64, scroll.frames->len / 2) / 1000.0,
           g_array_index (scroll.frames, gint64, scroll.frames->len * 99 / 100) / 1000.0,
           g_array_index (scroll.frames, gint64, scroll.frames->len - 1) / 1000.0);
  return 0;
}
