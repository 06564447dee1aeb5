/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-phases-window"

#include "config.h"

#include <glib/gi18n.h>

#include "batch/tide-phases-change-page.h"
#include "batch/tide-phases-list-page.h"
#include "batch/tide-phases-window.h"
#include "runbook/tide-run-window.h"

struct _TidePhasesWindow
{
  TideWizard            parent_instance;

  /* Children */
  TidePhasesChangePage *change;
  TidePhasesListPage   *list;

  /* Owned */
  TideWorkspace        *workspace;
  char                 *root; /* of the project that it is for */
};

G_DEFINE_FINAL_TYPE (TidePhasesWindow, tide_phases_window, TIDE_TYPE_WIZARD)

/* The one place that makes it agree with the project: another one is none of its business */
static void
tide_phases_window_update (TidePhasesWindow *self)
{
  TideProject *project = tide_workspace_get_project (self->workspace);

  if (project == NULL || !g_str_equal (tide_project_get_root (project), self->root))
    gtk_window_destroy (GTK_WINDOW (self));
  else
    tide_phases_list_page_update (self->list);
}

/* All environments have a say in what is due. */
static void
on_environments_changed (TidePhasesWindow *self)
{
  GListModel *environments = tide_workspace_get_environments (self->workspace);

  for (guint i = 0; i < g_list_model_get_n_items (environments); i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (environments, i);

      g_signal_handlers_disconnect_by_data (environment, self);
      g_signal_connect_object (environment, "notify::timeline", G_CALLBACK (tide_phases_window_update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (environment, "notify::error", G_CALLBACK (tide_phases_window_update), self, G_CONNECT_SWAPPED);
    }
  tide_phases_window_update (self);
}

static void
tide_phases_window_enter (TideWizard     *wizard,
                          TideWizardPage *page)
{
  TidePhasesWindow *self = TIDE_PHASES_WINDOW (wizard);

  if (page == TIDE_WIZARD_PAGE (self->list))
    tide_phases_list_page_enter (self->list, self->workspace, tide_phases_change_page_get_phases (self->change));
}

/* All is done by the buttons of the parts. */
static void
tide_phases_window_finish (TideWizard *wizard)
{
}

static void
tide_phases_window_dispose (GObject *object)
{
  TidePhasesWindow *self = TIDE_PHASES_WINDOW (object);

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->root, g_free);
  G_OBJECT_CLASS (tide_phases_window_parent_class)->dispose (object);
}

static void
tide_phases_window_class_init (TidePhasesWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_phases_window_dispose;
  TIDE_WIZARD_CLASS (klass)->enter = tide_phases_window_enter;
  TIDE_WIZARD_CLASS (klass)->finish = tide_phases_window_finish;
}

static void
tide_phases_window_init (TidePhasesWindow *self)
{
  self->change = g_object_new (TIDE_TYPE_PHASES_CHANGE_PAGE, NULL);
  self->list = g_object_new (TIDE_TYPE_PHASES_LIST_PAGE, NULL);
  tide_wizard_add_page (TIDE_WIZARD (self), TIDE_WIZARD_PAGE (self->change));
  tide_wizard_add_page (TIDE_WIZARD (self), TIDE_WIZARD_PAGE (self->list));
  tide_wizard_set_verb (TIDE_WIZARD (self), _("_Done"), FALSE);
}

void
tide_phases_window_present (GtkWidget     *parent,
                            TideWorkspace *workspace)
{
  TidePhasesWindow *self = tide_run_window_find (parent, TIDE_TYPE_PHASES_WINDOW);
  TideProject *project = tide_workspace_get_project (workspace);

  if (self != NULL)
    {
      gtk_window_present (GTK_WINDOW (self));
      return;
    }
  if (project == NULL)
    return;
  self = g_object_new (TIDE_TYPE_PHASES_WINDOW, "title", _("Change Without Downtime"), "modal", FALSE,
                       "transient-for", gtk_widget_get_root (parent), NULL);
  self->workspace = g_object_ref (workspace);
  self->root = g_strdup (tide_project_get_root (project));
  g_signal_connect_object (workspace, "notify::project", G_CALLBACK (tide_phases_window_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tide_workspace_get_environments (workspace), "items-changed", G_CALLBACK (on_environments_changed), self,
                           G_CONNECT_SWAPPED);
  on_environments_changed (self);
  tide_wizard_present (TIDE_WIZARD (self));
}
