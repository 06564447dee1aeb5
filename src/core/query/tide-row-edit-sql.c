/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-edit"

#include "config.h"

#include "query/tide-row-edit-private.h"
#include "tide-error.h"

char *
tide_row_edit_dup_base (TideRowEdit *self,
                        guint        index,
                        guint        column)
{
  return tide_row_edit_is_new (index) ? NULL : tide_row_store_dup_value (self->store, index, column, NULL);
}

/* Without a cast: as what is assigned a text that is too long is refused, as what is cast it is cut. */
static void
append_value (GString    *sql,
              const char *value)
{
  g_autofree char *literal = value ? tide_quote_literal (value) : NULL;

  g_string_append (sql, literal ? literal : "NULL");
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
  else /* by the text that the server sends of it, which is that of NULL where it is empty */
    g_string_append_printf (sql, "%s IS NOT NULL AND pg_catalog.format('%%s', %s) = %s", column->name, column->name, literal);
}

/* The key, and of the other columns those that are to be written (or all, of a row that goes): as they were */
static void
append_where (TideRowEdit    *self,
              GString        *sql,
              guint           index,
              TideRowEditRow *row)
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
        base = tide_row_edit_dup_base (self, index, i);
        append_check (sql, column, base);
        first = FALSE;
      }
}

static void
append_insert (TideRowEdit    *self,
               GString        *sql,
               TideRowEditRow *row)
{
  g_autoptr(GString) values = g_string_new (NULL);

  for (guint i = 0; i < self->table->n_columns; i++)
    {
      if (!row->wanted[i].is_set)
        continue;
      g_string_append_printf (sql, "%s%s", values->len > 0 ? ", " : " (", self->table->columns[i].name);
      g_string_append (values, values->len > 0 ? ", " : "");
      append_value (values, row->wanted[i].text);
    }
  if (values->len > 0)
    g_string_append_printf (sql, ") VALUES (%s)", values->str);
  else
    g_string_append (sql, " DEFAULT VALUES");
}

/* (transfer full): without its semicolon */
static char *
dup_statement (TideRowEdit    *self,
               guint           index,
               TideRowEditRow *row)
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
          append_value (sql, row->wanted[i].text);
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
      TideRowEditRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (index));
      g_autofree char *statement = row->change != TIDE_ROW_SAME ? dup_statement (self, index, row) : NULL;

      if (statement != NULL)
        g_string_append_printf (sql, "%s;\n", statement);
    }
  g_string_append (sql, "COMMIT;\n");
  return g_string_free (sql, FALSE);
}

char *
tide_row_edit_dup_row_name (TideRowEdit *self,
                            guint        index)
{
  GString *name = g_string_new (NULL);
  const char *before = "row ";

  if (tide_row_edit_is_new (index))
    g_string_append_printf (name, "new row %u", index - TIDE_ROW_EDIT_FIRST_NEW + 1);
  for (guint i = 0; i < self->table->n_columns && !tide_row_edit_is_new (index); i++)
    {
      g_autofree char *base = NULL;

      if (!self->table->columns[i].is_key)
        continue;
      base = tide_row_edit_dup_base (self, index, i);
      g_string_append_printf (name, "%s%s = %s", before, self->table->columns[i].name, base);
      before = ", ";
    }
  return g_string_free (name, FALSE);
}

char *
tide_row_edit_dup_look (TideRowEdit    *self,
                        guint           index,
                        TideRowEditRow *row)
{
  g_autoptr(GString) sql = g_string_new ("SELECT FROM ");

  g_string_append (sql, self->table->name);
  append_where (self, sql, index, row);
  return g_strdup (sql->str);
}

char *
tide_row_edit_dup_returning (TideRowEdit    *self,
                             guint           index,
                             TideRowEditRow *row)
{
  g_autofree char *statement = dup_statement (self, index, row);
  g_autoptr(GString) sql = g_string_new (statement);

  for (guint i = 0; i < self->table->n_columns; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : " RETURNING ",
                            self->table->columns[i].name ? self->table->columns[i].name : "NULL");
  return g_strdup (sql->str);
}
