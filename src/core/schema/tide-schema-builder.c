/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-builder"

#include "config.h"

#include <string.h>

#include "schema/tide-address-map.h"
#include "schema/tide-row-aliases.h"
#include "schema/tide-schema-private.h"
#include "wire/tide-session.h"

/* Objects and their values come out of blocks of this many bytes: a hundred thousand of them cost few allocations. */
#define BLOCK_SIZE (256 * 1024)

/* By index: there are more of them than of anything else */
typedef struct
{
  guint32 object;
  guint32 on;
} Edge;

struct _TideSchemaBuilder
{
  TideSchema     *schema;     /* Owned until the end */
  TideAddressMap  addresses;  /* (element-type TideSchemaObject) */
  TideAddressMap  aliases;    /* (element-type TideAddress) */
  GHashTable     *namespaces; /* (element-type utf8 TideSchemaObject) */
  GArray         *edges;      /* (element-type Edge) */
  gsize           used;       /* of the last block */
};

static gpointer
allocate (TideSchemaBuilder *self,
          gsize              size)
{
  GPtrArray *blocks = self->schema->blocks;
  gpointer memory;

  size = (size + 7) & ~(gsize) 7;
  if (blocks->len == 0 || self->used + size > BLOCK_SIZE)
    {
      g_ptr_array_add (blocks, g_malloc0 (MAX (BLOCK_SIZE, size)));
      self->used = 0;
    }
  memory = (char *) g_ptr_array_index (blocks, blocks->len - 1) + self->used;
  self->used += size;
  return memory;
}

TideSchemaBuilder *
tide_schema_builder_new (const char *database,
                         int         server_version,
                         const char *owner)
{
  TideSchemaBuilder *self = g_new0 (TideSchemaBuilder, 1);
  TideSchema *schema = g_atomic_rc_box_new0 (TideSchema);

  schema->database = g_strdup (database);
  schema->owner = g_strdup (owner);
  schema->server_version = server_version;
  schema->objects = g_ptr_array_new ();
  schema->by_identity = g_hash_table_new (tide_schema_object_hash, tide_schema_object_equal);
  schema->warnings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  schema->results = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_result_unref);
  schema->texts = g_ptr_array_new_with_free_func (g_free);
  schema->chunk = g_string_chunk_new (4096);
  schema->blocks = g_ptr_array_new_with_free_func (g_free);
  self->schema = schema;
  self->namespaces = g_hash_table_new (g_str_hash, g_str_equal);
  self->edges = g_array_new (FALSE, FALSE, sizeof (Edge));
  return self;
}

void
tide_schema_builder_free (TideSchemaBuilder *self)
{
  tide_address_map_clear (&self->addresses);
  tide_address_map_clear (&self->aliases);
  g_hash_table_unref (self->namespaces);
  g_array_unref (self->edges);
  if (self->schema != NULL)
    {
      /* What an ended one has, and clearing expects */
      self->schema->dependencies.starts = self->schema->dependents.starts = NULL;
      g_clear_pointer (&self->schema, tide_schema_unref);
    }
  g_free (self);
}

int
tide_schema_builder_get_server_version (TideSchemaBuilder *self)
{
  return self->schema->server_version;
}

void
tide_schema_builder_hold (TideSchemaBuilder *self,
                          TideResult        *result)
{
  g_ptr_array_add (self->schema->results, tide_result_ref (result));
}

const char *
tide_schema_builder_intern (TideSchemaBuilder *self,
                            const char        *text)
{
  return text == NULL ? NULL : g_string_chunk_insert_const (self->schema->chunk, text);
}

const char *
tide_schema_builder_take (TideSchemaBuilder *self,
                          char              *text)
{
  if (text != NULL)
    g_ptr_array_add (self->schema->texts, text);
  return text;
}

void
tide_schema_builder_add_role (TideSchemaBuilder *self,
                              const char        *role)
{
  if (self->schema->roles == NULL)
    self->schema->roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add (self->schema->roles, tide_quote_identifier (role));
}

void
tide_schema_builder_take_warning (TideSchemaBuilder *self,
                                  GError            *warning)
{
  g_ptr_array_add (self->schema->warnings, warning);
}

static void
append_child (TideSchemaObject *parent,
              TideSchemaObject *child)
{
  if (parent->last_child == NULL)
    parent->first_child = child;
  else
    parent->last_child->next = child;
  parent->last_child = child;
}

TideSchemaObject *
tide_schema_builder_add (TideSchemaBuilder *self,
                         TideObjectKind     kind,
                         guint32            oid,
                         int                position,
                         const char        *namespace_,
                         const char        *name,
                         const char        *signature,
                         TideSchemaObject  *parent)
{
  guint32 catalog = tide_object_kind_get_info (kind)->catalog;
  TideSchemaObject *object = allocate (self, sizeof (TideSchemaObject));

  object->kind = kind;
  object->oid = oid;
  object->position = position;
  object->index = self->schema->objects->len;
  object->schema = self->schema;
  object->namespace_ = namespace_ == NULL && parent != NULL ? parent->namespace_ : namespace_;
  object->name = name;
  object->signature = signature;
  object->parent = parent;
  if (parent != NULL)
    {
      append_child (parent, object);
      tide_schema_builder_depend (self, object, parent);
    }
  if (kind == TIDE_OBJECT_SCHEMA)
    g_hash_table_insert (self->namespaces, (gpointer) name, object);
  if (catalog != 0 && oid != 0)
    tide_address_map_insert (&self->addresses, (TideAddress) { catalog, oid, position }, object);
  g_ptr_array_add (self->schema->objects, object);
  return object;
}

/* Room for one value more: behind the others, if nothing was allocated since, as when a row is read */
static void
grow (TideSchemaBuilder *self,
      TideSchemaObject  *object,
      guint              n)
{
  GPtrArray *blocks = self->schema->blocks;
  const char **end = (const char **) ((char *) g_ptr_array_index (blocks, blocks->len - 1) + self->used);
  const char **values;

  if (object->values != NULL && object->values + n == end && self->used + sizeof (char *) <= BLOCK_SIZE)
    {
      self->used += sizeof (char *);
      object->room = n + 1;
      return;
    }
  values = allocate (self, sizeof (char *) * (n + 1));
  if (n > 0)
    memcpy (values, object->values, sizeof (char *) * n);
  object->values = values;
  object->room = n + 1;
}

void
tide_schema_builder_set_value (TideSchemaBuilder *self,
                               TideSchemaObject  *object,
                               guint              attribute,
                               const char        *value)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << attribute;
  guint place = __builtin_popcountll (object->set & (bit - 1));
  guint n = __builtin_popcountll (object->set);

  if ((object->set & bit) == 0 && value != NULL)
    {
      if (n == object->room)
        grow (self, object, n);
      memmove (object->values + place + 1, object->values + place, sizeof (char *) * (n - place));
      object->set |= bit;
    }
  if ((object->set & bit) != 0)
    object->values[place] = value;
}

void
tide_schema_builder_set (TideSchemaBuilder *self,
                         TideSchemaObject  *object,
                         const char        *attribute,
                         const char        *value)
{
  int index = tide_object_kind_find_attribute (object->kind, attribute);

  g_return_if_fail (index >= 0);

  tide_schema_builder_set_value (self, object, index, value);
}

void
tide_schema_builder_set_signature (TideSchemaBuilder *self,
                                   TideSchemaObject  *object,
                                   const char        *signature)
{
  object->signature = signature;
}

void
tide_schema_builder_alias (TideSchemaBuilder *self,
                           guint32            catalog,
                           guint32            oid,
                           guint32            ref_catalog,
                           guint32            ref_oid,
                           int                ref_position)
{
  TideAddress *other = allocate (self, sizeof (TideAddress));

  *other = (TideAddress) { ref_catalog, ref_oid, ref_position };
  tide_address_map_insert (&self->aliases, (TideAddress) { catalog, oid, 0 }, other);
}

TideSchemaObject *
tide_schema_builder_find (TideSchemaBuilder *self,
                          guint32            catalog,
                          guint32            oid,
                          int                position)
{
  TideAddress address = { catalog, oid, position };

  /* An alias may lead to another (array type, row type, table), never further. */
  for (guint i = 0; i < 4; i++)
    {
      TideSchemaObject *object = tide_address_map_lookup (&self->addresses, address);
      const TideAddress *other;

      if (object == NULL && address.position != 0)
        {
          address.position = 0;
          object = tide_address_map_lookup (&self->addresses, address);
        }
      if (object != NULL)
        return object;
      other = tide_address_map_lookup (&self->aliases, address);
      if (other == NULL)
        return NULL;
      address = *other;
    }
  return NULL;
}

TideSchemaObject *
tide_schema_builder_find_exact (TideSchemaBuilder *self,
                                guint32            catalog,
                                guint32            oid,
                                int                position)
{
  TideSchemaObject *object = tide_address_map_lookup (&self->addresses, (TideAddress) { catalog, oid, position });

  /* A constraint's index and a composite type's relation are known by another name */
  if (object == NULL && position == 0)
    object = tide_schema_builder_find (self, catalog, oid, 0);
  if (object != NULL && object->kind == TIDE_OBJECT_EXTENSION && catalog != 3079)
    return NULL;
  return object;
}

void
tide_schema_builder_depend (TideSchemaBuilder *self,
                            TideSchemaObject  *object,
                            TideSchemaObject  *on)
{
  g_return_if_fail (object != NULL && on != NULL);

  if (object != on)
    {
      Edge edge = { object->index, on->index };

      g_array_append_val (self->edges, edge);
    }
}

guint
tide_schema_builder_get_n_objects (TideSchemaBuilder *self)
{
  return self->schema->objects->len;
}

TideSchemaObject *
tide_schema_builder_get_object (TideSchemaBuilder *self,
                                guint              index)
{
  return g_ptr_array_index (self->schema->objects, index);
}

static void
depend_on_namespaces (TideSchemaBuilder *self)
{
  GPtrArray *objects = self->schema->objects;

  for (guint i = 0; i < objects->len; i++)
    {
      TideSchemaObject *object = g_ptr_array_index (objects, i);
      TideSchemaObject *namespace_;

      if (object->namespace_ == NULL || object->parent != NULL)
        continue;
      namespace_ = g_hash_table_lookup (self->namespaces, object->namespace_);
      if (namespace_ != NULL)
        tide_schema_builder_depend (self, object, namespace_);
    }
}

static int
compare_edges (gconstpointer a,
               gconstpointer b)
{
  const Edge *left = a;
  const Edge *right = b;

  if (left->object != right->object)
    return left->object < right->object ? -1 : 1;
  return left->on < right->on ? -1 : left->on > right->on;
}

static void
remove_repeated_edges (GArray *edges)
{
  guint kept = 0;

  g_array_sort (edges, compare_edges);
  for (guint i = 0; i < edges->len; i++)
    {
      Edge edge = g_array_index (edges, Edge, i);

      if (kept == 0 || compare_edges (&edge, &g_array_index (edges, Edge, kept - 1)) != 0)
        g_array_index (edges, Edge, kept++) = edge;
    }
  g_array_set_size (edges, kept);
}

/* @reversed: from what is depended on to what depends */
static void
pack_edges (TideSchemaEdges *packed,
            GArray          *edges,
            GPtrArray       *objects,
            gboolean         reversed)
{
  guint n_objects = objects->len;
  g_autofree guint *places = g_new0 (guint, n_objects + 1);

  packed->starts = g_new0 (guint, n_objects + 1);
  packed->others = g_new0 (const TideSchemaObject *, edges->len + 1);
  for (guint i = 0; i < edges->len; i++)
    {
      Edge edge = g_array_index (edges, Edge, i);

      packed->starts[(reversed ? edge.on : edge.object) + 1]++;
    }
  for (guint i = 0; i < n_objects; i++)
    packed->starts[i + 1] += packed->starts[i];
  memcpy (places, packed->starts, sizeof (guint) * (n_objects + 1));
  for (guint i = 0; i < edges->len; i++)
    {
      Edge edge = g_array_index (edges, Edge, i);
      guint place = places[reversed ? edge.on : edge.object]++;

      packed->others[place] = g_ptr_array_index (objects, reversed ? edge.object : edge.on);
    }
}

static void
index_objects (TideSchema *schema)
{
  guint kind = 0;

  for (guint i = 0; i < schema->objects->len; i++)
    {
      TideSchemaObject *object = g_ptr_array_index (schema->objects, i);

      while (kind <= object->kind)
        schema->firsts[kind++] = i;
      g_hash_table_add (schema->by_identity, object);
    }
  while (kind <= TIDE_N_OBJECT_KINDS)
    schema->firsts[kind++] = schema->objects->len;
}

TideSchema *
tide_schema_builder_end (TideSchemaBuilder *self)
{
  TideSchema *schema = g_steal_pointer (&self->schema);

  self->schema = schema;
  depend_on_namespaces (self);
  remove_repeated_edges (self->edges);
  pack_edges (&schema->dependencies, self->edges, schema->objects, FALSE);
  pack_edges (&schema->dependents, self->edges, schema->objects, TRUE);
  index_objects (schema);
  tide_row_aliases_strip (self, schema);
  self->schema = NULL;
  return schema;
}

const char *
tide_catalog_row_get (const TideCatalogRow *self,
                      const char           *column)
{
  int index = tide_result_find_column (self->result, column);

  g_return_val_if_fail (index >= 0, NULL);

  return tide_result_get_value (self->result, self->row, index);
}
