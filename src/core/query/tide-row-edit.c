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

/* A row that is another one than in the store */
typedef struct
{
  TideRowChange  change;  /* what is still to be done */
  gboolean       gone;    /* removed from the table, or a new row that was given up */
  gboolean       is_new;  /* not in the store */
  Value         *wanted;  /* n_columns: not applied yet */
  Value         *applied; /* n_columns: what the table has by now */
} Row;

struct _TideRowEdit
{
  TideRowStore  *store;
  TideRowTable  *table;
  TideRowReader  reader;
  GHashTable    *rows;    /* guint to Row */
  GArray        *order;   /* guint: as they were first changed */
  guint          n_added;
};

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
  values_free (row->applied, self->table->n_columns);
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
  tide_row_reader_init (&self->reader, store);
  return self;
}

void
tide_row_edit_free (TideRowEdit *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    row_free (self, row);
  g_hash_table_unref (self->rows);
  g_array_unref (self->order);
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
      row->applied = g_new0 (Value, self->table->n_columns);
      g_hash_table_insert (self->rows, GUINT_TO_POINTER (index), row);
      g_array_append_val (self->order, index);
    }
  return row;
}

/* What the table has there as far as we know; %NULL is NULL. @copy: (out): to be freed */
static const char *
get_base (TideRowEdit  *self,
          guint         index,
          Row          *row,
          guint         column,
          char        **copy)
{
  const char *value;
  gsize length;

  *copy = NULL;
  if (row->applied[column].is_set)
    return row->applied[column].text;
  if (row->is_new)
    return NULL;
  value = tide_row_reader_get (&self->reader, index, column, &length);
  if (value != NULL)
    *copy = g_strndup (value, length);
  return *copy;
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
  g_autofree char *copy = NULL;
  gboolean any = FALSE;
  Row *row;

  if (of_table->name == NULL || of_table->is_fixed)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, NULL, "\"%s\" %s", tide_row_store_get_column_name (self->store, column),
                      of_table->name ? "is written by the server itself" : "is computed, not a column of the table");
      return FALSE;
    }
  row = ensure_row (self, index);
  if (row->gone || row->change == TIDE_ROW_REMOVED)
    return TRUE;
  if (!row->is_new && g_strcmp0 (get_base (self, index, row, column, &copy), value) == 0)
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
  guint n_rows = tide_row_store_get_n_rows (self->store);

  while (self->n_added > 0)
    {
      guint index = n_rows + self->n_added - 1;
      Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));

      if (!row->gone)
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
  if (row->gone)
    return;
  if (row->change == TIDE_ROW_ADDED)
    {
      row->change = TIDE_ROW_SAME;
      row->gone = TRUE;
      drop_gone (self);
    }
  else if (row->change == TIDE_ROW_REMOVED)
    row->change = any ? TIDE_ROW_CHANGED : TIDE_ROW_SAME;
  else
    row->change = TIDE_ROW_REMOVED;
}

guint
tide_row_edit_add (TideRowEdit *self)
{
  guint index = tide_row_store_get_n_rows (self->store) + self->n_added++;
  Row *row = ensure_row (self, index);

  row->is_new = TRUE;
  row->change = TIDE_ROW_ADDED;
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

/* What was done is settled: nothing is wanted any more */
static void
settle (TideRowEdit *self,
        Row         *row)
{
  for (guint i = 0; i < self->table->n_columns; i++)
    value_clear (&row->wanted[i]);
  row->change = TIDE_ROW_SAME;
}

void
tide_row_edit_discard (TideRowEdit *self)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      Row *row = data;

      row->gone |= row->change == TIDE_ROW_ADDED;
      settle (self, row);
    }
  drop_gone (self);
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
  const Value *found;

  if (row == NULL)
    return FALSE;
  found = row->wanted[column].is_set ? &row->wanted[column] : &row->applied[column];
  *change = row->gone ? TIDE_ROW_REMOVED : row->change;
  if (row->change == TIDE_ROW_CHANGED && !row->wanted[column].is_set)
    *change = TIDE_ROW_SAME;
  if (row->change == TIDE_ROW_ADDED && !found->is_set)
    *change = TIDE_ROW_DEFAULT;
  if (found->is_set || row->is_new)
    *value = found->text;
  else
    {
      *value = tide_row_reader_get (&self->reader, index, column, length);
      return TRUE;
    }
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
        g_autofree char *copy = NULL;

        if (column->name == NULL || !checked)
          continue;
        if (!first)
          g_string_append (sql, " AND ");
        append_check (sql, column, get_base (self, index, row, i, &copy));
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

/* (transfer full): "row 5 (id = 7)" */
static char *
dup_row_name (TideRowEdit *self,
              guint        index,
              Row         *row)
{
  GString *name = g_string_new (NULL);
  gboolean first = TRUE;

  g_string_append_printf (name, "row %u", index + 1);
  for (guint i = 0; i < self->table->n_columns; i++)
    {
      const TideRowTableColumn *column = &self->table->columns[i];
      g_autofree char *copy = NULL;

      if (!column->is_key || row->change == TIDE_ROW_ADDED)
        continue;
      g_string_append_printf (name, "%s%s = %s", first ? " (" : ", ", column->name, get_base (self, index, row, i, &copy));
      first = FALSE;
    }
  if (!first)
    g_string_append_c (name, ')');
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
  g_autofree char *name = dup_row_name (self, index, row);
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

static void
take_results (TideRowEdit *self,
              GPtrArray   *results)
{
  guint n = 0;

  for (guint i = 0; i < self->order->len; i++)
    {
      guint index = g_array_index (self->order, guint, i);
      Row *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
      TideResult *result;

      if (row->change == TIDE_ROW_SAME)
        continue;
      result = g_ptr_array_index (results, n++);
      row->gone = row->change == TIDE_ROW_REMOVED;
      for (guint k = 0; k < self->table->n_columns; k++)
        {
          if (self->table->columns[k].name != NULL)
            value_set (&row->applied[k], tide_result_get_value (result, 0, k));
        }
      settle (self, row);
    }
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
  if (results != NULL && run (session, open ? "RELEASE SAVEPOINT tidemark_edit" : "COMMIT", NULL, error))
    {
      take_results (self, results);
      return TRUE;
    }
  if (!tide_session_is_lost (session))
    run (session, open ? "ROLLBACK TO SAVEPOINT tidemark_edit; RELEASE SAVEPOINT tidemark_edit" : "ROLLBACK", NULL, &ignored);
  return FALSE;
}
