/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-list"

#include "config.h"

#include "drift/tide-drift-list.h"

struct _TideDriftList
{
  GObject            parent_instance;

  GType              type;
  TideDriftListFunc  func;

  /* Owned */
  GPtrArray         *array;
  GObject           *owner;
};

static GType
tide_drift_list_get_item_type (GListModel *model)
{
  return TIDE_DRIFT_LIST (model)->type;
}

static guint
tide_drift_list_get_n_items (GListModel *model)
{
  return TIDE_DRIFT_LIST (model)->array->len;
}

static gpointer
tide_drift_list_get_item (GListModel *model,
                          guint       position)
{
  TideDriftList *self = TIDE_DRIFT_LIST (model);

  return position < self->array->len ? self->func (g_ptr_array_index (self->array, position), self->owner) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = tide_drift_list_get_item_type;
  iface->get_n_items = tide_drift_list_get_n_items;
  iface->get_item = tide_drift_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TideDriftList, tide_drift_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
tide_drift_list_dispose (GObject *object)
{
  TideDriftList *self = TIDE_DRIFT_LIST (object);

  g_clear_pointer (&self->array, g_ptr_array_unref);
  g_clear_object (&self->owner);
  G_OBJECT_CLASS (tide_drift_list_parent_class)->dispose (object);
}

static void
tide_drift_list_class_init (TideDriftListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_drift_list_dispose;
}

static void
tide_drift_list_init (TideDriftList *self)
{
}

GListModel *
tide_drift_list_new (GType              type,
                     GPtrArray         *array,
                     TideDriftListFunc  func,
                     gpointer           owner)
{
  TideDriftList *self = g_object_new (TIDE_TYPE_DRIFT_LIST, NULL);

  self->type = type;
  self->func = func;
  self->array = g_ptr_array_ref (array);
  self->owner = g_object_ref (owner);
  return G_LIST_MODEL (self);
}
