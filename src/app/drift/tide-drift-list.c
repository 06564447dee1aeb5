/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-list"

#include "config.h"

#include "drift/tide-drift-list.h"

/* A list view makes 200 widgets for what it is told of: they come a few with each frame. The rest of a long list makes no more
 * of them, and follows in larger steps. */
#define FIRST_ROWS 12
#define MORE_ROWS  4
#define MANY_ROWS  240
#define STEP       2000

struct _TideDriftList
{
  GObject            parent_instance;

  GType              type;
  TideDriftListFunc  func;
  guint              n_items; /* told so far */

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
  return TIDE_DRIFT_LIST (model)->n_items;
}

static gpointer
tide_drift_list_get_item (GListModel *model,
                          guint       position)
{
  TideDriftList *self = TIDE_DRIFT_LIST (model);

  return position < self->n_items ? self->func (g_ptr_array_index (self->array, position), self->owner) : NULL;
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

  self->n_items = 0;
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
  self->n_items = MIN (array->len, STEP);
  return G_LIST_MODEL (self);
}

/* Before anybody has looked at it */
void
tide_drift_list_begin_short (TideDriftList *self)
{
  self->n_items = MIN (self->array->len, FIRST_ROWS);
}

gboolean
tide_drift_list_tell_more (TideDriftList *self)
{
  guint before = self->n_items;

  self->n_items = MIN (self->array->len, before + (before < MANY_ROWS ? MORE_ROWS : STEP));
  if (self->n_items > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->n_items - before);
  return self->n_items < self->array->len;
}
