/* SPDX-License-Identifier: GPL-3.0-or-later */

/* window-label: what a start is measured beside. A libadwaita window with one label, in a program that has nothing else
 * and loads nothing of ours; ends at the end of its first frame. */
#include <adwaita.h>
#include <unistd.h>

static void
on_after_paint (GdkFrameClock *clock,
                GtkWidget     *label)
{
  /* As if killed: how a program ends is not how it starts. */
  if (gtk_widget_get_mapped (label))
    _exit (0);
}

static void
on_realize (GtkWidget *window,
            GtkWidget *label)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_after_paint), label);
}

static void
on_activate (GtkApplication *app)
{
  GtkWidget *window = adw_application_window_new (app);
  GtkWidget *label = gtk_label_new ("One label");

  g_signal_connect (window, "realize", G_CALLBACK (on_realize), label);
  gtk_window_set_default_size (GTK_WINDOW (window), 1180, 760);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), label);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(AdwApplication) app = adw_application_new ("com.broxiva.Tidemark.Label", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (app, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (app), argc, argv);
}
