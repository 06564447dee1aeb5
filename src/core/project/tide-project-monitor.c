/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-project-monitor"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "project/tide-project-monitor.h"

/* Quiet that ends a burst, and how long an endless one may keep its news back */
#define QUIET_MS 150
#define MAX_DELAY_US G_USEC_PER_SEC

/* How long the migrations' own folders wait for it: whoever opens a project wants to see it first */
#define REST_MS 400

/* Each watched folder takes one of the system's inotify watches; people edit young migrations */
#define MAX_MIGRATION_FOLDERS 256

struct _TideProjectMonitor
{
  GObject       parent_instance;

  /* Owned */
  TideProject  *project;
  GMainContext *context;
  GHashTable   *monitors;   /* path -> GFileMonitor */
  GSource      *pending;    /* nullable */
  GSource      *rest;       /* nullable: what is watched as soon as there is time */
  GArray       *stamps;     /* of gint64: how the migrations' files were before */
  gint64        first_event;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideProjectMonitor, tide_project_monitor, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
on_quiet (gpointer data)
{
  g_autoptr(TideProjectMonitor) self = g_object_ref (data);

  clear_source (&self->pending);
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
note_event (TideProjectMonitor *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->pending == NULL)
    self->first_event = now;
  else if (now - self->first_event > MAX_DELAY_US)
    return;
  clear_source (&self->pending);
  self->pending = g_timeout_source_new (QUIET_MS);
  g_source_set_callback (self->pending, on_quiet, self, NULL);
  g_source_attach (self->pending, self->context);
}

/* A project's folder sees much that is nobody's business here (node_modules, .git, build output) */
static gboolean
is_of_interest (const char *name)
{
  static const char *const names[] = {
    "package.json", "tidemark.json", "migrations", "schema", ".config", ".env", NULL,
  };

  return g_strv_contains (names, name) || g_str_has_suffix (name, ".prisma") || g_str_has_prefix (name, "prisma");
}

static gboolean
is_inside (const char *path,
           const char *folder)
{
  gsize length = strlen (folder);

  return strncmp (path, folder, length) == 0 && path[length] == '/';
}

static void
watch (TideProjectMonitor *self,
       const char         *folder,
       GCallback           handler)
{
  g_autoptr(GFile) file = g_file_new_for_path (folder);
  g_autoptr(GError) error = NULL;
  GFileMonitor *monitor;

  if (g_hash_table_contains (self->monitors, folder) || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    return;
  monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, &error);
  if (monitor == NULL)
    {
      g_debug ("\"%s\" is not watched: %s", folder, error->message);
      return;
    }
  g_signal_connect_object (monitor, "changed", handler, self, 0);
  g_hash_table_insert (self->monitors, g_strdup (folder), monitor);
}

static void
on_changed (GFileMonitor       *monitor,
            GFile              *file,
            GFile              *other,
            GFileMonitorEvent   event,
            TideProjectMonitor *self)
{
  const char *path = g_file_peek_path (file);
  g_autofree char *name = NULL;
  gboolean in_migrations;

  if (path == NULL || event == G_FILE_MONITOR_EVENT_PRE_UNMOUNT || event == G_FILE_MONITOR_EVENT_UNMOUNTED)
    return;
  name = g_path_get_basename (path);
  in_migrations = is_inside (path, tide_project_get_migrations_dir (self->project));
  if (!in_migrations && !is_of_interest (name))
    return;

  /* The migration.sql of a new folder comes after the folder */
  if (event == G_FILE_MONITOR_EVENT_CREATED && g_file_test (path, G_FILE_TEST_IS_DIR))
    watch (self, path, G_CALLBACK (on_changed));
  else if (event == G_FILE_MONITOR_EVENT_DELETED)
    g_hash_table_remove (self->monitors, path);
  note_event (self);
}

static void
watch_parent (TideProjectMonitor *self,
              const char         *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  watch (self, folder, G_CALLBACK (on_changed));
}

/* The migrations whose folders are watched: the newest */
static guint
first_watched (TideProjectMonitor *self)
{
  guint n = tide_project_get_migrations (self->project)->len;

  return n - MIN (n, MAX_MIGRATION_FOLDERS);
}

static const char *
get_path (TideProjectMonitor *self,
          guint               i)
{
  return tide_migration_get_path (g_ptr_array_index (tide_project_get_migrations (self->project), i));
}

/* Another one as soon as the file is written */
static gint64
read_stamp (const char *path)
{
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    return -1;
  return (status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000) * 31 + status.st_size;
}

static gboolean
watch_migrations (gpointer data)
{
  TideProjectMonitor *self = data;

  clear_source (&self->rest);
  for (guint i = 0; i < self->stamps->len; i++)
    {
      const char *path = get_path (self, first_watched (self) + i);

      watch_parent (self, path);
      if (read_stamp (path) != g_array_index (self->stamps, gint64, i))
        note_event (self);
    }
  return G_SOURCE_REMOVE;
}

static void
watch_migrations_later (TideProjectMonitor *self)
{
  guint n = tide_project_get_migrations (self->project)->len;

  for (guint i = first_watched (self); i < n; i++)
    {
      gint64 stamp = read_stamp (get_path (self, i));

      g_array_append_val (self->stamps, stamp);
    }
  self->rest = g_timeout_source_new (REST_MS);
  g_source_set_callback (self->rest, watch_migrations, self, NULL);
  g_source_attach (self->rest, self->context);
}

static void
watch_all (TideProjectMonitor *self)
{
  GPtrArray *schema_files = tide_project_get_schema_files (self->project);
  const char *migrations_dir = tide_project_get_migrations_dir (self->project);

  watch (self, tide_project_get_root (self->project), G_CALLBACK (on_changed));
  watch_parent (self, migrations_dir);
  watch (self, migrations_dir, G_CALLBACK (on_changed));
  if (tide_project_get_schema_path (self->project) != NULL)
    watch (self, tide_project_get_schema_path (self->project), G_CALLBACK (on_changed));
  for (guint i = 0; i < schema_files->len; i++)
    watch_parent (self, g_ptr_array_index (schema_files, i));
  watch_migrations_later (self);
}

static void
tide_project_monitor_dispose (GObject *object)
{
  TideProjectMonitor *self = TIDE_PROJECT_MONITOR (object);

  clear_source (&self->pending);
  clear_source (&self->rest);
  g_clear_pointer (&self->stamps, g_array_unref);
  g_clear_pointer (&self->monitors, g_hash_table_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->project);

  G_OBJECT_CLASS (tide_project_monitor_parent_class)->dispose (object);
}

static void
tide_project_monitor_class_init (TideProjectMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tide_project_monitor_dispose;

  /**
   * TideProjectMonitor::changed:
   *
   * Something that tide_project_load() reads has changed; once per burst.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tide_project_monitor_init (TideProjectMonitor *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->stamps = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->monitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/**
 * tide_project_monitor_new:
 * @project: what to watch
 *
 * Watches until it is disposed. A folder that cannot be watched is passed over. Of a very long history the
 * newest migrations are watched, and the migrations directory itself always.
 *
 * Returns: (transfer full): a monitor whose signals come in the current thread-default context
 */
TideProjectMonitor *
tide_project_monitor_new (TideProject *project)
{
  TideProjectMonitor *self;

  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);

  self = g_object_new (TIDE_TYPE_PROJECT_MONITOR, NULL);
  self->project = g_object_ref (project);
  watch_all (self);
  return self;
}
