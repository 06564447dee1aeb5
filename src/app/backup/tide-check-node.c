/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-check-node"

#include "config.h"

#include "backup/tide-check-node.h"

struct _TideCheckNode
{
  GObject        parent_instance;

  /* Borrowed */
  TideCheckNode *parent; /* holds us */

  /* Owned */
  char          *label;
  char          *detail;
  char          *key;
  GListStore    *children; /* NULL: a leaf */

  guint          n_leaves;
  guint          n_active;
};

enum
{
  PROP_LABEL = 1,
  PROP_DETAIL,
  PROP_N_ACTIVE,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideCheckNode, tide_check_node, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
set_n_active (TideCheckNode *self,
              guint          n_active)
{
  if (self->n_active == n_active)
    return;
  self->n_active = n_active;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ACTIVE]);
}

static void
set_all (TideCheckNode *self,
         gboolean       active)
{
  guint n = self->children ? g_list_model_get_n_items (G_LIST_MODEL (self->children)) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideCheckNode) child = g_list_model_get_item (G_LIST_MODEL (self->children), i);

      set_all (child, active);
    }
  set_n_active (self, active ? self->n_leaves : 0);
}

static void
collect (TideCheckNode *self,
         GStrvBuilder  *keys)
{
  guint n = self->children ? g_list_model_get_n_items (G_LIST_MODEL (self->children)) : 0;

  if (self->children == NULL && self->n_active > 0 && self->key != NULL)
    g_strv_builder_add (keys, self->key);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideCheckNode) child = g_list_model_get_item (G_LIST_MODEL (self->children), i);

      collect (child, keys);
    }
}

static void
tide_check_node_dispose (GObject *object)
{
  TideCheckNode *self = TIDE_CHECK_NODE (object);
  guint n = self->children ? g_list_model_get_n_items (G_LIST_MODEL (self->children)) : 0;

  /* A row on the screen may outlive us and hold a child. */
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideCheckNode) child = g_list_model_get_item (G_LIST_MODEL (self->children), i);

      child->parent = NULL;
    }
  g_clear_object (&self->children);
  G_OBJECT_CLASS (tide_check_node_parent_class)->dispose (object);
}

static void
tide_check_node_finalize (GObject *object)
{
  TideCheckNode *self = TIDE_CHECK_NODE (object);

  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->key, g_free);
  G_OBJECT_CLASS (tide_check_node_parent_class)->finalize (object);
}

static void
tide_check_node_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TideCheckNode *self = TIDE_CHECK_NODE (object);

  switch (prop_id)
    {
    case PROP_LABEL: g_value_set_string (value, self->label); break;
    case PROP_DETAIL: g_value_set_string (value, self->detail); break;
    case PROP_N_ACTIVE: g_value_set_uint (value, self->n_active); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_check_node_class_init (TideCheckNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tide_check_node_dispose;
  object_class->finalize = tide_check_node_finalize;
  object_class->get_property = tide_check_node_get_property;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_N_ACTIVE] = g_param_spec_uint ("n-active", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_check_node_init (TideCheckNode *self)
{
  self->n_leaves = 1;
}

TideCheckNode *
tide_check_node_new (const char *label,
                     const char *detail,
                     const char *key)
{
  TideCheckNode *self = g_object_new (TIDE_TYPE_CHECK_NODE, NULL);

  self->label = g_strdup (label);
  self->detail = g_strdup (detail);
  self->key = g_strdup (key);
  return self;
}

void
tide_check_node_append (TideCheckNode *self,
                        TideCheckNode *child)
{
  g_return_if_fail (TIDE_IS_CHECK_NODE (self));
  g_return_if_fail (TIDE_IS_CHECK_NODE (child));
  g_return_if_fail (child->parent == NULL && self->parent == NULL);

  if (self->children == NULL)
    {
      self->children = g_list_store_new (TIDE_TYPE_CHECK_NODE);
      self->n_leaves = self->n_active = 0;
    }
  child->parent = self;
  g_list_store_append (self->children, child);
  self->n_leaves += child->n_leaves;
  set_n_active (self, self->n_active + child->n_active);
}

GListModel *
tide_check_node_get_children (TideCheckNode *self)
{
  g_return_val_if_fail (TIDE_IS_CHECK_NODE (self), NULL);
  return (GListModel *) self->children;
}

const char *
tide_check_node_get_label (TideCheckNode *self)
{
  g_return_val_if_fail (TIDE_IS_CHECK_NODE (self), NULL);
  return self->label;
}

const char *
tide_check_node_get_detail (TideCheckNode *self)
{
  g_return_val_if_fail (TIDE_IS_CHECK_NODE (self), NULL);
  return self->detail;
}

guint
tide_check_node_get_n_leaves (TideCheckNode *self)
{
  g_return_val_if_fail (TIDE_IS_CHECK_NODE (self), 0);
  return self->n_leaves;
}

guint
tide_check_node_get_n_active (TideCheckNode *self)
{
  g_return_val_if_fail (TIDE_IS_CHECK_NODE (self), 0);
  return self->n_active;
}

gboolean
tide_check_node_is_active (TideCheckNode *self)
{
  g_return_val_if_fail (TIDE_IS_CHECK_NODE (self), FALSE);
  return self->n_leaves > 0 && self->n_active == self->n_leaves;
}

/**
 * tide_check_node_set_active:
 * @self: a node
 * @active: whether it is chosen
 *
 * Checks or unchecks it with all that is below it; the groups above count anew.
 */
void
tide_check_node_set_active (TideCheckNode *self,
                            gboolean       active)
{
  guint before;

  g_return_if_fail (TIDE_IS_CHECK_NODE (self));

  before = self->n_active;
  set_all (self, active);
  for (TideCheckNode *node = self->parent; node != NULL; node = node->parent)
    set_n_active (node, node->n_active + self->n_active - before);
}

char **
tide_check_node_dup_keys (TideCheckNode *self)
{
  g_autoptr(GStrvBuilder) keys = g_strv_builder_new ();

  g_return_val_if_fail (TIDE_IS_CHECK_NODE (self), NULL);

  collect (self, keys);
  return g_strv_builder_end (keys);
}

void
tide_check_node_list_leaves (TideCheckNode *self,
                             GListStore    *store)
{
  guint n;

  g_return_if_fail (TIDE_IS_CHECK_NODE (self));

  if (self->children == NULL)
    {
      g_list_store_append (store, self);
      return;
    }
  n = g_list_model_get_n_items (G_LIST_MODEL (self->children));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TideCheckNode) child = g_list_model_get_item (G_LIST_MODEL (self->children), i);

      tide_check_node_list_leaves (child, store);
    }
}
