/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-drift-page"

#include "config.h"

#include <string.h>

#include "drift/tide-drift-page.h"
#include "window-fixture.h"

static gpointer
get_part (TideDriftPage *page,
          const char    *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (page), TIDE_TYPE_DRIFT_PAGE, name);
}

static gboolean
shows (TideDriftPage *page,
       const char    *content)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (get_part (page, "stack")), content) == 0;
}

static gboolean
is_told_old (TideDriftPage *page)
{
  return gtk_info_bar_get_revealed (get_part (page, "note_bar"))
         && strstr (gtk_label_get_label (get_part (page, "note_label")), "is not known.") != NULL;
}

/* A window with the page over a project whose only migration, "SELECT 1;", is not applied */
static TideDriftPage *
open_page (Fixture      *fixture,
           TideConninfo *database)
{
  g_autofree char *url = tide_test_dup_url (database);
  g_autofree char *environments = g_strdup_printf ("\"main\": { \"url\": \"%s\", \"kind\": \"development\" }", url);

  write_project_in (fixture->folder, environments);
  tide_window_open_project (fixture->window, fixture->folder);
  wait_until (g_strcmp0 (get_page (fixture), "project") == 0);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-page", "s", "drift");
  return TIDE_DRIFT_PAGE (tide_lazy_get_child (TIDE_LAZY (adw_view_stack_get_child_by_name (fixture->window->pages, "drift"))));
}

/* Whether anybody gets in; who is in is thrown out */
static void
set_open (TideConninfo *database,
          gboolean      open)
{
  const char *name = tide_conninfo_get (database, "dbname");
  g_autoptr(TideConninfo) other = tide_conninfo_copy (database);
  g_autofree char *allow = g_strdup_printf ("alter database %s allow_connections %s", name, open ? "true" : "false");
  g_autofree char *kick = g_strdup_printf ("select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'", name);
  g_autofree char *allowed = NULL;
  g_autofree char *kicked = NULL;

  tide_conninfo_set (other, "dbname", "postgres");
  allowed = tide_test_psql (other, allow);
  kicked = tide_test_psql (other, kick);
}

/* What was found is of a moment, which is told; once nobody can connect it is told to be old, and is found anew afterwards. */
static void
test_old_answer (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TideConninfo) database = tide_test_create_database ();
  TideDriftPage *page = open_page (fixture, database);
  AdwStatusPage *equal = get_part (page, "equal_page");
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *year = g_date_time_format (now, "on %Y-");
  TideDriftComparison *comparison;
  TideEnvironment *environment;

  wait_until (shows (page, "equal"));
  g_assert_cmpstr (adw_status_page_get_title (equal), ==, "No Differences");
  g_assert_nonnull (strstr (adw_status_page_get_description (equal), year));
  g_assert_false (is_told_old (page));

  environment = tide_workspace_get_environment (fixture->window->workspace);
  comparison = tide_drift_comparison_ref (tide_drift_page_get_comparison (page));
  set_open (database, FALSE);
  tide_environment_refresh (environment);
  wait_until (tide_environment_get_state (environment) == TIDE_ENVIRONMENT_FAILED);
  g_assert_true (shows (page, "equal"));
  g_assert_cmpstr (adw_status_page_get_title (equal), ==, "No Differences When Last Compared");
  g_assert_true (is_told_old (page));

  set_open (database, TRUE);
  tide_environment_refresh (environment);
  wait_until (tide_drift_page_get_comparison (page) != NULL && tide_drift_page_get_comparison (page) != comparison);
  wait_until (shows (page, "equal"));
  g_assert_cmpstr (adw_status_page_get_title (equal), ==, "No Differences");
  g_assert_false (is_told_old (page));
  tide_drift_comparison_unref (comparison);
}

/* Where nobody could ever look, nothing is said to be equal, nor that nobody has chosen an environment. */
static void
test_unknown (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(TideConninfo) database = tide_test_create_database ();
  TideDriftPage *page;

  tide_test_drop_database (database);
  page = open_page (fixture, database);
  wait_until (shows (page, "error"));
  g_assert_null (tide_drift_page_get_comparison (page));
  g_assert_cmpstr (gtk_label_get_label (get_part (page, "summary")), ==, "");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  load_resources ();

#define add(path, function) \
  g_test_add ("/app/drift-page/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  add ("old-answer", test_old_answer);
  add ("unknown", test_unknown);
  return g_test_run ();
}
