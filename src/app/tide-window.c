/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-window"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-window-private.h"

#include "backup/tide-backup-page.h"
#include "connections/tide-connection-page.h"
#include "drift/tide-drift-page.h"
#include "health/tide-health-page.h"
#include "sql/tide-sql-page.h"
#include "tide-heading.h"
#include "tide-jobs-button.h"
#include "tide-welcome.h"
#include "timeline/tide-timeline-page.h"
#include "widgets/tide-button-content.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-error-view.h"
#include "widgets/tide-shrink.h"

/* The narrowest phone and the lowest landscape that GNOME cares for; the settings take nothing smaller. */
#define MIN_WIDTH  360
#define MIN_HEIGHT 294

/* A window that has something to show by then is painted once, instead of once empty and once more. */
#define PRESENT_DELAY_MS 120

enum
{
  PROP_WORKSPACE = 1,
  PROP_PROFILES,
  PROP_SETTINGS,
  PROP_PROFILE,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideWindow, tide_window, ADW_TYPE_APPLICATION_WINDOW)

static GParamSpec *properties[N_PROPS];

gboolean
tide_window_is_narrow (TideWindow *self)
{
  return adw_squeezer_get_visible_child (self->squeezer) == self->no_room;
}

static gboolean
update_narrow (gpointer user_data)
{
  TideWindow *self = user_data;
  gboolean narrow = tide_window_is_narrow (self);

  adw_view_switcher_bar_set_stack (self->switcher_bar, narrow ? self->pages : NULL);
  tide_shrink_labels (GTK_WIDGET (self->switcher_bar));
  adw_view_switcher_bar_set_reveal (self->switcher_bar, narrow);
  if (self->workspace != NULL)
    tide_window_update_runs (self);
  return G_SOURCE_REMOVE;
}

/* Where the buttons above the pages have no room, there are buttons below them, after the layout that found it. Whether they
 * have does not depend on the sidebar: what comes or goes with that must not change how much room is needed, or both would
 * come and go for ever. */
static void
squeezed_cb (TideWindow *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, update_narrow, g_object_ref (self), g_object_unref);
}

static void
tide_window_set_profile (TideWindow  *self,
                         TideProfile *profile)
{
  if (!g_set_object (&self->profile, profile))
    return;
  tide_connection_page_set_profile (TIDE_CONNECTION_PAGE (tide_lazy_get_child (self->connection_place)), profile);
  adw_view_switcher_set_stack (self->connection_switcher, self->connection_pages);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROFILE]);
}

static GtkWidget *
create_connection_sql (TideWindow *self)
{
  GtkWidget *page = g_object_new (TIDE_TYPE_SQL_PAGE, "workspace", self->workspace, "profile", self->profile, NULL);

  g_object_bind_property (self, "profile", page, "profile", G_BINDING_DEFAULT);
  g_signal_connect_object (page, "notify::writing", G_CALLBACK (tide_window_update_writing), self, G_CONNECT_SWAPPED);
  return page;
}

static void
sidebar_selected_cb (TideWindow *self)
{
  g_autoptr(GObject) selected = NULL;

  g_object_get (self->sidebar, "selected", &selected, NULL);
  tide_window_set_profile (self, TIDE_IS_PROFILE (selected) ? TIDE_PROFILE (selected) : NULL);
  if (TIDE_IS_ENVIRONMENT (selected))
    {
      /* Back to the project that is open, from another that could not be opened */
      g_clear_error (&self->error);
      tide_workspace_set_environment (self->workspace, TIDE_ENVIRONMENT (selected));
    }
  tide_window_update_content (self);
}

static void
sidebar_activated_cb (TideSidebar *sidebar,
                      TideWindow  *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
present_now (TideWindow *self)
{
  self->present_source = 0;
  gtk_window_present (GTK_WINDOW (self));
}

static void
environment_state_cb (TideWindow *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);

  if (self->present_source == 0 ||
      tide_environment_get_state (environment) == TIDE_ENVIRONMENT_LOADING)
    return;
  g_source_remove (self->present_source);
  present_now (self);
}

static void
environment_changed_cb (TideWindow *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);

  g_signal_group_set_target (self->environment_signals, environment);
  if (self->profile == NULL)
    tide_sidebar_set_selected (self->sidebar, G_OBJECT (environment));
  tide_window_update_content (self);
  /* While the database is asked, and before the window is measured for the first time */
  if (self->present_source != 0 && environment != NULL)
    tide_lazy_get_child (TIDE_LAZY (adw_view_stack_get_visible_child (self->pages)));
}

/* A connection that was removed is shown no longer. */
static void
profiles_changed_cb (TideWindow *self)
{
  if (self->profile != NULL &&
      tide_profile_store_find (self->profiles, tide_profile_get_id (self->profile)) == NULL)
    tide_sidebar_set_selected (self->sidebar,
                               G_OBJECT (tide_workspace_get_environment (self->workspace)));
  tide_window_update_content (self);
}

static void
error_action_cb (TideWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.retry", NULL);
}

static GtkWidget *
create_jobs_button (TideWindow *self)
{
  return g_object_new (TIDE_TYPE_JOBS_BUTTON, "workspace", self->workspace, NULL);
}

static void
jobs_changed_cb (TideWindow *self,
                 guint       position,
                 guint       removed,
                 guint       added,
                 GListModel *jobs)
{
  gtk_widget_set_visible (self->jobs_place, g_list_model_get_n_items (jobs) > 0);
}

static GtkWidget *
create_error_view (TideWindow *self)
{
  GtkWidget *view = g_object_new (TIDE_TYPE_ERROR_VIEW,
                                  "heading", _("The Project Could Not Be Opened"),
                                  "action-label", _("_Retry"),
                                  NULL);

  g_signal_connect_swapped (view, "action", G_CALLBACK (error_action_cb), self);
  return view;
}

static void
go_back (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  adw_leaflet_navigate (TIDE_WINDOW (widget)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
toggle_sidebar (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);
  GtkWidget *pane = gtk_widget_get_parent (GTK_WIDGET (self->sidebar));

  if (!adw_leaflet_get_folded (self->leaflet))
    {
      self->sidebar_hidden = !self->sidebar_hidden;
      tide_window_update_content (self);
    }
  else if (adw_leaflet_get_visible_child (self->leaflet) == pane)
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
  else
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
show_menu (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  gtk_menu_button_popup (TIDE_WINDOW (widget)->menu_button);
}

static void
show_shortcuts (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  GtkApplicationWindow *window = GTK_APPLICATION_WINDOW (widget);

  if (gtk_application_window_get_help_overlay (window) == NULL)
    {
      g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource ("/com/broxiva/Tidemark/ui/tide-shortcuts.ui");

      gtk_application_window_set_help_overlay (window,
                                               GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "shortcuts")));
    }
  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (window)));
}

static void
refresh (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  TideWindow *self = TIDE_WINDOW (widget);

  if (self->profile != NULL)
    tide_connection_page_refresh (TIDE_CONNECTION_PAGE (tide_lazy_get_child (self->connection_place)));
  else
    tide_workspace_reconnect (self->workspace);
}

static gboolean
set_icon (gpointer window)
{
  gtk_window_set_default_icon_name (TIDE_APP_ID);
  gtk_window_set_icon_name (window, TIDE_APP_ID);
  return G_SOURCE_REMOVE;
}

/* Drawing the icon takes as long as a good part of the window, and nobody looks for it before the window is there. */
static void
painted_cb (GdkFrameClock *clock,
            TideWindow    *self)
{
  g_signal_handlers_disconnect_by_func (clock, painted_cb, self);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, set_icon, g_object_ref (self), g_object_unref);
}

static void
tide_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tide_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (painted_cb), widget, 0);
}

static void
tide_window_save_state (TideWindow *self)
{
  int width;
  int height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (self->settings, "window-width", MAX (width, MIN_WIDTH));
  g_settings_set_int (self->settings, "window-height", MAX (height, MIN_HEIGHT));
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
}

static gboolean
tide_window_close_request (GtkWindow *window)
{
  TideWindow *self = TIDE_WINDOW (window);

  tide_window_save_state (self);
  if (tide_window_ask_to_close (self))
    return GDK_EVENT_STOP;
  return GTK_WINDOW_CLASS (tide_window_parent_class)->close_request (window);
}

static void
tide_window_constructed (GObject *object)
{
  TideWindow *self = TIDE_WINDOW (object);

  G_OBJECT_CLASS (tide_window_parent_class)->constructed (object);

  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));

  g_settings_bind (self->settings, "poll-interval", self->workspace, "poll-interval",
                   G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "sidebar-width", self->sidebar, "width-request",
                   G_SETTINGS_BIND_GET);
  g_object_bind_property (self, "is-active", self->workspace, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->workspace, "notify::environment",
                           G_CALLBACK (environment_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->workspace, "notify::error",
                           G_CALLBACK (tide_window_update_trouble), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->workspace, "notify::project",
                           G_CALLBACK (tide_window_update_content), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tide_workspace_get_jobs (self->workspace), "items-changed",
                           G_CALLBACK (jobs_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->profiles, "items-changed",
                           G_CALLBACK (profiles_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::recent-projects",
                           G_CALLBACK (tide_window_update_recent), self, G_CONNECT_SWAPPED);
  self->desktop = tide_desktop_new (self->workspace);
  tide_window_update_recent (self);
  tide_window_update_content (self);
}

static void
tide_window_dispose (GObject *object)
{
  TideWindow *self = TIDE_WINDOW (object);

  g_clear_handle_id (&self->present_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->environment_signals);
  g_clear_object (&self->desktop);
  g_clear_object (&self->profile);
  g_clear_object (&self->profiles);
  g_clear_object (&self->settings);
  g_clear_object (&self->recent_menu);
  g_clear_error (&self->error);
  g_clear_pointer (&self->opening, g_free);
  g_clear_pointer (&self->failed, g_free);
  G_OBJECT_CLASS (tide_window_parent_class)->dispose (object);
  g_clear_object (&self->workspace);
}

static void
tide_window_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  TideWindow *self = TIDE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE: g_value_set_object (value, self->workspace); break;
    case PROP_PROFILES: g_value_set_object (value, self->profiles); break;
    case PROP_SETTINGS: g_value_set_object (value, self->settings); break;
    case PROP_PROFILE: g_value_set_object (value, self->profile); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_window_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  TideWindow *self = TIDE_WINDOW (object);

  switch (prop_id)
    {
    case PROP_WORKSPACE:
      self->workspace = g_value_get_object (value) ? g_value_dup_object (value) : tide_workspace_new ();
      break;
    case PROP_PROFILES: self->profiles = g_value_dup_object (value); break;
    case PROP_SETTINGS: self->settings = g_value_dup_object (value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_window_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TideWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, squeezer);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, no_room);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, deploy_button);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, jobs_place);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, error_place);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, loading_label);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, connection_place);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, connection_switcher);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, connection_pages);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, connection_sql);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, trouble_bar);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, trouble_button);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, reminder_bar);
  gtk_widget_class_bind_template_child (widget_class, TideWindow, writing_button);
  gtk_widget_class_bind_template_callback (widget_class, squeezed_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_error_view);
  gtk_widget_class_bind_template_callback (widget_class, create_jobs_button);
  gtk_widget_class_bind_template_callback (widget_class, create_connection_sql);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_activated_cb);
}

static void
tide_window_class_init (TideWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = tide_window_constructed;
  object_class->dispose = tide_window_dispose;
  object_class->get_property = tide_window_get_property;
  object_class->set_property = tide_window_set_property;
  widget_class->realize = tide_window_realize;
  GTK_WINDOW_CLASS (klass)->close_request = tide_window_close_request;

  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE,
                                                    construct);
  properties[PROP_PROFILES] = g_param_spec_object ("profiles", NULL, NULL, TIDE_TYPE_PROFILE_STORE,
                                                   construct);
  properties[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, G_TYPE_SETTINGS, construct);
  properties[PROP_PROFILE] = g_param_spec_object ("profile", NULL, NULL, TIDE_TYPE_PROFILE, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "win.go-back", NULL, go_back);
  gtk_widget_class_install_action (widget_class, "win.toggle-sidebar", NULL, toggle_sidebar);
  gtk_widget_class_install_action (widget_class, "win.show-menu", NULL, show_menu);
  gtk_widget_class_install_action (widget_class, "win.show-shortcuts", NULL, show_shortcuts);
  gtk_widget_class_install_action (widget_class, "win.refresh", NULL, refresh);
  tide_window_install_content (widget_class);
  tide_window_install_projects (widget_class);
  tide_window_install_runs (widget_class);
  tide_window_install_connections (widget_class);

  g_type_ensure (TIDE_TYPE_BUTTON_CONTENT);
  g_type_ensure (TIDE_TYPE_CONNECTION_PAGE);
  g_type_ensure (TIDE_TYPE_HEADING);
  g_type_ensure (TIDE_TYPE_LAZY);
  g_type_ensure (TIDE_TYPE_REMINDER_BAR);
  g_type_ensure (TIDE_TYPE_SIDEBAR);
  g_type_ensure (TIDE_TYPE_SQL_PAGE);
  g_type_ensure (TIDE_TYPE_WELCOME);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-window.ui");
  tide_window_bind_template (widget_class);
}

static GtkWidget *
create_page (TideLazy   *place,
             TideWindow *self)
{
  GtkWidget *page = g_object_new (tide_lazy_get_child_type (place), "workspace", self->workspace, NULL);

  if (TIDE_IS_SQL_PAGE (page))
    g_signal_connect_object (page, "notify::writing", G_CALLBACK (tide_window_update_writing), self, G_CONNECT_SWAPPED);
  return page;
}

/* A new page is one line here; it is built when it is first shown. */
static void
tide_window_add_pages (TideWindow *self)
{
  const struct
  {
    GType       type;
    const char *name;
    const char *title;
    const char *icon_name;
  } pages[] = {
    { TIDE_TYPE_TIMELINE_PAGE, "timeline", _("Timeline"), "document-open-recent-symbolic" },
    { TIDE_TYPE_DRIFT_PAGE, "drift", _("Drift"), "edit-find-replace-symbolic" },
    { TIDE_TYPE_SQL_PAGE, "sql", _("SQL"), "utilities-terminal-symbolic" },
    { TIDE_TYPE_BACKUP_PAGE, "backups", _("Backups"), "drive-harddisk-symbolic" },
    { TIDE_TYPE_HEALTH_PAGE, "health", _("Health"), "tide-health-symbolic" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      GtkWidget *place = g_object_new (TIDE_TYPE_LAZY, "child-type", pages[i].type, NULL);

      g_signal_connect (place, "create", G_CALLBACK (create_page), self);
      adw_view_stack_add_titled_with_icon (self->pages, place, pages[i].name, pages[i].title, pages[i].icon_name);
    }
}

static void
tide_window_add_menu (TideWindow *self)
{
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource ("/com/broxiva/Tidemark/ui/tide-window-menu.ui");

  self->recent_menu = g_object_ref (G_MENU (gtk_builder_get_object (builder, "recent_menu")));
  tide_lazy_set_menu (self->menu_button, G_MENU_MODEL (gtk_builder_get_object (builder, "primary_menu")));
}

static void
tide_window_init (TideWindow *self)
{
  self->environment_signals = g_signal_group_new (TIDE_TYPE_ENVIRONMENT);
  g_signal_group_connect_swapped (self->environment_signals, "notify::error",
                                  G_CALLBACK (tide_window_update_trouble), self);
  g_signal_group_connect_swapped (self->environment_signals, "notify::state",
                                  G_CALLBACK (environment_state_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* It goes where the window is narrow, and must not keep it from becoming so. */
  tide_shrink_labels (self->deploy_button);
  tide_window_add_menu (self);
  tide_window_add_pages (self);
}

/**
 * tide_window_present_soon:
 * @self: a window that was not shown yet
 *
 * Presents it as soon as the project that it opens can be seen in it, or else after a moment.
 */
void
tide_window_present_soon (TideWindow *self)
{
  g_return_if_fail (TIDE_IS_WINDOW (self));

  if (self->opening == NULL)
    gtk_window_present (GTK_WINDOW (self));
  else if (self->present_source == 0)
    self->present_source = g_timeout_add_once (PRESENT_DELAY_MS, (GSourceOnceFunc) present_now, self);
}

void
tide_window_toast (TideWindow *self,
                   const char *message)
{
  g_autofree char *markup = g_markup_escape_text (message, -1);

  g_return_if_fail (TIDE_IS_WINDOW (self));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}
