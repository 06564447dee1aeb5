/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema"

#include "config.h"

#include <string.h>

#include "schema/tide-grants.h"
#include "schema/tide-schema-private.h"
#include "wire/tide-session.h"

G_DEFINE_BOXED_TYPE (TideSchema, tide_schema, tide_schema_ref, tide_schema_unref)

/* --- identity: the same key in two schemas is the same object --- */

/* Names in a schema differ by little ("users_1", "users_2"), and sums of such hashes are the same too often. */
static guint
hash_text (guint       hash,
           const char *text)
{
  hash = (hash ^ (text == NULL ? 1 : g_str_hash (text))) * 0x85ebca6bu;
  return hash ^ hash >> 15;
}

guint
tide_schema_object_hash (gconstpointer object)
{
  const TideSchemaObject *self = object;
  guint hash = self->kind;

  hash = hash_text (hash, self->namespace_);
  hash = hash_text (hash, self->name);
  hash = hash_text (hash, self->signature);
  /* A default is a child of a column, and columns of all tables are called the same. */
  for (const TideSchemaObject *parent = self->parent; parent != NULL; parent = parent->parent)
    hash = hash_text (hash, parent->name);
  return hash;
}

gboolean
tide_schema_object_equal (gconstpointer a,
                          gconstpointer b)
{
  const TideSchemaObject *left = a;
  const TideSchemaObject *right = b;

  if (left == right)
    return TRUE;
  if (left == NULL || right == NULL || left->kind != right->kind)
    return FALSE;
  return g_strcmp0 (left->name, right->name) == 0
         && g_strcmp0 (left->namespace_, right->namespace_) == 0
         && g_strcmp0 (left->signature, right->signature) == 0
         && tide_schema_object_equal (left->parent, right->parent);
}

/* --- life --- */

static void
edges_clear (TideSchemaEdges *edges)
{
  g_free (edges->starts);
  g_free (edges->others);
}

static void
schema_clear (gpointer data)
{
  TideSchema *self = data;

  g_free (self->database);
  g_free (self->owner);
  g_ptr_array_unref (self->objects);
  g_hash_table_unref (self->by_identity);
  edges_clear (&self->dependencies);
  edges_clear (&self->dependents);
  g_ptr_array_unref (self->warnings);
  g_clear_pointer (&self->roles, g_hash_table_unref);
  g_ptr_array_unref (self->results);
  g_ptr_array_unref (self->texts);
  g_string_chunk_free (self->chunk);
  g_ptr_array_unref (self->blocks);
}

TideSchema *
tide_schema_ref (TideSchema *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_schema_unref (TideSchema *self)
{
  g_atomic_rc_box_release_full (self, schema_clear);
}

/* --- the schema --- */

const char *
tide_schema_get_database (const TideSchema *self)
{
  return self->database;
}

int
tide_schema_get_server_version (const TideSchema *self)
{
  return self->server_version;
}

const char *
tide_schema_get_owner (const TideSchema *self)
{
  return self->owner;
}

GPtrArray *
tide_schema_get_warnings (const TideSchema *self)
{
  return self->warnings;
}

gboolean
tide_schema_has_role (const TideSchema *self,
                      const char       *role)
{
  return self->roles == NULL || g_str_equal (role, TIDE_GRANTS_PUBLIC) || g_hash_table_contains (self->roles, role);
}

void
tide_schema_forget_roles (TideSchema *self)
{
  g_clear_pointer (&self->roles, g_hash_table_unref);
}

guint
tide_schema_get_n_objects (const TideSchema *self)
{
  return self->objects->len;
}

const TideSchemaObject *
tide_schema_get_object (const TideSchema *self,
                        guint             index)
{
  g_return_val_if_fail (index < self->objects->len, NULL);

  return g_ptr_array_index (self->objects, index);
}

void
tide_schema_get_range (const TideSchema *self,
                       TideObjectKind    kind,
                       guint            *first,
                       guint            *end)
{
  g_return_if_fail (kind < TIDE_N_OBJECT_KINDS);

  *first = self->firsts[kind];
  *end = self->firsts[kind + 1];
}

const TideSchemaObject *
tide_schema_find_same (const TideSchema       *self,
                       const TideSchemaObject *object)
{
  return g_hash_table_lookup (self->by_identity, object);
}

const TideSchemaObject *
tide_schema_find (const TideSchema *self,
                  TideObjectKind    kind,
                  const char       *schema,
                  const char       *name)
{
  guint first;
  guint end;

  tide_schema_get_range (self, kind, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const TideSchemaObject *object = g_ptr_array_index (self->objects, i);
      g_autofree char *its_name = NULL;

      if (g_strcmp0 (object->namespace_, schema) != 0)
        continue;
      its_name = tide_schema_object_dup_name (object);
      if (g_str_equal (its_name, name))
        return object;
    }
  return NULL;
}

static const TideSchemaObject *const *
edges_get (const TideSchemaEdges  *edges,
           const TideSchemaObject *object,
           guint                  *n)
{
  guint start = edges->starts[object->index];

  *n = edges->starts[object->index + 1] - start;
  return edges->others + start;
}

const TideSchemaObject *const *
tide_schema_get_dependencies (const TideSchema       *self,
                              const TideSchemaObject *object,
                              guint                  *n)
{
  g_return_val_if_fail (object->schema == self, NULL);

  return edges_get (&self->dependencies, object, n);
}

const TideSchemaObject *const *
tide_schema_get_dependents (const TideSchema       *self,
                            const TideSchemaObject *object,
                            guint                  *n)
{
  g_return_val_if_fail (object->schema == self, NULL);

  return edges_get (&self->dependents, object, n);
}

/* --- an object --- */

TideObjectKind
tide_schema_object_get_kind (const TideSchemaObject *self)
{
  return self->kind;
}

guint
tide_schema_object_get_index (const TideSchemaObject *self)
{
  return self->index;
}

TideSchema *
tide_schema_object_get_schema (const TideSchemaObject *self)
{
  return self->schema;
}

const char *
tide_schema_object_get_namespace (const TideSchemaObject *self)
{
  return self->namespace_;
}

const char *
tide_schema_object_get_name (const TideSchemaObject *self)
{
  return self->name;
}

const char *
tide_schema_object_get_signature (const TideSchemaObject *self)
{
  return self->signature;
}

const TideSchemaObject *
tide_schema_object_get_parent (const TideSchemaObject *self)
{
  return self->parent;
}

const TideSchemaObject *
tide_schema_object_get_first_child (const TideSchemaObject *self)
{
  return self->first_child;
}

const TideSchemaObject *
tide_schema_object_get_next (const TideSchemaObject *self)
{
  return self->next;
}

const TideSchemaObject *
tide_schema_object_find_column (const TideSchemaObject *self,
                                const char             *name)
{
  const TideSchemaObject *child;

  for (child = tide_schema_object_get_first_child (self); child != NULL; child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN && g_str_equal (tide_schema_object_get_name (child), name))
      return child;
  return NULL;
}

guint32
tide_schema_object_get_oid (const TideSchemaObject *self)
{
  return self->oid;
}

const char *
tide_schema_object_get_value (const TideSchemaObject *self,
                              guint                   attribute)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << attribute;

  return (self->set & bit) == 0 ? NULL : self->values[__builtin_popcountll (self->set & (bit - 1))];
}

const char *
tide_schema_object_get (const TideSchemaObject *self,
                        const char             *name)
{
  int attribute = tide_object_kind_find_attribute (self->kind, name);

  g_return_val_if_fail (attribute >= 0, NULL);

  return tide_schema_object_get_value (self, attribute);
}

gboolean
tide_schema_object_is (const TideSchemaObject *self,
                       const char             *name)
{
  return tide_schema_object_get (self, name) != NULL;
}

char *
tide_schema_object_dup_name (const TideSchemaObject *self)
{
  g_autofree char *parent = self->parent == NULL ? NULL : tide_schema_object_dup_name (self->parent);
  const char *signature = self->signature == NULL ? "" : self->signature;

  /* An index lives in its schema, not in its table. */
  if (parent == NULL || self->kind == TIDE_OBJECT_INDEX)
    return g_strconcat (self->name, signature, NULL);
  return g_strconcat (parent, ".", self->name, signature, NULL);
}

char *
tide_schema_object_dup_quoted (const TideSchemaObject *self)
{
  g_autofree char *name = tide_quote_identifier (self->name);
  g_autofree char *outer = NULL;

  if (self->parent != NULL && self->kind != TIDE_OBJECT_INDEX)
    outer = tide_schema_object_dup_quoted (self->parent);
  else if (self->namespace_ != NULL)
    outer = tide_quote_identifier (self->namespace_);
  return outer == NULL ? g_steal_pointer (&name) : g_strconcat (outer, ".", name, NULL);
}
