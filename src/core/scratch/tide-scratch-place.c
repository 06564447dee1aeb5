/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-scratch"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "scratch/tide-scratch-place.h"
#include "tide-error.h"

/* PostgreSQL does not run as root: an unprivileged user does it in root's place. */
static gboolean
find_owner (TideScratchPlace  *self,
            GError           **error)
{
  const struct passwd *user;

  self->owner = geteuid ();
  self->group = getegid ();
  if (self->owner != 0)
    return TRUE;

  user = getpwnam ("postgres");
  user = user ? user : getpwnam ("nobody");
  if (user == NULL)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, "run as a user other than root, or add a user \"postgres\"",
                      "PostgreSQL does not run as root, and there is no user \"postgres\" or \"nobody\" to run it");
      return FALSE;
    }
  self->owner = user->pw_uid;
  self->group = user->pw_gid;
  return TRUE;
}

static gboolean
may_enter (const TideScratchPlace *self,
           const struct stat      *folder)
{
  if (folder->st_uid == self->owner)
    return (folder->st_mode & S_IXUSR) != 0;
  if (folder->st_gid == self->group)
    return (folder->st_mode & S_IXGRP) != 0;
  return (folder->st_mode & S_IXOTH) != 0;
}

/* Whether the owner can come to @directory: every folder above it that is there lets him pass. */
static gboolean
is_reachable (const TideScratchPlace *self,
              const char             *directory)
{
  g_autofree char *parent = g_path_get_dirname (directory);
  struct stat info;

  if (g_str_equal (parent, directory))
    return TRUE;
  if (stat (parent, &info) == 0 && !may_enter (self, &info))
    return FALSE;
  return is_reachable (self, parent);
}

/* A folder of one level below @base, told from those of other users and other wanted folders. */
static char *
make_short_path (const TideScratchPlace *self,
                 const char             *base,
                 const char             *wanted)
{
  return g_strdup_printf ("%s/tidemark-%u-%08x", base, (guint) self->owner, g_str_hash (wanted));
}

static gboolean
find_directory (TideScratchPlace  *self,
                const char        *directory,
                GError           **error)
{
  g_autofree char *wanted = directory ? g_canonicalize_filename (directory, NULL)
                                      : g_build_filename (g_get_user_cache_dir (), "tidemark", "scratch", NULL);

  if (is_reachable (self, wanted))
    self->directory = g_steal_pointer (&wanted);
  else if (directory == NULL)
    self->directory = make_short_path (self, g_access ("/var/cache", W_OK) == 0 ? "/var/cache" : "/tmp", wanted);
  else
    {
      const struct passwd *user = getpwuid (self->owner);

      tide_set_error (error, TIDE_ERROR_REFUSED, "choose a folder that every user may enter, below /var/cache or /tmp",
                      "the user \"%s\", who runs the private server in root's place, cannot enter \"%s\"",
                      user ? user->pw_name : "?", wanted);
      return FALSE;
    }
  return TRUE;
}

/* A socket's path is short, and both libpq and the server take a comma for the end of a folder's name. The
 * other place must not hang on the environment: programs that share a server have to agree on it. */
static gboolean
is_fit_for_socket (const char *directory)
{
  g_autofree char *path = g_strdup_printf ("%s/.s.PGSQL.%d", directory, TIDE_SCRATCH_PORT);

  return strlen (path) < sizeof ((struct sockaddr_un *) NULL)->sun_path && strpbrk (directory, ",\"'\\\n") == NULL &&
         !g_ascii_isspace (directory[strlen (directory) - 1]);
}

static void
find_socket_dir (TideScratchPlace *self)
{
  if (is_fit_for_socket (self->directory))
    self->socket_dir = g_strdup (self->directory);
  else
    self->socket_dir = make_short_path (self, "/tmp", self->directory);
}

/**
 * tide_scratch_place_new:
 * @directory: (nullable): the folder asked for; %NULL for the one in the user's cache
 * @error: %TIDE_ERROR_REFUSED when, as root, the user who must run the server cannot enter @directory
 *
 * Finds out where the server is to live. Makes nothing.
 *
 * Returns: (transfer full) (nullable): the place. As root, where the unprivileged user cannot enter the
 *   cache folder, it is below `/var/cache` or `/tmp`.
 */
TideScratchPlace *
tide_scratch_place_new (const char  *directory,
                        GError     **error)
{
  g_autoptr(TideScratchPlace) self = g_new0 (TideScratchPlace, 1);

  if (!find_owner (self, error) || !find_directory (self, directory, error))
    return NULL;
  find_socket_dir (self);
  return g_steal_pointer (&self);
}

void
tide_scratch_place_free (TideScratchPlace *self)
{
  g_free (self->directory);
  g_free (self->socket_dir);
  g_free (self);
}

static void
set_errno_error (GError     **error,
                 int          number,
                 const char  *what,
                 const char  *path)
{
  tide_set_error (error, TIDE_ERROR_FAILED, number == ENOSPC ? "free some space on that file system" : NULL,
                  "cannot %s \"%s\": %s", what, path, g_strerror (number));
}

/* The owner's alone. In a folder such as /tmp somebody else may have been there first: a link or another
 * user's folder is refused, never repaired. */
static gboolean
make_private (const TideScratchPlace  *self,
              const char              *path,
              GError                 **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  struct stat info;
  gboolean made = FALSE;
  int fd;

  if (g_mkdir_with_parents (parent, geteuid () == 0 ? 0755 : 0700) != 0 || (g_mkdir (path, 0700) != 0 && errno != EEXIST))
    {
      set_errno_error (error, errno, "make the folder", path);
      return FALSE;
    }
  fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &info) != 0 || (info.st_uid != self->owner && info.st_uid != geteuid ()))
    tide_set_error (error, TIDE_ERROR_REFUSED, "remove it or choose another folder",
                    "\"%s\" is not a folder of the user who runs the private server", path);
  else if ((info.st_uid != self->owner && fchown (fd, self->owner, self->group) != 0) || fchmod (fd, 0700) != 0)
    set_errno_error (error, errno, "take over the folder", path);
  else
    made = TRUE;
  if (fd >= 0)
    close (fd);
  return made;
}

/**
 * tide_scratch_place_make:
 * @self: a place
 * @error: what was in the way
 *
 * Makes its folders, private to its owner.
 *
 * Returns: whether they are there
 */
gboolean
tide_scratch_place_make (const TideScratchPlace  *self,
                         GError                 **error)
{
  return make_private (self, self->directory, error) &&
         (g_str_equal (self->directory, self->socket_dir) || make_private (self, self->socket_dir, error));
}

/**
 * tide_scratch_place_dup_path:
 * @self: a place
 * @name: a name in its directory
 *
 * Returns: (transfer full): the path
 */
char *
tide_scratch_place_dup_path (const TideScratchPlace *self,
                             const char             *name)
{
  return g_build_filename (self->directory, name, NULL);
}

/**
 * tide_scratch_place_open:
 * @self: a place that was made
 * @name: the name of a file that is there to be locked
 * @error: why it could not be opened
 *
 * Opens a file, or makes it and gives it to the owner. As root this happens in a folder of somebody
 * else, so that links are not followed, and only a file without another name changes hands.
 *
 * Returns: a descriptor, or -1
 */
int
tide_scratch_place_open (const TideScratchPlace  *self,
                         const char              *name,
                         GError                 **error)
{
  g_autofree char *path = tide_scratch_place_dup_path (self, name);
  int fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  struct stat info;

  if (fd < 0)
    {
      set_errno_error (error, errno, "open", path);
      return -1;
    }
  if (geteuid () == 0 && fstat (fd, &info) == 0 && info.st_uid == 0 && info.st_nlink == 1 &&
      fchown (fd, self->owner, self->group) != 0)
    g_warning ("cannot give \"%s\" to the user of the server: %s", path, g_strerror (errno));
  return fd;
}
