/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-result-builder"

#include "config.h"

#include <string.h>

#include "wire/tide-result-builder.h"
#include "wire/tide-result-private.h"

#define FIRST_ARENA 256
#define FIRST_CELLS 32

struct _TideResultBuilder
{
  TideColumns *columns; /* NULL until the first PGresult of the statement */
  GPtrArray   *notices; /* NULL until the first */
  GPtrArray   *late;    /* of this statement if a row of it follows, else of the next; or NULL */
  GByteArray  *copy;    /* NULL until COPY TO STDOUT sends something */
  char        *arena;
  gsize        arena_length;
  gsize        arena_size;
  gsize       *offsets;
  gsize        n_cells;
  gsize        cells_size;
  guint        n_rows;
};

static TideColumns *
columns_new (const PGresult *source)
{
  TideColumns *columns = g_atomic_rc_box_new0 (TideColumns);

  columns->n_columns = source ? PQnfields (source) : 0;
  columns->names = g_new0 (char *, columns->n_columns + 1);
  columns->types = g_new0 (guint32, columns->n_columns);
  columns->tables = g_new0 (guint32, columns->n_columns);
  columns->attributes = g_new0 (gint16, columns->n_columns);
  for (guint i = 0; i < columns->n_columns; i++)
    {
      columns->names[i] = g_strdup (PQfname (source, i));
      columns->types[i] = PQftype (source, i);
      columns->tables[i] = PQftable (source, i);
      columns->attributes[i] = PQftablecol (source, i);
    }
  return columns;
}

static void
reserve (TideResultBuilder *self,
         gsize              n_cells,
         gsize              n_bytes)
{
  if (self->n_cells + n_cells + 1 > self->cells_size)
    {
      self->cells_size = MAX (self->cells_size * 2, FIRST_CELLS);
      self->cells_size = MAX (self->cells_size, self->n_cells + n_cells + 1);
      self->offsets = g_renew (gsize, self->offsets, self->cells_size);
    }
  if (self->arena_length + n_bytes > self->arena_size)
    {
      self->arena_size = MAX (self->arena_size * 2, FIRST_ARENA);
      self->arena_size = MAX (self->arena_size, self->arena_length + n_bytes);
      self->arena = g_realloc (self->arena, self->arena_size);
    }
}

TideResultBuilder *
tide_result_builder_new (void)
{
  return g_new0 (TideResultBuilder, 1);
}

void
tide_result_builder_free (TideResultBuilder *self)
{
  g_clear_pointer (&self->columns, tide_columns_unref);
  g_clear_pointer (&self->notices, g_ptr_array_unref);
  g_clear_pointer (&self->late, g_ptr_array_unref);
  g_clear_pointer (&self->copy, g_byte_array_unref);
  g_free (self->arena);
  g_free (self->offsets);
  g_free (self);
}

/* Rows of the chunk that is being filled */
guint
tide_result_builder_get_n_rows (TideResultBuilder *self)
{
  return self->n_rows;
}

static void
merge_late (TideResultBuilder *self)
{
  if (self->notices == NULL)
    self->notices = g_steal_pointer (&self->late);
  else if (self->late != NULL)
    g_ptr_array_extend_and_steal (self->notices, g_steal_pointer (&self->late));
}

static void
add_row (TideResultBuilder *self,
         const PGresult    *source,
         int                row,
         int                n_columns)
{
  reserve (self, n_columns, 0);
  for (int column = 0; column < n_columns; column++)
    {
      /* Of what is NULL the length is 0, and libpq ends every text with a NUL of its own. */
      gsize length = PQgetlength (source, row, column);

      self->offsets[self->n_cells++] = self->arena_length;
      if (length == 0 && PQgetisnull (source, row, column))
        continue;
      reserve (self, 0, length + 1);
      memcpy (self->arena + self->arena_length, PQgetvalue (source, row, column), length + 1);
      self->arena_length += length + 1;
    }
}

static void
add_rows (TideResultBuilder *self,
          const PGresult    *source)
{
  int n_rows = PQntuples (source);
  int n_columns = PQnfields (source);

  if (self->columns == NULL)
    self->columns = columns_new (source);
  for (int row = 0; row < n_rows; row++)
    add_row (self, source, row, n_columns);
  self->n_rows += n_rows;
}

/* A row of the running statement */
void
tide_result_builder_add_row (TideResultBuilder *self,
                             const PGresult    *source)
{
  add_rows (self, source);
  merge_late (self);
}

/**
 * tide_result_builder_take_notice:
 * @self: a builder
 * @notice: (transfer full): what the server said
 * @late: whether libpq may have read the end of the running statement before it
 */
void
tide_result_builder_take_notice (TideResultBuilder *self,
                                 GError            *notice,
                                 gboolean           late)
{
  GPtrArray **list = late ? &self->late : &self->notices;

  if (*list == NULL)
    *list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_ptr_array_add (*list, notice);
}

/* (transfer full) (nullable): the notices that got into no result */
GPtrArray *
tide_result_builder_take_notices (TideResultBuilder *self)
{
  merge_late (self);
  return g_steal_pointer (&self->notices);
}

gboolean
tide_result_builder_has_notices (TideResultBuilder *self)
{
  return self->notices != NULL || self->late != NULL;
}

/* (transfer full): the rows so far; the statement goes on with the same columns */
TideResult *
tide_result_builder_end_chunk (TideResultBuilder *self)
{
  TideResult *result = g_new0 (TideResult, 1);

  g_atomic_ref_count_init (&result->ref_count);
  reserve (self, 0, 0);
  self->offsets[self->n_cells] = self->arena_length;
  result->columns = self->columns ? g_atomic_rc_box_acquire (self->columns) : columns_new (NULL);
  result->n_rows = self->n_rows;
  result->offsets = g_renew (gsize, self->offsets, self->n_cells + 1);
  result->arena = g_realloc (self->arena, self->arena_length);
  result->command = g_strdup ("");
  result->notices = g_steal_pointer (&self->notices);
  if (result->notices == NULL)
    result->notices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);

  self->offsets = NULL;
  self->arena = NULL;
  self->arena_length = self->arena_size = 0;
  self->n_cells = self->cells_size = 0;
  self->n_rows = 0;
  return result;
}

/* (transfer full): what is left, with the command tag of @last; the next statement may follow */
TideResult *
tide_result_builder_end (TideResultBuilder *self,
                         PGresult          *last)
{
  TideResult *result;

  add_rows (self, last);
  result = tide_result_builder_end_chunk (self);
  merge_late (self);
  g_free (result->command);
  result->command = g_strdup (PQcmdStatus (last));
  result->affected = g_ascii_strtoull (PQcmdTuples (last), NULL, 10);
  g_clear_pointer (&self->columns, tide_columns_unref);
  return result;
}

/* What COPY TO STDOUT sends, in pieces */
void
tide_result_builder_add_copy (TideResultBuilder *self,
                              const char        *data,
                              gsize              length)
{
  if (self->copy == NULL)
    self->copy = g_byte_array_new ();
  g_byte_array_append (self->copy, (const guint8 *) data, length);
}

gsize
tide_result_builder_get_copied (TideResultBuilder *self)
{
  return self->copy ? self->copy->len : 0;
}

/* (transfer full): a chunk with all pieces since the last one */
TideResult *
tide_result_builder_end_copy (TideResultBuilder *self)
{
  TideResult *result = tide_result_builder_end_chunk (self);

  result->copy = g_byte_array_free_to_bytes (g_steal_pointer (&self->copy));
  return result;
}

/* (transfer full): the notices that got into no result, as one without rows and columns */
TideResult *
tide_result_builder_end_notices (TideResultBuilder *self)
{
  g_autoptr(TideResultBuilder) empty = tide_result_builder_new ();

  empty->notices = tide_result_builder_take_notices (self);
  return tide_result_builder_end_chunk (empty);
}
