/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-result"

#include "config.h"

#include <string.h>

#include "wire/tide-result-private.h"

#define TYPE_TEXT 25

G_DEFINE_BOXED_TYPE (TideResult, tide_result, tide_result_ref, tide_result_unref)

static void
columns_clear (gpointer data)
{
  TideColumns *self = data;

  g_strfreev (self->names);
  g_free (self->types);
  g_free (self->tables);
  g_free (self->attributes);
}

void
tide_columns_unref (TideColumns *self)
{
  g_atomic_rc_box_release_full (self, columns_clear);
}

TideResult *
tide_result_ref (TideResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_result_unref (TideResult *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  tide_columns_unref (self->columns);
  g_free (self->arena);
  g_free (self->offsets);
  g_clear_pointer (&self->copy, g_bytes_unref);
  g_free (self->command);
  g_ptr_array_unref (self->notices);
  g_free (self);
}

guint
tide_result_get_n_columns (const TideResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->columns->n_columns;
}

guint
tide_result_get_n_rows (const TideResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_rows;
}

const char *
tide_result_get_column_name (const TideResult *self,
                             guint             column)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (column < self->columns->n_columns, NULL);

  return self->columns->names[column];
}

/**
 * tide_result_get_column_type:
 * @self: a result
 * @column: which column, from 0
 *
 * Returns: the OID of the column's type
 */
guint32
tide_result_get_column_type (const TideResult *self,
                             guint             column)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (column < self->columns->n_columns, 0);

  return self->columns->types[column];
}

/**
 * tide_result_get_column_origin:
 * @self: a result
 * @column: which column, from 0
 * @attribute: (out): the number of the column in its table
 *
 * Returns: the OID of the table whose column this is; 0: it is computed
 */
guint32
tide_result_get_column_origin (const TideResult *self,
                               guint             column,
                               int              *attribute)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (column < self->columns->n_columns, 0);

  *attribute = self->columns->attributes[column];
  return self->columns->tables[column];
}

/**
 * tide_result_find_column:
 * @self: a result
 * @name: a column's name, exactly
 *
 * Returns: the index of the first column of that name, or -1
 */
int
tide_result_find_column (const TideResult *self,
                         const char       *name)
{
  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (name != NULL, -1);

  for (guint i = 0; i < self->columns->n_columns; i++)
    {
      if (g_str_equal (self->columns->names[i], name))
        return (int) i;
    }
  return -1;
}

/**
 * tide_result_get_value:
 * @self: a result
 * @row: which row, from 0
 * @column: which column, from 0
 *
 * Returns: (transfer none) (nullable): the text of the cell as the server wrote it, UTF-8 unless
 *   the database is SQL_ASCII or the script changed client_encoding; %NULL for SQL's NULL
 */
const char *
tide_result_get_value (const TideResult *self,
                       guint             row,
                       guint             column)
{
  gsize cell;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (row < self->n_rows, NULL);
  g_return_val_if_fail (column < self->columns->n_columns, NULL);

  cell = (gsize) row * self->columns->n_columns + column;
  if (self->offsets[cell] == self->offsets[cell + 1])
    return NULL;
  return self->arena + self->offsets[cell];
}

/**
 * tide_result_get_length:
 * @self: a result
 * @row: which row, from 0
 * @column: which column, from 0
 *
 * Returns: the bytes of the cell's text without its NUL; 0 for NULL
 */
gsize
tide_result_get_length (const TideResult *self,
                        guint             row,
                        guint             column)
{
  gsize cell;

  if (tide_result_get_value (self, row, column) == NULL)
    return 0;
  cell = (gsize) row * self->columns->n_columns + column;
  return self->offsets[cell + 1] - self->offsets[cell] - 1;
}

/**
 * tide_result_get_row:
 * @self: a result
 * @row: which row, from 0
 * @values: (out): room for as many values as there are columns, as tide_result_get_value() has them
 *
 * All cells of a row at once, for those that read many rows.
 */
void
tide_result_get_row (const TideResult *self,
                     guint             row,
                     const char      **values)
{
  const gsize *offsets;

  g_return_if_fail (self != NULL);
  g_return_if_fail (row < self->n_rows);

  offsets = self->offsets + (gsize) row * self->columns->n_columns;
  for (guint c = 0; c < self->columns->n_columns; c++)
    values[c] = offsets[c] == offsets[c + 1] ? NULL : self->arena + offsets[c];
}

/* Most numbers are plain and short: strtoll() thinks of more than there is to think of. */
gint64
tide_result_get_int64 (const TideResult *self,
                       guint             row,
                       guint             column)
{
  const char *value = tide_result_get_value (self, row, column);
  const char *at = value;
  gint64 number = 0;

  if (value == NULL)
    return 0;
  while (g_ascii_isdigit (*at) && at - value < 18)
    number = number * 10 + (*at++ - '0');
  return *at == '\0' ? number : g_ascii_strtoll (value, NULL, 10);
}

gboolean
tide_result_get_boolean (const TideResult *self,
                         guint             row,
                         guint             column)
{
  const char *value = tide_result_get_value (self, row, column);

  return value != NULL && *value == 't';
}

/**
 * tide_result_get_command:
 * @self: a result
 *
 * Returns: (transfer none): the command tag (`INSERT 0 3`); empty for an empty statement and for
 *   every chunk but a statement's last
 */
const char *
tide_result_get_command (const TideResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->command;
}

/**
 * tide_result_get_affected:
 * @self: a result
 *
 * Returns: the row count in the command tag; 0 when it has none
 */
guint64
tide_result_get_affected (const TideResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->affected;
}

GBytes *
tide_result_get_copy (const TideResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->copy;
}

static TideColumns *
columns_new_for_lines (void)
{
  TideColumns *columns = g_atomic_rc_box_new0 (TideColumns);

  columns->n_columns = 1;
  columns->names = g_new0 (char *, 2);
  columns->names[0] = g_strdup ("COPY");
  columns->types = g_new0 (guint32, 1);
  columns->types[0] = TYPE_TEXT;
  columns->tables = g_new0 (guint32, 1);
  columns->attributes = g_new0 (gint16, 1);
  return columns;
}

static guint
count_lines (const char *text,
             gsize       size)
{
  guint n = size > 0 && text[size - 1] != '\n' ? 1 : 0;

  for (const char *at = text; (at = memchr (at, '\n', size - (at - text))) != NULL; at++)
    n++;
  return n;
}

/**
 * tide_result_split_copy:
 * @self: a chunk of what COPY TO STDOUT sent
 *
 * Returns: (transfer full): a result with one column, and a row for each line
 */
TideResult *
tide_result_split_copy (const TideResult *self)
{
  TideResult *result = g_new0 (TideResult, 1);
  gsize size = 0;
  const char *text;

  g_return_val_if_fail (self != NULL && self->copy != NULL, NULL);

  text = g_bytes_get_data (self->copy, &size);
  g_atomic_ref_count_init (&result->ref_count);
  result->columns = columns_new_for_lines ();
  result->n_rows = count_lines (text, size);
  result->offsets = g_new (gsize, result->n_rows + 1);
  result->command = g_strdup ("");
  result->notices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  /* Each line's end is where its NUL goes. */
  result->arena = g_malloc (size + 1);
  memcpy (result->arena, text, size);
  result->arena[size] = '\0';
  for (gsize row = 0, at = 0; row < result->n_rows; row++)
    {
      char *end = memchr (result->arena + at, '\n', size - at);

      result->offsets[row] = at;
      at = end ? (gsize) (end - result->arena) + 1 : size + 1;
      result->arena[at - 1] = '\0';
      result->offsets[row + 1] = at;
    }
  return result;
}

gboolean
tide_result_is_binary_copy (const TideResult *self)
{
  /* https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format" */
  static const char signature[] = "PGCOPY\n\377\r\n";
  gsize size = 0;
  const char *data;

  g_return_val_if_fail (self != NULL && self->copy != NULL, FALSE);

  data = g_bytes_get_data (self->copy, &size);
  return size >= sizeof signature - 1 && memcmp (data, signature, sizeof signature - 1) == 0;
}

GPtrArray *
tide_result_get_notices (const TideResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->notices;
}
