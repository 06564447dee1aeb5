/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-check-list"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-check-list.h"
#include "backup/tide-check-row.h"
#include "widgets/tide-children.h"

/* A tree with no more leaves than this is shown open. */
#define MAX_EXPANDED 100

struct _TideCheckList
{
  GtkWidget       parent_instance;

  /* Template widgets */
  GtkSearchEntry *search;
  GtkLabel       *count;
  GtkCheckButton *all;
  GtkListView    *list;

  /* Owned */
  TideCheckNode  *root;
  char           *needle; /* case folded, or NULL */

  gboolean        updating;
};

enum
{
  PROP_ROOT = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideCheckList, tide_check_list, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static GListModel *
create_children (gpointer item,
                 gpointer user_data)
{
  GListModel *children = tide_check_node_get_children (item);

  return children ? g_object_ref (children) : NULL;
}

static gboolean
fits (gpointer item,
      gpointer user_data)
{
  TideCheckList *self = user_data;
  g_autofree char *folded = g_utf8_casefold (tide_check_node_get_label (item), -1);

  return strstr (folded, self->needle) != NULL;
}

/* (transfer full): the children of the root, or the leaves that fit what is searched for */
static GListModel *
create_model (TideCheckList *self)
{
  g_autoptr(GListStore) leaves = NULL;

  if (self->root == NULL || tide_check_node_get_children (self->root) == NULL)
    return G_LIST_MODEL (g_list_store_new (TIDE_TYPE_CHECK_NODE));
  if (self->needle == NULL)
    return g_object_ref (tide_check_node_get_children (self->root));
  leaves = g_list_store_new (TIDE_TYPE_CHECK_NODE);
  tide_check_node_list_leaves (self->root, leaves);
  return G_LIST_MODEL (gtk_filter_list_model_new (G_LIST_MODEL (g_steal_pointer (&leaves)),
                                                  GTK_FILTER (gtk_custom_filter_new (fits, self, NULL))));
}

static void
tide_check_list_rebuild (TideCheckList *self)
{
  gboolean expand = self->root != NULL && tide_check_node_get_n_leaves (self->root) <= MAX_EXPANDED;
  GtkTreeListModel *tree = gtk_tree_list_model_new (create_model (self), FALSE, expand, create_children, NULL, NULL);
  g_autoptr(GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (tree));

  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

static void
tide_check_list_update_count (TideCheckList *self)
{
  guint n_active = tide_check_node_get_n_active (self->root);
  guint n_leaves = tide_check_node_get_n_leaves (self->root);
  g_autofree char *text = g_strdup_printf (_("%u of %u chosen"), n_active, n_leaves);

  gtk_label_set_label (self->count, text);
  self->updating = TRUE;
  gtk_check_button_set_active (self->all, tide_check_node_is_active (self->root));
  gtk_check_button_set_inconsistent (self->all, n_active > 0 && n_active < n_leaves);
  self->updating = FALSE;
}

static void
on_all_toggled (TideCheckList *self)
{
  if (!self->updating && self->root != NULL)
    tide_check_node_set_active (self->root, !tide_check_node_is_active (self->root));
}

static void
on_search_changed (TideCheckList *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  g_clear_pointer (&self->needle, g_free);
  if (*text != '\0')
    self->needle = g_utf8_casefold (text, -1);
  tide_check_list_rebuild (self);
}

static void
on_activate (TideCheckList *self,
             guint          position)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list));
  g_autoptr(GtkTreeListRow) row = g_list_model_get_item (model, position);
  g_autoptr(TideCheckNode) node = gtk_tree_list_row_get_item (row);

  tide_check_node_set_active (node, !tide_check_node_is_active (node));
}

static void
tide_check_list_dispose (GObject *object)
{
  TideCheckList *self = TIDE_CHECK_LIST (object);

  /* Its filter looks at us. */
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_CHECK_LIST);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->root);
  g_clear_pointer (&self->needle, g_free);
  G_OBJECT_CLASS (tide_check_list_parent_class)->dispose (object);
}

static void
tide_check_list_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (prop_id == PROP_ROOT)
    g_value_set_object (value, TIDE_CHECK_LIST (object)->root);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_check_list_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  if (prop_id == PROP_ROOT)
    tide_check_list_set_root (TIDE_CHECK_LIST (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_check_list_class_init (TideCheckListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_check_list_dispose;
  object_class->get_property = tide_check_list_get_property;
  object_class->set_property = tide_check_list_set_property;

  properties[PROP_ROOT] = g_param_spec_object ("root", NULL, NULL, TIDE_TYPE_CHECK_NODE,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_CHECK_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-check-list.ui");
  gtk_widget_class_bind_template_child (widget_class, TideCheckList, search);
  gtk_widget_class_bind_template_child (widget_class, TideCheckList, count);
  gtk_widget_class_bind_template_child (widget_class, TideCheckList, all);
  gtk_widget_class_bind_template_child (widget_class, TideCheckList, list);
  gtk_widget_class_bind_template_callback (widget_class, on_all_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_check_list_init (TideCheckList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_check_list_set_root (TideCheckList *self,
                          TideCheckNode *root)
{
  g_return_if_fail (TIDE_IS_CHECK_LIST (self));

  if (root == self->root)
    return;
  if (self->root != NULL)
    g_signal_handlers_disconnect_by_data (self->root, self);
  g_set_object (&self->root, root);
  tide_check_list_rebuild (self);
  if (root == NULL)
    return;
  g_signal_connect_object (root, "notify::n-active", G_CALLBACK (tide_check_list_update_count), self,
                           G_CONNECT_SWAPPED);
  tide_check_list_update_count (self);
}
