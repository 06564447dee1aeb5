/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-outline"

#include "config.h"

#include <string.h>

#include "query/tide-outline-private.h"

#include "query/tide-outline-sql.h"
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

static void
rank_schemas (GArray     *ranked,
              TideResult *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      RankedSchema schema = { .oid = get_oid (result, i, 0), .rank = (int) tide_result_get_int64 (result, i, 2) };

      schema.schema.name = tide_result_get_value (result, i, 1);
      schema.schema.is_system = tide_result_get_boolean (result, i, 3);
      schema.schema.in_path = schema.rank > 0 || tide_result_get_boolean (result, i, 4);
      g_array_append_val (ranked, schema);
    }
}

/* (transfer full): where each schema is, by its oid */
static GHashTable *
take_schemas (TideOutline *self)
{
  g_autoptr(GArray) ranked = g_array_new (FALSE, TRUE, sizeof (RankedSchema));
  GHashTable *places = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->sources->len; i++)
    rank_schemas (ranked, g_ptr_array_index ((GPtrArray *) g_ptr_array_index (self->sources, i), SCHEMAS));
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

/* Sorts @entries and tells each schema where its own begin and how many they are */
static void
sort_entries (GArray *entries,
              gsize   first_offset)
{
  g_array_sort (entries, tide_outline_compare_entries);
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
}

static void
sort_relations (TideOutline *self)
{
  sort_entries (self->relations, G_STRUCT_OFFSET (TideOutlineSchema, first_relation));
  for (guint i = 0; i < self->relations->len; i++)
    g_hash_table_insert (self->by_oid, GUINT_TO_POINTER (RELATION (self, i)->oid), GUINT_TO_POINTER (i + 1));
}

static void
take_columns (TideOutline *self,
              GHashTable  *places,
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
        relation = tide_outline_find_mutable (self, oid);
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
take_keys (TideOutline *self,
           GHashTable  *places,
           TideResult  *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideOutlineRelation *relation = tide_outline_find_mutable (self, get_oid (result, i, 0));
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
      key.target_columns = list_columns (self, tide_outline_find_mutable (self, key.target), tide_result_get_value (result, i, 6), FALSE);
      if (relation->n_keys++ == 0)
        relation->first_key = self->keys->len;
      g_array_append_val (self->keys, key);
    }
}

static void
take_parts (TideOutline *self,
            GHashTable  *places,
            TideResult  *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideOutlineRelation *relation = tide_outline_find_mutable (self, get_oid (result, i, 0));
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
}

typedef void (*Take) (TideOutline *self,
                      GHashTable  *places,
                      TideResult  *result);

/* What all sources answered to @question */
static void
take_all (TideOutline *self,
          GHashTable  *places,
          guint        question,
          Take         take)
{
  for (guint i = 0; i < self->sources->len; i++)
    {
      GPtrArray *results = g_ptr_array_index (self->sources, i);

      if (question < results->len)
        take (self, places, g_ptr_array_index (results, question));
    }
}

static void
build (TideOutline *self)
{
  g_autoptr(GHashTable) places = take_schemas (self);

  take_all (self, places, RELATIONS, take_relations);
  sort_relations (self);
  take_all (self, places, COLUMNS, take_columns);
  take_all (self, places, KEYS, take_keys);
  take_all (self, places, PARTS, take_parts);
  take_all (self, places, FUNCTIONS, take_functions);
  sort_entries (self->functions, G_STRUCT_OFFSET (TideOutlineSchema, first_function));
  take_all (self, places, TYPES, take_types);
  sort_entries (self->types, G_STRUCT_OFFSET (TideOutlineSchema, first_type));
}

/* The first @n_questions answered by @script */
static TideOutline *
read_script (TideSession   *session,
             const char    *script,
             guint          n_questions,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(GPtrArray) results = tide_session_run (session, script, cancellable, error);
  TideOutline *self;

  if (results == NULL)
    return NULL;
  if (results->len < n_questions)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, NULL, "the server did not answer every question about its catalog");
      return NULL;
    }
  g_ptr_array_set_size (results, n_questions);
  self = tide_outline_new ();
  g_ptr_array_add (self->sources, g_steal_pointer (&results));
  build (self);
  return self;
}

TideOutline *
tide_outline_read (TideSession   *session,
                   GCancellable  *cancellable,
                   GError       **error)
{
  static const char script[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
    TIDE_OUTLINE_SQL_SCHEMAS TIDE_OUTLINE_SQL_RELATIONS ("") TIDE_OUTLINE_SQL_COLUMNS ("") TIDE_OUTLINE_SQL_KEYS ("")
    TIDE_OUTLINE_SQL_PARTS TIDE_OUTLINE_SQL_FUNCTIONS TIDE_OUTLINE_SQL_TYPES
    "COMMIT;";

  return read_script (session, script, N_RESULTS, cancellable, error);
}

TideOutline *
tide_outline_read_temporary (TideSession   *session,
                             GCancellable  *cancellable,
                             GError       **error)
{
  static const char script[] =
    "SELECT;" TIDE_OUTLINE_SQL_TEMPORARY_SCHEMA
    TIDE_OUTLINE_SQL_RELATIONS (" AND c.relnamespace = pg_catalog.pg_my_temp_schema()")
    TIDE_OUTLINE_SQL_COLUMNS (" AND c.relnamespace = pg_catalog.pg_my_temp_schema()")
    TIDE_OUTLINE_SQL_KEYS (" AND k.connamespace = pg_catalog.pg_my_temp_schema()");

  return read_script (session, script, KEYS + 1, cancellable, error);
}

TideOutline *
tide_outline_join (TideOutline *shared,
                   TideOutline *temporary)
{
  TideOutline *self = tide_outline_new ();

  g_ptr_array_extend (self->sources, shared->sources, (GCopyFunc) g_ptr_array_ref, NULL);
  g_ptr_array_extend (self->sources, temporary->sources, (GCopyFunc) g_ptr_array_ref, NULL);
  build (self);
  return self;
}
