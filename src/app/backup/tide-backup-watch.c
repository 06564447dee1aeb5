/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-watch"

#include "config.h"

#include "backup/tide-backup-files.h"
#include "backup/tide-backup-watch.h"

/* Quiet that ends a burst, and how long an endless one may keep its news back */
#define QUIET_MS 200
#define MAX_DELAY_US (2 * G_USEC_PER_SEC)

/* Of the folders that are put into it: each takes one of the system's watches */
#define MAX_FOLDERS 32

struct _TideBackupWatch
{
  GObject     parent_instance;

  /* Owned */
  char       *folder;
  GHashTable *monitors;   /* path -> GFileMonitor: of it, and of the new folders in it, which are filled once they are there */
  guint       pending;
  gint64      first_event;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideBackupWatch, tide_backup_watch, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static gboolean
on_quiet (gpointer data)
{
  TideBackupWatch *self = data;

  self->pending = 0;
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
note_event (TideBackupWatch *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->pending == 0)
    self->first_event = now;
  else if (now - self->first_event > MAX_DELAY_US)
    return;
  g_clear_handle_id (&self->pending, g_source_remove);
  self->pending = g_timeout_add (QUIET_MS, on_quiet, self);
}

static void on_changed (GFileMonitor      *monitor,
                        GFile             *file,
                        GFile             *other,
                        GFileMonitorEvent  event,
                        TideBackupWatch   *self);

static void
watch (TideBackupWatch *self,
       const char      *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  GFileMonitor *monitor;

  if (g_hash_table_size (self->monitors) > MAX_FOLDERS || g_hash_table_contains (self->monitors, path))
    return;
  monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, &error);
  if (monitor == NULL)
    {
      g_debug ("\"%s\" is not watched: %s", path, error->message);
      return;
    }
  g_signal_connect_object (monitor, "changed", G_CALLBACK (on_changed), self, 0);
  g_hash_table_insert (self->monitors, g_strdup (path), monitor);
}

static void
on_changed (GFileMonitor      *monitor,
            GFile             *file,
            GFile             *other,
            GFileMonitorEvent  event,
            TideBackupWatch   *self)
{
  const char *path = g_file_peek_path (file);

  if (path == NULL || event == G_FILE_MONITOR_EVENT_CHANGED || event == G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
    return;
  if (event == G_FILE_MONITOR_EVENT_DELETED && !g_str_equal (path, self->folder))
    g_hash_table_remove (self->monitors, path);
  else if (event == G_FILE_MONITOR_EVENT_CREATED && !g_str_has_suffix (path, TIDE_PARTIAL_SUFFIX)
           && g_file_test (path, G_FILE_TEST_IS_DIR))
    watch (self, path);
  note_event (self);
}

static void
tide_backup_watch_dispose (GObject *object)
{
  TideBackupWatch *self = TIDE_BACKUP_WATCH (object);

  g_clear_handle_id (&self->pending, g_source_remove);
  g_clear_pointer (&self->monitors, g_hash_table_unref);
  g_clear_pointer (&self->folder, g_free);
  G_OBJECT_CLASS (tide_backup_watch_parent_class)->dispose (object);
}

static void
tide_backup_watch_class_init (TideBackupWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_backup_watch_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_backup_watch_init (TideBackupWatch *self)
{
  self->monitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

TideBackupWatch *
tide_backup_watch_new (const char *folder)
{
  TideBackupWatch *self = g_object_new (TIDE_TYPE_BACKUP_WATCH, NULL);

  g_return_val_if_fail (folder != NULL, NULL);

  self->folder = g_strdup (folder);
  watch (self, folder);
  return self;
}

const char *
tide_backup_watch_get_folder (TideBackupWatch *self)
{
  g_return_val_if_fail (TIDE_IS_BACKUP_WATCH (self), NULL);
  return self->folder;
}
