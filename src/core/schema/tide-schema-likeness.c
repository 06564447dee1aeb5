/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-likeness"

#include "config.h"

#include <string.h>

#include "schema/tide-schema-diff-private.h"

/* What was removed here and added there may be one thing under another name. Each has features (its attributes, its columns);
 * those that share most of them, and whose names are alike, are proposed. */

/* A feature that so many have tells nothing, and looking at all of them would take too long. */
#define MAX_SHARERS 64

/* Of the likeness, what features and what names count, and how much there must be */
#define FEATURES_WEIGHT 0.7
#define NAMES_WEIGHT 0.3
#define MIN_LIKENESS 0.6

typedef struct
{
  const TideSchemaObject *from;
  const TideSchemaObject *to;
  double                  likeness;
} Pair;

typedef struct
{
  const TideSchemaDiff *diff;
  GHashTable           *sharers;  /* (element-type utf8 GPtrArray(TideSchemaObject)): who of the added has a feature */
  GHashTable           *n_features; /* (element-type TideSchemaObject guint): of the added */
  GArray               *pairs;    /* (element-type Pair) */
} Matcher;

/* Only what stands in the same place can be the same: a prefix for features */
static char *
dup_place (const TideSchemaDiff   *diff,
           const TideSchemaObject *object)
{
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);
  const TideSchemaObject *counterpart = parent == NULL ? NULL : tide_schema_diff_get_counterpart (diff, parent);
  const char *namespace_ = tide_schema_object_get_namespace (object);

  if (parent != NULL && counterpart == NULL)
    return NULL;
  if (parent != NULL && tide_schema_object_get_schema (object) == diff->from)
    parent = counterpart;
  return g_strdup_printf ("%d %s %p", tide_schema_object_get_kind (object), namespace_ == NULL ? "" : namespace_, parent);
}

static void
add_feature (GPtrArray  *features,
             const char *place,
             const char *what,
             const char *value)
{
  g_ptr_array_add (features, g_strdup_printf ("%s %s=%s", place, what, value));
}

/* (transfer full): `users_pkey` in "users" is what `people_pkey` is in "people" */
static char *
dup_child_name (const TideSchemaObject *object,
                const TideSchemaObject *child)
{
  const char *name = tide_schema_object_get_name (child);
  gsize length = strlen (tide_schema_object_get_name (object));

  if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN || !g_str_has_prefix (name, tide_schema_object_get_name (object))
      || name[length] != '_')
    return g_strdup (name);
  return g_strconcat ("*", name + length, NULL);
}

/* (transfer full) (nullable) (element-type utf8) */
static GPtrArray *
list_features (const TideSchemaDiff   *diff,
               const TideSchemaObject *object)
{
  TideObjectKind kind = tide_schema_object_get_kind (object);
  guint n = tide_object_kind_get_n_attributes (kind);
  g_autofree char *place = dup_place (diff, object);
  GPtrArray *features;
  const TideSchemaObject *child;

  if (place == NULL)
    return NULL;
  features = g_ptr_array_new_with_free_func (g_free);
  for (guint i = TIDE_N_COMMON_ATTRIBUTES; i < n; i++)
    {
      const TideAttribute *attribute = tide_object_kind_get_attribute (kind, i);
      const char *value = tide_schema_object_get_value (object, i);

      if (value != NULL && (attribute->flags & TIDE_ATTRIBUTE_INTERNAL) == 0)
        add_feature (features, place, attribute->name, value);
    }
  for (child = tide_schema_object_get_first_child (object); child != NULL; child = tide_schema_object_get_next (child))
    {
      g_autofree char *what = g_strdup_printf ("child %d", tide_schema_object_get_kind (child));
      g_autofree char *name = dup_child_name (object, child);

      add_feature (features, place, what, name);
    }
  return features;
}

/* How many pairs of letters two names have in common, of all: 0 to 1 */
static double
compare_names (const char *left,
               const char *right)
{
  gsize n_left = strlen (left);
  gsize n_right = strlen (right);
  guint n_common = 0;

  if (n_left < 2 || n_right < 2)
    return strcmp (left, right) == 0 ? 1 : 0;
  for (gsize i = 0; i + 1 < n_left; i++)
    for (gsize j = 0; j + 1 < n_right; j++)
      if (memcmp (left + i, right + j, 2) == 0)
        {
          n_common++;
          break;
        }
  return MIN (1.0, 2.0 * n_common / (n_left + n_right - 2));
}

static void
offer (Matcher                *self,
       const TideSchemaObject *object)
{
  g_autoptr (GPtrArray) features = list_features (self->diff, object);

  for (guint i = 0; features != NULL && i < features->len; i++)
    {
      GPtrArray *sharers = g_hash_table_lookup (self->sharers, g_ptr_array_index (features, i));

      if (sharers == NULL)
        {
          sharers = g_ptr_array_new ();
          g_hash_table_insert (self->sharers, g_strdup (g_ptr_array_index (features, i)), sharers);
        }
      g_ptr_array_add (sharers, (gpointer) object);
    }
  if (features != NULL)
    g_hash_table_insert (self->n_features, (gpointer) object, GUINT_TO_POINTER (features->len));
}

/* (transfer full) (element-type TideSchemaObject guint): who shares how many of @features */
static GHashTable *
count_shared (Matcher   *self,
              GPtrArray *features)
{
  GHashTable *shared = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < features->len; i++)
    {
      GPtrArray *sharers = g_hash_table_lookup (self->sharers, g_ptr_array_index (features, i));

      for (guint s = 0; sharers != NULL && sharers->len <= MAX_SHARERS && s < sharers->len; s++)
        {
          gpointer other = g_ptr_array_index (sharers, s);

          g_hash_table_insert (shared, other, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (shared, other)) + 1));
        }
    }
  return shared;
}

static void
seek (Matcher                *self,
      const TideSchemaObject *object)
{
  g_autoptr (GPtrArray) features = list_features (self->diff, object);
  g_autoptr (GHashTable) shared = features == NULL ? NULL : count_shared (self, features);
  GHashTableIter iter;
  gpointer other;
  gpointer n;

  if (shared == NULL)
    return;
  g_hash_table_iter_init (&iter, shared);
  while (g_hash_table_iter_next (&iter, &other, &n))
    {
      double n_shared = GPOINTER_TO_UINT (n);
      double n_all = features->len + GPOINTER_TO_UINT (g_hash_table_lookup (self->n_features, other)) - n_shared;
      Pair pair = { object, other, 0 };

      pair.likeness = FEATURES_WEIGHT * n_shared / n_all
                      + NAMES_WEIGHT * compare_names (tide_schema_object_get_name (object), tide_schema_object_get_name (other));
      if (pair.likeness >= MIN_LIKENESS)
        g_array_append_val (self->pairs, pair);
    }
}

/* Best first; the same every time */
static int
compare_pairs (gconstpointer a,
               gconstpointer b)
{
  const Pair *left = a;
  const Pair *right = b;
  int order = (int) tide_schema_object_get_index (left->from) - (int) tide_schema_object_get_index (right->from);

  if (left->likeness != right->likeness)
    return left->likeness > right->likeness ? -1 : 1;
  return order != 0 ? order
                    : (int) tide_schema_object_get_index (left->to) - (int) tide_schema_object_get_index (right->to);
}

static void
rename_free (gpointer data)
{
  TideSchemaRename *self = data;

  g_free (self->schema);
  g_free (self->from);
  g_free (self->to);
  g_free (self);
}

static TideSchemaRename *
make_rename (const Pair *pair)
{
  TideSchemaRename *rename = g_new0 (TideSchemaRename, 1);

  rename->kind = tide_schema_object_get_kind (pair->from);
  rename->schema = g_strdup (tide_schema_object_get_namespace (pair->from));
  rename->from = tide_schema_object_dup_name (pair->from);
  rename->to = tide_schema_object_dup_name (pair->to);
  return rename;
}

static void
match (Matcher *self)
{
  GPtrArray *changes = self->diff->changes;

  for (guint i = 0; i < changes->len; i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (changes, i);

      if (change->type == TIDE_CHANGE_ADDED && !change->implied)
        offer (self, change->to);
    }
  for (guint i = 0; i < changes->len; i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (changes, i);

      if (change->type == TIDE_CHANGE_REMOVED && !change->implied)
        seek (self, change->from);
    }
  g_array_sort (self->pairs, compare_pairs);
}

/**
 * tide_schema_diff_propose_renames:
 * @self: a difference
 *
 * Returns: (transfer full) (element-type TideSchemaRename): what may have been renamed, the surest first; each object once
 */
GPtrArray *
tide_schema_diff_propose_renames (const TideSchemaDiff *self)
{
  GPtrArray *renames = g_ptr_array_new_with_free_func (rename_free);
  g_autoptr (GHashTable) sharers
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GHashTable) n_features = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  Matcher matcher = { self, sharers, n_features, pairs };

  match (&matcher);
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);

      if (g_hash_table_contains (taken, pair->from) || g_hash_table_contains (taken, pair->to))
        continue;
      g_hash_table_add (taken, (gpointer) pair->from);
      g_hash_table_add (taken, (gpointer) pair->to);
      g_ptr_array_add (renames, make_rename (pair));
    }
  return renames;
}
