/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-compare-view"

#include "config.h"

#include <adwaita.h>

#include "drift/tide-compare-lines.h"
#include "drift/tide-compare-view.h"

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

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/drift/compare/three", test_three);
  g_test_add_func ("/drift/compare/view", test_view);
  return g_test_run ();
}
