/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-compare-view"

#include "config.h"

#include "drift/tide-change-map.h"
#include "drift/tide-compare-lines.h"
#include "drift/tide-compare-view.h"
#include "drift/tide-text-pane.h"
#include "widgets/tide-children.h"

struct _TideCompareView
{
  GtkWidget  parent_instance;

  /* Borrowed: children; made anew when the number of texts changes */
  GtkBox    *row;
  GtkBox    *columns; /* all of one width */
  GPtrArray *panes;   /* (element-type TideTextPane) */
  GPtrArray *titles;  /* (element-type GtkLabel) */
  TideChangeMap *map;

  /* Owned */
  GArray    *changes; /* (element-type guint): the first line of each run that differs */
  int        current; /* index of the change gone to; -1: none */
  guint      scroll_source; /* waits until the texts know how high they are */
};

G_DEFINE_FINAL_TYPE (TideCompareView, tide_compare_view, GTK_TYPE_WIDGET)

static void
add_pane (TideCompareView *self,
          const char      *title)
{
  GtkBox *column = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *pane = tide_text_pane_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "compare-title");
  gtk_widget_set_hexpand (pane, TRUE);
  gtk_widget_set_vexpand (pane, TRUE);
  gtk_box_append (column, label);
  gtk_box_append (column, pane);
  if (self->panes->len > 0)
    {
      tide_text_pane_set_vadjustment (TIDE_TEXT_PANE (pane),
                                      tide_text_pane_get_vadjustment (g_ptr_array_index (self->panes, 0)));
      gtk_widget_add_css_class (GTK_WIDGET (column), "compare-next");
    }
  gtk_box_append (self->columns, GTK_WIDGET (column));
  g_ptr_array_add (self->panes, pane);
  g_ptr_array_add (self->titles, label);
}

static void
make_panes (TideCompareView   *self,
            const char *const *titles,
            guint              n)
{
  GtkWidget *child;
  TideTextPane *first;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->row))) != NULL)
    gtk_box_remove (self->row, child);
  g_ptr_array_set_size (self->panes, 0);
  g_ptr_array_set_size (self->titles, 0);
  self->columns = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_box_set_homogeneous (self->columns, TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->columns), TRUE);
  gtk_box_append (self->row, GTK_WIDGET (self->columns));
  for (guint i = 0; i < n; i++)
    add_pane (self, titles[i]);
  first = g_ptr_array_index (self->panes, 0);
  tide_text_pane_set_vadjustment (first, tide_text_pane_get_vadjustment (first));
  self->map = TIDE_CHANGE_MAP (tide_change_map_new (tide_text_pane_get_vadjustment (first)));
  gtk_box_append (self->row, gtk_scrollbar_new (GTK_ORIENTATION_VERTICAL, tide_text_pane_get_vadjustment (first)));
  gtk_box_append (self->row, GTK_WIDGET (self->map));
}

static gboolean
differs (GPtrArray *columns,
         guint      line)
{
  for (guint i = 0; i < columns->len; i++)
    if (((TideCompareLine *) g_ptr_array_index ((GPtrArray *) g_ptr_array_index (columns, i), line))->type
        != TIDE_LINE_SAME)
      return TRUE;
  return FALSE;
}

static void
find_changes (TideCompareView *self,
              GPtrArray       *columns)
{
  guint n = ((GPtrArray *) g_ptr_array_index (columns, 0))->len;
  gboolean before = FALSE;

  g_array_set_size (self->changes, 0);
  self->current = -1;
  for (guint i = 0; i < n; i++)
    {
      gboolean now = differs (columns, i);

      if (now && !before)
        g_array_append_val (self->changes, i);
      before = now;
    }
}

/* Panes share one adjustment: it is set once, where no pane answers by scrolling on its own. */
static gboolean
scroll_to_current (gpointer data)
{
  TideCompareView *self = data;
  TideTextPane *first = g_ptr_array_index (self->panes, 0);
  GtkAdjustment *adjustment = tide_text_pane_get_vadjustment (first);
  int y = tide_text_pane_get_line_y (first, g_array_index (self->changes, guint, self->current));

  gtk_adjustment_set_value (adjustment, y - gtk_adjustment_get_page_size (adjustment) * 0.3);
  self->scroll_source = 0;
  return G_SOURCE_REMOVE;
}

static void
tide_compare_view_dispose (GObject *object)
{
  g_clear_handle_id (&TIDE_COMPARE_VIEW (object)->scroll_source, g_source_remove);
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_compare_view_parent_class)->dispose (object);
}

static void
tide_compare_view_finalize (GObject *object)
{
  TideCompareView *self = TIDE_COMPARE_VIEW (object);

  g_ptr_array_unref (self->panes);
  g_ptr_array_unref (self->titles);
  g_array_unref (self->changes);
  G_OBJECT_CLASS (tide_compare_view_parent_class)->finalize (object);
}

static void
tide_compare_view_class_init (TideCompareViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_compare_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = tide_compare_view_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "compareview");
}

static void
tide_compare_view_init (TideCompareView *self)
{
  self->panes = g_ptr_array_new ();
  self->titles = g_ptr_array_new ();
  self->changes = g_array_new (FALSE, FALSE, sizeof (guint));
  self->current = -1;
  self->row = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_set_parent (GTK_WIDGET (self->row), GTK_WIDGET (self));
}

void
tide_compare_view_set_texts (TideCompareView   *self,
                             const char *const *titles,
                             const char *const *texts,
                             guint              n)
{
  g_autoptr (GPtrArray) columns = NULL;

  g_return_if_fail (TIDE_IS_COMPARE_VIEW (self));

  g_clear_handle_id (&self->scroll_source, g_source_remove);
  if (self->panes->len != n)
    make_panes (self, titles, n);
  columns = tide_compare_lines_new (texts, n);
  for (guint i = 0; i < n; i++)
    {
      gtk_label_set_label (g_ptr_array_index (self->titles, i), titles[i]);
      tide_text_pane_set_lines (g_ptr_array_index (self->panes, i), g_ptr_array_index (columns, i));
    }
  tide_change_map_set_lines (self->map, columns);
  find_changes (self, columns);
}

gboolean
tide_compare_view_step (TideCompareView *self,
                        int              direction)
{
  int next = self->current + direction;

  if (next < 0 || next >= (int) self->changes->len)
    return FALSE;
  self->current = next;
  if (self->scroll_source == 0)
    self->scroll_source = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, scroll_to_current, self, NULL);
  return TRUE;
}

guint
tide_compare_view_get_n_changes (TideCompareView *self)
{
  return self->changes->len;
}
