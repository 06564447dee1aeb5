/* SPDX-License-Identifier: GPL-3.0-or-later */

/* window-health PROJECT: runs the program on PROJECT, shows the Health page once the timeline is there, and prints how many ms
 * it takes from then to the end of the frame that fills the page (from its top to its bottom there are checks that tell what was found;
 * what stands below is still being read, which is told), of the one with which all is known, and, from the click on it, of the one
 * that shows the list of tables. */
#include "config.h"

#include <adwaita.h>

#include "health/tide-health-checks.h"
#include "health/tide-health-page.h"
#include "tide-application.h"
#include "timeline/tide-timeline-row.h"

typedef enum { STARTING, WAITING, FILLED, FULL } State;

static State  state;
static gint64 clicked;
static double filled, full;

/* (transfer none) (nullable): the first that is mapped, and has @css_class (nullable) */
static GtkWidget *
find (GtkWidget  *widget,
      GType       type,
      const char *css_class)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && (css_class == NULL || gtk_widget_has_css_class (widget, css_class)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find (child, type, css_class);
  return found;
}

static double
get_ms (void)
{
  return (g_get_monotonic_time () - clicked) / 1000.0;
}

/* Nothing of what can be seen is left empty. */
static gboolean
is_filled (GtkWidget *page)
{
  GtkWidget *checks = find (page, TIDE_TYPE_HEALTH_CHECKS, NULL);
  GtkWidget *place = checks ? gtk_widget_get_ancestor (checks, GTK_TYPE_SCROLLED_WINDOW) : NULL;

  return place != NULL && gtk_widget_get_height (place) > 100 && gtk_widget_get_height (checks) >= gtk_widget_get_height (place);
}

static gboolean
show_page (gpointer window)
{
  clicked = g_get_monotonic_time ();
  gtk_widget_activate_action (window, "win.show-page", "s", "health");
  return G_SOURCE_REMOVE;
}

static gboolean
show_tables (gpointer page)
{
  clicked = g_get_monotonic_time ();
  gtk_widget_activate_action (page, "health.view", "s", "tables");
  return G_SOURCE_REMOVE;
}

static void
on_after_paint (GdkFrameClock *clock,
                GtkWidget     *window)
{
  GtkWidget *page = find (window, TIDE_TYPE_HEALTH_PAGE, NULL);
  GtkWidget *summary = page ? find (page, GTK_TYPE_LABEL, "dim-label") : NULL;
  const char *text = summary ? gtk_label_get_label (GTK_LABEL (summary)) : "";

  if (state == STARTING && find (window, TIDE_TYPE_TIMELINE_ROW, NULL) != NULL)
    {
      state = WAITING;
      g_timeout_add (500, show_page, window); /* what a start still does in the background is none of the page's */
      return;
    }
  if (state == WAITING && page != NULL && is_filled (page))
    {
      filled = get_ms ();
      state = FILLED;
    }
  if (state == FILLED && !g_str_has_suffix (text, "…"))
    {
      full = get_ms ();
      state = FULL;
      g_idle_add (show_tables, page);
      return;
    }
  if (state == FULL && page != NULL && find (page, GTK_TYPE_COLUMN_VIEW, NULL) != NULL)
    {
      g_print ("%.1f %.1f %.1f\n", filled, full, get_ms ());
      _exit (0);
    }
}

static void
on_realize (GtkWidget *window)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_after_paint), window);
}

static void
on_window_added (GtkApplication *app,
                 GtkWidget      *window)
{
  g_signal_connect (window, "realize", G_CALLBACK (on_realize), NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GtkApplication) app = tide_application_new ();

  g_signal_connect (app, "window-added", G_CALLBACK (on_window_added), NULL);
  return g_application_run (G_APPLICATION (app), argc, argv);
}
