/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-block"

#include "config.h"

#include <string.h>
#include <sys/mman.h>

#include "query/tide-row-block.h"

/* Set in a word: SQL's NULL. A server sends no row of a gigabyte, so that 31 bits are enough for the rest. */
#define IS_NULL (1u << 31)

struct _TideRowBlock
{
  gatomicrefcount  ref_count;
  guint            first_row;
  guint            n_columns;
  guint            n_rows; /* atomic */
  gsize            size;
  gsize            text_size;
  char            *data;
  GBytes          *owner; /* (nullable): of the data; NULL: the block's own */
};

/* Not from the heap: what is given back goes to the system at once, and what is not written to costs nothing. */
TideRowBlock *
tide_row_block_new (guint first_row,
                    guint n_columns,
                    gsize size)
{
  TideRowBlock *self;
  char *data = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (data == MAP_FAILED)
    return NULL;
  self = g_new0 (TideRowBlock, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->first_row = first_row;
  self->n_columns = n_columns;
  self->size = size;
  self->data = data;
  return self;
}

TideRowBlock *
tide_row_block_new_mapped (const TideRowBlock *self,
                           const char         *data,
                           GBytes             *owner)
{
  TideRowBlock *copy = g_memdup2 (self, sizeof *self);

  g_atomic_ref_count_init (&copy->ref_count);
  copy->data = (char *) data;
  copy->owner = g_bytes_ref (owner);
  return copy;
}

TideRowBlock *
tide_row_block_ref (TideRowBlock *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_row_block_unref (TideRowBlock *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->owner != NULL)
    g_bytes_unref (self->owner);
  else
    munmap (self->data, self->size);
  g_free (self);
}

gsize
tide_row_block_measure (guint        n_columns,
                        const gsize *lengths)
{
  gsize size = (gsize) n_columns * sizeof (guint32);

  for (guint i = 0; i < n_columns; i++)
    size += lengths[i];
  return size;
}

gboolean
tide_row_block_add (TideRowBlock       *self,
                    const char * const *values,
                    const gsize        *lengths)
{
  guint n_rows = self->n_rows;
  guint32 *words = (guint32 *) (gpointer) self->data + (gsize) n_rows * self->n_columns;
  gsize used = ((gsize) n_rows * self->n_columns) * sizeof (guint32) + self->text_size;

  if (self->size - used < tide_row_block_measure (self->n_columns, lengths))
    return FALSE;
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (values[i] != NULL)
        {
          self->text_size += lengths[i];
          memcpy (self->data + self->size - self->text_size, values[i], lengths[i]);
        }
      words[i] = (guint32) self->text_size | (values[i] != NULL ? 0 : IS_NULL);
    }
  g_atomic_int_set (&self->n_rows, n_rows + 1);
  return TRUE;
}

guint
tide_row_block_get_first (const TideRowBlock *self)
{
  return self->first_row;
}

guint
tide_row_block_get_n_rows (const TideRowBlock *self)
{
  return g_atomic_int_get (&self->n_rows);
}

gsize
tide_row_block_get_size (const TideRowBlock *self)
{
  return self->size;
}

const char *
tide_row_block_get_data (const TideRowBlock *self)
{
  return self->data;
}

const char *
tide_row_block_get_value (const TideRowBlock *self,
                          guint               row,
                          guint               column,
                          gsize              *length)
{
  gsize cell = (gsize) (row - self->first_row) * self->n_columns + column;
  const guint32 *words = (const guint32 *) (gconstpointer) self->data;
  guint32 end = cell > 0 ? words[cell - 1] & ~IS_NULL : 0;
  guint32 start = words[cell];

  *length = 0;
  if (start & IS_NULL)
    return NULL;
  *length = start - end;
  return self->data + self->size - start;
}
