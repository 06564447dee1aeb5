/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-application"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-application.h"

#include "sample/tide-sample.h"
#include "tide-heap.h"
#include "tide-preferences.h"
#include "tide-window.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-names.h"
#include "widgets/tide-text-tags.h"

/* The rows of a result, which may be many, come in larger blocks: they go when it is closed. */
#define LARGEST_OF_HEAP (512 * 1024)

struct _TideApplication
{
  AdwApplication    parent_instance;

  /* Owned */
  GSettings        *settings;
  TideProfileStore *profiles;
  GError           *profiles_error; /* why the saved connections are not there */
};

G_DEFINE_FINAL_TYPE (TideApplication, tide_application, ADW_TYPE_APPLICATION)

static void
color_scheme_changed_cb (GSettings  *settings,
                         const char *key,
                         gpointer    user_data)
{
  g_autofree char *name = g_settings_get_string (settings, key);
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_str_equal (name, "light"))
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal (name, "dark"))
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

static TideWindow *
find_window (TideApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (TIDE_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

static void
tide_application_show_window (TideApplication *self,
                              TideWindow      *window)
{
  if (self->profiles_error == NULL)
    {
      tide_window_present_soon (window);
      return;
    }
  gtk_window_present (GTK_WINDOW (window));
  tide_dialog_show_error (GTK_WIDGET (window), _("The Saved Connections Could Not Be Read"),
                          self->profiles_error);
}

static void
tide_application_open_folder (TideApplication *self,
                              const char      *folder)
{
  TideWindow *window = find_window (self);

  if (window == NULL)
    {
      tide_application_show_window (self, tide_window_new (self, folder));
      return;
    }
  gtk_window_present (GTK_WINDOW (window));
  tide_window_open_project (window, folder);
}

static void
tide_application_open_sample (TideApplication *self)
{
  TideWindow *window = find_window (self);

  if (window != NULL)
    {
      gtk_window_present (GTK_WINDOW (window));
      tide_window_open_sample (window);
      return;
    }
  window = tide_window_new (self, NULL);
  tide_window_open_sample (window);
  tide_application_show_window (self, window);
}

/* The project of the last time, if it is still there. The sample's PostgreSQL may have been stopped since. */
static void
tide_application_activate (GApplication *app)
{
  TideApplication *self = TIDE_APPLICATION (app);
  TideWindow *window = find_window (self);
  g_autofree char *folder = g_settings_get_string (self->settings, "last-project");
  g_autofree char *sample = tide_sample_dup_default_folder ();

  if (window != NULL)
    gtk_window_present (GTK_WINDOW (window));
  else if (*folder == '\0' || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    tide_application_show_window (self, tide_window_new (self, NULL));
  else if (g_str_equal (folder, sample))
    tide_application_open_sample (self);
  else
    tide_application_open_folder (self, folder);
}

static void
tide_application_open (GApplication  *app,
                       GFile        **files,
                       int            n_files,
                       const char    *hint)
{
  g_autofree char *path = g_file_get_path (files[0]);

  if (path != NULL)
    tide_application_open_folder (TIDE_APPLICATION (app), path);
  else
    tide_application_activate (app);
}

static int
tide_application_command_line (GApplication            *app,
                               GApplicationCommandLine *command_line)
{
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  g_auto(GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);

  if (g_variant_dict_contains (options, "sample"))
    {
      tide_application_open_sample (TIDE_APPLICATION (app));
    }
  else if (arguments[0] != NULL && arguments[1] != NULL)
    {
      g_autoptr(GFile) file = g_application_command_line_create_file_for_arg (command_line,
                                                                              arguments[1]);

      g_application_open (app, &file, 1, "");
    }
  else
    {
      g_application_activate (app);
    }
  return 0;
}

static int
tide_application_handle_local_options (GApplication *app,
                                       GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;

  g_print ("%s %s\n", PACKAGE_NAME, PACKAGE_VERSION);
  return 0;
}

static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  TideWindow *window = find_window (user_data);

  /* The window asks first when work is running. */
  if (window != NULL)
    gtk_window_close (GTK_WINDOW (window));
  else
    g_application_quit (user_data);
}

/* What a notification of the desktop calls for */
static void
show_page_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  TideWindow *window = find_window (user_data);

  if (window == NULL)
    return;
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s", g_variant_get_string (parameter, NULL));
}

static void
preferences_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  TideApplication *self = user_data;
  GtkWindow *dialog = tide_preferences_new (self->settings);

  gtk_window_set_transient_for (dialog, gtk_application_get_active_window (user_data));
  gtk_window_present (dialog);
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", _("Tidemark"),
                         "application-icon", TIDE_APP_ID,
                         "developer-name", _("The Tidemark developers"),
                         "version", PACKAGE_VERSION,
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "comments", _("Migration histories of PostgreSQL databases: see them, deploy "
                                       "them, and keep them true to what is on disk."),
                         NULL);
}

static void
tide_application_add_accels (GtkApplication *app)
{
  static const struct
  {
    const char *action;
    const char *accels[3];
  } table[] = {
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "win.show-shortcuts", { "<Control>question" } },
    { "win.open-project", { "<Control>o" } },
    { "win.new-connection", { "<Control><Shift>n" } },
    { "win.deploy", { "<Control>d" } },
    { "win.refresh", { "F5", "<Control>r" } },
    { "win.show-menu", { "F10" } },
    { "win.toggle-sidebar", { "F9" } },
    { "win.show-page::timeline", { "<Alt>1" } },
    { "win.show-page::drift", { "<Alt>2" } },
    { "win.show-page::sql", { "<Alt>3" } },
    { "win.show-page::backups", { "<Alt>4" } },
    { "win.show-page::health", { "<Alt>5" } },
    { "win.close-tab", { "<Control>w" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_application_set_accels_for_action (app, table[i].action, table[i].accels);
}

static void
read_icon_themes (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  gtk_icon_theme_has_icon (source_object, "open-menu-symbolic");
}

/* GTK has read them in a thread, and forgot them when our own were added: the window need not wait for it to read
 * them again. */
static void
start_reading_icon_themes (void)
{
  g_autoptr(GTask) task = g_task_new (gtk_icon_theme_get_for_display (gdk_display_get_default ()), NULL, NULL, NULL);

  g_task_set_source_tag (task, start_reading_icon_themes);
  g_task_run_in_thread (task, read_icon_themes);
}

static void
tide_application_startup (GApplication *app)
{
  static const GActionEntry entries[] = {
    { "quit", quit_cb },
    { "preferences", preferences_cb },
    { "about", about_cb },
    { "show-page", show_page_cb, "s" },
  };
  TideApplication *self = TIDE_APPLICATION (app);

  G_APPLICATION_CLASS (tide_application_parent_class)->startup (app);
  tide_names_install ();

  /* Whoever comes to a text by the keyboard has not selected all of it. */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
  tide_text_tags_guard ();
  start_reading_icon_themes ();
  g_action_map_add_action_entries (G_ACTION_MAP (app), entries, G_N_ELEMENTS (entries), app);
  tide_application_add_accels (GTK_APPLICATION (app));

  self->settings = g_settings_new (TIDE_APP_ID);
  g_signal_connect_object (self->settings, "changed::color-scheme",
                           G_CALLBACK (color_scheme_changed_cb), self, 0);
  color_scheme_changed_cb (self->settings, "color-scheme", self);

  self->profiles = tide_profile_store_new (NULL);
  tide_profile_store_load (self->profiles, &self->profiles_error);
}

static void
tide_application_finalize (GObject *object)
{
  TideApplication *self = TIDE_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->profiles);
  g_clear_error (&self->profiles_error);
  G_OBJECT_CLASS (tide_application_parent_class)->finalize (object);
}

static void
tide_application_class_init (TideApplicationClass *klass)
{
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_application_finalize;
  app_class->startup = tide_application_startup;
  app_class->activate = tide_application_activate;
  app_class->open = tide_application_open;
  app_class->command_line = tide_application_command_line;
  app_class->handle_local_options = tide_application_handle_local_options;
}

static void
tide_application_init (TideApplication *self)
{
  static const GOptionEntry entries[] = {
    { "sample", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_("Open the sample project on a private PostgreSQL"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version and end"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FOLDER]"));
}

GtkApplication *
tide_application_new (void)
{
  tide_heap_prepare (LARGEST_OF_HEAP);
  return g_object_new (TIDE_TYPE_APPLICATION,
                       "application-id", TIDE_APP_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN | G_APPLICATION_HANDLES_COMMAND_LINE,
                       "resource-base-path", "/com/broxiva/Tidemark",
                       NULL);
}

GSettings *
tide_application_get_settings (TideApplication *self)
{
  g_return_val_if_fail (TIDE_IS_APPLICATION (self), NULL);
  return self->settings;
}

TideProfileStore *
tide_application_get_profiles (TideApplication *self)
{
  g_return_val_if_fail (TIDE_IS_APPLICATION (self), NULL);
  return self->profiles;
}
