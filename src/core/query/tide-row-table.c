/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-table"

#include "config.h"

#include "query/tide-row-table.h"
#include "sql/tide-sql-node.h"
#include "sql/tide-sql-tables.h"
#include "tide-error.h"

/* A SELECT of one table, row by row: neither joined nor grouped */
static gboolean
is_plain_select (const char *statement)
{
  g_autoptr(TideSqlTree) tree = statement ? tide_sql_tree_parse (statement) : NULL;
  const char *kind = "";
  const TideSqlNode *root = tree ? tide_sql_tree_get_root (tree, &kind) : NULL;
  const TideSqlNode *from;

  if (root == NULL || !g_str_equal (kind, "SelectStmt"))
    return FALSE;
  from = tide_sql_node_get (root, "fromClause");
  return tide_sql_node_count (from) == 1 && tide_sql_node_as (tide_sql_node_first (from), "RangeVar") != NULL &&
         tide_sql_node_get (root, "groupClause") == NULL && tide_sql_node_get (root, "distinctClause") == NULL;
}

/* The OID of the only table of the columns; 0: there is none, or more than one, or a column stands there twice */
static guint32
find_table (TideRowStore *store)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint32 table = 0;

  for (guint i = 0; i < tide_row_store_get_n_columns (store); i++)
    {
      int attribute;
      guint32 origin = tide_row_store_get_column_origin (store, i, &attribute);

      if (origin == 0)
        continue;
      if ((table != 0 && origin != table) || !g_hash_table_add (seen, GINT_TO_POINTER (attribute)))
        return 0;
      table = origin;
    }
  return table;
}

gboolean
tide_row_table_is_likely (TideRowStore *store)
{
  return find_table (store) != 0 && is_plain_select (tide_row_store_get_statement (store));
}

char *
tide_row_table_dup_name (TideRowStore *store)
{
  g_autoptr(GPtrArray) tables = NULL;

  if (!tide_row_table_is_likely (store))
    return NULL;
  tables = tide_sql_list_tables (tide_row_store_get_statement (store));
  return tables->len == 1 ? g_strdup (g_ptr_array_index (tables, 0)) : NULL;
}

void
tide_row_table_free (TideRowTable *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_free (self->columns[i].name);
      g_free (self->columns[i].type);
    }
  g_free (self->columns);
  g_free (self->name);
  g_free (self);
}

static TideRowTableColumn *
find_column (TideRowTable *self,
             int           attribute)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->columns[i].attribute == attribute && attribute != 0)
        return &self->columns[i];
    }
  return NULL;
}

static gboolean
read_columns (TideRowTable  *self,
              const char    *table,
              TideSession   *session,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(TideResult) result = NULL;

  result = tide_session_query (session,
                               /* What is in a domain or an array decides whether it can be compared. */
                               "WITH RECURSIVE kernel (attnum, type, outer_type) AS"
                               " (SELECT attnum, NULL::pg_catalog.oid, atttypid FROM pg_catalog.pg_attribute"
                               "  WHERE attrelid = $1::pg_catalog.oid AND attnum > 0 AND NOT attisdropped"
                               "  UNION ALL SELECT k.attnum, t.oid, CASE WHEN t.typtype = 'd' THEN t.typbasetype"
                               "   WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem END"
                               "  FROM kernel k JOIN pg_catalog.pg_type t ON t.oid = k.outer_type)"
                               "SELECT a.attnum, pg_catalog.quote_ident (a.attname),"
                               " pg_catalog.format_type (a.atttypid, a.atttypmod),"
                               " a.attgenerated <> '' OR a.attidentity = 'a',"
                               " t.typtype IN ('e', 'r', 'm') OR t.typcategory = 'S' OR EXISTS (SELECT FROM pg_catalog.pg_operator o"
                               "  WHERE o.oprname = '=' AND o.oprleft = t.oid AND o.oprright = t.oid AND pg_catalog.pg_operator_is_visible (o.oid))"
                               " FROM pg_catalog.pg_attribute a JOIN kernel k USING (attnum) JOIN pg_catalog.pg_type t ON t.oid = k.type"
                               " WHERE a.attrelid = $1::pg_catalog.oid AND k.outer_type IS NULL",
                               &table, 1, cancellable, error);
  for (guint i = 0; result != NULL && i < tide_result_get_n_rows (result); i++)
    {
      TideRowTableColumn *column = find_column (self, tide_result_get_int64 (result, i, 0));

      if (column == NULL)
        continue;
      column->name = g_strdup (tide_result_get_value (result, i, 1));
      column->type = g_strdup (tide_result_get_value (result, i, 2));
      column->is_fixed = tide_result_get_boolean (result, i, 3);
      column->has_equality = tide_result_get_boolean (result, i, 4);
    }
  return result != NULL;
}

/* Takes the key whose columns are @attributes, if all of them are here */
static gboolean
take_key (TideRowTable *self,
          const char   *attributes)
{
  g_auto(GStrv) numbers = g_strsplit (attributes, " ", -1);

  for (guint i = 0; numbers[i] != NULL; i++)
    {
      if (find_column (self, atoi (numbers[i])) == NULL)
        return FALSE;
    }
  for (guint i = 0; numbers[i] != NULL; i++)
    find_column (self, atoi (numbers[i]))->is_key = TRUE;
  return TRUE;
}

static gboolean
read_key (TideRowTable  *self,
          const char    *table,
          TideSession   *session,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(TideResult) result = NULL;

  result = tide_session_query (session,
                               "SELECT pg_catalog.array_to_string (i.keys, ' ') FROM"
                               " (SELECT indrelid, indisprimary, (indkey::pg_catalog.int2[])[0:indnkeyatts - 1] AS keys"
                               "  FROM pg_catalog.pg_index WHERE indrelid = $1::pg_catalog.oid AND indisunique AND indisvalid"
                               "  AND indpred IS NULL AND indexprs IS NULL) i"
                               " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid"
                               "  AND a.attnum = ANY (i.keys) AND NOT a.attnotnull)"
                               " ORDER BY i.indisprimary DESC, pg_catalog.cardinality (i.keys)",
                               &table, 1, cancellable, error);
  if (result == NULL)
    return FALSE;
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      if (take_key (self, tide_result_get_value (result, i, 0)))
        return TRUE;
    }
  tide_set_error (error, TIDE_ERROR_UNSUPPORTED,
                  tide_result_get_n_rows (result) > 0 ? "select the columns of its key, too"
                                                      : "give the table a primary key",
                  tide_result_get_n_rows (result) > 0 ? "no key of the table %s is among these columns"
                                                      : "the table %s has no key that tells its rows apart", self->name);
  return FALSE;
}

static gboolean
read_name (TideRowTable  *self,
           const char    *table,
           TideSession   *session,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(TideResult) result = NULL;

  result = tide_session_query (session,
                               "SELECT pg_catalog.quote_ident (n.nspname) || '.' || pg_catalog.quote_ident (c.relname),"
                               " c.relkind IN ('r', 'p') FROM pg_catalog.pg_class c"
                               " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::pg_catalog.oid",
                               &table, 1, cancellable, error);
  if (result == NULL)
    return FALSE;
  if (tide_result_get_n_rows (result) == 0 || !tide_result_get_boolean (result, 0, 1))
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "select from the table itself",
                      tide_result_get_n_rows (result) == 0 ? "the table is no longer there" : "the rows are not those of a table");
      return FALSE;
    }
  self->name = g_strdup (tide_result_get_value (result, 0, 0));
  return TRUE;
}

TideRowTable *
tide_row_table_read (TideRowStore  *store,
                     TideSession   *session,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(TideRowTable) self = NULL;
  g_autofree char *table = g_strdup_printf ("%u", find_table (store));

  if (!tide_row_table_is_likely (store))
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "select the rows of one table, neither joined nor grouped",
                      "these rows are not those of one table");
      return NULL;
    }
  self = g_new0 (TideRowTable, 1);
  self->n_columns = tide_row_store_get_n_columns (store);
  self->columns = g_new0 (TideRowTableColumn, self->n_columns);
  for (guint i = 0; i < self->n_columns; i++)
    tide_row_store_get_column_origin (store, i, &self->columns[i].attribute);
  if (!tide_transaction_ask_place (session, &self->place, cancellable, error) ||
      !read_name (self, table, session, cancellable, error) ||
      !read_columns (self, table, session, cancellable, error) ||
      !read_key (self, table, session, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
tide_row_table_equal (const TideRowTable *self,
                      const TideRowTable *other)
{
  if (self->place.server != other->place.server || self->place.database != other->place.database
      || !g_str_equal (self->name, other->name) || self->n_columns != other->n_columns)
    return FALSE;
  for (guint i = 0; i < self->n_columns; i++)
    {
      const TideRowTableColumn *column = &self->columns[i];
      const TideRowTableColumn *of_other = &other->columns[i];

      if (g_strcmp0 (column->name, of_other->name) != 0 || g_strcmp0 (column->type, of_other->type) != 0
          || column->attribute != of_other->attribute || column->is_key != of_other->is_key)
        return FALSE;
    }
  return TRUE;
}
