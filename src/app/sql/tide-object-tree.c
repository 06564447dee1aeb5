/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-object-tree"

#include "config.h"

#include "sql/tide-object-tree.h"

struct _TideObjectTree
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (TideObjectTree, tide_object_tree, GTK_TYPE_WIDGET)

static void
tide_object_tree_class_init (TideObjectTreeClass *klass)
{
  g_signal_new ("browse", TIDE_TYPE_OBJECT_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                G_TYPE_STRING);
  g_signal_new ("insert-text", TIDE_TYPE_OBJECT_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_signal_new ("open-text", TIDE_TYPE_OBJECT_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                G_TYPE_STRING);
}

static void
tide_object_tree_init (TideObjectTree *self)
{
}

GtkWidget *
tide_object_tree_new (void)
{
  return g_object_new (TIDE_TYPE_OBJECT_TREE, NULL);
}

void
tide_object_tree_set_catalog (TideObjectTree        *self,
                              TideCompletionCatalog *catalog)
{
}
