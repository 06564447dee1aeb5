/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-edit"

#include "config.h"

#include <string.h>

#include "query/tide-row-edit-private.h"
#include "tide-error.h"

static void
values_free (TideRowEditValue *values,
             guint             n)
{
  for (guint i = 0; i < n; i++)
    g_free (values[i].text);
  g_free (values);
}

static void
row_free (TideRowEdit    *self,
          TideRowEditRow *row)
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

static TideRowEditRow *
ensure_row (TideRowEdit *self,
            guint        index)
{
  TideRowEditRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));

  if (row == NULL)
    {
      row = g_new0 (TideRowEditRow, 1);
      row->wanted = g_new0 (TideRowEditValue, self->table->n_columns);
      g_hash_table_insert (self->rows, GUINT_TO_POINTER (index), row);
      g_array_append_val (self->order, index);
    }
  return row;
}

static void
value_set (TideRowEditValue *value,
           const char       *text)
{
  g_free (value->text);
  value->text = g_strdup (text);
  value->is_set = TRUE;
}

static void
value_clear (TideRowEditValue *value)
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
  g_autofree char *base = tide_row_edit_dup_base (self, index, column);
  gboolean any = FALSE;
  TideRowEditRow *row;

  if (of_table->name == NULL || of_table->is_fixed)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, NULL, "\"%s\" %s", tide_row_store_get_column_name (self->store, column),
                      of_table->name ? "is written by the server itself" : "is computed, not a column of the table");
      return FALSE;
    }
  row = ensure_row (self, index);
  if (row->change == TIDE_ROW_REMOVED || (tide_row_edit_is_new (index) && row->change == TIDE_ROW_SAME))
    return TRUE;
  if (!tide_row_edit_is_new (index) && g_strcmp0 (base, value) == 0)
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
      TideRowEditRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));

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
  TideRowEditRow *row = ensure_row (self, index);
  gboolean any = FALSE;

  for (guint i = 0; i < self->table->n_columns; i++)
    any |= row->wanted[i].is_set;
  if (row->change == TIDE_ROW_ADDED)
    {
      row->change = TIDE_ROW_SAME;
      drop_gone (self);
    }
  else if (tide_row_edit_is_new (index))
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
    n += ((TideRowEditRow *) row)->change != TIDE_ROW_SAME;
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
  TideRowEditRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
  const TideRowEditValue *wanted;

  if (row == NULL)
    return FALSE;
  wanted = &row->wanted[column];
  *change = row->change;
  if (row->change == TIDE_ROW_CHANGED && !wanted->is_set)
    *change = TIDE_ROW_SAME;
  if (row->change == TIDE_ROW_ADDED && !wanted->is_set)
    *change = TIDE_ROW_DEFAULT;
  if (tide_row_edit_is_new (index) && row->change == TIDE_ROW_SAME)
    *change = TIDE_ROW_REMOVED;
  if (!wanted->is_set && !tide_row_edit_is_new (index))
    {
      *value = tide_row_reader_get (&self->reader, index, column, length);
      return TRUE;
    }
  *value = wanted->text;
  *length = *value ? strlen (*value) : 0;
  return TRUE;
}

GBytes *
tide_row_edit_write_down (TideRowEdit    *self,
                          const guint32  *rows,
                          guint           n,
                          GError        **error)
{
  guint n_columns = self->table->n_columns;
  g_autofree guint32 *written = g_memdup2 (rows, n * sizeof *rows);
  g_autofree const char **values = g_new0 (const char *, n_columns);
  g_autofree gsize *lengths = g_new0 (gsize, n_columns);
  TideRowChange change;

  for (guint i = 0; i < n; i++)
    {
      if (!g_hash_table_contains (self->rows, GUINT_TO_POINTER (rows[i])))
        continue;
      for (guint k = 0; k < n_columns; k++)
        tide_row_edit_look_up (self, rows[i], k, &values[k], &lengths[k], &change);
      if (!tide_row_store_add (self->store, values, lengths, &written[i], error))
        return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&written), n * sizeof *rows);
}

/* Sets the error of a statement that reached @n rows, which is not one. */
static void
explain_count (TideRowEdit     *self,
               guint            index,
               TideRowEditRow  *row,
               guint            n,
               TideSession     *session,
               GCancellable    *cancellable,
               GError         **error)
{
  g_autofree char *name = tide_row_edit_dup_row_name (self, index);
  g_autofree char *sql = n == 0 && !tide_row_edit_is_new (index) ? tide_row_edit_dup_look (self, index, row) : NULL;
  g_autoptr(TideResult) there = sql ? tide_session_query (session, sql, NULL, 0, cancellable, NULL) : NULL;
  const char *hint = "look at the triggers and policies of the table; nothing was changed";
  const char *what = "is as it was: a trigger or a policy of the table skips the change";

  if (n == 0 && tide_row_edit_is_new (index))
    what = "was not added: a trigger of the table skips it";
  else if (there == NULL || tide_result_get_n_rows (there) == 0)
    {
      hint = "nothing was changed; run the query again and look at the row";
      what = n == 0 ? "was changed or deleted by somebody else in the meantime" : "is more than one row in the table";
    }
  tide_set_error (error, TIDE_ERROR_REFUSED, hint, "%s %s", name, what);
}

/* (transfer full) (nullable): the row after it */
static TideResult *
apply_row (TideRowEdit     *self,
           guint            index,
           TideRowEditRow  *row,
           TideSession     *session,
           GCancellable    *cancellable,
           GError         **error)
{
  g_autofree char *sql = tide_row_edit_dup_returning (self, index, row);
  g_autoptr(TideResult) result = tide_session_query (session, sql, NULL, 0, cancellable, error);

  if (result == NULL)
    {
      g_autofree char *name = tide_row_edit_dup_row_name (self, index);

      if (error != NULL && (*error)->domain == TIDE_ERROR)
        g_prefix_error (error, "%s: ", name);
      return NULL;
    }
  if (tide_result_get_n_rows (result) == 1)
    return g_steal_pointer (&result);
  explain_count (self, index, row, tide_result_get_n_rows (result), session, cancellable, error);
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
      TideRowEditRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
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
      TideRowEditRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
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
          if (self->table->columns[k].name == NULL && !tide_row_edit_is_new (index))
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
      TideRowEditRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));

      if (row->change == TIDE_ROW_SAME)
        continue;
      if (tide_row_edit_is_new (index))
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

gboolean
tide_row_edit_may_follow (TideRowEdit   *self,
                          TideSession   *from,
                          TideSession   *to,
                          GCancellable  *cancellable,
                          GError       **error)
{
  /* What decides how a date is read and written */
  static const char *const settings[] = { "DateStyle", "IntervalStyle", "TimeZone" };
  g_autoptr(TideRowTable) table = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *before = tide_session_dup_parameter (from, settings[i]);
      g_autofree char *now = tide_session_dup_parameter (to, settings[i]);

      if (g_strcmp0 (before, now) == 0)
        continue;
      tide_set_error (error, TIDE_ERROR_REFUSED, "SET it as it was, or run the query again",
                      "%s was \"%s\" when these rows were read, and is \"%s\" in the new connection", settings[i], before, now);
      return FALSE;
    }
  if (tide_conninfo_is_same_way (tide_session_get_conninfo (from), tide_session_get_conninfo (to)))
    {
      table = tide_row_table_read (self->store, to, cancellable, error);
      if (table == NULL)
        return FALSE;
    }
  if (table != NULL && tide_row_table_equal (self->table, table))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_REFUSED, "run the query again, and change the rows there",
                  table && table->place.server == self->table->place.server && table->place.database == self->table->place.database
                  ? "the table %s is another one by now than these rows were read from"
                  : "the new connection leads to another database than these rows of %s were read from", self->table->name);
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
