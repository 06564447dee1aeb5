/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-outline"

#include "config.h"

#include <string.h>

#include "query/tide-outline-private.h"

G_DEFINE_BOXED_TYPE (TideOutline, tide_outline, tide_outline_ref, tide_outline_unref)

#define RELATION(self, i) (&g_array_index ((self)->relations, TideOutlineRelation, i))

static void
free_list (gpointer list)
{
  g_ptr_array_unref (list);
}

TideOutline *
tide_outline_new (void)
{
  TideOutline *self = g_new0 (TideOutline, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->sources = g_ptr_array_new_with_free_func (free_list);
  self->schemas = g_array_new (FALSE, TRUE, sizeof (TideOutlineSchema));
  self->relations = g_array_new (FALSE, TRUE, sizeof (TideOutlineRelation));
  self->columns = g_array_new (FALSE, TRUE, sizeof (TideOutlineColumn));
  self->numbers = g_array_new (FALSE, TRUE, sizeof (int));
  self->keys = g_array_new (FALSE, TRUE, sizeof (TideOutlineKey));
  self->parts = g_array_new (FALSE, TRUE, sizeof (TideOutlinePart));
  self->functions = g_array_new (FALSE, TRUE, sizeof (TideOutlineFunction));
  self->types = g_array_new (FALSE, TRUE, sizeof (TideOutlineType));
  self->by_oid = g_hash_table_new (NULL, NULL);
  self->lists = g_ptr_array_new_with_free_func (free_list);
  return self;
}

int
tide_outline_compare_entries (gconstpointer a,
                              gconstpointer b)
{
  const Entry *left = a;
  const Entry *right = b;

  if (left->schema != right->schema)
    return left->schema < right->schema ? -1 : 1;
  return strcmp (left->name, right->name);
}

TideOutlineRelation *
tide_outline_find_mutable (TideOutline *self,
                           guint32      oid)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_oid, GUINT_TO_POINTER (oid)));

  return place > 0 ? RELATION (self, place - 1) : NULL;
}

TideOutline *
tide_outline_ref (TideOutline *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_outline_unref (TideOutline *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->by_oid);
  g_ptr_array_unref (self->lists);
  g_array_unref (self->schemas);
  g_array_unref (self->relations);
  g_array_unref (self->columns);
  g_array_unref (self->numbers);
  g_array_unref (self->keys);
  g_array_unref (self->parts);
  g_array_unref (self->functions);
  g_array_unref (self->types);
  g_ptr_array_unref (self->sources);
  g_free (self);
}

const TideOutlineSchema *
tide_outline_get_schemas (const TideOutline *self,
                          guint             *n)
{
  *n = self->schemas->len;
  return (const TideOutlineSchema *) self->schemas->data;
}

const TideOutlineRelation *
tide_outline_get_relations (const TideOutline *self,
                            guint             *n)
{
  *n = self->relations->len;
  return (const TideOutlineRelation *) self->relations->data;
}

const TideOutlineFunction *
tide_outline_get_functions (const TideOutline *self,
                            guint             *n)
{
  *n = self->functions->len;
  return (const TideOutlineFunction *) self->functions->data;
}

const TideOutlineType *
tide_outline_get_types (const TideOutline *self,
                        guint             *n)
{
  *n = self->types->len;
  return (const TideOutlineType *) self->types->data;
}

const TideOutlineColumn *
tide_outline_get_columns (const TideOutline         *self,
                          const TideOutlineRelation *relation,
                          guint                     *n)
{
  *n = relation->n_columns;
  return &g_array_index (self->columns, TideOutlineColumn, relation->first_column);
}

const TideOutlineKey *
tide_outline_get_keys (const TideOutline         *self,
                       const TideOutlineRelation *relation,
                       guint                     *n)
{
  *n = relation->n_keys;
  return &g_array_index (self->keys, TideOutlineKey, relation->first_key);
}

const TideOutlinePart *
tide_outline_get_parts (const TideOutline         *self,
                        const TideOutlineRelation *relation,
                        guint                     *n)
{
  *n = relation->n_parts;
  return &g_array_index (self->parts, TideOutlinePart, relation->first_part);
}

const TideOutlineRelation *
tide_outline_find_relation (const TideOutline *self,
                            const char        *schema,
                            const char        *name)
{
  for (guint i = 0; i < self->schemas->len; i++)
    {
      const TideOutlineSchema *candidate = &g_array_index (self->schemas, TideOutlineSchema, i);
      Entry entry = { candidate, name };
      const TideOutlineRelation *found;

      if ((schema == NULL ? !candidate->in_path : strcmp (candidate->name, schema) != 0) || candidate->n_relations == 0)
        continue;
      found = bsearch (&entry, RELATION (self, candidate->first_relation), candidate->n_relations,
                       sizeof (TideOutlineRelation), tide_outline_compare_entries);
      if (found != NULL)
        return found;
    }
  return NULL;
}
