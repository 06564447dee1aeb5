/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "support/tide-test.h"
#include "tide-window-private.h"
#include "wait-until.h"

G_BEGIN_DECLS

/* One window over a store and settings of its own */
typedef struct
{
  char             *folder;
  TideProfileStore *profiles;
  GSettings        *settings;
  TideWindow       *window;
} Fixture;

static inline void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = NULL;

  fixture->folder = tide_test_make_folder ();
  path = g_build_filename (fixture->folder, "profiles.json", NULL);
  fixture->profiles = tide_profile_store_new (path);
  fixture->settings = g_settings_new (TIDE_APP_ID);
  fixture->window = g_object_new (TIDE_TYPE_WINDOW, "profiles", fixture->profiles,
                                  "settings", fixture->settings, NULL);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
}

static inline void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  /* Closing frees all of it: nothing goes on holding the window. */
  wait_until (fixture->window == NULL);
  g_settings_reset (fixture->settings, "recent-projects");
  g_settings_reset (fixture->settings, "last-project");
  g_object_unref (fixture->settings);
  g_object_unref (fixture->profiles);
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static inline const char *
get_page (Fixture *fixture)
{
  return gtk_stack_get_visible_child_name (fixture->window->stack);
}

/* The first visible widget of @type below @root whose "label" or "title" is @text */
static inline GtkWidget *
find_text (GtkWidget  *root,
           GType       type,
           const char *text)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;
      g_autofree char *own = NULL;

      if (!gtk_widget_get_child_visible (child) || !gtk_widget_get_visible (child))
        continue;
      if (g_type_is_a (G_OBJECT_TYPE (child), type))
        g_object_get (child, g_object_class_find_property (G_OBJECT_GET_CLASS (child), "label")
                               ? "label" : "title", &own, NULL);
      if (g_strcmp0 (own, text) == 0)
        return child;
      found = find_text (child, type, text);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static inline gpointer
find_toplevel (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type))
        return window;
    }
  return NULL;
}

#define NOBODY "\"url\": \"postgresql://nobody@localhost:1/none?host=/nowhere\""

/* @environments: of tidemark.json */
static inline void
write_project_in (const char *folder,
                  const char *environments)
{
  g_autofree char *json = g_strdup_printf ("{ \"environments\": { %s } }", environments);

  tide_test_write_file (folder, "package.json", "{ \"name\": \"harbour\" }", -1);
  tide_test_write_file (folder, "tidemark.json", json, -1);
  tide_test_write_file (folder, "prisma/schema.prisma", "datasource db { provider = \"postgresql\" }\n", -1);
  tide_test_write_file (folder, "prisma/migrations/20250101000000_first/migration.sql", "SELECT 1;", -1);
}

static inline void
write_project (Fixture    *fixture,
               const char *kind)
{
  g_autofree char *environments = g_strdup_printf ("\"main\": { " NOBODY ", \"kind\": \"%s\" }", kind);

  write_project_in (fixture->folder, environments);
}

/* What the application does at its start; there is none here. */
static inline void
load_resources (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();
  GdkDisplay *display = gdk_display_get_default ();

  gtk_css_provider_load_from_resource (provider, "/com/broxiva/Tidemark/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display),
                                    "/com/broxiva/Tidemark/icons");
}

G_END_DECLS
