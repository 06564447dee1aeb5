/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-window"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-window-private.h"

#include "connect/tide-secrets.h"
#include "connections/tide-connection-editor.h"
#include "connections/tide-connection-page.h"
#include "connections/tide-import-dialog.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"

static TideProfile *
find_profile (TideWindow *self,
              GVariant   *id)
{
  return tide_profile_store_find (self->profiles, g_variant_get_string (id, NULL));
}

static void
editor_saved_cb (TideConnectionEditor *editor,
                 TideProfile          *profile,
                 TideWindow           *self)
{
  tide_sidebar_set_selected (self->sidebar, G_OBJECT (profile));
  tide_window_update_content (self);
  /* An environment may mean this profile. */
  tide_workspace_reconnect (self->workspace);
}

static void
tide_window_edit (TideWindow  *self,
                  TideProfile *profile)
{
  GtkWindow *editor = tide_connection_editor_new (self->profiles, profile);

  g_signal_connect_object (editor, "saved", G_CALLBACK (editor_saved_cb), self, 0);
  gtk_window_set_transient_for (editor, GTK_WINDOW (self));
  gtk_window_present (editor);
}

static void
new_connection (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  tide_window_edit (TIDE_WINDOW (widget), NULL);
}

static void
edit_connection (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  TideProfile *profile = find_profile (self, parameter);

  if (profile != NULL)
    tide_window_edit (self, profile);
}

static void
duplicate_connection (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  TideProfile *profile = find_profile (self, parameter);
  g_autoptr(TideProfile) copy = NULL;
  g_autofree char *name = NULL;

  if (profile == NULL)
    return;

  copy = tide_profile_duplicate (profile);
  name = g_strdup_printf (_("%s (copy)"), tide_profile_get_name (profile));
  g_object_set (copy, "name", name, NULL);
  tide_window_edit (self, copy);
}

/* The page of a connection is its test: it connects, and tells what it found or why it could not. */
static void
test_connection (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  TideProfile *profile = find_profile (self, parameter);

  if (profile == NULL)
    return;
  if (profile == self->profile)
    tide_connection_page_refresh (TIDE_CONNECTION_PAGE (tide_lazy_get_child (self->connection_place)));
  tide_sidebar_set_selected (self->sidebar, G_OBJECT (profile));
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
clear_secret_cb (GObject      *source_object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(TideWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  /* Where there is no keyring there is no password to forget. */
  if (!tide_secrets_clear_finish (result, &error) &&
      !g_error_matches (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED) &&
      self->settings != NULL)
    tide_dialog_show_error (GTK_WIDGET (self), _("The Password Could Not Be Forgotten"), error);
}

typedef struct
{
  TideWindow *window;
  char       *id;
} Removal;

static void
removal_free (Removal *removal)
{
  g_object_unref (removal->window);
  g_free (removal->id);
  g_free (removal);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static void
confirm_remove_cb (GObject      *source_object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(Removal) removal = user_data;
  g_autoptr(GError) error = NULL;
  TideWindow *self = removal->window;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (source_object), result))
    return;

  if (tide_profile_store_remove (self->profiles, removal->id, &error))
    tide_secrets_clear_async (removal->id, NULL, clear_secret_cb, g_object_ref (self));
  else
    tide_dialog_show_error (GTK_WIDGET (self), _("The Connection Could Not Be Removed"), error);
}

static void
remove_connection (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  TideProfile *profile = find_profile (self, parameter);
  g_autofree char *heading = NULL;
  Removal *removal;

  if (profile == NULL)
    return;

  heading = g_strdup_printf (_("Remove “%s”?"), tide_profile_get_name (profile));
  removal = g_new0 (Removal, 1);
  removal->window = g_object_ref (self);
  removal->id = g_strdup (tide_profile_get_id (profile));
  tide_dialog_confirm_async (widget, heading,
                             _("The saved connection and its password in the keyring are forgotten. "
                               "The database itself stays as it is."),
                             NULL, _("_Remove"), NULL, TRUE, confirm_remove_cb, removal);
}

static void
import_connections (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  TideProject *project = tide_workspace_get_project (self->workspace);
  GtkWindow *dialog;

  dialog = tide_import_dialog_new (self->profiles, project ? tide_project_get_root (project) : NULL);
  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  gtk_window_present (dialog);
}

void
tide_window_install_connections (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.new-connection", NULL, new_connection);
  gtk_widget_class_install_action (widget_class, "win.import-connections", NULL, import_connections);
  gtk_widget_class_install_action (widget_class, "win.edit-connection", "s", edit_connection);
  gtk_widget_class_install_action (widget_class, "win.duplicate-connection", "s",
                                   duplicate_connection);
  gtk_widget_class_install_action (widget_class, "win.test-connection", "s", test_connection);
  gtk_widget_class_install_action (widget_class, "win.remove-connection", "s", remove_connection);
}
