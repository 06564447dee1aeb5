/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/tide-plan.h"
#include "wire/tide-session.h"

/* Names that kinds share: pg_class holds relations and indexes, pg_type all types and the rows of relations, pg_proc all that
 * is called. */
enum
{
  SPACE_RELATION = 1 << 0,
  SPACE_TYPE     = 1 << 1,
  SPACE_ROUTINE  = 1 << 2,
  SPACE_OVERLOAD = 1 << 3, /* whatever they take */
  N_SPACES       = 4,
};


static const guint8 spaces[TIDE_N_OBJECT_KINDS] = {
  [TIDE_OBJECT_TABLE] = SPACE_RELATION | SPACE_TYPE,
  [TIDE_OBJECT_VIEW] = SPACE_RELATION | SPACE_TYPE,
  [TIDE_OBJECT_MATERIALIZED_VIEW] = SPACE_RELATION | SPACE_TYPE,
  [TIDE_OBJECT_COMPOSITE] = SPACE_RELATION | SPACE_TYPE,
  [TIDE_OBJECT_SEQUENCE] = SPACE_RELATION,
  [TIDE_OBJECT_INDEX] = SPACE_RELATION,
  [TIDE_OBJECT_CONSTRAINT] = SPACE_RELATION,
  [TIDE_OBJECT_ENUM] = SPACE_TYPE,
  [TIDE_OBJECT_DOMAIN] = SPACE_TYPE,
  [TIDE_OBJECT_RANGE] = SPACE_TYPE,
  [TIDE_OBJECT_BASE_TYPE] = SPACE_TYPE,
  [TIDE_OBJECT_FUNCTION] = SPACE_ROUTINE | SPACE_OVERLOAD,
  [TIDE_OBJECT_AGGREGATE] = SPACE_ROUTINE | SPACE_OVERLOAD,
};

/* A name taken in a space: that of an object, looked up by another one of any kind */
typedef struct
{
  guint8                  space;
  const TideSchemaObject *object; /* Borrowed */
  GSList                 *others; /* Borrowed objects that have the same name */
} Name;

static guint
name_hash (gconstpointer data)
{
  const Name *self = data;
  const char *namespace_ = tide_schema_object_get_namespace (self->object);

  return g_str_hash (tide_schema_object_get_name (self->object)) * 31
         + (namespace_ == NULL ? 0 : g_str_hash (namespace_)) + self->space;
}

static gboolean
name_equal (gconstpointer a,
            gconstpointer b)
{
  const Name *left = a;
  const Name *right = b;

  return left->space == right->space
         && g_str_equal (tide_schema_object_get_name (left->object), tide_schema_object_get_name (right->object))
         && g_strcmp0 (tide_schema_object_get_namespace (left->object),
                       tide_schema_object_get_namespace (right->object)) == 0
         && (left->space != SPACE_ROUTINE
             || g_strcmp0 (tide_schema_object_get_signature (left->object),
                           tide_schema_object_get_signature (right->object)) == 0);
}

static void
name_free (gpointer data)
{
  Name *self = data;

  g_slist_free (self->others);
  g_free (self);
}

GHashTable *
tide_plan_names_new (void)
{
  return g_hash_table_new_full (name_hash, name_equal, name_free, NULL);
}

void
tide_plan_names_add (GHashTable             *names,
                     const TideSchemaObject *object)
{
  guint8 all = spaces[tide_schema_object_get_kind (object)];

  for (guint i = 0; i < N_SPACES; i++)
    {
      Name key = { 1 << i, object, NULL };
      Name *name;

      if ((all & 1 << i) == 0)
        continue;
      name = g_hash_table_lookup (names, &key);
      if (name == NULL)
        {
          name = g_memdup2 (&key, sizeof key);
          g_hash_table_insert (names, name, name);
        }
      name->others = g_slist_prepend (name->others, (gpointer) object);
    }
}

void
tide_plan_names_foreach (GHashTable             *names,
                         const TideSchemaObject *object,
                         gboolean                overloads,
                         TidePlanNameFunc        func,
                         gpointer                user_data)
{
  guint8 all = spaces[tide_schema_object_get_kind (object)] & ~(overloads ? 0 : SPACE_OVERLOAD);

  for (guint i = 0; i < N_SPACES; i++)
    {
      Name key = { 1 << i, object, NULL };
      const Name *name = (all & 1 << i) == 0 ? NULL : g_hash_table_lookup (names, &key);

      for (const GSList *l = name == NULL ? NULL : name->others; l != NULL; l = l->next)
        func (object, l->data, user_data);
    }
}

char *
tide_plan_dup_aside_name (const TideSchemaObject *object)
{
  return tide_name_extend (tide_schema_object_get_name (object), "__replaced");
}
