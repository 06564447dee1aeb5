/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sql-assist"

#include "config.h"

#include <adwaita.h>
#include <gtksourceview/gtksource.h>

#include "query/tide-row-store.h"
#include "sql/tide-browse-view.h"
#include "sql/tide-explain-view.h"
#include "sql/tide-object-tree.h"
#include "sql/tide-sql-completion.h"
#include "support/tide-test.h"
#include "wait-until.h"

static TideConninfo *conninfo;

static GtkWidget *
find_widget (GtkWidget  *widget,
             GType       type,
             const char *text)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type)
      && (text == NULL || (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWindow *
show (GtkWidget *widget)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());

  gtk_window_set_default_size (window, 1000, 560);
  gtk_window_set_child (window, widget);
  gtk_window_present (window);
  gtk_test_widget_wait_for_draw (widget);
  return window;
}

/* For whoever wants to look: TIDE_TEST_LOOK names a folder, and each window waits there to be photographed */
static void
look (const char *name)
{
  const char *folder = g_getenv ("TIDE_TEST_LOOK");
  g_autofree char *command = folder ? g_strdup_printf ("import -window root %s/%s.png", folder, name) : NULL;

  if (command == NULL)
    return;
  for (gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC; g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
}

static void
test_explain (void)
{
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, NULL);
  g_autoptr(TideExplain) plan = tide_explain_run (session, "UPDATE orders o SET total = 0 FROM users u WHERE u.id = o.user_id AND u.name = 'n7'",
                                                  NULL, 0, TIDE_EXPLAIN_ANALYZE, NULL, NULL);
  GtkWidget *view = tide_explain_view_new ();
  GtkWindow *window = show (view);
  gpointer gone = view;

  g_object_add_weak_pointer (G_OBJECT (view), &gone);
  g_assert_nonnull (plan);
  tide_explain_view_set_explain (TIDE_EXPLAIN_VIEW (view), plan);
  gtk_test_widget_wait_for_draw (view);
  g_assert_nonnull (find_widget (view, GTK_TYPE_LABEL, "Update on orders o"));
  g_assert_nonnull (find_widget (view, GTK_TYPE_LABEL, "The statement ran, and its changes were rolled back."));
  look ("explain-tree");
  gtk_stack_set_visible_child_name (GTK_STACK (find_widget (view, GTK_TYPE_STACK, NULL)), "table");
  gtk_test_widget_wait_for_draw (view);
  look ("explain-table");
  gtk_stack_set_visible_child_name (GTK_STACK (find_widget (view, GTK_TYPE_STACK, NULL)), "text");
  look ("explain-text");
  gtk_window_destroy (window);
  g_assert_null (gone);
  tide_session_close (session);
}

/* However narrow it is, no column of a plan is out of sight: what does not fit is told of the selected step. */
static void
test_explain_width (void)
{
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, NULL);
  g_autoptr(TideExplain) plan = tide_explain_run (session, "SELECT u.name, count(*) FROM orders o JOIN users u ON u.id = o.user_id GROUP BY 1",
                                                  NULL, 0, TIDE_EXPLAIN_ANALYZE, NULL, NULL);

  g_assert_nonnull (plan);
  for (int width = 1400; width >= 350; width -= 350)
    {
      GtkWidget *view = tide_explain_view_new ();
      GtkWindow *window;
      GtkAdjustment *across;
      GtkWidget *detail;

      gtk_widget_set_size_request (view, 100, -1);
      tide_explain_view_set_explain (TIDE_EXPLAIN_VIEW (view), plan);
      window = GTK_WINDOW (gtk_window_new ());
      gtk_window_set_default_size (window, width, 500);
      gtk_window_set_child (window, view);
      gtk_window_present (window);
      gtk_test_widget_wait_for_draw (view);
      across = gtk_scrolled_window_get_hadjustment (
        GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (find_widget (view, GTK_TYPE_COLUMN_VIEW, NULL), GTK_TYPE_SCROLLED_WINDOW)));
      wait_until (gtk_adjustment_get_page_size (across) > 0 &&
                  gtk_adjustment_get_upper (across) <= gtk_adjustment_get_page_size (across));
      detail = gtk_widget_get_last_child (gtk_widget_get_first_child (view));
      detail = find_widget (detail, GTK_TYPE_LABEL, NULL);
      for (guint i = 0; i < 2; i++)
        {
          const char *title = i == 0 ? "Buffers" : "Planned Rows";
          gboolean below = strstr (gtk_label_get_text (GTK_LABEL (detail)), title) != NULL;
          GtkWidget *header = find_widget (view, GTK_TYPE_LABEL, title);

          g_assert_true (below || (header != NULL && gtk_widget_get_mapped (header)));
          g_assert_true (width < 1400 || !below);
        }
      gtk_window_destroy (window);
    }
  tide_session_close (session);
}

static char *opened;
static char *inserted;
static char *browsed;

static void
on_open_text (GtkWidget  *tree,
              const char *title,
              const char *text)
{
  g_free (opened);
  opened = g_strdup (text);
}

static void
on_insert (GtkWidget  *tree,
           const char *text)
{
  g_free (inserted);
  inserted = g_strdup (text);
}

static void
on_browse (GtkWidget  *tree,
           const char *schema,
           const char *name)
{
  g_free (browsed);
  browsed = g_strconcat (schema, ".", name, NULL);
}

static void
search (GtkWidget  *tree,
        const char *text,
        const char *found)
{
  GtkWidget *entry = find_widget (tree, GTK_TYPE_SEARCH_ENTRY, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  /* Without waiting for more to be typed */
  g_signal_emit_by_name (entry, "search-changed");
  wait_until (find_widget (tree, GTK_TYPE_LABEL, found) != NULL);
}

static void
test_tree (void)
{
  g_autoptr(TideCompletionCatalog) catalog = tide_completion_catalog_new ();
  GtkWidget *tree = tide_object_tree_new ();
  GtkWindow *window = show (tree);
  GtkWidget *list;

  g_signal_connect (tree, "open-text", G_CALLBACK (on_open_text), NULL);
  g_signal_connect (tree, "insert-text", G_CALLBACK (on_insert), NULL);
  g_signal_connect (tree, "browse", G_CALLBACK (on_browse), NULL);
  tide_object_tree_set_catalog (TIDE_OBJECT_TREE (tree), catalog);
  tide_completion_catalog_set_conninfo (catalog, conninfo);
  wait_until (tide_completion_catalog_get_outline (catalog) != NULL);
  wait_until (find_widget (tree, GTK_TYPE_LABEL, "orders") != NULL);
  g_assert_nonnull (find_widget (tree, GTK_TYPE_LABEL, "~2000"));
  look ("object-tree");

  search (tree, "User", "User");
  list = find_widget (tree, GTK_TYPE_LIST_VIEW, NULL);
  g_signal_emit_by_name (list, "activate", 0);
  g_assert_cmpstr (browsed, ==, "public.User");
  gtk_widget_activate_action (tree, "object.insert", NULL);
  g_assert_cmpstr (inserted, ==, "\"User\"");
  gtk_widget_activate_action (tree, "object.definition", NULL);
  wait_until (opened != NULL);
  g_assert_nonnull (strstr (opened, "CREATE TABLE \"public\".\"User\""));
  g_assert_nonnull (strstr (opened, "\"userId\""));
  look ("object-search");
  search (tree, "qqqq", "Nothing is called like that");
  gtk_window_destroy (window);
}

static void
test_browse (void)
{
  GtkWidget *view = tide_browse_view_new (conninfo, "public", "orders");
  GtkWidget *missing = tide_browse_view_new (conninfo, "public", "no_such_table");
  GtkWindow *window = show (view);
  GtkWindow *other = show (missing);
  GtkWidget *button;

  wait_until (find_widget (view, GTK_TYPE_LABEL, "1000 rows by id, and more") != NULL);
  wait_until (find_widget (missing, GTK_TYPE_LABEL, "The rows could not be read") != NULL);
  gtk_window_destroy (other);
  look ("browse");
  button = gtk_widget_get_ancestor (find_widget (view, GTK_TYPE_LABEL, "Next Rows"), GTK_TYPE_BUTTON);
  g_signal_emit_by_name (button, "clicked");
  wait_until (find_widget (view, GTK_TYPE_LABEL, "2000 rows by id, and more") != NULL);
  g_signal_emit_by_name (button, "clicked");
  wait_until (find_widget (view, GTK_TYPE_LABEL, "2000 rows, all there are") != NULL);
  gtk_window_destroy (window);
}

static void
type_text (GtkTextView *view,
           const char  *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);

  gtk_text_buffer_set_text (buffer, text, -1);
}

/* Whether such an icon is shown, and is one that there is */
static gboolean
has_icon (GtkWidget  *root,
          const char *name)
{
  if (GTK_IS_IMAGE (root) && gtk_widget_get_mapped (root) && g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (root)), name) == 0)
    return gtk_icon_theme_has_icon (gtk_icon_theme_get_for_display (gtk_widget_get_display (root)), name);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_icon (child, name))
      return TRUE;
  return FALSE;
}

static void
test_completion (void)
{
  g_autoptr(TideCompletionCatalog) catalog = tide_completion_catalog_new ();
  GtkWidget *view = gtk_source_view_new ();
  GtkSourceCompletion *completion = gtk_source_view_get_completion (GTK_SOURCE_VIEW (view));
  g_autoptr(GtkSourceCompletionProvider) provider = tide_sql_completion_new (catalog);
  GtkWindow *window = show (view);

  tide_completion_catalog_set_conninfo (catalog, conninfo);
  wait_until (tide_completion_catalog_get_outline (catalog) != NULL);
  gtk_source_completion_add_provider (completion, provider);
  gtk_widget_grab_focus (view);
  type_text (GTK_TEXT_VIEW (view), "SELECT * FROM orders o WHERE o.");
  gtk_source_completion_show (completion);
  wait_until (find_widget (view, GTK_TYPE_LABEL, "user_id") != NULL);
  wait_until (has_icon (view, "tide-column-symbolic"));
  g_assert_null (find_widget (view, GTK_TYPE_LABEL, "name"));
  look ("completion");
  wait_until (find_widget (view, GTK_TYPE_LABEL, "numeric(10,2)") != NULL);
  gtk_source_completion_hide (completion);
  gtk_window_destroy (window);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), "/com/broxiva/Tidemark/icons");
  conninfo = tide_test_create_database ();
  g_free (tide_test_psql (conninfo,
                          "CREATE TABLE users (id int PRIMARY KEY, name text);"
                          "CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users, total numeric(10,2));"
                          "CREATE TABLE \"User\" (id text PRIMARY KEY, \"userId\" text);"
                          "INSERT INTO users SELECT i, 'n' || i FROM generate_series(1, 100) i;"
                          "INSERT INTO orders SELECT i, i % 100 + 1, i FROM generate_series(1, 2000) i; ANALYZE"));
  g_test_add_func ("/sql/assist/explain", test_explain);
  g_test_add_func ("/sql/assist/explain/width", test_explain_width);
  g_test_add_func ("/sql/assist/tree", test_tree);
  g_test_add_func ("/sql/assist/browse", test_browse);
  g_test_add_func ("/sql/assist/completion", test_completion);
  status = g_test_run ();
  tide_test_drop_database (conninfo);
  tide_conninfo_unref (conninfo);
  return status;
}
