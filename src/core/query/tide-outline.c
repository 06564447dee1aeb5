/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-outline"

#include "config.h"

#include <string.h>

#include "query/tide-outline-sql.h"
#include "query/tide-outline.h"
#include "tide-error.h"

/* The statements of the script that answer with rows, behind its BEGIN */
enum
{
  BEGIN,
  SCHEMAS,
  RELATIONS,
  COLUMNS,
  KEYS,
  PARTS,
  FUNCTIONS,
  TYPES,
  N_RESULTS,
};

struct _TideOutline
{
  gatomicrefcount  ref_count;

  GPtrArray       *results; /* whose texts everything below points into */
  GArray          *schemas;
  GArray          *relations;
  GArray          *columns;
  GArray          *numbers; /* of the columns in the server's catalog, side by side with them */
  GArray          *keys;
  GArray          *parts;
  GArray          *functions;
  GArray          *types;
  GHashTable      *by_oid;  /* of a relation: its index + 1 */
  GHashTable      *referrers; /* oid of a relation: GPtrArray of TideOutlineKey */
  GPtrArray       *lists;   /* the keys' columns */
};

G_DEFINE_BOXED_TYPE (TideOutline, tide_outline, tide_outline_ref, tide_outline_unref)

#define RELATION(self, i) (&g_array_index ((self)->relations, TideOutlineRelation, i))

/* A value on its way to a place that is known only when schemas are sorted */
typedef struct
{
  guint32           oid;
  int               rank; /* in the search path, from 1; 0: not in it */
  gboolean          is_implicit;
  TideOutlineSchema schema;
} RankedSchema;

static guint32
get_oid (TideResult *result,
         guint       row,
         guint       column)
{
  return (guint32) tide_result_get_int64 (result, row, column);
}

static int
compare_schemas (gconstpointer a,
                 gconstpointer b)
{
  const RankedSchema *left = a;
  const RankedSchema *right = b;
  int left_rank = left->rank > 0 ? left->rank : G_MAXINT;
  int right_rank = right->rank > 0 ? right->rank : G_MAXINT;

  if (left->schema.is_system != right->schema.is_system)
    return left->schema.is_system ? 1 : -1;
  if (left_rank != right_rank)
    return left_rank < right_rank ? -1 : 1;
  return strcmp (left->schema.name, right->schema.name);
}

/* (transfer full): where each schema is, by its oid */
static GHashTable *
take_schemas (TideOutline *self,
              TideResult  *result)
{
  g_autoptr(GArray) ranked = g_array_new (FALSE, TRUE, sizeof (RankedSchema));
  GHashTable *places = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      RankedSchema schema = { .oid = get_oid (result, i, 0), .rank = (int) tide_result_get_int64 (result, i, 2) };

      schema.schema.name = tide_result_get_value (result, i, 1);
      schema.schema.is_system = tide_result_get_boolean (result, i, 3);
      schema.schema.in_path = schema.rank > 0 || tide_result_get_boolean (result, i, 4);
      g_array_append_val (ranked, schema);
    }
  g_array_sort (ranked, compare_schemas);
  for (guint i = 0; i < ranked->len; i++)
    {
      RankedSchema *schema = &g_array_index (ranked, RankedSchema, i);

      g_array_append_val (self->schemas, schema->schema);
      g_hash_table_insert (places, GUINT_TO_POINTER (schema->oid), GUINT_TO_POINTER (i + 1));
    }
  return places;
}

/* (nullable): the schema of the object in @row; NULL: one that is not shown */
static TideOutlineSchema *
find_schema (TideOutline *self,
             GHashTable  *places,
             TideResult  *result,
             guint        row)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (places, GUINT_TO_POINTER (get_oid (result, row, 1))));

  return place > 0 ? &g_array_index (self->schemas, TideOutlineSchema, place - 1) : NULL;
}

/* All entries that stand in a schema begin with it and their name. */
typedef struct
{
  const TideOutlineSchema *schema;
  const char              *name;
} Entry;

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const Entry *left = a;
  const Entry *right = b;

  if (left->schema != right->schema)
    return left->schema < right->schema ? -1 : 1;
  return strcmp (left->name, right->name);
}

/* Sorts @entries and tells each schema where its own begin and how many they are */
static void
sort_entries (GArray *entries,
              gsize   first_offset)
{
  g_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = (const Entry *) (entries->data + i * g_array_get_element_size (entries));
      guint *place = (guint *) ((char *) entry->schema + first_offset);

      if (place[1]++ == 0)
        place[0] = i;
    }
}

static void
take_relations (TideOutline *self,
                GHashTable  *places,
                TideResult  *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideOutlineRelation relation = { .schema = find_schema (self, places, result, i) };

      if (relation.schema == NULL)
        continue;
      relation.oid = get_oid (result, i, 0);
      relation.name = tide_result_get_value (result, i, 2);
      relation.kind = tide_result_get_value (result, i, 3)[0];
      relation.is_partition = tide_result_get_boolean (result, i, 4);
      relation.rows = tide_result_get_int64 (result, i, 5);
      relation.comment = tide_result_get_value (result, i, 6);
      g_array_append_val (self->relations, relation);
    }
  sort_entries (self->relations, G_STRUCT_OFFSET (TideOutlineSchema, first_relation));
  for (guint i = 0; i < self->relations->len; i++)
    g_hash_table_insert (self->by_oid, GUINT_TO_POINTER (RELATION (self, i)->oid), GUINT_TO_POINTER (i + 1));
}

static TideOutlineRelation *
find_relation_at (TideOutline *self,
                  guint32      oid)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_oid, GUINT_TO_POINTER (oid)));

  return place > 0 ? RELATION (self, place - 1) : NULL;
}

static void
take_columns (TideOutline *self,
              TideResult  *result)
{
  TideOutlineRelation *relation = NULL;

  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      guint32 oid = get_oid (result, i, 0);
      int number = (int) tide_result_get_int64 (result, i, 4);
      TideOutlineColumn column = {
        .name = tide_result_get_value (result, i, 1),
        .type = tide_result_get_value (result, i, 2),
        .not_null = tide_result_get_boolean (result, i, 3),
      };

      if (relation == NULL || relation->oid != oid)
        relation = find_relation_at (self, oid);
      if (relation == NULL)
        continue;
      if (relation->n_columns++ == 0)
        relation->first_column = self->columns->len;
      g_array_append_val (self->columns, column);
      g_array_append_val (self->numbers, number);
    }
}

static TideOutlineColumn *
find_column_at (TideOutline               *self,
                const TideOutlineRelation *relation,
                int                        number)
{
  for (guint i = relation->first_column; i < relation->first_column + relation->n_columns; i++)
    if (g_array_index (self->numbers, int, i) == number)
      return &g_array_index (self->columns, TideOutlineColumn, i);
  return NULL;
}

/* The names of the columns with these @numbers ("1 3"), NULL-terminated, kept by @self */
static const char *const *
list_columns (TideOutline               *self,
              const TideOutlineRelation *relation,
              const char                *numbers,
              gboolean                   mark)
{
  g_auto(GStrv) words = g_strsplit (numbers ? numbers : "", " ", -1);
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; relation != NULL && words[i] != NULL; i++)
    {
      TideOutlineColumn *column = find_column_at (self, relation, atoi (words[i]));

      if (column == NULL)
        continue;
      column->in_key = column->in_key || mark;
      g_ptr_array_add (names, (gpointer) column->name);
    }
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (self->lists, names);
  return (const char *const *) names->pdata;
}

static void
note_referrers (TideOutline *self)
{
  for (guint i = 0; i < self->keys->len; i++)
    {
      TideOutlineKey *key = &g_array_index (self->keys, TideOutlineKey, i);
      GPtrArray *list = g_hash_table_lookup (self->referrers, GUINT_TO_POINTER (key->target));

      if (key->kind != 'f')
        continue;
      if (list == NULL)
        {
          list = g_ptr_array_new ();
          g_hash_table_insert (self->referrers, GUINT_TO_POINTER (key->target), list);
        }
      g_ptr_array_add (list, key);
    }
}

static void
take_keys (TideOutline *self,
           TideResult  *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideOutlineRelation *relation = find_relation_at (self, get_oid (result, i, 0));
      TideOutlineKey key = {
        .name = tide_result_get_value (result, i, 1),
        .definition = tide_result_get_value (result, i, 2),
        .kind = tide_result_get_value (result, i, 3)[0],
        .target = get_oid (result, i, 4),
      };

      if (relation == NULL)
        continue;
      key.relation = relation->oid;
      key.columns = list_columns (self, relation, tide_result_get_value (result, i, 5), key.kind == 'p');
      key.target_columns = list_columns (self, find_relation_at (self, key.target), tide_result_get_value (result, i, 6), FALSE);
      if (relation->n_keys++ == 0)
        relation->first_key = self->keys->len;
      g_array_append_val (self->keys, key);
    }
  note_referrers (self);
}

static void
take_parts (TideOutline *self,
            TideResult  *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideOutlineRelation *relation = find_relation_at (self, get_oid (result, i, 0));
      TideOutlinePart part = {
        .name = tide_result_get_value (result, i, 1),
        .definition = tide_result_get_value (result, i, 2),
        .kind = tide_result_get_value (result, i, 3)[0],
      };

      /* What is dropped meanwhile has no definition. */
      if (relation == NULL || part.definition == NULL)
        continue;
      if (relation->n_parts++ == 0)
        relation->first_part = self->parts->len;
      g_array_append_val (self->parts, part);
    }
}

static void
take_functions (TideOutline *self,
                GHashTable  *places,
                TideResult  *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideOutlineFunction function = {
        .schema = find_schema (self, places, result, i),
        .oid = get_oid (result, i, 0),
        .name = tide_result_get_value (result, i, 2),
        .arguments = tide_result_get_value (result, i, 3),
        .result = tide_result_get_value (result, i, 4),
        .kind = tide_result_get_value (result, i, 5)[0],
      };

      if (function.schema != NULL)
        g_array_append_val (self->functions, function);
    }
  sort_entries (self->functions, G_STRUCT_OFFSET (TideOutlineSchema, first_function));
}

static void
take_types (TideOutline *self,
            GHashTable  *places,
            TideResult  *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      const char *detail = tide_result_get_value (result, i, 4);
      TideOutlineType type = {
        .schema = find_schema (self, places, result, i),
        .oid = get_oid (result, i, 0),
        .name = tide_result_get_value (result, i, 2),
        .kind = tide_result_get_value (result, i, 3)[0],
        .detail = detail ? detail : "",
      };

      if (type.schema != NULL)
        g_array_append_val (self->types, type);
    }
  sort_entries (self->types, G_STRUCT_OFFSET (TideOutlineSchema, first_type));
}

static void
free_list (gpointer list)
{
  g_ptr_array_unref (list);
}

static TideOutline *
outline_new (GPtrArray *results)
{
  TideOutline *self = g_new0 (TideOutline, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->results = g_ptr_array_ref (results);
  self->schemas = g_array_new (FALSE, TRUE, sizeof (TideOutlineSchema));
  self->relations = g_array_new (FALSE, TRUE, sizeof (TideOutlineRelation));
  self->columns = g_array_new (FALSE, TRUE, sizeof (TideOutlineColumn));
  self->numbers = g_array_new (FALSE, TRUE, sizeof (int));
  self->keys = g_array_new (FALSE, TRUE, sizeof (TideOutlineKey));
  self->parts = g_array_new (FALSE, TRUE, sizeof (TideOutlinePart));
  self->functions = g_array_new (FALSE, TRUE, sizeof (TideOutlineFunction));
  self->types = g_array_new (FALSE, TRUE, sizeof (TideOutlineType));
  self->by_oid = g_hash_table_new (NULL, NULL);
  self->referrers = g_hash_table_new_full (NULL, NULL, NULL, free_list);
  self->lists = g_ptr_array_new_with_free_func (free_list);
  return self;
}

TideOutline *
tide_outline_read (TideSession   *session,
                   GCancellable  *cancellable,
                   GError       **error)
{
  static const char script[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
    TIDE_OUTLINE_SQL_SCHEMAS TIDE_OUTLINE_SQL_RELATIONS TIDE_OUTLINE_SQL_COLUMNS TIDE_OUTLINE_SQL_KEYS
    TIDE_OUTLINE_SQL_PARTS TIDE_OUTLINE_SQL_FUNCTIONS TIDE_OUTLINE_SQL_TYPES
    "COMMIT;";
  g_autoptr(GPtrArray) results = tide_session_run (session, script, cancellable, error);
  g_autoptr(GHashTable) places = NULL;
  TideOutline *self;

  if (results == NULL)
    return NULL;
  if (results->len < N_RESULTS)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, NULL, "the server did not answer every question about its catalog");
      return NULL;
    }

  self = outline_new (results);
  places = take_schemas (self, g_ptr_array_index (results, SCHEMAS));
  take_relations (self, places, g_ptr_array_index (results, RELATIONS));
  take_columns (self, g_ptr_array_index (results, COLUMNS));
  take_keys (self, g_ptr_array_index (results, KEYS));
  take_parts (self, g_ptr_array_index (results, PARTS));
  take_functions (self, places, g_ptr_array_index (results, FUNCTIONS));
  take_types (self, places, g_ptr_array_index (results, TYPES));
  return self;
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
  g_hash_table_unref (self->referrers);
  g_ptr_array_unref (self->lists);
  g_array_unref (self->schemas);
  g_array_unref (self->relations);
  g_array_unref (self->columns);
  g_array_unref (self->numbers);
  g_array_unref (self->keys);
  g_array_unref (self->parts);
  g_array_unref (self->functions);
  g_array_unref (self->types);
  g_ptr_array_unref (self->results);
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

const TideOutlineKey *const *
tide_outline_get_referrers (const TideOutline         *self,
                            const TideOutlineRelation *relation,
                            guint                     *n)
{
  GPtrArray *list = g_hash_table_lookup (self->referrers, GUINT_TO_POINTER (relation->oid));

  *n = list ? list->len : 0;
  return list ? (const TideOutlineKey *const *) list->pdata : NULL;
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
                       sizeof (TideOutlineRelation), compare_entries);
      if (found != NULL)
        return found;
    }
  return NULL;
}

const TideOutlineRelation *
tide_outline_find_oid (const TideOutline *self,
                       guint32            oid)
{
  return find_relation_at ((TideOutline *) self, oid);
}
