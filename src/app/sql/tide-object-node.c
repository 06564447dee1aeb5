/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-object-node"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "query/tide-completion.h"
#include "sql/tide-object-node.h"

/* What a search shows at most */
#define MOST_FOUND 500

struct _TideObjectNode
{
  GObject                    parent_instance;

  /* Owned */
  TideOutline               *outline;
  char                      *label;
  char                      *detail;

  /* Of @outline */
  const TideOutlineSchema   *schema;
  const TideOutlineRelation *relation;
  const TideOutlineColumn   *column;
  const TideOutlineKey      *key;
  const TideOutlinePart     *part;
  const TideOutlineFunction *function;
  const TideOutlineType     *type;

  const char                *icon;
  TideObjectNodeKind         kind;
  guint                      group;
};

enum
{
  PROP_LABEL = 1,
  PROP_DETAIL,
  PROP_ICON_NAME,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideObjectNode, tide_object_node, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

/* The groups of a schema: those of relations by their kinds, then functions and types */
static const struct
{
  const char *title;
  const char *relkinds; /* (nullable) */
  const char *icon;
} groups[] = {
  { N_("Tables"), "rp", "tide-table-symbolic" },
  { N_("Views"), "v", "tide-view-symbolic" },
  { N_("Materialized Views"), "m", "tide-view-symbolic" },
  { N_("Foreign Tables"), "f", "tide-table-symbolic" },
  { N_("Sequences"), "S", "tide-keyword-symbolic" },
  { N_("Functions"), NULL, "tide-function-symbolic" },
  { N_("Types"), NULL, "tide-type-symbolic" },
};
enum { GROUP_FUNCTIONS = 5, GROUP_TYPES = 6 };

static void
tide_object_node_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  TideObjectNode *self = TIDE_OBJECT_NODE (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_object_node_finalize (GObject *object)
{
  TideObjectNode *self = TIDE_OBJECT_NODE (object);

  g_free (self->label);
  g_free (self->detail);
  tide_outline_unref (self->outline);
  G_OBJECT_CLASS (tide_object_node_parent_class)->finalize (object);
}

static void
tide_object_node_class_init (TideObjectNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = tide_object_node_get_property;
  object_class->finalize = tide_object_node_finalize;
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_object_node_init (TideObjectNode *self)
{
}

/* @detail: (transfer full) */
static TideObjectNode *
node_new (TideOutline        *outline,
          TideObjectNodeKind  kind,
          const char         *icon,
          const char         *label,
          char               *detail)
{
  TideObjectNode *self = g_object_new (TIDE_TYPE_OBJECT_NODE, NULL);

  self->outline = tide_outline_ref (outline);
  self->kind = kind;
  self->icon = icon;
  self->label = g_strdup (label);
  self->detail = detail;
  return self;
}

static void
append (GListStore     *store,
        TideObjectNode *node)
{
  g_list_store_append (store, node);
  g_object_unref (node);
}

static guint
find_group (const TideOutlineRelation *relation)
{
  guint i = 0;

  while (i < GROUP_FUNCTIONS && strchr (groups[i].relkinds, relation->kind) == NULL)
    i++;
  return i;
}

/* About how many rows: "~1,200" */
static char *
dup_rows (const TideOutlineRelation *relation)
{
  if (relation->rows < 0 || strchr ("rpm", relation->kind) == NULL)
    return g_strdup ("");
  return g_strdup_printf ("~%'" G_GINT64_FORMAT, relation->rows);
}

static TideObjectNode *
relation_new (TideOutline               *outline,
              const TideOutlineRelation *relation,
              char                      *detail)
{
  guint group = find_group (relation);
  TideObjectNode *self = node_new (outline, TIDE_NODE_RELATION, groups[group].icon, relation->name, detail);

  self->relation = relation;
  return self;
}

static TideObjectNode *
function_new (TideOutline               *outline,
              const TideOutlineFunction *function,
              char                      *detail)
{
  TideObjectNode *self = node_new (outline, TIDE_NODE_FUNCTION, groups[GROUP_FUNCTIONS].icon, function->name, detail);

  self->function = function;
  return self;
}

static TideObjectNode *
type_new (TideOutline           *outline,
          const TideOutlineType *type,
          char                  *detail)
{
  TideObjectNode *self = node_new (outline, TIDE_NODE_TYPE, groups[GROUP_TYPES].icon, type->name, detail);

  self->type = type;
  return self;
}

static guint
count_group (TideOutline             *outline,
             const TideOutlineSchema *schema,
             guint                    group)
{
  const TideOutlineRelation *relations;
  guint count = 0;
  guint n;

  if (group == GROUP_FUNCTIONS)
    return schema->n_functions;
  if (group == GROUP_TYPES)
    return schema->n_types;
  relations = tide_outline_get_relations (outline, &n) + schema->first_relation;
  for (guint i = 0; i < schema->n_relations; i++)
    count += find_group (&relations[i]) == group;
  return count;
}

static GListModel *
list_groups (TideObjectNode *self)
{
  GListStore *store = g_list_store_new (TIDE_TYPE_OBJECT_NODE);

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      guint count = count_group (self->outline, self->schema, i);
      TideObjectNode *node;

      if (count == 0)
        continue;
      node = node_new (self->outline, TIDE_NODE_GROUP, groups[i].icon, _(groups[i].title), g_strdup_printf ("%u", count));
      node->schema = self->schema;
      node->group = i;
      append (store, node);
    }
  return G_LIST_MODEL (store);
}

static GListModel *
list_group (TideObjectNode *self)
{
  GListStore *store = g_list_store_new (TIDE_TYPE_OBJECT_NODE);
  const TideOutlineSchema *schema = self->schema;
  guint n;
  const TideOutlineRelation *relations = tide_outline_get_relations (self->outline, &n) + schema->first_relation;
  const TideOutlineFunction *functions = tide_outline_get_functions (self->outline, &n) + schema->first_function;
  const TideOutlineType *types = tide_outline_get_types (self->outline, &n) + schema->first_type;

  if (self->group == GROUP_FUNCTIONS)
    for (guint i = 0; i < schema->n_functions; i++)
      append (store, function_new (self->outline, &functions[i], g_strdup_printf ("(%s)", functions[i].arguments)));
  else if (self->group == GROUP_TYPES)
    for (guint i = 0; i < schema->n_types; i++)
      append (store, type_new (self->outline, &types[i], g_strdup (types[i].detail)));
  else
    for (guint i = 0; i < schema->n_relations; i++)
      if (find_group (&relations[i]) == self->group)
        append (store, relation_new (self->outline, &relations[i], dup_rows (&relations[i])));
  return G_LIST_MODEL (store);
}

static const char *
get_part_icon (char kind)
{
  return kind == 'i' ? "tide-alias-symbolic" : kind == 't' ? "tide-function-symbolic" : "tide-keyword-symbolic";
}

/* (transfer full): what a row has room for: "btree (a, b)", "BEFORE UPDATE", "FOR SELECT" */
static char *
dup_part_detail (const TideOutlinePart *part)
{
  g_autofree char *quoted = tide_completion_quote (part->name);
  const char *found = NULL;

  if (part->kind == 'i')
    found = strstr (part->definition, " USING ");
  else if (part->kind == 't')
    found = strstr (strstr (part->definition, " TRIGGER "), quoted);
  else if (part->kind == 'y')
    found = strstr (part->definition, " FOR ");
  if (found == NULL)
    return g_strdup (part->definition);
  if (part->kind == 'i')
    return g_strconcat (g_str_has_prefix (part->definition, "CREATE UNIQUE") ? "UNIQUE " : "", found + strlen (" USING "), NULL);
  return g_strstrip (g_strdup (found + (part->kind == 't' ? strlen (quoted) : 0)));
}

static void
append_parts (TideObjectNode *self,
              GListStore     *store)
{
  guint n;
  const TideOutlinePart *parts = tide_outline_get_parts (self->outline, self->relation, &n);

  for (guint i = 0; i < n; i++)
    {
      TideObjectNode *node = node_new (self->outline, TIDE_NODE_PART, get_part_icon (parts[i].kind), parts[i].name,
                                       dup_part_detail (&parts[i]));

      node->part = &parts[i];
      node->relation = self->relation;
      append (store, node);
    }
}

/* Columns, then keys, then what else belongs to it */
static GListModel *
list_parts (TideObjectNode *self)
{
  GListStore *store = g_list_store_new (TIDE_TYPE_OBJECT_NODE);
  guint n;
  const TideOutlineColumn *columns = tide_outline_get_columns (self->outline, self->relation, &n);
  const TideOutlineKey *keys;

  for (guint i = 0; i < n; i++)
    {
      TideObjectNode *node = node_new (self->outline, TIDE_NODE_COLUMN,
                                       columns[i].in_key ? "tide-key-symbolic" : "tide-column-symbolic", columns[i].name,
                                       g_strconcat (columns[i].type, columns[i].not_null ? " NOT NULL" : NULL, NULL));

      node->column = &columns[i];
      node->relation = self->relation;
      append (store, node);
    }
  keys = tide_outline_get_keys (self->outline, self->relation, &n);
  for (guint i = 0; i < n; i++)
    {
      TideObjectNode *node = node_new (self->outline, TIDE_NODE_KEY, keys[i].kind == 'f' ? "tide-join-symbolic" : "tide-key-symbolic",
                                       keys[i].name, g_strdup (keys[i].definition));

      node->key = &keys[i];
      node->relation = self->relation;
      append (store, node);
    }
  append_parts (self, store);
  return G_LIST_MODEL (store);
}

GListModel *
tide_object_node_list_children (TideObjectNode *self)
{
  g_return_val_if_fail (TIDE_IS_OBJECT_NODE (self), NULL);

  switch (self->kind)
    {
    case TIDE_NODE_SCHEMA:
      return list_groups (self);
    case TIDE_NODE_GROUP:
      return list_group (self);
    case TIDE_NODE_RELATION:
      return self->relation->n_columns + self->relation->n_keys + self->relation->n_parts > 0 ? list_parts (self) : NULL;
    default:
      return NULL;
    }
}

GListModel *
tide_object_node_list_schemas (TideOutline *outline)
{
  GListStore *store = g_list_store_new (TIDE_TYPE_OBJECT_NODE);
  guint n;
  const TideOutlineSchema *schemas = tide_outline_get_schemas (outline, &n);

  for (guint i = 0; i < n; i++)
    {
      TideObjectNode *node = node_new (outline, TIDE_NODE_SCHEMA, "tide-schema-symbolic", schemas[i].name, g_strdup (""));

      node->schema = &schemas[i];
      append (store, node);
    }
  return G_LIST_MODEL (store);
}

typedef struct
{
  const TideOutlineRelation *relation;
  const TideOutlineFunction *function;
  const TideOutlineType     *type;
  const char                *name;
  const TideOutlineSchema   *schema;
  int                        score;
} Found;

static void
note (GArray *found,
      Found   entry,
      const char *text)
{
  entry.score = tide_completion_match (entry.name, text) - (entry.schema->is_system ? 500 : 0);
  /* Letters from here and there are too little for a list that is read by eye */
  if (entry.score > (entry.schema->is_system ? 0 : 150))
    g_array_append_val (found, entry);
}

static int
compare_found (gconstpointer a,
               gconstpointer b)
{
  const Found *left = a;
  const Found *right = b;

  return left->score != right->score ? right->score - left->score : strcmp (left->name, right->name);
}

GListModel *
tide_object_node_search (TideOutline *outline,
                         const char  *text)
{
  GListStore *store = g_list_store_new (TIDE_TYPE_OBJECT_NODE);
  g_autoptr(GArray) found = g_array_new (FALSE, TRUE, sizeof (Found));
  guint n;
  const TideOutlineRelation *relations = tide_outline_get_relations (outline, &n);
  const TideOutlineFunction *functions;
  const TideOutlineType *types;

  for (guint i = 0; i < n; i++)
    note (found, (Found) { .relation = &relations[i], .name = relations[i].name, .schema = relations[i].schema }, text);
  functions = tide_outline_get_functions (outline, &n);
  for (guint i = 0; i < n; i++)
    note (found, (Found) { .function = &functions[i], .name = functions[i].name, .schema = functions[i].schema }, text);
  types = tide_outline_get_types (outline, &n);
  for (guint i = 0; i < n; i++)
    note (found, (Found) { .type = &types[i], .name = types[i].name, .schema = types[i].schema }, text);
  g_array_sort (found, compare_found);
  for (guint i = 0; i < MIN (found->len, MOST_FOUND); i++)
    {
      Found *entry = &g_array_index (found, Found, i);
      char *detail = g_strdup (entry->schema->name);

      append (store, entry->relation ? relation_new (outline, entry->relation, detail)
                     : entry->function ? function_new (outline, entry->function, detail) : type_new (outline, entry->type, detail));
    }
  return G_LIST_MODEL (store);
}

TideObjectNodeKind
tide_object_node_get_kind (TideObjectNode *self)
{
  return self->kind;
}

const char *
tide_object_node_get_label (TideObjectNode *self)
{
  return self->label;
}

const TideOutlineRelation *
tide_object_node_get_relation (TideObjectNode *self)
{
  return self->relation;
}

const TideOutlineFunction *
tide_object_node_get_function (TideObjectNode *self)
{
  return self->function;
}

const TideOutlineType *
tide_object_node_get_type_entry (TideObjectNode *self)
{
  return self->type;
}

static char *
dup_qualified (const TideOutlineSchema *schema,
               const char              *name)
{
  g_autofree char *before = tide_completion_quote (schema->name);
  g_autofree char *quoted = tide_completion_quote (name);

  return schema->in_path ? g_steal_pointer (&quoted) : g_strconcat (before, ".", quoted, NULL);
}

char *
tide_object_node_dup_definition (TideObjectNode *self)
{
  const char *definition = self->part ? self->part->definition : self->key ? self->key->definition : NULL;
  g_autofree char *table = NULL;
  g_autofree char *name = NULL;

  if (definition == NULL)
    return NULL;
  if (self->part != NULL && strchr ("ity", self->part->kind) != NULL)
    return g_strconcat (definition, ";\n", NULL);
  table = dup_qualified (self->relation->schema, self->relation->name);
  name = tide_completion_quote (self->label);
  return g_strdup_printf ("ALTER TABLE %s\n  ADD CONSTRAINT %s %s;\n", table, name, definition);
}

char *
tide_object_node_dup_sql (TideObjectNode *self)
{
  switch (self->kind)
    {
    case TIDE_NODE_RELATION:
      return dup_qualified (self->relation->schema, self->relation->name);
    case TIDE_NODE_FUNCTION:
      return dup_qualified (self->function->schema, self->function->name);
    case TIDE_NODE_TYPE:
      return dup_qualified (self->type->schema, self->type->name);
    case TIDE_NODE_GROUP:
      return tide_completion_quote (self->schema->name);
    default:
      return tide_completion_quote (self->label);
    }
}
