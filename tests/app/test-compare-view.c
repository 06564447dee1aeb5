/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-compare-view"

#include "config.h"

#include <string.h>
#include <time.h>

#include <adwaita.h>

#include "drift/tide-compare-lines.h"
#include "drift/tide-compare-view.h"
#include "drift/tide-drift-report.h"
#include "drift/tide-script-view.h"
#include "schema/tide-schema-builder.h"

/* A row a line: the type and number of each text's line */
static char *
dup_picture (GPtrArray *columns)
{
  GString *picture = g_string_new (NULL);
  guint n = ((GPtrArray *) g_ptr_array_index (columns, 0))->len;

  for (guint i = 0; i < n; i++)
    {
      for (guint k = 0; k < columns->len; k++)
        {
          const TideCompareLine *line = g_ptr_array_index ((GPtrArray *) g_ptr_array_index (columns, k), i);

          g_string_append_printf (picture, "%c%s", "=~-+."[line->type], line->text);
        }
      g_string_append_c (picture, '\n');
    }
  return g_string_free (picture, FALSE);
}

static void
test_three (void)
{
  static const char *const texts[] = { "a\nold\nb\nc\n", "a\nb\nc\nd\n", "new\na\nb\nc x\nd\n" };
  g_autoptr (GPtrArray) columns = tide_compare_lines_new (texts, 3);
  g_autofree char *picture = dup_picture (columns);

  g_assert_cmpstr (picture, ==, "..+new\n=a=a=a\n-old..\n=b=b=b\n=c~c~c x\n.+d=d\n");
}

static void
test_view (void)
{
  static const char *const titles[] = { "Migrations", "Database", "Staging" };
  static const char *const texts[] = { "a\nb\nc\n", "a\nx b\nc\nd\n", "a\n" };
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  TideCompareView *view = g_object_new (TIDE_TYPE_COMPARE_VIEW, NULL);
  gpointer gone = view;

  g_object_add_weak_pointer (G_OBJECT (view), &gone);
  gtk_window_set_default_size (window, 900, 400);
  gtk_window_set_child (window, GTK_WIDGET (view));
  gtk_window_present (window);
  tide_compare_view_set_texts (view, titles, texts, 2);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (view));
  g_assert_cmpuint (tide_compare_view_get_n_changes (view), ==, 2);
  g_assert_true (tide_compare_view_step (view, 1));
  g_assert_true (tide_compare_view_step (view, 1));
  g_assert_false (tide_compare_view_step (view, 1));
  g_assert_true (tide_compare_view_step (view, -1));
  g_assert_false (tide_compare_view_step (view, -1));
  tide_compare_view_set_texts (view, titles, texts, 3);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (view));
  g_assert_cmpuint (tide_compare_view_get_n_changes (view), ==, 1);
  gtk_window_destroy (window);
  g_assert_null (gone);
}

static TideSchema *
create_schema (guint n)
{
  TideSchemaBuilder *builder = tide_schema_builder_new ("shop", 150000, "tide");

  tide_schema_builder_add (builder, TIDE_OBJECT_SCHEMA, 2200, 0, NULL, "public", NULL, NULL);
  for (guint i = 0; i < n; i++)
    tide_schema_builder_add (builder, TIDE_OBJECT_TABLE, 16384 + i, 0, "public",
                             tide_schema_builder_take (builder, g_strdup_printf ("é_%05u", i)), NULL, NULL);
  return tide_schema_builder_end (builder);
}

static TideDriftComparison *
compare (guint n_left,
         guint n_right)
{
  TideDriftComparison *comparison = g_atomic_rc_box_new0 (TideDriftComparison);
  g_autoptr (TideSchema) left = create_schema (n_left);
  g_autoptr (TideSchema) right = create_schema (n_right);
  g_autoptr (TideSchemaDiff) back = tide_schema_diff_new (right, left, NULL);

  comparison->diff = tide_schema_diff_new (left, right, NULL);
  comparison->outline = tide_drift_outline_new (comparison->diff);
  comparison->adopt = tide_schema_script_new (comparison->diff, NULL);
  comparison->revert = tide_schema_script_new (back, NULL);
  comparison->left_label = g_strdup ("one <side>");
  comparison->right_label = g_strdup ("other & side");
  return comparison;
}

static GtkWidget *
find_widget (GtkWidget  *widget,
             GType       type,
             const char *text)
{
  const char *label = GTK_IS_LABEL (widget) ? gtk_label_get_label (GTK_LABEL (widget)) : NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && (text == NULL || (label != NULL && strstr (label, text) != NULL)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gint64
get_thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* 50,000 statements that all endanger something: their beginning is shown, what is copied is whole, and nobody waits for it. */
static void
test_long_script (void)
{
  g_autoptr (TideDriftComparison) comparison = compare (50000, 0);
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  TideScriptView *view = g_object_new (TIDE_TYPE_SCRIPT_VIEW, NULL);
  gint64 began;
  double seconds;
  g_autofree char *whole = NULL;
  GtkTextBuffer *buffer;
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *shown = NULL;

  gtk_window_set_child (window, GTK_WIDGET (view));
  gtk_window_present (window);
  began = get_thread_time ();
  tide_script_view_set_comparison (view, comparison);
  seconds = (get_thread_time () - began) / (double) G_USEC_PER_SEC;
  g_test_message ("a script of 50000 statements is shown in %.3f s", seconds);
  /* Its own time, and ten times what it needs: the whole would take minutes */
  g_assert_cmpfloat (seconds, <, 3);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (view));
  whole = tide_script_view_dup_text (view);
  g_assert_nonnull (strstr (whole, "DROP TABLE \"public\".\"é_00000\";"));
  g_assert_nonnull (strstr (whole, "DROP TABLE \"public\".\"é_49999\";"));
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (find_widget (GTK_WIDGET (view), GTK_TYPE_TEXT_VIEW, NULL)));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  shown = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  g_assert_true (g_str_has_prefix (whole, shown) && g_str_has_suffix (shown, ";\n"));
  g_assert_cmpuint (strlen (shown), <, strlen (whole));
  g_assert_true (gtk_widget_get_visible (find_widget (GTK_WIDGET (view), GTK_TYPE_LABEL, "of its 50000 statements")));
  g_assert_nonnull (find_widget (GTK_WIDGET (view), GTK_TYPE_LABEL, "50000 statements endanger something"));
  gtk_window_destroy (window);
}

/* A short one is shown whole, and says nothing of a rest. */
static void
test_short_script (void)
{
  g_autoptr (TideDriftComparison) comparison = compare (2, 0);
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  TideScriptView *view = g_object_new (TIDE_TYPE_SCRIPT_VIEW, NULL);

  gtk_window_set_child (window, GTK_WIDGET (view));
  tide_script_view_set_comparison (view, comparison);
  g_assert_false (gtk_widget_get_visible (find_widget (GTK_WIDGET (view), GTK_TYPE_LABEL, "of its 2 statements")));
  g_assert_nonnull (find_widget (GTK_WIDGET (view), GTK_TYPE_LABEL, "2 statements endanger something"));
  gtk_expander_set_expanded (GTK_EXPANDER (find_widget (GTK_WIDGET (view), GTK_TYPE_EXPANDER, NULL)), TRUE);
  g_assert_nonnull (find_widget (GTK_WIDGET (view), GTK_TYPE_LABEL, "DROP TABLE \"public\".\"é_00001\""));
  gtk_window_destroy (window);
}

/* One file that needs nothing beside itself, with every object, both ways, and all they endanger */
static void
test_report (void)
{
  g_autoptr (TideDriftComparison) comparison = compare (3, 300);
  g_autofree char *html = tide_drift_report_dup_html (comparison);

  g_assert_true (g_str_has_prefix (html, "<!DOCTYPE html>"));
  g_assert_nonnull (strstr (html, "one &lt;side&gt;"));
  g_assert_nonnull (strstr (html, "other &amp; side"));
  g_assert_null (strstr (html, "<side>"));
  g_assert_null (strstr (html, "://"));
  g_assert_null (strstr (html, "src="));
  g_assert_nonnull (strstr (html, "297 added, 0 removed, 0 changed"));
  g_assert_nonnull (strstr (html, "+ table public.é_00299"));
  g_assert_nonnull (strstr (html, "CREATE TABLE &quot;public&quot;.&quot;é_00299&quot;"));
  g_assert_nonnull (strstr (html, "<li><code>DROP TABLE &quot;public&quot;.&quot;é_00299&quot;</code>"));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/drift/compare/three", test_three);
  g_test_add_func ("/drift/compare/view", test_view);
  g_test_add_func ("/drift/script/short", test_short_script);
  g_test_add_func ("/drift/script/long", test_long_script);
  g_test_add_func ("/drift/report", test_report);
  return g_test_run ();
}
