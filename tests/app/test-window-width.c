/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-window-width"

#include "config.h"

#include <locale.h>

#include <adwaita.h>
#include <glib/gi18n.h>

#include "drift/tide-drift-page.h"
#include "drift/tide-turning-bin.h"
#include "health/tide-health-look.h"
#include "timeline/tide-timeline-row.h"
#include "widgets/tide-lazy.h"
#include "window-fixture.h"

static gboolean
is_narrow (Fixture *fixture)
{
  return adw_leaflet_get_folded (fixture->window->leaflet)
         && adw_view_switcher_bar_get_reveal (fixture->window->switcher_bar);
}

static GtkWidget *
get_page_widget (Fixture    *fixture,
                 const char *name)
{
  return tide_lazy_get_child (TIDE_LAZY (adw_view_stack_get_child_by_name (fixture->window->pages, name)));
}

/* Each that asks for more than there is, and what is in it: the last ones say why */
static void
tell_wide (GtkWidget *widget,
           int        depth)
{
  const char *words = GTK_IS_LABEL (widget) ? gtk_label_get_label (GTK_LABEL (widget)) : "";
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (minimum < 100)
    return;
  g_test_message ("%*s%s %s %d %s", depth, "", G_OBJECT_TYPE_NAME (widget), gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), minimum, words);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child))
      tell_wide (child, depth + 1);
}

/* Whether it fits a phone; what does not is told */
static gboolean
is_slim (GtkWidget  *widget,
         const char *name)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_test_message ("%s: at least %d wide", name, minimum);
  if (minimum > 360)
    tell_wide (widget, 0);
  return minimum <= 360;
}

/* It fits a phone: nothing in it asks for more than 360 pixels, the shadow around it aside. */
static void
test_narrow (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *timeline, *health;
  TidePill *pill;

  write_project (fixture, "development");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  /* Its pages are chosen at the foot once it is too narrow for the sidebar. */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 600);
  wait_until (is_narrow (fixture));
  /* Also where something is wrong */
  timeline = get_page_widget (fixture, "timeline");
  gtk_widget_set_visible (GTK_WIDGET (gtk_widget_get_template_child (timeline, G_OBJECT_TYPE (timeline), "diagnose_bar")), TRUE);
  health = get_page_widget (fixture, "health");
  pill = TIDE_PILL (gtk_widget_get_template_child (health, G_OBJECT_TYPE (health), "pill"));
  tide_pill_set_look (pill, tide_health_get_look (TIDE_HEALTH_CRITICAL));
  gtk_widget_set_visible (GTK_WIDGET (pill), TRUE);
  g_assert_true (is_slim (health, "health"));
  g_assert_true (is_slim (GTK_WIDGET (fixture->window->toasts), "window"));
}

static GtkWidget *
find_type (GtkWidget *root,
           GType      type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (root, type) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);
  return found;
}

static gboolean
are_slim (Fixture *fixture)
{
  static const char *const pages[] = { "timeline", "drift", "sql", "backups", "health" };
  gboolean slim = TRUE;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 600);
  wait_until (is_narrow (fixture));
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      GtkWidget *page;

      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", pages[i]);
      gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
      page = get_page_widget (fixture, pages[i]);
      if (g_str_equal (pages[i], "sql"))
        wait_until (tide_sql_page_get_desk (TIDE_SQL_PAGE (page)) != NULL);
      slim = is_slim (page, pages[i]) && slim;
    }
  return is_slim (GTK_WIDGET (fixture->window->toasts), "window") && slim;
}

/* Each page fits a phone, in the language of the run, also with what it says only at times. */
static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  write_project (fixture, "production");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  g_assert_true (are_slim (fixture));
}

/* So does each where there is much to tell. */
static void
test_full_pages (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *url = tide_test_dup_url (conninfo);
  g_autofree char *environments = g_strdup_printf ("\"main\": { \"url\": \"%s\", \"kind\": \"development\" }", url);
  g_autofree char *made = tide_test_psql (conninfo, "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL,"
                                                    " finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,"
                                                    " started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);"
                                                    " INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, rolled_back_at)"
                                                    " VALUES (1, 'edited', '20250101000000_first', now(), NULL), (2, '', '20250103000000_missing', now(), NULL),"
                                                    " (3, '', '20250104000000_rolled', NULL, now()), (4, '', '20250105000000_failed', NULL, NULL);"
                                                    " CREATE TABLE harbours (id integer)");

  write_project_in (fixture->folder, environments);
  tide_test_write_file (fixture->folder, "prisma/migrations/20250102000000_late/migration.sql", "SELECT 1;", -1);
  tide_test_write_file (fixture->folder, "prisma/migrations/20250104000000_rolled/migration.sql", "SELECT 1;", -1);
  tide_test_write_file (fixture->folder, "prisma/migrations/20250105000000_failed/migration.sql", "SELECT 1;", -1);
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  wait_until (tide_environment_get_timeline (tide_workspace_get_environment (fixture->window->workspace)) != NULL);
  wait_until (find_type (GTK_WIDGET (fixture->window), TIDE_TYPE_TIMELINE_ROW) != NULL);
  g_assert_true (are_slim (fixture));
}

/* What it asks for while it shows @content */
static int
measure_drift (TideDriftPage *drift,
               const char    *content)
{
  GtkStack *stack = GTK_STACK (gtk_widget_get_template_child (GTK_WIDGET (drift), TIDE_TYPE_DRIFT_PAGE, "stack"));
  int minimum;

  wait_until (g_str_equal (gtk_stack_get_visible_child_name (stack), content));
  gtk_widget_measure (GTK_WIDGET (drift), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_test_message ("%s: %d", content, minimum);
  return minimum;
}

/* Differences that come while the window is narrow do not make it wide, nor do they keep a wide one from becoming narrow. */
static void
test_narrow_drift (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(TideConninfo) left = tide_test_create_database ();
  g_autoptr(TideConninfo) right = tide_test_create_database ();
  g_autofree char *made = tide_test_psql (right, "create table harbours (id integer primary key)");
  g_autofree char *left_url = tide_test_dup_url (left);
  g_autofree char *right_url = tide_test_dup_url (right);
  g_autofree char *right_source = g_strconcat ("url:", right_url, NULL);
  g_autofree char *environments = g_strdup_printf ("\"main\": { \"url\": \"%s\", \"kind\": \"development\" }", left_url);
  GtkWidget *window = GTK_WIDGET (fixture->window);
  TideDriftPage *drift;

  write_project_in (fixture->folder, environments);
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  gtk_widget_activate_action (window, "win.show-page", "s", "drift");
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 600);
  wait_until (is_narrow (fixture));
  drift = TIDE_DRIFT_PAGE (get_page_widget (fixture, "drift"));
  g_assert_cmpint (measure_drift (drift, "equal"), <=, 360);
  tide_drift_page_compare_sides (drift, "database", right_source);
  g_assert_cmpint (measure_drift (drift, "differences"), <=, 360);
  gtk_test_widget_wait_for_draw (window);
  g_assert_cmpint (measure_drift (drift, "differences"), <=, 360);
  gtk_window_set_default_size (GTK_WINDOW (window), 1180, 600);
  wait_until (!adw_leaflet_get_folded (fixture->window->leaflet));
  gtk_test_widget_wait_for_draw (window);
  g_assert_cmpint (measure_drift (drift, "differences"), <=, 360);
}

/* Its bar stands upright, and has the height for that, also where it was out of sight when the window became narrow. */
static void
test_narrow_unseen (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWidget *drift, *sides, *bar;
  int minimum;

  write_project (fixture, "development");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  gtk_widget_activate_action (window, "win.show-page", "s", "drift");
  drift = get_page_widget (fixture, "drift");
  sides = GTK_WIDGET (gtk_widget_get_template_child (drift, TIDE_TYPE_DRIFT_PAGE, "sides"));
  bar = gtk_widget_get_ancestor (sides, TIDE_TYPE_TURNING_BIN);
  wait_until (gtk_widget_get_height (bar) > 0);
  gtk_test_widget_wait_for_draw (window);
  gtk_widget_activate_action (window, "win.show-page", "s", "timeline");
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 600);
  wait_until (is_narrow (fixture));
  gtk_test_widget_wait_for_draw (window);
  gtk_widget_activate_action (window, "win.show-page", "s", "drift");
  wait_until (gtk_widget_get_width (bar) < 500);
  gtk_test_widget_wait_for_draw (window);
  gtk_widget_measure (gtk_widget_get_first_child (bar), GTK_ORIENTATION_VERTICAL, gtk_widget_get_width (bar), &minimum, NULL, NULL, NULL);
  g_assert_cmpint (gtk_widget_get_height (bar), >=, minimum);
}

static void
changed_cb (gpointer    object,
          GParamSpec *pspec,
          guint      *count)
{
  ++*count;
}

/* However wide it is, the sidebar and the buttons of the pages are there or not: they do not come and go. */
static void
test_widths (Fixture       *fixture,
             gconstpointer  data)
{
  static const char *const pages[] = { "timeline", "drift", "sql", "backups", "health" };
  GtkWidget *window = GTK_WIDGET (fixture->window);
  guint count = 0;

  write_project (fixture, "development");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  g_signal_connect (fixture->window->leaflet, "notify::folded", G_CALLBACK (changed_cb), &count);
  g_signal_connect (fixture->window->squeezer, "notify::visible-child", G_CALLBACK (changed_cb), &count);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (window, "win.show-page", "s", pages[i]);
      for (int width = 1120; width >= 360; width -= 40)
        {
          gboolean settled = FALSE;

          gtk_window_set_default_size (GTK_WINDOW (window), width, 600);
          g_timeout_add (60, time_out_cb, &settled);
          count = 0;
          wait_until (settled);
          g_test_message ("%s, %d wide: %u changes", pages[i], width, count);
          g_assert_cmpuint (count, <=, 2);
        }
    }
  wait_until (gtk_widget_get_width (window) < 500);
  wait_until (is_narrow (fixture));
  gtk_window_set_default_size (GTK_WINDOW (window), 1180, 600);
  wait_until (!adw_leaflet_get_folded (fixture->window->leaflet));
  wait_until (!adw_view_switcher_bar_get_reveal (fixture->window->switcher_bar));
}

/* Where there is no room for the words of the lock, it keeps its name and what it does. */
static void
test_narrow_lock (Fixture       *fixture,
                  gconstpointer  data)
{
  GtkWidget *button = fixture->window->writing_button;
  AdwMessageDialog *dialog;
  TideSqlPage *page;
  int minimum, height;

  write_project (fixture, "production");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 600);
  wait_until (is_narrow (fixture));
  page = tide_window_get_sql_page (fixture->window, TRUE);
  wait_until (tide_sql_page_get_desk (page) != NULL);
  gtk_widget_activate_action (GTK_WIDGET (tide_sql_desk_get_tab (tide_sql_page_get_desk (page))), "tab.unlock", NULL);
  wait_until ((dialog = find_toplevel (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
  adw_message_dialog_response (dialog, "ok");
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_until (gtk_widget_get_visible (button));
  g_assert_true (is_slim (GTK_WIDGET (fixture->window->toasts), "writing"));

  gtk_widget_measure (button, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  gtk_widget_measure (button, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  gtk_widget_allocate (button, minimum, height, -1, NULL);
  g_assert_false (gtk_widget_get_child_visible (gtk_widget_get_last_child (gtk_button_get_child (GTK_BUTTON (button)))));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, _("Writing Allowed"));
  g_signal_emit_by_name (button, "clicked");
  wait_until (!gtk_widget_get_visible (button));
}

static void
assert_inside (GtkWidget *widget,
               GtkWidget *window)
{
  graphene_rect_t place;

  g_assert_true (gtk_widget_compute_bounds (widget, window, &place));
  g_test_message ("%s: %.0f to %.0f of %d", G_OBJECT_TYPE_NAME (widget), place.origin.x, place.origin.x + place.size.width,
                  gtk_widget_get_width (window));
  g_assert_cmpfloat (place.origin.x, >=, 0);
  g_assert_cmpfloat (place.origin.x + place.size.width, <=, gtk_widget_get_width (window));
}

/* A panel beside the editor covers it where there is no room for both, and nothing is cut off. */
static void
test_narrow_panel (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char *const sides[] = { "objects", "history" };
  GtkWidget *window = GTK_WIDGET (fixture->window);
  TideSqlPage *page;
  GtkWidget *desk;

  write_project (fixture, "production");
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  gtk_widget_activate_action (window, "win.show-page", "s", "sql");
  page = tide_window_get_sql_page (fixture->window, TRUE);
  wait_until (tide_sql_page_get_desk (page) != NULL);
  desk = GTK_WIDGET (tide_sql_page_get_desk (page));
  for (guint i = 0; i < 2 * G_N_ELEMENTS (sides); i++)
    {
      gboolean settled = FALSE;

      gtk_window_set_default_size (GTK_WINDOW (window), i % 2 == 0 ? 1180 : 360, 600);
      wait_until (is_narrow (fixture) == (i % 2 == 1));
      /* It goes as the window becomes narrow. */
      gtk_widget_activate_action (desk, "desk.side", "s", sides[i / 2]);
      g_timeout_add (600, time_out_cb, &settled);
      wait_until (settled);
      g_assert_true (is_slim (GTK_WIDGET (fixture->window->toasts), sides[i / 2]));
      assert_inside (desk, window);
      assert_inside (GTK_WIDGET (gtk_widget_get_template_child (desk, TIDE_TYPE_SQL_DESK, "sides")), window);
      assert_inside (GTK_WIDGET (tide_sql_desk_get_tab (TIDE_SQL_DESK (desk))), window);
    }
}

int
main (int    argc,
      char **argv)
{
  const char *locales = g_getenv ("TIDE_TEST_LOCALE_DIR");

  if (locales != NULL)
    {
      setlocale (LC_ALL, "");
      bindtextdomain (GETTEXT_PACKAGE, locales);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      textdomain (GETTEXT_PACKAGE);
      if (g_str_equal (_("Backups"), "Backups"))
        g_error ("there is no translation in %s", locales);
    }
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  load_resources ();

#define add(path, function) \
  g_test_add ("/app/window-width/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  add ("narrow", test_narrow);
  add ("pages", test_pages);
  add ("full-pages", test_full_pages);
  add ("narrow-drift", test_narrow_drift);
  add ("narrow-unseen", test_narrow_unseen);
  add ("widths", test_widths);
  add ("narrow-lock", test_narrow_lock);
  add ("narrow-panel", test_narrow_panel);
  return g_test_run ();
}
