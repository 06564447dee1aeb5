/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-keyset"

#include "config.h"

#include <string.h>

#include "query/tide-keyset.h"
#include "tide-error.h"

struct _TideKeyset
{
  gatomicrefcount   ref_count;

  char             *relation; /* quoted */
  GPtrArray        *columns;  /* NULL-terminated; the one that was asked for comes first */
  GHashTable       *leading;  /* columns that come first in an index: whether they may be NULL */
  gboolean          has_key;
  gboolean          ordered;  /* by a column that was asked for */
  gboolean          has_nulls;
  gboolean          descending;
};

G_DEFINE_BOXED_TYPE (TideKeyset, tide_keyset, tide_keyset_ref, tide_keyset_unref)

#define HAS_CHILDREN "(c.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid))"

/* A row for each column of the best key, or one with NULL. A key with a column that may be NULL is none: its NULLs are all
 * different from each other, and nothing is greater than they are. Nor is that of a table with children, who have their own. */
static const char question[] =
  "SELECT CASE WHEN " HAS_CHILDREN " THEN 'p' ELSE c.relkind END, a.attname "
  "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
  "LEFT JOIN LATERAL ("
  "  SELECT i.indkey, i.indnkeyatts FROM pg_catalog.pg_index i "
  "  WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL "
  "    AND NOT " HAS_CHILDREN " "
  "    AND NOT EXISTS (SELECT 1 FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY k (number, place) "
  "                    JOIN pg_catalog.pg_attribute b ON b.attrelid = c.oid AND b.attnum = k.number "
  "                    WHERE k.place <= i.indnkeyatts AND NOT b.attnotnull) "
  "  ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) i ON true "
  "LEFT JOIN LATERAL pg_catalog.unnest(i.indkey) WITH ORDINALITY k (number, place) ON k.place <= i.indnkeyatts "
  "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number "
  "WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') "
  "ORDER BY k.place";

/* Columns that come first in an index of all rows, and whether they may be NULL */
static const char leading_question[] =
  "SELECT DISTINCT a.attname, NOT a.attnotnull OR " HAS_CHILDREN " "
  "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid "
  "JOIN pg_catalog.pg_am m ON m.oid = x.relam AND m.amname = 'btree' "
  "JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
  "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] "
  "WHERE n.nspname = $1 AND c.relname = $2 AND i.indisvalid AND i.indpred IS NULL";

static void
take_leading (TideKeyset       *self,
              const TideResult *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    g_hash_table_insert (self->leading, g_strdup (tide_result_get_value (result, i, 0)),
                         GINT_TO_POINTER (tide_result_get_boolean (result, i, 1)));
}

static void
add_place (TideKeyset *self,
           char        kind)
{
  if (kind == 'p')
    g_ptr_array_add (self->columns, g_strdup ("tableoid"));
  if (kind == 'p' || kind == 'r' || kind == 'm')
    g_ptr_array_add (self->columns, g_strdup ("ctid"));
}

TideKeyset *
tide_keyset_read (TideSession   *session,
                  const char    *schema,
                  const char    *name,
                  GCancellable  *cancellable,
                  GError       **error)
{
  const char *params[] = { schema, name };
  g_autoptr(TideResult) result = tide_session_query (session, question, params, G_N_ELEMENTS (params), cancellable, error);
  g_autoptr(TideResult) leading = NULL;
  g_autofree char *quoted_schema = tide_quote_identifier (schema);
  g_autofree char *quoted_name = tide_quote_identifier (name);
  TideKeyset *self;

  if (result == NULL)
    return NULL;
  if (tide_result_get_n_rows (result) == 0)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, "Read the objects again: it may have been dropped or renamed.",
                      "there is no table or view \"%s.%s\"", schema, name);
      return NULL;
    }
  leading = tide_session_query (session, leading_question, params, G_N_ELEMENTS (params), cancellable, error);
  if (leading == NULL)
    return NULL;
  self = g_new0 (TideKeyset, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->leading = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  take_leading (self, leading);
  self->relation = g_strconcat (quoted_schema, ".", quoted_name, NULL);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    if (tide_result_get_value (result, i, 1) != NULL)
      g_ptr_array_add (self->columns, g_strdup (tide_result_get_value (result, i, 1)));
  self->has_key = self->columns->len > 0;
  if (!self->has_key)
    add_place (self, tide_result_get_value (result, 0, 0)[0]);
  g_ptr_array_add (self->columns, NULL);
  return self;
}

TideKeyset *
tide_keyset_ref (TideKeyset *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_keyset_unref (TideKeyset *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->columns);
  g_hash_table_unref (self->leading);
  g_free (self->relation);
  g_free (self);
}

const char * const *
tide_keyset_get_columns (const TideKeyset *self)
{
  return (const char * const *) self->columns->pdata;
}

gboolean
tide_keyset_can_order (const TideKeyset *self,
                       const char       *column)
{
  g_return_val_if_fail (column != NULL, FALSE);

  return self->columns->len > 1 && g_hash_table_contains (self->leading, column);
}

TideKeyset *
tide_keyset_order (const TideKeyset *self,
                   const char       *column,
                   gboolean          descending)
{
  TideKeyset *ordered;

  if (!tide_keyset_can_order (self, column))
    return NULL;
  ordered = g_new0 (TideKeyset, 1);
  g_atomic_ref_count_init (&ordered->ref_count);
  ordered->relation = g_strdup (self->relation);
  ordered->leading = g_hash_table_ref (self->leading);
  ordered->has_key = self->has_key;
  ordered->ordered = TRUE;
  ordered->descending = descending;
  ordered->has_nulls = GPOINTER_TO_INT (g_hash_table_lookup (self->leading, column));
  ordered->columns = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (ordered->columns, g_strdup (column));
  for (guint i = self->ordered ? 1 : 0; i + 1 < self->columns->len; i++)
    if (!g_str_equal (g_ptr_array_index (self->columns, i), column))
      g_ptr_array_add (ordered->columns, g_strdup (g_ptr_array_index (self->columns, i)));
  g_ptr_array_add (ordered->columns, NULL);
  return ordered;
}

gboolean
tide_keyset_has_nulls (const TideKeyset *self)
{
  return self->has_nulls;
}

/* The columns from @first on, each with @suffix behind it */
static char *
dup_list (const TideKeyset *self,
          guint             first,
          const char       *suffix)
{
  GString *list = g_string_new (NULL);

  for (guint i = first; i + 1 < self->columns->len; i++)
    {
      g_autofree char *column = tide_quote_identifier (g_ptr_array_index (self->columns, i));

      g_string_append_printf (list, "%s%s%s", i > first ? ", " : "", column, suffix);
    }
  return g_string_free (list, FALSE);
}

char *
tide_keyset_dup_sql (const TideKeyset *self,
                     gboolean          first,
                     gboolean          nulls,
                     guint             limit)
{
  guint from = nulls ? 1 : 0;
  g_autofree char *list = dup_list (self, from, "");
  g_autofree char *order = dup_list (self, from, self->descending ? " DESC" : "");
  g_autofree char *places = self->has_key ? NULL : dup_list (self, self->ordered ? 1 : 0, "");
  g_autofree char *sorted = self->ordered ? tide_quote_identifier (g_ptr_array_index (self->columns, 0)) : NULL;
  GString *sql = g_string_new ("SELECT ");
  const char *glue = " WHERE ";

  /* Where rows lie is asked for, too, for the next page begins behind it. */
  if (places != NULL && *places != '\0')
    g_string_append_printf (sql, "%s, ", places);
  g_string_append_printf (sql, "* FROM %s", self->relation);
  if (self->has_nulls && (nulls || first))
    {
      g_string_append_printf (sql, "%s%s IS %s", glue, sorted, nulls ? "NULL" : "NOT NULL");
      glue = " AND ";
    }
  if (!first && *list != '\0')
    {
      g_string_append_printf (sql, "%s(%s) %s (", glue, list, self->descending ? "<" : ">");
      for (guint i = from + 1; i < self->columns->len; i++)
        g_string_append_printf (sql, "%s$%u", i > from + 1 ? ", " : "", i - from);
      g_string_append_c (sql, ')');
    }
  if (*order != '\0')
    g_string_append_printf (sql, " ORDER BY %s", order);
  g_string_append_printf (sql, " LIMIT %u", limit);
  return g_string_free (sql, FALSE);
}

char *
tide_keyset_dup_all_sql (const TideKeyset *self)
{
  gboolean nulls_stray = self->has_nulls && self->descending; /* the server would have them first */
  g_autofree char *order = dup_list (self, nulls_stray ? 1 : 0, self->descending ? " DESC" : "");
  g_autofree char *sorted = nulls_stray ? tide_quote_identifier (g_ptr_array_index (self->columns, 0)) : NULL;
  g_autofree char *first = nulls_stray ? g_strdup_printf ("%s DESC NULLS LAST%s", sorted, *order != '\0' ? ", " : "") : NULL;

  return g_strdup_printf ("SELECT * FROM %s%s%s%s", self->relation, first || *order != '\0' ? " ORDER BY " : "",
                          first ? first : "", order);
}

char **
tide_keyset_dup_last (const TideKeyset *self,
                      gboolean          nulls,
                      const TideResult *page)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  guint n_rows = tide_result_get_n_rows (page);

  if (n_rows == 0 || self->columns->len == 1)
    return NULL;
  for (guint i = nulls ? 1 : 0; i + 1 < self->columns->len; i++)
    {
      int column = tide_result_find_column (page, g_ptr_array_index (self->columns, i));

      g_return_val_if_fail (column >= 0, NULL);
      g_ptr_array_add (values, g_strdup (tide_result_get_value (page, n_rows - 1, (guint) column)));
    }
  g_ptr_array_add (values, NULL);
  g_ptr_array_set_free_func (values, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&values), FALSE);
}
