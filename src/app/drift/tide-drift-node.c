/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-node"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-drift-list.h"
#include "drift/tide-drift-node.h"

struct _TideDriftNode
{
  GObject                 parent_instance;

  /* Owned */
  TideDriftOutline       *outline;
  GPtrArray              *groups;   /* nullable: of a schema (element-type TideDriftGroup) */
  TideDriftGroup         *group;    /* nullable: of a kind; what the filter let through */

  /* Borrowed: the outline's */
  const TideDriftEntry   *entry;    /* nullable */
  const TideSchemaChange *change;   /* nullable */
};

enum
{
  PROP_TITLE = 1,
  PROP_ICON_NAME,
  PROP_COUNTS,
  PROP_SIGN,
  PROP_STYLE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideDriftNode, tide_drift_node, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
shown_group_free (gpointer data)
{
  TideDriftGroup *self = data;

  g_ptr_array_unref (self->entries);
  g_free (self);
}

static const TideSchemaObject *
get_object (TideDriftNode *self)
{
  if (self->change != NULL)
    return self->change->to != NULL ? self->change->to : self->change->from;
  return self->entry->to != NULL ? self->entry->to : self->entry->from;
}

static char *
dup_title (TideDriftNode *self)
{
  if (self->change != NULL)
    {
      const TideObjectKindInfo *info = tide_object_kind_get_info (tide_schema_object_get_kind (get_object (self)));

      return g_strdup_printf ("%s %s", info->name, tide_schema_object_get_name (get_object (self)));
    }
  if (self->entry != NULL)
    return g_strdup (self->entry->name);
  if (self->group != NULL)
    return g_strdup (_(tide_object_kind_get_info (self->group->kind)->plural));
  if (((TideDriftGroup *) g_ptr_array_index (self->groups, 0))->schema == NULL)
    return g_strdup (_("Whole database"));
  return g_strdup (((TideDriftGroup *) g_ptr_array_index (self->groups, 0))->schema);
}

static const char *
get_icon_name (TideDriftNode *self)
{
  if (self->change != NULL || self->entry != NULL)
    return tide_object_kind_get_info (tide_schema_object_get_kind (get_object (self)))->icon_name;
  if (self->group != NULL)
    return tide_object_kind_get_info (self->group->kind)->icon_name;
  return "folder-symbolic";
}

static void
append_count (GString    *text,
              const char *sign,
              guint       n)
{
  if (n > 0)
    g_string_append_printf (text, "%s%s%u", text->len > 0 ? " " : "", sign, n);
}

static char *
dup_counts (TideDriftNode *self)
{
  GString *text = g_string_new (NULL);
  TideDriftCounts counts = { 0, 0, 0 };

  if (self->group != NULL)
    counts = self->group->counts;
  for (guint i = 0; self->groups != NULL && i < self->groups->len; i++)
    {
      const TideDriftGroup *group = g_ptr_array_index (self->groups, i);

      counts.added += group->counts.added;
      counts.removed += group->counts.removed;
      counts.changed += group->counts.changed;
    }
  append_count (text, "+", counts.added);
  append_count (text, "−", counts.removed);
  append_count (text, "~", counts.changed);
  return g_string_free (text, FALSE);
}

/* -1: of a group */
static int
get_type_of_change (TideDriftNode *self)
{
  if (self->change != NULL)
    return self->change->type;
  return self->entry != NULL ? (int) tide_drift_entry_get_change_type (self->entry) : -1;
}

static void
tide_drift_node_finalize (GObject *object)
{
  TideDriftNode *self = TIDE_DRIFT_NODE (object);

  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->group, shown_group_free);
  g_clear_pointer (&self->outline, tide_drift_outline_unref);
  G_OBJECT_CLASS (tide_drift_node_parent_class)->finalize (object);
}

static void
tide_drift_node_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  static const char *const signs[] = { "+", "−", "~" };
  static const char *const styles[] = { "drift-added", "drift-removed", "drift-changed" };
  TideDriftNode *self = TIDE_DRIFT_NODE (object);
  int type = get_type_of_change (self);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_take_string (value, dup_title (self));
      break;
    case PROP_ICON_NAME:
      g_value_set_static_string (value, get_icon_name (self));
      break;
    case PROP_COUNTS:
      g_value_take_string (value, dup_counts (self));
      break;
    case PROP_SIGN:
      g_value_set_static_string (value, type < 0 ? "" : signs[type]);
      break;
    case PROP_STYLE:
      g_value_set_static_string (value, type < 0 ? "" : styles[type]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_drift_node_class_init (TideDriftNodeClass *klass)
{
  static const char *const names[] = { NULL, "title", "icon-name", "counts", "sign", "style" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tide_drift_node_finalize;
  object_class->get_property = tide_drift_node_get_property;
  for (guint i = 1; i < N_PROPS; i++)
    properties[i] = g_param_spec_string (names[i], NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_drift_node_init (TideDriftNode *self)
{
}

static TideDriftNode *
create_node (TideDriftOutline *outline)
{
  TideDriftNode *self = g_object_new (TIDE_TYPE_DRIFT_NODE, NULL);

  self->outline = tide_drift_outline_ref (outline);
  return self;
}

/* (nullable): what @filter lets through of @group */
static TideDriftGroup *
filter_group (const TideDriftGroup *group,
              TideDriftFilter       filter,
              gpointer              data)
{
  TideDriftGroup *shown = g_new0 (TideDriftGroup, 1);

  shown->schema = group->schema;
  shown->kind = group->kind;
  shown->entries = g_ptr_array_new ();
  for (guint i = 0; i < group->entries->len; i++)
    {
      TideDriftEntry *entry = g_ptr_array_index (group->entries, i);
      TideChangeType type = tide_drift_entry_get_change_type (entry);

      if (filter != NULL && !filter (entry, data))
        continue;
      g_ptr_array_add (shown->entries, entry);
      shown->counts.added += type == TIDE_CHANGE_ADDED;
      shown->counts.removed += type == TIDE_CHANGE_REMOVED;
      shown->counts.changed += type == TIDE_CHANGE_CHANGED;
    }
  if (shown->entries->len == 0)
    g_clear_pointer (&shown, shown_group_free);
  return shown;
}

GListModel *
tide_drift_node_list_schemas (TideDriftOutline *outline,
                              TideDriftFilter   filter,
                              gpointer          data)
{
  GListStore *schemas = g_list_store_new (TIDE_TYPE_DRIFT_NODE);
  GPtrArray *groups = tide_drift_outline_get_groups (outline);
  TideDriftNode *last = NULL; /* Borrowed: the list's */

  for (guint i = 0; i < groups->len; i++)
    {
      TideDriftGroup *shown = filter_group (g_ptr_array_index (groups, i), filter, data);

      if (shown == NULL)
        continue;
      if (last == NULL
          || g_strcmp0 (((TideDriftGroup *) g_ptr_array_index (last->groups, 0))->schema, shown->schema) != 0)
        {
          g_autoptr (TideDriftNode) node = create_node (outline);

          node->groups = g_ptr_array_new_with_free_func (shown_group_free);
          g_list_store_append (schemas, node);
          last = node;
        }
      g_ptr_array_add (last->groups, shown);
    }
  return G_LIST_MODEL (schemas);
}

static gpointer
create_kind (gpointer item,
             gpointer parent)
{
  TideDriftNode *node = create_node (((TideDriftNode *) parent)->outline);
  TideDriftGroup *group = item;

  node->group = g_memdup2 (group, sizeof *group);
  g_ptr_array_ref (node->group->entries);
  return node;
}

static gpointer
create_object (gpointer item,
               gpointer parent)
{
  TideDriftNode *node = create_node (((TideDriftNode *) parent)->outline);

  node->entry = item;
  return node;
}

static gpointer
create_change (gpointer item,
               gpointer parent)
{
  TideDriftNode *node = create_node (((TideDriftNode *) parent)->outline);

  node->entry = ((TideDriftNode *) parent)->entry;
  node->change = item;
  return node;
}

/* A change of the object itself needs no row below it. */
static gboolean
has_parts (const TideDriftEntry *entry)
{
  const TideSchemaChange *first = g_ptr_array_index (entry->changes, 0);

  return entry->changes->len > 1 || (first->from != entry->from || first->to != entry->to);
}

GListModel *
tide_drift_node_list_children (TideDriftNode *self)
{
  if (self->groups != NULL)
    return tide_drift_list_new (TIDE_TYPE_DRIFT_NODE, self->groups, create_kind, self);
  if (self->group != NULL)
    return tide_drift_list_new (TIDE_TYPE_DRIFT_NODE, self->group->entries, create_object, self);
  if (self->change == NULL && has_parts (self->entry))
    return tide_drift_list_new (TIDE_TYPE_DRIFT_NODE, self->entry->changes, create_change, self);
  return NULL;
}

const TideDriftEntry *
tide_drift_node_get_entry (TideDriftNode *self)
{
  return self->entry;
}

const TideSchemaChange *
tide_drift_node_get_change (TideDriftNode *self)
{
  return self->change;
}

const TideSchemaObject *
tide_drift_node_get_object (TideDriftNode *self)
{
  return self->entry == NULL ? NULL : get_object (self);
}
