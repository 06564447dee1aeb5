/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-check-row"

#include "config.h"

#include "backup/tide-check-node.h"
#include "backup/tide-check-row.h"
#include "widgets/tide-children.h"

struct _TideCheckRow
{
  GtkWidget        parent_instance;

  /* Template widgets */
  GtkTreeExpander *expander;
  GtkCheckButton  *check;
  GtkLabel        *label;
  GtkLabel        *detail;

  /* Owned */
  GtkTreeListRow  *row;
  TideCheckNode   *node;

  gboolean         updating;
};

enum
{
  PROP_ROW = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideCheckRow, tide_check_row, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
tide_check_row_update (TideCheckRow *self)
{
  guint n_active = tide_check_node_get_n_active (self->node);

  self->updating = TRUE;
  gtk_check_button_set_active (self->check, tide_check_node_is_active (self->node));
  gtk_check_button_set_inconsistent (self->check,
                                     n_active > 0 && n_active < tide_check_node_get_n_leaves (self->node));
  self->updating = FALSE;
}

static void
on_toggled (TideCheckRow *self)
{
  if (self->updating || self->node == NULL)
    return;
  tide_check_node_set_active (self->node, !tide_check_node_is_active (self->node));
  tide_check_row_update (self);
}

static void
tide_check_row_set_row (TideCheckRow   *self,
                        GtkTreeListRow *row)
{
  if (!g_set_object (&self->row, row))
    return;
  if (self->node != NULL)
    g_signal_handlers_disconnect_by_data (self->node, self);
  g_clear_object (&self->node);
  gtk_tree_expander_set_list_row (self->expander, row);
  self->node = row ? gtk_tree_list_row_get_item (row) : NULL;
  if (self->node == NULL)
    return;

  gtk_label_set_label (self->label, tide_check_node_get_label (self->node));
  gtk_label_set_label (self->detail, tide_check_node_get_detail (self->node));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  tide_check_node_get_label (self->node), -1);
  g_signal_connect_object (self->node, "notify::n-active", G_CALLBACK (tide_check_row_update), self,
                           G_CONNECT_SWAPPED);
  tide_check_row_update (self);
}

static void
tide_check_row_dispose (GObject *object)
{
  TideCheckRow *self = TIDE_CHECK_ROW (object);

  if (self->expander != NULL)
    tide_check_row_set_row (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_CHECK_ROW);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_check_row_parent_class)->dispose (object);
}

static void
tide_check_row_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  if (prop_id == PROP_ROW)
    g_value_set_object (value, TIDE_CHECK_ROW (object)->row);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_check_row_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  if (prop_id == PROP_ROW)
    tide_check_row_set_row (TIDE_CHECK_ROW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_check_row_class_init (TideCheckRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_check_row_dispose;
  object_class->get_property = tide_check_row_get_property;
  object_class->set_property = tide_check_row_set_property;

  properties[PROP_ROW] = g_param_spec_object ("row", NULL, NULL, GTK_TYPE_TREE_LIST_ROW,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-check-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TideCheckRow, expander);
  gtk_widget_class_bind_template_child (widget_class, TideCheckRow, check);
  gtk_widget_class_bind_template_child (widget_class, TideCheckRow, label);
  gtk_widget_class_bind_template_child (widget_class, TideCheckRow, detail);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_check_row_init (TideCheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
