/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-mirror"

#include "config.h"

#include <string.h>

#include "sql/tide-sql-mirror.h"

/* What is changed in more places at once, by replacing all, is copied */
#define MOST_EDITS 256

/* In characters */
typedef struct
{
  int      offset;
  int      n_deleted; /* before what is inserted; -1: all there is */
  int      n_inserted;
  GString *inserted;
} Edit;

struct _TideSqlMirror
{
  gatomicrefcount ref_count;

  /* Main thread */
  int             n_chars;  /* when all edits are made */
  int             deleting;
  gboolean        lost;     /* the edits lead to another text than the buffer's */

  GMutex          edits_mutex; /* held for a moment only: the main thread takes it */
  GPtrArray      *edits;

  GMutex          text_mutex;
  GString        *text;
};

static void
edit_free (gpointer data)
{
  Edit *edit = data;

  g_string_free (edit->inserted, TRUE);
  g_free (edit);
}

static GPtrArray *
new_edits (void)
{
  return g_ptr_array_new_with_free_func (edit_free);
}

static Edit *
edit_new (int         offset,
          int         n_deleted,
          const char *text,
          gsize       size,
          int         n_inserted)
{
  Edit *edit = g_new0 (Edit, 1);

  edit->offset = offset;
  edit->n_deleted = n_deleted;
  edit->n_inserted = n_inserted;
  edit->inserted = g_string_new_len (text, size);
  return edit;
}

static void
note (TideSqlMirror *self,
      int            offset,
      int            n_deleted,
      const char    *text,
      gsize          size,
      int            n_inserted)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->edits_mutex);
  Edit *last = self->edits->len > 0 ? g_ptr_array_index (self->edits, self->edits->len - 1) : NULL;

  if (last != NULL && n_deleted == 0 && offset == last->offset + last->n_inserted)
    {
      g_string_append_len (last->inserted, text, size);
      last->n_inserted += n_inserted;
    }
  else if (self->edits->len < MOST_EDITS)
    g_ptr_array_add (self->edits, edit_new (offset, n_deleted, text, size, n_inserted));
  else
    self->lost = TRUE;
}

/* Afterwards: the change was made, and @iter stands behind it. */
static void
on_inserted (GtkTextBuffer *buffer,
             GtkTextIter   *iter,
             const char    *text,
             int            length,
             TideSqlMirror *self)
{
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  int n_inserted = g_utf8_strlen (text, size);

  self->n_chars += n_inserted;
  if (self->n_chars != gtk_text_buffer_get_char_count (buffer))
    self->lost = TRUE;
  if (!self->lost && n_inserted > 0)
    note (self, gtk_text_iter_get_offset (iter) - n_inserted, 0, text, size, n_inserted);
}

static void
on_delete (GtkTextBuffer *buffer,
           GtkTextIter   *start,
           GtkTextIter   *end,
           TideSqlMirror *self)
{
  self->deleting = ABS (gtk_text_iter_get_offset (end) - gtk_text_iter_get_offset (start));
}

static void
on_deleted (GtkTextBuffer *buffer,
            GtkTextIter   *start,
            GtkTextIter   *end,
            TideSqlMirror *self)
{
  self->n_chars -= self->deleting;
  if (self->n_chars != gtk_text_buffer_get_char_count (buffer))
    self->lost = TRUE;
  if (!self->lost && self->deleting > 0)
    note (self, gtk_text_iter_get_offset (start), self->deleting, "", 0, 0);
}

static void
copy_all (TideSqlMirror *self,
          GtkTextBuffer *buffer)
{
  g_autoptr(GMutexLocker) locker = NULL;
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  self->n_chars = gtk_text_buffer_get_char_count (buffer);
  /* What is no text, as pictures, is a character of the buffer only. */
  self->lost = g_utf8_strlen (text, -1) != self->n_chars;
  locker = g_mutex_locker_new (&self->edits_mutex);
  g_ptr_array_set_size (self->edits, 0);
  g_ptr_array_add (self->edits, edit_new (0, -1, text, strlen (text), self->n_chars));
}

static void
apply (GString *text,
       Edit    *edit)
{
  const char *start;
  gsize at;

  if (edit->n_deleted < 0)
    {
      GString other = *text;

      *text = *edit->inserted;
      *edit->inserted = other;
      return;
    }
  start = g_utf8_offset_to_pointer (text->str, edit->offset);
  at = start - text->str;
  g_string_erase (text, at, g_utf8_offset_to_pointer (start, edit->n_deleted) - start);
  g_string_insert_len (text, at, edit->inserted->str, edit->inserted->len);
}

TideSqlMirror *
tide_sql_mirror_get (GtkTextBuffer *buffer)
{
  GQuark quark = g_quark_from_static_string ("tide-sql-mirror");
  TideSqlMirror *self = g_object_get_qdata (G_OBJECT (buffer), quark);

  if (self == NULL)
    {
      self = g_new0 (TideSqlMirror, 1);
      g_atomic_ref_count_init (&self->ref_count);
      g_mutex_init (&self->edits_mutex);
      g_mutex_init (&self->text_mutex);
      self->edits = new_edits ();
      self->text = g_string_new (NULL);
      g_object_set_qdata_full (G_OBJECT (buffer), quark, self, (GDestroyNotify) tide_sql_mirror_unref);
      g_signal_connect_after (buffer, "insert-text", G_CALLBACK (on_inserted), self);
      g_signal_connect (buffer, "delete-range", G_CALLBACK (on_delete), self);
      g_signal_connect_after (buffer, "delete-range", G_CALLBACK (on_deleted), self);
    }
  if (self->lost || self->n_chars != gtk_text_buffer_get_char_count (buffer))
    copy_all (self, buffer);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_sql_mirror_unref (TideSqlMirror *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->edits);
  g_string_free (self->text, TRUE);
  g_mutex_clear (&self->edits_mutex);
  g_mutex_clear (&self->text_mutex);
  g_free (self);
}

char *
tide_sql_mirror_dup_text (TideSqlMirror *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->text_mutex);
  g_autoptr(GPtrArray) edits = new_edits ();
  GPtrArray *noted;

  g_mutex_lock (&self->edits_mutex);
  noted = self->edits;
  self->edits = g_steal_pointer (&edits);
  g_mutex_unlock (&self->edits_mutex);
  edits = noted;
  for (guint i = 0; i < edits->len; i++)
    apply (self->text, g_ptr_array_index (edits, i));
  return g_strndup (self->text->str, self->text->len);
}
