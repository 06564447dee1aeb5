/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-expression-pool"

#include "config.h"

#include <string.h>

#include "schema/kinds/tide-table-catalog.h"
#include "schema/tide-expression-pool.h"
#include "tide-error.h"

/* By what they are in their catalog, and how the server is asked for those of an array of OIDs */
static const struct
{
  guint32     catalog;
  const char *attribute;
  const char *select;
} sources[TIDE_N_EXPRESSIONS] = {
  [TIDE_EXPRESSIONS_OF_CHECKS] = {
    2606, "expression",
    "SELECT k.oid, pg_catalog.pg_get_expr(k.conbin, k.conrelid) FROM pg_catalog.pg_constraint k WHERE k.oid = ANY ('{",
  },
  [TIDE_EXPRESSIONS_OF_INDEXES] = {
    1259, "predicate",
    "SELECT i.indexrelid, pg_catalog.pg_get_expr(i.indpred, i.indrelid) FROM pg_catalog.pg_index i WHERE i.indexrelid = ANY ('{",
  },
};

/* How many are asked for at once: few enough for two readers to meet in the middle */
#define N_AT_ONCE 256

/* OIDs below are the same in every database of a major version */
#define FIRST_OF_DATABASE 10000

struct _TideExpressionPool
{
  GMutex      lock;
  GHashTable *texts;     /* (element-type utf8 utf8): by the key of what is stored */
  guint       n_readers;
};

/* Expressions that are stored alike, and the one of them that the server is asked for */
typedef struct
{
  char       *key;
  const char *text;    /* (nullable): lies in the builder; NULL until it is known */
  guint       source;
  guint32     oid;
} Stored;

typedef struct
{
  TideSchemaObject *object;
  guint             source;
  Stored           *stored; /* Borrowed: another source may have the same */
} Expression;

typedef struct
{
  TideExpressionPool *pool;
  TideSchemaBuilder  *builder;
  guint               number;      /* of this reader: what only its database knows is its own */
  GHashTable         *stored;      /* (element-type utf8 Stored) */
  GArray             *expressions; /* (element-type Expression) */
  GPtrArray          *unknown;     /* (element-type Stored): asked for from the end */
  GString            *key;         /* of what is looked at */
} Reader;

static void
stored_free (gpointer data)
{
  Stored *self = data;

  g_free (self->key);
  g_free (self);
}

static void
reader_clear (Reader *self)
{
  g_hash_table_unref (self->stored);
  g_array_unref (self->expressions);
  g_ptr_array_unref (self->unknown);
  g_string_free (self->key, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

/* Keys are long: eight bytes at a time */
static guint
hash_key (gconstpointer key)
{
  const char *text = key;
  gsize length = strlen (text);
  guint64 hash = length;
  guint64 word;

  for (; length >= sizeof word; text += sizeof word, length -= sizeof word)
    {
      memcpy (&word, text, sizeof word);
      hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 29;
    }
  while (*text != '\0')
    hash = (hash ^ (guint8) *text++) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash >> 32);
}

TideExpressionPool *
tide_expression_pool_new (void)
{
  TideExpressionPool *self = g_new0 (TideExpressionPool, 1);

  g_mutex_init (&self->lock);
  self->texts = g_hash_table_new_full (hash_key, g_str_equal, g_free, g_free);
  return self;
}

void
tide_expression_pool_free (TideExpressionPool *self)
{
  g_mutex_clear (&self->lock);
  g_hash_table_unref (self->texts);
  g_free (self);
}

/* --- what is stored --- */

/* Whether the bytes of a constant mean the same everywhere: of numbers, texts, times and arrays of them, not of an OID that is
 * written as a name */
static gboolean
is_plain_type (guint64 type)
{
  static const guint16 plain[] = { 16, 17, 18, 20, 21, 23, 25, 114, 700, 701, 1000, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022,
                                   1042, 1043, 1082, 1083, 1114, 1184, 1186, 1231, 1266, 1700, 2950, 2951, 3802 };

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    if (plain[i] == type)
      return TRUE;
  return FALSE;
}

/* What a field of a tree is to its key */
typedef enum
{
  FIELD_PLAIN,
  FIELD_PLACE,    /* in the statement that it came from */
  FIELD_COLUMN,
  FIELD_TYPE,     /* of a constant */
  FIELD_MODIFIER,
} Field;

static Field
classify_field (const char *name,
                gsize       length)
{
  switch (*name)
    {
    case 'l':
      return length == 8 && memcmp (name, "location", 8) == 0 ? FIELD_PLACE : FIELD_PLAIN;

    case 'v':
      return (length == 8 || length == 11) && memcmp (name, "varattnosyn", length) == 0 ? FIELD_COLUMN
             : length > 6 && memcmp (name + length - 6, "typmod", 6) == 0 ? FIELD_MODIFIER : FIELD_PLAIN;

    case 'c':
      if (length == 9 && memcmp (name, "consttype", 9) == 0)
        return FIELD_TYPE;
      G_GNUC_FALLTHROUGH;

    default:
      return length >= 6 && g_ascii_strncasecmp (name + length - 6, "typmod", 6) == 0 ? FIELD_MODIFIER : FIELD_PLAIN;
    }
}

/* Adds what a field of a tree says to its key; %FALSE: it means something to its table only */
static gboolean
append_value (Reader     *self,
              guint32     table,
              Field       field,
              const char *value,
              gsize       length,
              gboolean   *is_of_database)
{
  /* Most numbers are short, and say nothing of the database. */
  gboolean is_asked = field == FIELD_COLUMN || field == FIELD_TYPE || length > 4;
  guint64 number = is_asked && g_ascii_isdigit (*value) ? g_ascii_strtoull (value, NULL, 10) : 0;

  if (field == FIELD_PLACE)
    return TRUE;
  if (field == FIELD_COLUMN)
    {
      TideSchemaObject *column = number == 0 ? NULL : tide_table_find_column (self->builder, table, (int) number);

      if (column == NULL)
        return FALSE;
      g_string_append_c (self->key, '"');
      g_string_append (self->key, tide_schema_object_get_name (column));
      g_string_append (self->key, "\" ");
      return TRUE;
    }
  if ((number >= FIRST_OF_DATABASE && field != FIELD_MODIFIER) || (field == FIELD_TYPE && !is_plain_type (number)))
    *is_of_database = TRUE;
  g_string_append_len (self->key, value, length);
  g_string_append_c (self->key, ' ');
  return TRUE;
}

/* Two trees with the same key read the same: without the places in the statement that they came from, with names of columns for
 * their numbers */
static void
make_key (Reader     *self,
          guint32     table,
          guint32     oid,
          const char *tree)
{
  int major = tide_schema_builder_get_server_version (self->builder) / 10000;
  Field field = FIELD_PLAIN;
  gboolean is_of_database = FALSE;

  g_string_truncate (self->key, 0);
  while (*tree != '\0')
    {
      gsize length = strchrnul (tree, ' ') - tree;

      if (*tree == ':')
        {
          field = classify_field (tree + 1, length - 1);
          g_string_append_len (self->key, tree, length);
        }
      else if (!append_value (self, table, field, tree, length, &is_of_database))
        {
          g_string_printf (self->key, "%u %u", self->number, oid);
          return;
        }
      tree += length + (tree[length] == ' ');
    }
  g_string_append_printf (self->key, "%d", is_of_database ? -(int) self->number : major);
}

/* (transfer none): those of the key that was made */
static Stored *
add_stored (Reader  *self,
            guint    source,
            guint32  oid)
{
  Stored *stored = g_hash_table_lookup (self->stored, self->key->str);

  if (stored != NULL)
    return stored;
  stored = g_new0 (Stored, 1);
  stored->key = g_strndup (self->key->str, self->key->len);
  stored->source = source;
  stored->oid = oid;
  g_hash_table_insert (self->stored, stored->key, stored);
  g_ptr_array_add (self->unknown, stored);
  return stored;
}

static void
collect (Reader     *self,
         guint       source,
         TideResult *trees)
{
  guint32 catalog = sources[source].catalog;

  for (guint i = 0; i < tide_result_get_n_rows (trees); i++)
    {
      guint32 oid = tide_result_get_int64 (trees, i, 0);
      const char *tree = tide_result_get_value (trees, i, 2);
      Expression expression = { tide_schema_builder_find (self->builder, catalog, oid, 0), source, NULL };

      /* An index may be known as a constraint, which tells of it; what belongs to an extension is told by that. */
      if (tree == NULL || expression.object == NULL || tide_schema_object_get_oid (expression.object) != oid
          || tide_object_kind_get_info (tide_schema_object_get_kind (expression.object))->catalog != catalog)
        continue;
      make_key (self, tide_result_get_int64 (trees, i, 1), oid, tree);
      expression.stored = add_stored (self, source, oid);
      g_array_append_val (self->expressions, expression);
    }
}

/* --- what it reads --- */

/* (transfer container): the next of those that nobody has asked for yet */
static GPtrArray *
take_unknown (Reader *self)
{
  GPtrArray *asked = g_ptr_array_new ();

  g_mutex_lock (&self->pool->lock);
  while (self->unknown->len > 0 && asked->len < N_AT_ONCE)
    {
      Stored *stored = g_ptr_array_steal_index (self->unknown, self->unknown->len - 1);
      const char *text = g_hash_table_lookup (self->pool->texts, stored->key);

      if (text == NULL)
        g_ptr_array_add (asked, stored);
      else
        stored->text = tide_schema_builder_intern (self->builder, text);
    }
  g_mutex_unlock (&self->pool->lock);
  return asked;
}

static void
take_answers (Reader     *self,
              GHashTable *by_oid,
              TideResult *answers)
{
  g_mutex_lock (&self->pool->lock);
  for (guint i = 0; i < tide_result_get_n_rows (answers); i++)
    {
      Stored *stored = g_hash_table_lookup (by_oid, GUINT_TO_POINTER (tide_result_get_int64 (answers, i, 0)));
      const char *text = tide_result_get_value (answers, i, 1);

      if (stored == NULL || text == NULL)
        continue;
      stored->text = tide_schema_builder_intern (self->builder, text);
      g_hash_table_insert (self->pool->texts, g_strdup (stored->key), g_strdup (text));
    }
  g_mutex_unlock (&self->pool->lock);
}

/* (transfer full): those of one source by their OID; with a statement that asks for them, if there are any */
static GHashTable *
append_statement (GString   *script,
                  GPtrArray *asked,
                  guint      source)
{
  GHashTable *by_oid = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < asked->len; i++)
    {
      Stored *stored = g_ptr_array_index (asked, i);

      if (stored->source != source)
        continue;
      g_string_append_printf (script, "%s%u", g_hash_table_size (by_oid) == 0 ? sources[source].select : ",", stored->oid);
      g_hash_table_insert (by_oid, GUINT_TO_POINTER (stored->oid), stored);
    }
  if (g_hash_table_size (by_oid) > 0)
    g_string_append (script, "}'::pg_catalog.oid[]);");
  return by_oid;
}

static gboolean
ask (Reader        *self,
     TideSession   *session,
     GPtrArray     *asked,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr (GString) script = g_string_new (NULL);
  g_autoptr (GPtrArray) by_oid = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  g_autoptr (GPtrArray) answers = NULL;
  guint next = 0;

  for (guint source = 0; source < TIDE_N_EXPRESSIONS; source++)
    g_ptr_array_add (by_oid, append_statement (script, asked, source));
  answers = tide_session_run (session, script->str, cancellable, error);
  if (answers == NULL)
    return FALSE;
  for (guint source = 0; source < TIDE_N_EXPRESSIONS; source++)
    if (g_hash_table_size (by_oid->pdata[source]) > 0)
      take_answers (self, by_oid->pdata[source], answers->pdata[next++]);
  return TRUE;
}

static gboolean
ask_for_all (Reader        *self,
             TideSession   *session,
             GCancellable  *cancellable,
             GError       **error)
{
  while (self->unknown->len > 0)
    {
      g_autoptr (GPtrArray) asked = take_unknown (self);

      if (asked->len > 0 && !ask (self, session, asked, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* Its table went away meanwhile where there is no text */
static gboolean
set_texts (Reader  *self,
           GError **error)
{
  for (guint i = 0; i < self->expressions->len; i++)
    {
      const Expression *expression = &g_array_index (self->expressions, Expression, i);

      if (expression->stored->text == NULL)
        {
          GError *local_error = NULL;

          tide_set_error (&local_error, TIDE_ERROR_INVALID, NULL, "the expression of \"%s\" is no more",
                          tide_schema_object_get_name (expression->object));
          tide_error_take_string (&tide_error_get_fields (local_error)->sqlstate, g_strdup ("42P01"));
          g_propagate_error (error, local_error);
          return FALSE;
        }
      tide_schema_builder_set (self->builder, expression->object, sources[expression->source].attribute,
                               expression->stored->text);
    }
  return TRUE;
}

static int
compare_oids (gconstpointer a,
              gconstpointer b,
              gpointer      is_backward)
{
  const Stored *first = *(const Stored *const *) (is_backward ? b : a);
  const Stored *second = *(const Stored *const *) (is_backward ? a : b);

  return first->oid < second->oid ? -1 : first->oid > second->oid;
}

gboolean
tide_expression_pool_fill (TideExpressionPool  *self,
                           TideSchemaBuilder   *builder,
                           TideSession         *session,
                           TideResult *const    trees[TIDE_N_EXPRESSIONS],
                           GCancellable        *cancellable,
                           GError             **error)
{
  g_auto (Reader) reader = { .pool = self, .builder = builder };

  reader.stored = g_hash_table_new_full (hash_key, g_str_equal, NULL, stored_free);
  reader.expressions = g_array_new (FALSE, FALSE, sizeof (Expression));
  reader.unknown = g_ptr_array_new ();
  reader.key = g_string_new (NULL);
  g_mutex_lock (&self->lock);
  reader.number = ++self->n_readers;
  g_mutex_unlock (&self->lock);

  for (guint source = 0; source < TIDE_N_EXPRESSIONS; source++)
    collect (&reader, source, trees[source]);
  /* Two readers begin at the two ends. */
  g_ptr_array_sort_with_data (reader.unknown, compare_oids, GUINT_TO_POINTER (reader.number % 2));
  return ask_for_all (&reader, session, cancellable, error) && set_texts (&reader, error);
}
