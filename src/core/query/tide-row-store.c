/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-store"

#include "config.h"

#include <string.h>

#include "query/tide-row-block.h"
#include "query/tide-row-spill.h"
#include "query/tide-row-store.h"
#include "tide-error.h"

#define FIRST_BLOCK (64 * 1024)
#define BLOCK (1024 * 1024)
#define LARGEST_ROW G_MAXINT32

/* The first news at once, then so many together */
#define GATHER_MS 50

struct _TideRowStore
{
  GObject            parent_instance;
  GMainContext      *context;
  char              *statement;
  guint64            budget;
  gint64             started;

  /* The appending thread only */
  TideRowSpill      *spill;   /* (nullable): nothing yet */
  const char       **values;  /* a row */
  gsize             *lengths; /* of them */

  /* Set once, under the mutex */
  guint              n_columns;
  char             **names;
  guint32           *types;
  guint32           *tables;
  int               *attributes;

  /* Under the mutex */
  GMutex             mutex;
  GPtrArray         *blocks;
  guint              n_rows;  /* atomic, too */
  guint64            text_bytes;
  guint64            spilled;
  guint64            held;    /* bytes of memory */
  gint64             first_row;
  gint64             elapsed; /* -1 while it runs */
  TideRowStoreState  state;
  GError            *error;
  GSource           *news;    /* (nullable): on its way */
  gboolean           told;    /* the first news */
};

G_DEFINE_FINAL_TYPE (TideRowStore, tide_row_store, G_TYPE_OBJECT)

static guint changed_signal;

/* What all stores together hold: it is the program that shall stay small. */
static GMutex total_mutex;
static guint64 total_held;

static void
account (TideRowStore *self,
         gint64        change)
{
  self->held += change;
  g_mutex_lock (&total_mutex);
  total_held += change;
  g_mutex_unlock (&total_mutex);
}

static gboolean
is_over_budget (TideRowStore *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&total_mutex);

  return total_held > self->budget;
}

static void
tide_row_store_finalize (GObject *object)
{
  TideRowStore *self = TIDE_ROW_STORE (object);

  account (self, -(gint64) self->held);
  if (self->news != NULL)
    g_source_destroy (self->news);
  g_clear_pointer (&self->news, g_source_unref);
  g_ptr_array_unref (self->blocks);
  g_clear_pointer (&self->spill, tide_row_spill_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_error (&self->error);
  g_strfreev (self->names);
  g_free (self->types);
  g_free (self->tables);
  g_free (self->attributes);
  g_free (self->values);
  g_free (self->lengths);
  g_free (self->statement);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (tide_row_store_parent_class)->finalize (object);
}

static void
tide_row_store_class_init (TideRowStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_row_store_finalize;

  /**
   * TideRowStore::changed:
   *
   * There are more rows, or the state is another one.
   */
  changed_signal = g_signal_new ("changed", TIDE_TYPE_ROW_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
tide_row_store_init (TideRowStore *self)
{
  g_mutex_init (&self->mutex);
  self->context = g_main_context_ref_thread_default ();
  self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_row_block_unref);
  self->started = g_get_monotonic_time ();
  self->first_row = -1;
  self->elapsed = -1;
}

static gboolean
tell_news (gpointer data)
{
  GWeakRef *weak = data;
  g_autoptr(TideRowStore) self = g_weak_ref_get (weak);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->news, g_source_unref);
  g_mutex_unlock (&self->mutex);
  g_signal_emit (self, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

static void
weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Under the mutex */
static void
send_news (TideRowStore *self,
           gboolean      urgent)
{
  GWeakRef *weak;

  if (self->news != NULL && urgent)
    g_source_set_ready_time (self->news, 0);
  if (self->news != NULL)
    return;
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  self->news = g_timeout_source_new (urgent || !self->told ? 0 : GATHER_MS);
  g_source_set_priority (self->news, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->news, tell_news, weak, weak_free);
  g_source_attach (self->news, self->context);
  self->told = TRUE;
}

/**
 * tide_row_store_new:
 * @budget: bytes that all stores together may hold in memory before blocks go to a file
 * @statement: (nullable): the text that answered it
 *
 * Returns: (transfer full): an empty store whose clock runs
 */
TideRowStore *
tide_row_store_new (guint64     budget,
                    const char *statement)
{
  TideRowStore *self = g_object_new (TIDE_TYPE_ROW_STORE, NULL);

  self->budget = budget;
  self->statement = g_strdup (statement);
  return self;
}

static void
set_columns (TideRowStore *self,
             TideResult   *chunk)
{
  g_autoptr(GMutexLocker) locker = NULL;
  guint n = tide_result_get_n_columns (chunk);

  if (self->names != NULL || n == 0)
    return;
  locker = g_mutex_locker_new (&self->mutex);
  self->values = g_new0 (const char *, n);
  self->lengths = g_new0 (gsize, n);
  self->types = g_new0 (guint32, n);
  self->tables = g_new0 (guint32, n);
  self->attributes = g_new0 (int, n);
  self->names = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      self->names[i] = g_strdup (tide_result_get_column_name (chunk, i));
      self->types[i] = tide_result_get_column_type (chunk, i);
      self->tables[i] = tide_result_get_column_origin (chunk, i, &self->attributes[i]);
    }
  self->n_columns = n;
}

/* Puts the full last block into the file, where there is too much in memory */
static gboolean
spill_last (TideRowStore  *self,
            GError       **error)
{
  TideRowBlock *block = g_ptr_array_index (self->blocks, self->blocks->len - 1);
  gsize size = tide_row_block_get_size (block);
  g_autoptr(GBytes) owner = NULL;
  const char *place;

  if (!is_over_budget (self))
    return TRUE;
  if (self->spill == NULL)
    self->spill = tide_row_spill_new (error);
  if (self->spill == NULL)
    return FALSE;
  place = tide_row_spill_add (self->spill, tide_row_block_get_data (block), size, &owner, error);
  if (place == NULL)
    return FALSE;
  g_mutex_lock (&self->mutex);
  self->blocks->pdata[self->blocks->len - 1] = tide_row_block_new_mapped (block, place, owner);
  self->spilled += size;
  account (self, -(gint64) size);
  g_mutex_unlock (&self->mutex);
  tide_row_block_unref (block);
  return TRUE;
}

static TideRowBlock *
add_block (TideRowStore  *self,
           gsize          row_size,
           GError       **error)
{
  gsize usual = self->blocks->len == 0 ? FIRST_BLOCK : BLOCK;
  gsize size = MAX (usual, row_size);
  TideRowBlock *block;

  if (self->blocks->len > 0 && !spill_last (self, error))
    return NULL;
  block = row_size <= LARGEST_ROW ? tide_row_block_new (self->n_rows, self->n_columns, size) : NULL;
  if (block == NULL)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, "fetch fewer rows or columns",
                      "not enough memory for row %u of %" G_GSIZE_FORMAT " bytes", self->n_rows + 1, row_size);
      return NULL;
    }
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->blocks, block);
  account (self, size);
  g_mutex_unlock (&self->mutex);
  return block;
}

/* Returns the text bytes of the row, or -1 */
static gssize
add_row (TideRowStore        *self,
         const char * const  *values,
         const gsize         *lengths,
         GError             **error)
{
  TideRowBlock *block = self->blocks->len > 0 ? g_ptr_array_index (self->blocks, self->blocks->len - 1) : NULL;
  gsize size = tide_row_block_measure (self->n_columns, lengths);

  if (block == NULL || !tide_row_block_add (block, values, lengths))
    {
      block = add_block (self, size, error);
      if (block == NULL)
        return -1;
      tide_row_block_add (block, values, lengths);
    }
  return size - (gsize) self->n_columns * sizeof (guint32);
}

static gssize
add_row_of (TideRowStore  *self,
            TideResult    *chunk,
            guint          row,
            GError       **error)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      self->values[i] = tide_result_get_value (chunk, row, i);
      self->lengths[i] = tide_result_get_length (chunk, row, i);
    }
  return add_row (self, self->values, self->lengths, error);
}

/**
 * tide_row_store_append:
 * @self: a store that is not finished
 * @chunk: rows of the same statement as all before
 * @error: return location for what went wrong
 *
 * One thread appends. The rows can be read by others when this returns, also those before one that failed.
 *
 * Returns: whether all rows of @chunk are kept
 */
gboolean
tide_row_store_append (TideRowStore  *self,
                       TideResult    *chunk,
                       GError       **error)
{
  guint n = tide_result_get_n_rows (chunk);
  gssize bytes = 0;
  guint64 text = 0;
  guint i;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), FALSE);
  g_return_val_if_fail (self->names == NULL || tide_result_get_n_columns (chunk) == self->n_columns, FALSE);

  set_columns (self, chunk);
  for (i = 0; i < n && bytes >= 0; i++)
    {
      if (self->n_columns > 0)
        bytes = add_row_of (self, chunk, i, error);
      if (bytes < 0)
        break;
      text += bytes;
      g_atomic_int_inc (&self->n_rows);
    }
  g_mutex_lock (&self->mutex);
  self->text_bytes += text;
  if (self->first_row < 0 && i > 0)
    self->first_row = g_get_monotonic_time () - self->started;
  send_news (self, FALSE);
  g_mutex_unlock (&self->mutex);
  return bytes >= 0;
}

gboolean
tide_row_store_add (TideRowStore        *self,
                    const char * const  *values,
                    const gsize         *lengths,
                    guint               *row,
                    GError             **error)
{
  gssize bytes;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), FALSE);
  g_return_val_if_fail (tide_row_store_get_state (self) != TIDE_ROW_STORE_RUNNING, FALSE);

  bytes = add_row (self, values, lengths, error);
  if (bytes < 0)
    return FALSE;
  *row = g_atomic_int_add (&self->n_rows, 1);
  return TRUE;
}

void
tide_row_store_finish (TideRowStore *self,
                       const GError *error)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (TIDE_IS_ROW_STORE (self));

  locker = g_mutex_locker_new (&self->mutex);
  if (self->state != TIDE_ROW_STORE_RUNNING)
    return;
  self->elapsed = g_get_monotonic_time () - self->started;
  if (error == NULL)
    self->state = TIDE_ROW_STORE_COMPLETE;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->state = TIDE_ROW_STORE_CANCELLED;
  else
    self->state = TIDE_ROW_STORE_FAILED;
  if (error != NULL)
    self->error = g_error_copy (error);
  send_news (self, TRUE);
}

TideRowStoreState
tide_row_store_get_state (TideRowStore *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), TIDE_ROW_STORE_FAILED);

  locker = g_mutex_locker_new (&self->mutex);
  return self->state;
}

GError *
tide_row_store_dup_error (TideRowStore *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), NULL);

  locker = g_mutex_locker_new (&self->mutex);
  return self->error ? g_error_copy (self->error) : NULL;
}

const char *
tide_row_store_get_statement (TideRowStore *self)
{
  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), NULL);

  return self->statement;
}

guint
tide_row_store_get_n_rows (TideRowStore *self)
{
  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), 0);

  return g_atomic_int_get (&self->n_rows);
}

guint
tide_row_store_get_n_columns (TideRowStore *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->n_columns;
}

const char *
tide_row_store_get_column_name (TideRowStore *self,
                                guint         column)
{
  g_return_val_if_fail (column < tide_row_store_get_n_columns (self), NULL);

  return self->names[column];
}

guint32
tide_row_store_get_column_type (TideRowStore *self,
                                guint         column)
{
  g_return_val_if_fail (column < tide_row_store_get_n_columns (self), 0);

  return self->types[column];
}

guint32
tide_row_store_get_column_origin (TideRowStore *self,
                                  guint         column,
                                  int          *attribute)
{
  g_return_val_if_fail (column < tide_row_store_get_n_columns (self), 0);

  *attribute = self->attributes[column];
  return self->tables[column];
}

guint64
tide_row_store_get_text_bytes (TideRowStore *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->text_bytes;
}

guint64
tide_row_store_get_spilled (TideRowStore *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->spilled;
}

gint64
tide_row_store_get_first_row (TideRowStore *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), -1);

  locker = g_mutex_locker_new (&self->mutex);
  return self->first_row;
}

gint64
tide_row_store_get_elapsed (TideRowStore *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), 0);

  locker = g_mutex_locker_new (&self->mutex);
  return self->elapsed >= 0 ? self->elapsed : g_get_monotonic_time () - self->started;
}

char *
tide_row_store_dup_value (TideRowStore *self,
                          guint         row,
                          guint         column,
                          gsize        *length)
{
  g_auto(TideRowReader) reader = { NULL };
  const char *value;
  char *copy;
  gsize size;

  g_return_val_if_fail (TIDE_IS_ROW_STORE (self), NULL);

  tide_row_reader_init (&reader, self);
  value = tide_row_reader_get (&reader, row, column, &size);
  if (length != NULL)
    *length = size;
  if (value == NULL)
    return NULL;
  copy = g_malloc (size + 1);
  memcpy (copy, value, size);
  copy[size] = '\0';
  return copy;
}

void
tide_row_reader_init (TideRowReader *self,
                      TideRowStore  *store)
{
  self->store = g_object_ref (store);
  self->block = NULL;
}

void
tide_row_reader_clear (TideRowReader *self)
{
  g_clear_pointer (&self->block, tide_row_block_unref);
  g_clear_object (&self->store);
}

static gboolean
holds (const TideRowBlock *block,
       guint               row)
{
  guint first = tide_row_block_get_first (block);

  return row >= first && row - first < tide_row_block_get_n_rows (block);
}

/* Under the store's mutex: the last block that starts at or before @row */
static TideRowBlock *
find_block (TideRowStore *store,
            guint         row)
{
  guint low = 0;
  guint high = store->blocks->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (tide_row_block_get_first (g_ptr_array_index (store->blocks, middle)) <= row)
        low = middle;
      else
        high = middle;
    }
  return g_ptr_array_index (store->blocks, low);
}

const char *
tide_row_reader_get (TideRowReader *self,
                     guint          row,
                     guint          column,
                     gsize         *length)
{
  *length = 0;
  g_return_val_if_fail (row < tide_row_store_get_n_rows (self->store), NULL);
  g_return_val_if_fail (column < self->store->n_columns, NULL);

  if (self->block == NULL || !holds (self->block, row))
    {
      g_clear_pointer (&self->block, tide_row_block_unref);
      g_mutex_lock (&self->store->mutex);
      self->block = tide_row_block_ref (find_block (self->store, row));
      g_mutex_unlock (&self->store->mutex);
    }
  return tide_row_block_get_value (self->block, row, column, length);
}
