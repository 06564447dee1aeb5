/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-window"

#include "config.h"

#include "runbook/tide-run-window.h"
#include "tide-environment-actions.h"

gpointer
tide_run_window_find (GtkWidget *parent,
                      GType      type)
{
  GtkWindow *owner = GTK_WINDOW (gtk_widget_get_root (parent));
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type) && tide_run_window_get_owner (TIDE_RUN_WINDOW (window)) == owner)
        return window;
    }
  return NULL;
}

gboolean
tide_run_window_may_open (TideRunWindow   *self,
                          GtkWidget       *parent,
                          TideEnvironment *environment)
{
  if (self != NULL && (environment == NULL || tide_run_window_is_running (self)))
    {
      gtk_window_present (GTK_WINDOW (self));
      return FALSE;
    }
  if (environment == NULL)
    return FALSE;
  if (self != NULL)
    gtk_window_destroy (GTK_WINDOW (self));
  return tide_environment_check_target (parent, environment);
}
