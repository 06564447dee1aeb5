/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-object-folds"

#include "config.h"

#include "sql/tide-object-folds.h"

#include "sql/tide-object-node.h"

struct _TideObjectFolds
{
  GHashTable *open;     /* of paths */
  char       *selected; /* (nullable): a path */
};

/* The labels from the root on; what stands in one place has one name */
static char *
dup_path (GtkTreeListRow *row)
{
  g_autoptr(TideObjectNode) node = gtk_tree_list_row_get_item (row);
  g_autoptr(GtkTreeListRow) parent = gtk_tree_list_row_get_parent (row);
  g_autofree char *above = parent ? dup_path (parent) : NULL;

  return g_strjoin ("\n", tide_object_node_get_label (node), above, NULL);
}

TideObjectFolds *
tide_object_folds_note (GtkSingleSelection *selection)
{
  TideObjectFolds *self = g_new0 (TideObjectFolds, 1);
  GtkTreeListRow *selected = gtk_single_selection_get_selected_item (selection);

  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->selected = selected ? dup_path (selected) : NULL;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (selection)); i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (selection), i);

      if (gtk_tree_list_row_get_expanded (row))
        g_hash_table_add (self->open, dup_path (row));
    }
  return self;
}

void
tide_object_folds_restore (TideObjectFolds    *self,
                           GtkSingleSelection *selection)
{
  guint selected = 0;

  /* What is opened puts its own behind itself, which come next. */
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (selection)); i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (selection), i);
      g_autofree char *path = dup_path (row);

      if (g_hash_table_contains (self->open, path))
        gtk_tree_list_row_set_expanded (row, TRUE);
      if (g_strcmp0 (path, self->selected) == 0)
        selected = i;
    }
  gtk_single_selection_set_selected (selection, selected);
}

void
tide_object_folds_free (TideObjectFolds *self)
{
  g_hash_table_unref (self->open);
  g_free (self->selected);
  g_free (self);
}
