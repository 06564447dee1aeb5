/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-keeper"

#include "config.h"

#include "sql/tide-sql-keeper.h"

#include "sql/tide-sql-mirror.h"

#define WAIT_MS 400

/* Shared with the thread that writes */
typedef struct
{
  gatomicrefcount   ref_count;
  GMutex            mutex;
  TideQueryJournal *journal;   /* made by the first one who writes */
  guint             written;   /* the youngest draft that was */
  gboolean          forgotten;
} Book;

typedef struct
{
  Book           *book;
  TideSqlMirror  *mirror;
  TideQueryDraft *draft;  /* without its text, which the thread takes from the mirror */
  guint           number;
} Entry;

struct _TideSqlKeeper
{
  GObject        parent_instance;

  GtkTextBuffer *buffer;
  Book          *book;
  char          *place;
  char          *title;
  char          *path;
  char          *stamp;
  gint64         order;
  guint          source;
  guint          n_entries;
};

G_DEFINE_FINAL_TYPE (TideSqlKeeper, tide_sql_keeper, G_TYPE_OBJECT)

static void
book_unref (Book *book)
{
  if (!g_atomic_ref_count_dec (&book->ref_count))
    return;
  g_clear_pointer (&book->journal, tide_query_journal_unref);
  g_mutex_clear (&book->mutex);
  g_free (book);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  book_unref (entry->book);
  tide_sql_mirror_unref (entry->mirror);
  tide_query_draft_free (entry->draft);
  g_free (entry);
}

static void
write_entry (Entry *entry)
{
  Book *book = entry->book;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&book->mutex);
  g_autoptr(GError) error = NULL;

  if (book->forgotten || entry->number < book->written)
    return;
  entry->draft->text = tide_sql_mirror_dup_text (entry->mirror);
  if (book->journal == NULL)
    book->journal = tide_query_journal_new (NULL, &error);
  if (book->journal == NULL || !tide_query_journal_write (book->journal, entry->draft, &error))
    g_warning ("%s", error->message);
  book->written = entry->number;
  /* Here, in the thread: to give back a large text takes long. */
  g_clear_pointer (&entry->draft->text, g_free);
}

static void
write_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  write_entry (data);
  g_task_return_boolean (task, TRUE);
}

static Entry *
make_entry (TideSqlKeeper *self)
{
  Entry *entry = g_new0 (Entry, 1);
  TideQueryDraft *draft = g_new0 (TideQueryDraft, 1);

  draft->place = g_strdup (self->place);
  draft->title = g_strdup (self->title);
  draft->path = g_strdup (self->path);
  draft->stamp = g_strdup (self->stamp);
  draft->modified = gtk_text_buffer_get_modified (self->buffer);
  draft->order = self->order;
  g_object_get (self->buffer, "cursor-position", &draft->cursor, NULL);
  g_atomic_ref_count_inc (&self->book->ref_count);
  entry->book = self->book;
  entry->mirror = tide_sql_mirror_get (self->buffer);
  entry->draft = draft;
  entry->number = ++self->n_entries;
  return entry;
}

static gboolean
write_soon (gpointer data)
{
  TideSqlKeeper *self = data;
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  self->source = 0;
  g_task_set_source_tag (task, write_soon);
  g_task_set_task_data (task, make_entry (self), entry_free);
  g_task_run_in_thread (task, write_in_thread);
  return G_SOURCE_REMOVE;
}

static void
on_changed (TideSqlKeeper *self)
{
  if (self->source == 0)
    self->source = g_timeout_add (WAIT_MS, write_soon, self);
}

/* What was typed last must not be lost because the window closes at once. */
static void
tide_sql_keeper_dispose (GObject *object)
{
  TideSqlKeeper *self = TIDE_SQL_KEEPER (object);

  if (self->source != 0 && self->book != NULL && !self->book->forgotten)
    {
      Entry *entry = make_entry (self);

      write_entry (entry);
      entry_free (entry);
    }
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->buffer);
  g_clear_pointer (&self->book, book_unref);
  g_clear_pointer (&self->place, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->stamp, g_free);
  G_OBJECT_CLASS (tide_sql_keeper_parent_class)->dispose (object);
}

static void
tide_sql_keeper_class_init (TideSqlKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_sql_keeper_dispose;
}

static void
tide_sql_keeper_init (TideSqlKeeper *self)
{
  self->book = g_new0 (Book, 1);
  g_atomic_ref_count_init (&self->book->ref_count);
  g_mutex_init (&self->book->mutex);
  self->order = g_get_real_time ();
}

TideSqlKeeper *
tide_sql_keeper_new (GtkTextBuffer *buffer,
                     const char    *place)
{
  TideSqlKeeper *self = g_object_new (TIDE_TYPE_SQL_KEEPER, NULL);

  self->buffer = g_object_ref (buffer);
  self->place = g_strdup (place);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "notify::cursor-position", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "modified-changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  return self;
}

void
tide_sql_keeper_adopt (TideSqlKeeper    *self,
                       TideQueryJournal *journal,
                       gint64            order)
{
  g_return_if_fail (self->book->journal == NULL);

  self->book->journal = tide_query_journal_ref (journal);
  self->order = order;
}

void
tide_sql_keeper_set_file (TideSqlKeeper *self,
                          const char    *title,
                          const char    *path,
                          const char    *stamp)
{
  g_free (self->title);
  g_free (self->path);
  g_free (self->stamp);
  self->title = g_strdup (title);
  self->path = g_strdup (path);
  self->stamp = g_strdup (stamp);
  on_changed (self);
}

void
tide_sql_keeper_forget (TideSqlKeeper *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->book->mutex);

  self->book->forgotten = TRUE;
  if (self->book->journal != NULL)
    tide_query_journal_forget (self->book->journal);
}
