/* SPDX-License-Identifier: GPL-3.0-or-later */

/* window-first-frame PROJECT: how long a start takes. Runs the program on PROJECT and ends at the end of the first
 * frame that shows a row of its timeline. window-label.c is what stands beside it. */
#include "config.h"

#include <adwaita.h>

#include "tide-application.h"
#include "timeline/tide-timeline-row.h"

static gboolean
shows (GtkWidget *widget,
       GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return gtk_widget_get_mapped (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      if (shows (child, type))
        return TRUE;
    }
  return FALSE;
}

static void
on_after_paint (GdkFrameClock *clock,
                GtkWidget     *window)
{
  /* As if killed: how a program ends is not how it starts. */
  if (shows (window, TIDE_TYPE_TIMELINE_ROW))
    _exit (0);
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
  if (gtk_widget_get_realized (window))
    on_realize (window);
  else
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
