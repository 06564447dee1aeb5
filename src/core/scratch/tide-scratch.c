/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-scratch"

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "job/tide-tool.h"
#include "scratch/tide-scratch-server.h"
#include "scratch/tide-scratch.h"
#include "tide-error.h"
#include "wire/tide-session.h"

/* A name has 63 bytes at most; the rest is the random part. */
#define CONNECT_SECONDS "60"
#define MAX_PREFIX 40

struct _TideScratch
{
  GObject           parent_instance;

  TideScratchPlace *place;
  int               users; /* descriptor of our share of the server */

  GMutex            lock;
  TideSession      *session; /* to the maintenance database; opened when first needed */
};

G_DEFINE_FINAL_TYPE (TideScratch, tide_scratch, G_TYPE_OBJECT)

static void
tide_scratch_finalize (GObject *object)
{
  TideScratch *self = TIDE_SCRATCH (object);

  g_clear_object (&self->session);
  if (self->users >= 0)
    close (self->users);
  g_clear_pointer (&self->place, tide_scratch_place_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_scratch_parent_class)->finalize (object);
}

static void
tide_scratch_class_init (TideScratchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_scratch_finalize;
}

static void
tide_scratch_init (TideScratch *self)
{
  g_mutex_init (&self->lock);
  self->users = -1;
}

static TideScratch *
acquire (const char    *directory,
         gboolean       keeps_data,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autoptr(TideScratch) self = g_object_new (TIDE_TYPE_SCRATCH, NULL);

  self->place = tide_scratch_place_new (directory, error);
  if (self->place == NULL || !tide_scratch_place_make (self->place, error))
    return NULL;
  self->place->keeps_data = keeps_data;
  self->users = tide_scratch_server_join (self->place, cancellable, error);
  return self->users >= 0 ? g_steal_pointer (&self) : NULL;
}

/**
 * tide_scratch_acquire:
 * @directory: (nullable): the server's folder; %NULL for `$XDG_CACHE_HOME/tidemark/scratch`
 * @cancellable: (nullable): gives up
 * @error: %TIDE_ERROR_NOT_FOUND when no server is installed, with what to install; %TIDE_ERROR_REFUSED when
 *   the folder is another user's or cannot be reached; %TIDE_ERROR_TOOL with the server's own words
 *
 * Makes the server, starts it, or joins those who use it.
 *
 * Returns: (transfer full) (nullable): the server, which runs until the last reference of the last
 *   program is gone
 */
TideScratch *
tide_scratch_acquire (const char    *directory,
                      GCancellable  *cancellable,
                      GError       **error)
{
  return acquire (directory, FALSE, cancellable, error);
}

/**
 * tide_scratch_acquire_kept:
 * @directory: the folder of the server's files; always acquire it in this way
 * @cancellable: (nullable): gives up
 * @error: as for tide_scratch_acquire()
 *
 * Starts the private server on the data that it had when it was last stopped. Data that it cannot start
 * with, or that another major made, are thrown away.
 *
 * Returns: (transfer full) (nullable): the running server
 */
TideScratch *
tide_scratch_acquire_kept (const char    *directory,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_return_val_if_fail (directory != NULL, NULL);

  return acquire (directory, TRUE, cancellable, error);
}

/**
 * tide_scratch_dup_conninfo:
 * @self: a running server
 * @dbname: a database on it
 *
 * Returns: (transfer full): how to reach @dbname as the superuser
 */
TideConninfo *
tide_scratch_dup_conninfo (TideScratch *self,
                           const char  *dbname)
{
  TideConninfo *conninfo;

  g_return_val_if_fail (TIDE_IS_SCRATCH (self), NULL);
  g_return_val_if_fail (dbname != NULL, NULL);

  conninfo = tide_conninfo_new ();
  tide_conninfo_set (conninfo, "host", self->place->socket_dir);
  tide_conninfo_set (conninfo, "port", G_STRINGIFY (TIDE_SCRATCH_PORT));
  tide_conninfo_set (conninfo, "user", "tidemark");
  tide_conninfo_set (conninfo, "dbname", dbname);
  tide_conninfo_set (conninfo, "sslmode", "disable");
  /* It is on this machine, which may be busy with just what it is wanted for. */
  tide_conninfo_set (conninfo, "connect_timeout", CONNECT_SECONDS);
  return conninfo;
}

/* One session for all threads: calls on it queue up. */
static TideSession *
open_session (TideScratch   *self,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->session != NULL && tide_session_is_lost (self->session))
    g_clear_object (&self->session);
  if (self->session == NULL)
    {
      g_autoptr(TideConninfo) conninfo = tide_scratch_dup_conninfo (self, "postgres");

      self->session = tide_session_open (conninfo, cancellable, error);
    }
  return self->session ? g_object_ref (self->session) : NULL;
}

static gboolean
run_sql (TideScratch   *self,
         const char    *sql,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autoptr(TideSession) session = open_session (self, cancellable, error);
  g_autoptr(TideResult) result = session ? tide_session_query (session, sql, NULL, 0, cancellable, error) : NULL;

  return result != NULL;
}

/* A readable part, so that a list of databases tells what they are for, and a part of its own. */
static char *
make_name (const char *prefix)
{
  g_autofree char *readable = g_ascii_strdown (prefix ? prefix : "scratch", MAX_PREFIX);

  g_strcanon (readable, "abcdefghijklmnopqrstuvwxyz0123456789", '_');
  return g_strdup_printf ("%s_%08x%08x", readable, g_random_int (), g_random_int ());
}

static TideConninfo *
create (TideScratch   *self,
        const char    *template_name,
        const char    *settings,
        const char    *prefix,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autofree char *name = make_name (prefix);
  g_autofree char *quoted_name = tide_quote_identifier (name);
  g_autofree char *quoted_template = tide_quote_identifier (template_name);
  g_autofree char *sql = NULL;
  g_autoptr(TideSession) session = open_session (self, cancellable, error);

  if (session == NULL)
    return NULL;
  /* What is made here can be made again, so what it costs to get by without the log is nothing */
  sql = g_strdup_printf ("CREATE DATABASE %s TEMPLATE %s%s%s", quoted_name, quoted_template,
                         tide_session_get_server_version (session) >= 150000 ? " STRATEGY file_copy" : "", settings);
  return run_sql (self, sql, cancellable, error) ? tide_scratch_dup_conninfo (self, name) : NULL;
}

/**
 * tide_scratch_clone_database:
 * @self: a running server
 * @template_name: a database that nobody is connected to
 * @prefix: (nullable): a readable part of the copy's name
 * @cancellable: (nullable): cancels
 * @error: what the server said
 *
 * Copies a database.
 *
 * Returns: (transfer full) (nullable): how to reach the copy; drop it with
 *   tide_scratch_drop_database(), or it goes when the server is next started
 */
TideConninfo *
tide_scratch_clone_database (TideScratch   *self,
                             const char    *template_name,
                             const char    *prefix,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_return_val_if_fail (TIDE_IS_SCRATCH (self), NULL);
  g_return_val_if_fail (template_name != NULL, NULL);

  return create (self, template_name, "", prefix, cancellable, error);
}

/**
 * tide_scratch_create_database:
 * @self: a running server
 * @prefix: (nullable): a readable part of its name
 * @cancellable: (nullable): cancels
 * @error: what the server said
 *
 * Makes an empty database, in about 50 ms.
 *
 * Returns: (transfer full) (nullable): how to reach it, as with tide_scratch_clone_database()
 */
TideConninfo *
tide_scratch_create_database (TideScratch   *self,
                              const char    *prefix,
                              GCancellable  *cancellable,
                              GError       **error)
{
  return tide_scratch_clone_database (self, "template0", prefix, cancellable, error);
}

/**
 * tide_scratch_create_database_like:
 * @self: a running server
 * @settings: the part of CREATE DATABASE about encoding and locale
 * @prefix: (nullable): a readable part of its name
 * @cancellable: (nullable): cancels
 * @error: what the server said, among it that it has no such locale
 *
 * Makes an empty database as another one was made.
 *
 * Returns: (transfer full) (nullable): how to reach it, as with tide_scratch_clone_database()
 */
TideConninfo *
tide_scratch_create_database_like (TideScratch   *self,
                                   const char    *settings,
                                   const char    *prefix,
                                   GCancellable  *cancellable,
                                   GError       **error)
{
  g_return_val_if_fail (TIDE_IS_SCRATCH (self), NULL);
  g_return_val_if_fail (settings != NULL, NULL);

  return create (self, "template0", settings, prefix, cancellable, error);
}

/**
 * tide_scratch_drop_database:
 * @self: a running server
 * @name: a database, there or not
 * @cancellable: (nullable): cancels
 * @error: what the server said
 *
 * Drops a database and disconnects whoever is in it.
 *
 * Returns: whether it is gone
 */
gboolean
tide_scratch_drop_database (TideScratch   *self,
                            const char    *name,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autofree char *quoted = NULL;
  g_autofree char *sql = NULL;

  g_return_val_if_fail (TIDE_IS_SCRATCH (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  quoted = tide_quote_identifier (name);
  sql = g_strdup_printf ("DROP DATABASE IF EXISTS %s WITH (FORCE)", quoted);
  return run_sql (self, sql, cancellable, error);
}

/**
 * tide_scratch_set_lingering:
 * @self: a running server
 * @lingering: whether it stays after its last user
 * @error: what was in the way
 *
 * A server that lingers runs until tide_scratch_stop(), until it is told not to, or until the machine
 * goes down; its databases live as long.
 *
 * Returns: whether it was told
 */
gboolean
tide_scratch_set_lingering (TideScratch  *self,
                            gboolean      lingering,
                            GError      **error)
{
  g_autofree char *path = NULL;
  int fd;

  g_return_val_if_fail (TIDE_IS_SCRATCH (self), FALSE);

  if (lingering)
    {
      fd = tide_scratch_place_open (self->place, "lingering", error);
      return fd >= 0 && g_close (fd, error);
    }
  path = tide_scratch_place_dup_path (self->place, "lingering");
  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot remove \"%s\": %s", path, g_strerror (errno));
  return FALSE;
}

/* "postgres (PostgreSQL) 15.18 (Debian ...)" */
static char *
read_version (const char *bindir)
{
  g_autofree char *program = g_build_filename (bindir, "postgres", NULL);
  const TideToolOptions options = { .sheds = TRUE };
  g_autofree char *out = tide_tool_run ((const char *[]) { program, "--version", NULL }, &options, NULL, NULL);
  g_auto(GStrv) words = g_strsplit (out ? g_strchomp (out) : "", " ", 4);

  return g_strv_length (words) >= 3 ? g_strdup (words[2]) : NULL;
}

/**
 * tide_scratch_query_status:
 * @directory: (nullable): as for tide_scratch_acquire()
 * @error: why not even the place is known
 *
 * Looks, and starts nothing.
 *
 * Returns: (transfer full) (nullable): what there is: the running server, or the one that would be
 *   started (its @bindir and @version are %NULL where none is installed)
 */
TideScratchStatus *
tide_scratch_query_status (const char  *directory,
                           GError     **error)
{
  g_autoptr(TideScratchPlace) place = tide_scratch_place_new (directory, error);
  g_autofree char *lingering = NULL;
  TideScratchStatus *status;

  if (place == NULL)
    return NULL;

  status = g_new0 (TideScratchStatus, 1);
  lingering = tide_scratch_place_dup_path (place, "lingering");
  status->running = tide_scratch_server_is_running (place);
  status->lingering = status->running && g_file_test (lingering, G_FILE_TEST_EXISTS);
  status->directory = g_strdup (place->directory);
  status->socket_dir = g_strdup (place->socket_dir);
  status->port = TIDE_SCRATCH_PORT;
  if (status->running)
    status->bindir = tide_scratch_server_dup_bindir (place);
  if (status->bindir == NULL)
    {
      g_autoptr(GPtrArray) installs = tide_tool_list_pg_installs ();

      if (installs->len > 0)
        status->bindir = g_strdup (((TidePgInstall *) g_ptr_array_index (installs, 0))->bindir);
    }
  if (status->bindir != NULL)
    status->version = read_version (status->bindir);
  return status;
}

void
tide_scratch_status_free (TideScratchStatus *status)
{
  if (status == NULL)
    return;
  g_free (status->directory);
  g_free (status->bindir);
  g_free (status->version);
  g_free (status->socket_dir);
  g_free (status);
}

/**
 * tide_scratch_stop:
 * @directory: (nullable): as for tide_scratch_acquire()
 * @cancellable: (nullable): gives up waiting
 * @error: why it runs still
 *
 * Stops the server, whoever uses it, lingering or not. Its databases are gone with it. One that does not
 * run is stopped already.
 *
 * Returns: whether it is stopped
 */
gboolean
tide_scratch_stop (const char    *directory,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(TideScratchPlace) place = tide_scratch_place_new (directory, error);

  return place != NULL && tide_scratch_server_stop (place, cancellable, error);
}
