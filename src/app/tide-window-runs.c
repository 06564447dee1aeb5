/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-window"

#include "config.h"

#include "tide-window-private.h"

#include "runbook/tide-deploy-window.h"
#include "runbook/tide-rollback-window.h"

static void
deploy (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  tide_deploy_window_present (widget, TIDE_WINDOW (widget)->workspace);
}

static void
roll_back (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  tide_rollback_window_present (widget, TIDE_WINDOW (widget)->workspace, TIDE_ROLLBACK_AUTOMATIC, NULL);
}

/* A migration of the selected environment, by name */
static void
roll_back_migration (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  tide_rollback_window_present (widget, TIDE_WINDOW (widget)->workspace, TIDE_ROLLBACK_MIGRATION,
                                g_variant_get_string (parameter, NULL));
}

gboolean
tide_window_show_run (TideWindow *self,
                      const char *name)
{
  GtkWindow *window = NULL;

  if (g_str_equal (name, "deploy"))
    window = tide_run_window_find (GTK_WIDGET (self), TIDE_TYPE_DEPLOY_WINDOW);
  else if (g_str_equal (name, "roll-back"))
    window = tide_run_window_find (GTK_WIDGET (self), TIDE_TYPE_ROLLBACK_WINDOW);
  if (window != NULL)
    gtk_window_present (window);
  return window != NULL;
}

void
tide_window_update_runs (TideWindow *self)
{
  gboolean possible = self->profile == NULL && tide_workspace_get_environment (self->workspace) != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.deploy", possible);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.roll-back", possible);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.run-batches", possible);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.phases",
                                 self->profile == NULL && tide_workspace_get_project (self->workspace) != NULL);
  gtk_widget_set_visible (self->deploy_button, possible && !tide_window_is_narrow (self));
}

void
tide_window_install_runs (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.deploy", NULL, deploy);
  gtk_widget_class_install_action (widget_class, "win.roll-back", NULL, roll_back);
  gtk_widget_class_install_action (widget_class, "win.roll-back-migration", "s", roll_back_migration);
}
