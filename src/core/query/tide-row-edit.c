/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-edit"

#include "config.h"

#include <string.h>

#include "query/tide-row-edit.h"
#include "tide-error.h"

typedef struct
{
  gboolean is_set;
  char    *text; /* (nullable) */
} Value;

/* A row that is to be another one than in the store */
typedef struct
{
  TideRowChange  change;  /* what is still to be done; TIDE_ROW_SAME of a new row: it was given up */
  guint          becomes; /* the row of the store that it is once applied; G_MAXUINT: none */
  Value         *wanted;  /* n_columns */
} Row;

struct _TideRowEdit
{
  TideRowStore  *store;
  TideRowTable  *table;
  TideRowReader  reader;
  GHashTable    *rows;    /* guint to Row */
  GArray        *order;   /* guint: as they were first changed */
  GHashTable    *became;  /* guint to guint: what the last apply made of rows */
  GArray        *added;   /* guint: the rows that it added */
  guint          n_added;
};

static gboolean
is_new (guint index)
{
  return index >= TIDE_ROW_EDIT_FIRST_NEW;
}

static void
values_free (Value *values,
             guint  n)
{
  for (guint i = 0; i < n; i++)
    g_free (values[i].text);
  g_free (values);
}

static void
row_free (TideRowEdit *self,
          Row         *row)
{
  values_free (row->wanted, self->table->n_columns);
  g_free (row);
}

TideRowEdit *
tide_row_edit_new (TideRowStore *store,
                   TideRowTable *table)
{
  TideRowEdit *self = g_new0 (TideRowEdit, 1);

  self->store = g_object_ref (store);
  self->table = table;
  self->rows = g_hash_table_new (NULL, NULL);
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->became = g_hash_table_new (NULL, NULL);
  self->added = g_array_new (FALSE, FALSE, sizeof (guint));
  tide_row_reader_init (&self->reader, store);
  return self;
}

static void
forget_rows (TideRowEdit *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    row_free (self, row);
  g_hash_table_remove_all (self->rows);
  g_array_set_size (self->order, 0);
  self->n_added = 0;
}

void
tide_row_edit_free (TideRowEdit *self)
{
  forget_rows (self);
  g_hash_table_unref (self->rows);
  g_array_unref (self->order);
  g_hash_table_unref (self->became);
  g_array_unref (self->added);
  tide_row_reader_clear (&self->reader);
  tide_row_table_free (self->table);
  g_object_unref (self->store);
  g_free (self);
}

static Row *
ensure_row (TideRowEdit *self,
            guint        index)
{
  Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));

  if (row == NULL)
    {
      row = g_new0 (Row, 1);
      row->wanted = g_new0 (Value, self->table->n_columns);
      g_hash_table_insert (self->rows, GUINT_TO_POINTER (index), row);
      g_array_append_val (self->order, index);
    }
  return row;
}

/* (transfer full) (nullable): what the table has there as far as we know */
static char *
dup_base (TideRowEdit *self,
          guint        index,
          guint        column)
{
  return is_new (index) ? NULL : tide_row_store_dup_value (self->store, index, column, NULL);
}

static void
value_set (Value      *value,
           const char *text)
{
  g_free (value->text);
  value->text = g_strdup (text);
  value->is_set = TRUE;
}

static void
value_clear (Value *value)
{
  g_clear_pointer (&value->text, g_free);
  value->is_set = FALSE;
}

gboolean
tide_row_edit_set (TideRowEdit  *self,
                   guint         index,
                   guint         column,
                   const char   *value,
                   GError      **error)
{
  const TideRowTableColumn *of_table = &self->table->columns[column];
  g_autofree char *base = dup_base (self, index, column);
  gboolean any = FALSE;
  Row *row;

  if (of_table->name == NULL || of_table->is_fixed)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, NULL, "\"%s\" %s", tide_row_store_get_column_name (self->store, column),
                      of_table->name ? "is written by the server itself" : "is computed, not a column of the table");
      return FALSE;
    }
  row = ensure_row (self, index);
  if (row->change == TIDE_ROW_REMOVED || (is_new (index) && row->change == TIDE_ROW_SAME))
    return TRUE;
  if (!is_new (index) && g_strcmp0 (base, value) == 0)
    value_clear (&row->wanted[column]);
  else
    value_set (&row->wanted[column], value);
  for (guint i = 0; i < self->table->n_columns; i++)
    any |= row->wanted[i].is_set;
  if (row->change != TIDE_ROW_ADDED)
    row->change = any ? TIDE_ROW_CHANGED : TIDE_ROW_SAME;
  return TRUE;
}

/* New rows at the end that nobody wants any more are not shown either. */
static void
drop_gone (TideRowEdit *self)
{
  while (self->n_added > 0)
    {
      guint index = TIDE_ROW_EDIT_FIRST_NEW + self->n_added - 1;
      Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));

      if (row->change != TIDE_ROW_SAME)
        break;
      for (guint i = self->order->len; i > 0; i--)
        if (g_array_index (self->order, guint, i - 1) == index)
          g_array_remove_index (self->order, i - 1);
      g_hash_table_remove (self->rows, GUINT_TO_POINTER (index));
      row_free (self, row);
      self->n_added--;
    }
}

void
tide_row_edit_toggle_removed (TideRowEdit *self,
                              guint        index)
{
  Row *row = ensure_row (self, index);
  gboolean any = FALSE;

  for (guint i = 0; i < self->table->n_columns; i++)
    any |= row->wanted[i].is_set;
  if (row->change == TIDE_ROW_ADDED)
    {
      row->change = TIDE_ROW_SAME;
      drop_gone (self);
    }
  else if (is_new (index))
    return;
  else if (row->change == TIDE_ROW_REMOVED)
    row->change = any ? TIDE_ROW_CHANGED : TIDE_ROW_SAME;
  else
    row->change = TIDE_ROW_REMOVED;
}

guint
tide_row_edit_add (TideRowEdit *self)
{
  guint index = TIDE_ROW_EDIT_FIRST_NEW + self->n_added++;

  ensure_row (self, index)->change = TIDE_ROW_ADDED;
  return index;
}

guint
tide_row_edit_get_n_added (TideRowEdit *self)
{
  return self->n_added;
}

guint
tide_row_edit_get_n_changes (TideRowEdit *self)
{
  GHashTableIter iter;
  gpointer row;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    n += ((Row *) row)->change != TIDE_ROW_SAME;
  return n;
}

void
tide_row_edit_discard (TideRowEdit *self)
{
  forget_rows (self);
}

gboolean
tide_row_edit_look_up (TideRowEdit    *self,
                       guint           index,
                       guint           column,
                       const char    **value,
                       gsize          *length,
                       TideRowChange  *change)
{
  Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
  const Value *wanted;

  if (row == NULL)
    return FALSE;
  wanted = &row->wanted[column];
  *change = row->change;
  if (row->change == TIDE_ROW_CHANGED && !wanted->is_set)
    *change = TIDE_ROW_SAME;
  if (row->change == TIDE_ROW_ADDED && !wanted->is_set)
    *change = TIDE_ROW_DEFAULT;
  if (is_new (index) && row->change == TIDE_ROW_SAME)
    *change = TIDE_ROW_REMOVED;
  if (!wanted->is_set && !is_new (index))
    {
      *value = tide_row_reader_get (&self->reader, index, column, length);
      return TRUE;
    }
  *value = wanted->text;
  *length = *value ? strlen (*value) : 0;
  return TRUE;
}

static void
append_value (GString                  *sql,
              const TideRowTableColumn *column,
              const char               *value)
{
  g_autofree char *literal = value ? tide_quote_literal (value) : g_strdup ("NULL");

  if (value != NULL)
    g_string_append_printf (sql, "%s::%s", literal, column->type);
  else
    g_string_append (sql, literal);
}

static void
append_check (GString                  *sql,
              const TideRowTableColumn *column,
              const char               *value)
{
  g_autofree char *literal = value ? tide_quote_literal (value) : NULL;

  if (value == NULL)
    g_string_append_printf (sql, "%s IS NULL", column->name);
  else if (column->has_equality)
    g_string_append_printf (sql, "%s = %s::%s", column->name, literal, column->type);
  else
    g_string_append_printf (sql, "%s::text = %s", column->name, literal);
}

/* The key, and of the other columns those that are to be written (or all, of a row that goes): as they were */
static void
append_where (TideRowEdit *self,
              GString     *sql,
              guint        index,
              Row         *row)
{
  gboolean first = TRUE;

  g_string_append (sql, " WHERE ");
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->table->n_columns; i++)
      {
        const TideRowTableColumn *column = &self->table->columns[i];
        gboolean checked = pass == 0 ? column->is_key
                                     : !column->is_key && (row->change == TIDE_ROW_REMOVED || row->wanted[i].is_set);
        g_autofree char *base = NULL;

        if (column->name == NULL || !checked)
          continue;
        if (!first)
          g_string_append (sql, " AND ");
        base = dup_base (self, index, i);
        append_check (sql, column, base);
        first = FALSE;
      }
}

static void
append_insert (TideRowEdit *self,
               GString     *sql,
               Row         *row)
{
  g_autoptr(GString) values = g_string_new (NULL);

  for (guint i = 0; i < self->table->n_columns; i++)
    {
      if (!row->wanted[i].is_set)
        continue;
      g_string_append_printf (sql, "%s%s", values->len > 0 ? ", " : " (", self->table->columns[i].name);
      g_string_append (values, values->len > 0 ? ", " : "");
      append_value (values, &self->table->columns[i], row->wanted[i].text);
    }
  if (values->len > 0)
    g_string_append_printf (sql, ") VALUES (%s)", values->str);
  else
    g_string_append (sql, " DEFAULT VALUES");
}

/* (transfer full): without its semicolon */
static char *
dup_statement (TideRowEdit *self,
               guint        index,
               Row         *row)
{
  GString *sql = g_string_new (NULL);
  gboolean first = TRUE;

  if (row->change == TIDE_ROW_REMOVED)
    g_string_append_printf (sql, "DELETE FROM %s", self->table->name);
  else if (row->change == TIDE_ROW_ADDED)
    {
      g_string_append_printf (sql, "INSERT INTO %s", self->table->name);
      append_insert (self, sql, row);
    }
  else
    {
      g_string_append_printf (sql, "UPDATE %s SET ", self->table->name);
      for (guint i = 0; i < self->table->n_columns; i++)
        {
          if (!row->wanted[i].is_set)
            continue;
          g_string_append_printf (sql, "%s%s = ", first ? "" : ", ", self->table->columns[i].name);
          append_value (sql, &self->table->columns[i], row->wanted[i].text);
          first = FALSE;
        }
    }
  if (row->change != TIDE_ROW_ADDED)
    append_where (self, sql, index, row);
  return g_string_free (sql, FALSE);
}

char *
tide_row_edit_dup_sql (TideRowEdit *self)
{
  GString *sql = g_string_new ("BEGIN;\n");

  for (guint i = 0; i < self->order->len; i++)
    {
      guint index = g_array_index (self->order, guint, i);
      Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
      g_autofree char *statement = row->change != TIDE_ROW_SAME ? dup_statement (self, index, row) : NULL;

      if (statement != NULL)
        g_string_append_printf (sql, "%s;\n", statement);
    }
  g_string_append (sql, "COMMIT;\n");
  return g_string_free (sql, FALSE);
}

/* (transfer full): "row id = 7": by what it is in the table, for the numbers of the rows that are shown depend on their order */
static char *
dup_row_name (TideRowEdit *self,
              guint        index)
{
  GString *name = g_string_new (NULL);
  const char *before = "row ";

  if (is_new (index))
    g_string_append_printf (name, "new row %u", index - TIDE_ROW_EDIT_FIRST_NEW + 1);
  for (guint i = 0; i < self->table->n_columns && !is_new (index); i++)
    {
      g_autofree char *base = NULL;

      if (!self->table->columns[i].is_key)
        continue;
      base = dup_base (self, index, i);
      g_string_append_printf (name, "%s%s = %s", before, self->table->columns[i].name, base);
      before = ", ";
    }
  return g_string_free (name, FALSE);
}

/* (transfer full): the statement with what the row is after it */
static char *
dup_returning (TideRowEdit *self,
               guint        index,
               Row         *row)
{
  g_autofree char *statement = dup_statement (self, index, row);
  g_autoptr(GString) sql = g_string_new (statement);

  for (guint i = 0; i < self->table->n_columns; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : " RETURNING ",
                            self->table->columns[i].name ? self->table->columns[i].name : "NULL");
  return g_strdup (sql->str);
}

/* (transfer full) (nullable): the row after it */
static TideResult *
apply_row (TideRowEdit   *self,
           guint          index,
           Row           *row,
           TideSession   *session,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autofree char *sql = dup_returning (self, index, row);
  g_autofree char *name = dup_row_name (self, index);
  g_autoptr(TideResult) result = tide_session_query (session, sql, NULL, 0, cancellable, error);

  if (result == NULL)
    {
      if (error != NULL && (*error)->domain == TIDE_ERROR)
        g_prefix_error (error, "%s: ", name);
      return NULL;
    }
  if (tide_result_get_n_rows (result) == 1)
    return g_steal_pointer (&result);
  tide_set_error (error, TIDE_ERROR_REFUSED, "nothing was changed; run the query again and look at the row",
                  tide_result_get_n_rows (result) == 0 ? "%s was changed or deleted by somebody else in the meantime"
                                                       : "%s is more than one row in the table", name);
  return NULL;
}

/* (transfer full) (nullable): a result for each of the changed rows, in order */
static GPtrArray *
apply_all (TideRowEdit   *self,
           TideSession   *session,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_result_unref);

  for (guint i = 0; i < self->order->len; i++)
    {
      guint index = g_array_index (self->order, guint, i);
      Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
      TideResult *result;

      if (row->change == TIDE_ROW_SAME)
        continue;
      result = apply_row (self, index, row, session, cancellable, error);
      if (result == NULL)
        return NULL;
      g_ptr_array_add (results, result);
    }
  return g_steal_pointer (&results);
}

/* Puts what the rows are now behind those in the store. What is there already is of no harm where the transaction then fails:
 * nobody was told of it. */
static gboolean
keep_results (TideRowEdit  *self,
              GPtrArray    *results,
              GError      **error)
{
  guint n_columns = self->table->n_columns;
  g_autofree const char **values = g_new0 (const char *, n_columns);
  g_autofree gsize *lengths = g_new0 (gsize, n_columns);
  guint n = 0;

  for (guint i = 0; i < self->order->len; i++)
    {
      guint index = g_array_index (self->order, guint, i);
      Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
      TideResult *result;

      if (row->change == TIDE_ROW_SAME)
        continue;
      result = g_ptr_array_index (results, n++);
      row->becomes = G_MAXUINT;
      if (row->change == TIDE_ROW_REMOVED)
        continue;
      for (guint k = 0; k < n_columns; k++)
        {
          values[k] = tide_result_get_value (result, 0, k);
          lengths[k] = tide_result_get_length (result, 0, k);
          /* What was computed by the query is as it was. */
          if (self->table->columns[k].name == NULL && !is_new (index))
            values[k] = tide_row_reader_get (&self->reader, index, k, &lengths[k]);
        }
      if (!tide_row_store_add (self->store, values, lengths, &row->becomes, error))
        return FALSE;
    }
  return TRUE;
}

/* It is done: nothing is wanted any more */
static void
settle (TideRowEdit *self)
{
  g_hash_table_remove_all (self->became);
  g_array_set_size (self->added, 0);
  for (guint i = 0; i < self->order->len; i++)
    {
      guint index = g_array_index (self->order, guint, i);
      Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));

      if (row->change == TIDE_ROW_SAME)
        continue;
      if (is_new (index))
        g_array_append_val (self->added, row->becomes);
      else
        g_hash_table_insert (self->became, GUINT_TO_POINTER (index), GUINT_TO_POINTER (row->becomes));
    }
  forget_rows (self);
}

static gboolean
run (TideSession   *session,
     const char    *sql,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(GPtrArray) results = tide_session_run (session, sql, cancellable, error);

  return results != NULL;
}

gboolean
tide_row_edit_apply (TideRowEdit   *self,
                     TideSession   *session,
                     GCancellable  *cancellable,
                     GError       **error)
{
  gboolean open = tide_session_get_transaction_status (session) == TIDE_TRANSACTION_OPEN;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GError) ignored = NULL;

  if (!run (session, open ? "SAVEPOINT tidemark_edit" : "BEGIN", cancellable, error))
    return FALSE;
  results = apply_all (self, session, cancellable, error);
  /* From here on it is not cancelled: half of it must not stay. */
  if (results != NULL && keep_results (self, results, error) &&
      run (session, open ? "RELEASE SAVEPOINT tidemark_edit" : "COMMIT", NULL, error))
    {
      settle (self);
      return TRUE;
    }
  if (!tide_session_is_lost (session))
    run (session, open ? "ROLLBACK TO SAVEPOINT tidemark_edit; RELEASE SAVEPOINT tidemark_edit" : "ROLLBACK", NULL, &ignored);
  return FALSE;
}

GBytes *
tide_row_edit_renew (TideRowEdit *self,
                     GBytes      *rows,
                     guint        n_rows)
{
  gsize size = 0;
  const guint32 *old = rows ? g_bytes_get_data (rows, &size) : NULL;
  g_autoptr(GArray) renewed = g_array_new (FALSE, FALSE, sizeof (guint32));

  if (rows != NULL)
    n_rows = size / sizeof *old;
  for (guint i = 0; i < n_rows; i++)
    {
      guint32 row = old ? old[i] : i;
      gpointer became;

      if (g_hash_table_lookup_extended (self->became, GUINT_TO_POINTER (row), NULL, &became))
        row = GPOINTER_TO_UINT (became);
      if (row != G_MAXUINT)
        g_array_append_val (renewed, row);
    }
  g_array_append_vals (renewed, self->added->data, self->added->len);
  size = renewed->len * sizeof (guint32);
  return g_bytes_new_take (g_array_free (g_steal_pointer (&renewed), FALSE), size);
}
