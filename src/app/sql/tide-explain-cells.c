/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-explain-cells"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-explain-cells.h"

TideExplainRow *
tide_explain_cells_get_row (gpointer item)
{
  if (GTK_IS_TREE_LIST_ROW (item))
    {
      /* Its list keeps it alive */
      g_autoptr(GObject) row = gtk_tree_list_row_get_item (item);

      return TIDE_EXPLAIN_ROW (row);
    }
  return TIDE_EXPLAIN_ROW (item);
}

static TideExplainColumn
get_column (GtkListItemFactory *factory)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (factory), "column"));
}

static GtkWidget *
create_bar (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *bar = gtk_progress_bar_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_size_request (bar, 60, -1);
  gtk_widget_add_css_class (bar, "plan-share");
  gtk_label_set_width_chars (GTK_LABEL (label), 6);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static void
setup_cell (GtkListItemFactory *factory,
            GtkListItem        *item)
{
  TideExplainColumn column = get_column (factory);
  GtkWidget *child = column == TIDE_EXPLAIN_COLUMN_SHARE ? create_bar () : gtk_label_new (NULL);

  if (GTK_IS_LABEL (child))
    {
      gboolean text = column == TIDE_EXPLAIN_COLUMN_NODE;

      gtk_label_set_xalign (GTK_LABEL (child), text ? 0 : 1);
      gtk_label_set_ellipsize (GTK_LABEL (child), text ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
      /* Long ones are cut before what stands behind them is pushed out of sight. */
      if (text)
        {
          gtk_label_set_width_chars (GTK_LABEL (child), 6);
          gtk_label_set_max_width_chars (GTK_LABEL (child), 20);
        }
      else
        gtk_widget_add_css_class (child, "numeric");
    }
  if (column == TIDE_EXPLAIN_COLUMN_NODE)
    {
      GtkWidget *expander = gtk_tree_expander_new ();

      gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), child);
      child = expander;
    }
  gtk_list_item_set_child (item, child);
}

/* What stands out is said in words, too: the class only colours it */
static void
mark (GtkWidget  *widget,
      const char *class_name,
      gboolean    marked,
      const char *why)
{
  if (marked)
    gtk_widget_add_css_class (widget, class_name);
  else
    gtk_widget_remove_css_class (widget, class_name);
  gtk_widget_set_tooltip_text (widget, marked ? why : NULL);
}

static void
bind_share (GtkWidget             *box,
            const TideExplainNode *node,
            const char            *text)
{
  GtkWidget *bar = gtk_widget_get_first_child (box);
  g_autofree char *marked = node->most_expensive ? g_strdup_printf ("▸ %s", text) : NULL;

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), CLAMP (node->share, 0, 1));
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (box)), marked ? marked : text);
  mark (box, "explain-dearest", node->most_expensive, _("The most expensive step"));
}

static void
bind_cell (GtkListItemFactory *factory,
           GtkListItem        *item)
{
  TideExplainColumn column = get_column (factory);
  gpointer object = gtk_list_item_get_item (item);
  TideExplainRow *row = tide_explain_cells_get_row (object);
  const TideExplainNode *node = tide_explain_row_get_node (row);
  g_autofree char *text = tide_explain_row_dup_text (row, column);
  GtkWidget *child = gtk_list_item_get_child (item);

  if (column == TIDE_EXPLAIN_COLUMN_SHARE)
    {
      bind_share (child, node, text);
      return;
    }
  if (column == TIDE_EXPLAIN_COLUMN_NODE)
    {
      gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (child), GTK_IS_TREE_LIST_ROW (object) ? object : NULL);
      child = gtk_tree_expander_get_child (GTK_TREE_EXPANDER (child));
    }
  if (column == TIDE_EXPLAIN_COLUMN_ESTIMATE)
    {
      g_autofree char *marked = node->worst_estimate ? g_strdup_printf ("⚠ %s", text) : NULL;

      gtk_label_set_text (GTK_LABEL (child), marked ? marked : text);
      mark (child, "warning", node->worst_estimate, _("The estimate that is furthest off: statistics may be old (ANALYZE)"));
      return;
    }
  gtk_label_set_text (GTK_LABEL (child), text);
  if (column == TIDE_EXPLAIN_COLUMN_NODE)
    gtk_widget_set_tooltip_text (child, *node->detail ? node->detail : NULL);
}

static int
compare_rows (gconstpointer a,
              gconstpointer b,
              gpointer      column)
{
  double left = tide_explain_row_get_value ((TideExplainRow *) a, GPOINTER_TO_INT (column));
  double right = tide_explain_row_get_value ((TideExplainRow *) b, GPOINTER_TO_INT (column));

  return left < right ? GTK_ORDERING_SMALLER : left > right ? GTK_ORDERING_LARGER : GTK_ORDERING_EQUAL;
}

void
tide_explain_cells_add_columns (GtkColumnView *view,
                                gboolean       sorts)
{
  for (int i = 0; i < TIDE_EXPLAIN_N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkColumnViewColumn) column = NULL;

      g_object_set_data (G_OBJECT (factory), "column", GINT_TO_POINTER (i));
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cell), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), NULL);
      column = gtk_column_view_column_new (tide_explain_column_get_title (i), factory);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_expand (column, i == TIDE_EXPLAIN_COLUMN_NODE);
      if (sorts)
        {
          g_autoptr(GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_rows, GINT_TO_POINTER (i), NULL));

          gtk_column_view_column_set_sorter (column, sorter);
        }
      gtk_column_view_append_column (view, column);
    }
}
