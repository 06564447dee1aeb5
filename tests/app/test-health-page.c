/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-health-page"

#include "config.h"

#include <adwaita.h>

#include "health/tide-diagnosis-window.h"
#include "health/tide-health-page.h"
#include "support/tide-test.h"
#include "tide-workspace.h"
#include "wait-until.h"

static void
open_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      done)
{
  g_autoptr(GError) error = NULL;

  tide_workspace_open_project_finish (TIDE_WORKSPACE (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *) done = TRUE;
}

static void
spin (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, time_out_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* How often anybody connected to the database, as the server tells it in another one */
static gint64
count_sessions (TideConninfo *database)
{
  g_autoptr(TideConninfo) other = tide_conninfo_copy (database);
  g_autofree char *sql = g_strdup_printf ("select sessions from pg_stat_database where datname = '%s'", tide_conninfo_get (database, "dbname"));
  g_autofree char *answer = NULL;

  tide_conninfo_set (other, "dbname", "postgres");
  answer = tide_test_psql (other, sql);
  return g_ascii_strtoll (answer, NULL, 10);
}

static void
wait_for_more (TideConninfo *database,
               gint64        than)
{
  gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;

  while (count_sessions (database) <= than)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      spin (200);
    }
}

/* Whatever was under way when the page was hidden may end; after that nobody connects for several times its interval. */
static gint64
wait_for_silence (TideConninfo *database)
{
  gint64 end = g_get_monotonic_time () + 90 * G_USEC_PER_SEC;

  for (;;)
    {
      gint64 before = count_sessions (database);

      spin (4000);
      if (count_sessions (database) == before)
        return before;
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
}

/* What is quick to be known is shown first, and that there is more to come is told: without a verdict on all of it */
static void
hear_summary (GtkLabel   *summary,
              GParamSpec *pspec,
              gboolean   *was_told)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (summary), TIDE_TYPE_HEALTH_PAGE);
  GObject *content = gtk_widget_get_template_child (page, TIDE_TYPE_HEALTH_PAGE, "content");

  if (!g_str_equal (gtk_label_get_label (summary), "Looking at tables and indexes…"))
    return;
  *was_told = TRUE;
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (content)), ==, "checks");
}

static void
test_polls_only_while_shown (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autoptr(TideConninfo) database = tide_test_create_database ();
  g_autofree char *url = tide_test_dup_url (database);
  g_autofree char *json = g_strdup_printf ("{ \"environments\": { \"dev\": { \"url\": \"%s\", \"kind\": \"development\" } } }", url);
  TideWorkspace *workspace = tide_workspace_new ();
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *page, *other = gtk_label_new ("elsewhere");
  GtkWidget *window = g_object_new (GTK_TYPE_WINDOW, "default-width", 900, "default-height", 700, NULL);
  gboolean done = FALSE, was_told = FALSE;
  GtkLabel *summary;
  GtkWidget *pill;
  gint64 n;

  tide_test_write_file (folder, "tidemark.json", json, -1);
  tide_test_write_file (folder, "prisma/schema.prisma", "datasource db { provider = \"postgresql\" }\n", -1);
  g_object_set (workspace, "poll-interval", 0, "active", TRUE, NULL);
  tide_workspace_open_project_async (workspace, folder, NULL, open_cb, &done);
  wait_until (done && tide_workspace_get_environment (workspace) != NULL);

  page = g_object_new (TIDE_TYPE_HEALTH_PAGE, "workspace", workspace, "interval", 1, NULL);
  summary = GTK_LABEL (gtk_widget_get_template_child (page, TIDE_TYPE_HEALTH_PAGE, "summary"));
  pill = GTK_WIDGET (gtk_widget_get_template_child (page, TIDE_TYPE_HEALTH_PAGE, "pill"));
  g_signal_connect (summary, "notify::label", G_CALLBACK (hear_summary), &was_told);
  gtk_stack_add_child (GTK_STACK (stack), page);
  gtk_stack_add_child (GTK_STACK (stack), other);
  gtk_window_set_child (GTK_WINDOW (window), stack);
  gtk_window_present (GTK_WINDOW (window));
  wait_until (gtk_widget_get_mapped (page));
  wait_until (was_told);
  wait_until (gtk_widget_get_visible (pill) && g_str_has_prefix (gtk_label_get_label (summary), "Nothing is wrong"));
  for (guint i = 0; i < 3; i++)
    wait_for_more (database, count_sessions (database));

  gtk_stack_set_visible_child (GTK_STACK (stack), other);
  wait_until (!gtk_widget_get_mapped (page));
  n = wait_for_silence (database);

  gtk_stack_set_visible_child (GTK_STACK (stack), page);
  wait_for_more (database, n);
  g_object_set (workspace, "active", FALSE, NULL);
  wait_for_silence (database);

  gtk_window_destroy (GTK_WINDOW (window));
  g_object_add_weak_pointer (G_OBJECT (workspace), (gpointer *) &workspace);
  g_object_unref (workspace);
  wait_until (workspace == NULL);
  tide_test_drop_database (database);
  tide_test_remove_folder (folder);
}

static void
on_environment (TideWorkspace *workspace,
                GParamSpec    *pspec,
                GtkWidget     *window)
{
  g_signal_handlers_disconnect_by_func (workspace, on_environment, window);
  /* It is not known yet where it leads: that comes to this thread, later. */
  g_assert_null (tide_environment_get_target (tide_workspace_get_environment (workspace)));
  tide_diagnosis_window_present (window, workspace);
}

/* (nullable) */
static GtkWidget *
find_diagnosis (void)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *each = windows; each != NULL; each = each->next)
    if (TIDE_IS_DIAGNOSIS_WINDOW (each->data))
      return each->data;
  return NULL;
}

static const char *
get_content (GtkWidget *diagnosis)
{
  GObject *stack = gtk_widget_get_template_child (diagnosis, TIDE_TYPE_DIAGNOSIS_WINDOW, "stack");

  return gtk_stack_get_visible_child_name (GTK_STACK (stack));
}

/* A person may ask what is wrong before it is known where the environment leads. */
static void
test_diagnosis_waits_for_the_connection (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  TideWorkspace *workspace = tide_workspace_new ();
  GtkWidget *window = gtk_window_new ();
  gboolean done = FALSE;

  tide_test_write_file (folder, "tidemark.json", "{ \"environments\": { \"dev\": { \"url\": \"postgresql://a@127.0.0.1:1/b\" } } }", -1);
  tide_test_write_file (folder, "prisma/schema.prisma", "datasource db { provider = \"postgresql\" }\n", -1);
  g_object_set (workspace, "poll-interval", 0, "active", TRUE, NULL);
  g_signal_connect (workspace, "notify::environment", G_CALLBACK (on_environment), window);
  gtk_window_present (GTK_WINDOW (window));
  tide_workspace_open_project_async (workspace, folder, NULL, open_cb, &done);
  wait_until (done && find_diagnosis () != NULL);
  wait_until (!g_str_equal (get_content (find_diagnosis ()), "looking"));
  g_assert_cmpstr (get_content (find_diagnosis ()), ==, "found");

  gtk_window_destroy (GTK_WINDOW (find_diagnosis ()));
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_add_weak_pointer (G_OBJECT (workspace), (gpointer *) &workspace);
  g_object_unref (workspace);
  wait_until (workspace == NULL);
  tide_test_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/health-page/polls-only-while-shown", test_polls_only_while_shown);
  g_test_add_func ("/diagnosis/waits-for-the-connection", test_diagnosis_waits_for_the_connection);
  return g_test_run ();
}
