/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-scratch"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "job/tide-tool.h"
#include "scratch/tide-scratch-server.h"
#include "tide-error.h"

#define WAIT_SECONDS 60
#define STOP_SECONDS 20
#define STEP_MILLISECONDS 10
#define MAX_ATTEMPTS 5

/* The wait between two looks; %FALSE with @error set once it was cancelled or has lasted too long. */
static gboolean
wait_a_step (GTimer        *timer,
             double         at_most,
             const char    *what,
             GCancellable  *cancellable,
             GError       **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (g_timer_elapsed (timer, NULL) > at_most)
    {
      tide_set_error (error, TIDE_ERROR_BUSY, "try again, or stop it with \"tidemarkctl scratch stop\"",
                      "waited %.0f seconds for the private server: %s", at_most, what);
      return FALSE;
    }
  g_usleep (STEP_MILLISECONDS * 1000);
  return TRUE;
}

static int
lock_file (const TideScratchPlace  *place,
           const char              *name,
           int                      operation,
           GCancellable            *cancellable,
           GError                 **error)
{
  g_autoptr(GTimer) timer = g_timer_new ();
  int fd = tide_scratch_place_open (place, name, error);

  if (fd < 0)
    return -1;
  while (flock (fd, operation | LOCK_NB) != 0)
    if (!wait_a_step (timer, WAIT_SECONDS, "another program is starting or stopping it", cancellable, error))
      {
        close (fd);
        return -1;
      }
  return fd;
}

/* The process of the keeper, -1 when it has no number here (it is in another container), or 0. The kernel
 * knows who holds the lock; a file could be stale. */
static pid_t
find_keeper (const TideScratchPlace *place)
{
  g_autofree char *path = tide_scratch_place_dup_path (place, "keeper");
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd = open (path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0)
    return 0;
  if (fcntl (fd, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
    lock.l_pid = 0;
  else if (lock.l_pid == 0)
    lock.l_pid = -1;
  close (fd);
  return lock.l_pid;
}

static char *
dup_socket_path (const TideScratchPlace *place,
                 const char             *suffix)
{
  return g_strdup_printf ("%s/.s.PGSQL.%d%s", place->socket_dir, TIDE_SCRATCH_PORT, suffix);
}

static gboolean
answers (const TideScratchPlace *place)
{
  g_autofree char *path = dup_socket_path (place, "");
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr(GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  return socket != NULL && g_socket_connect (socket, address, NULL, NULL);
}

/* postmaster.pid outlives a killed server, the socket is there before the server lets anybody in. */
static gboolean
is_ready (const TideScratchPlace *place)
{
  g_autofree char *path = tide_scratch_place_dup_path (place, "data/postmaster.pid");
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  return g_strv_length (lines) >= 8 && g_str_has_prefix (lines[7], "ready") && answers (place);
}

/* Runs a program as the owner of the files. */
static gboolean
run_as_owner (const TideScratchPlace  *place,
              const char *const       *argv,
              GCancellable            *cancellable,
              GError                 **error)
{
  TideToolOptions options = { .user_id = geteuid () == 0 ? (int) place->owner : 0, .sheds = TRUE, .cwd = "/" };
  g_autofree char *out = tide_tool_run (argv, &options, cancellable, error);

  return out != NULL;
}

/* Data that this start takes up: they are whole, for a copy gets its name last, and of this major. */
static gboolean
may_keep_data (const TideScratchPlace *place,
               const TidePgInstall    *install)
{
  g_autofree char *path = tide_scratch_place_dup_path (place, "data/PG_VERSION");
  g_autofree char *text = NULL;

  return place->keeps_data && g_file_get_contents (path, &text, NULL, NULL) && atoi (text) == install->major;
}

/* What an earlier start has left: data that are not used any more, half of a cluster, another major's. */
static gboolean
clean (const TideScratchPlace  *place,
       const char              *base_name,
       gboolean                 keep_data,
       GCancellable            *cancellable,
       GError                 **error)
{
  static const char *const leftovers[] = { "data", "initdb-", "base-", "lingering" };
  g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (place->directory, 0, error);
  g_autofree char *socket = dup_socket_path (place, "");
  g_autofree char *socket_lock = dup_socket_path (place, ".lock");
  const char *name;

  if (dir == NULL)
    return FALSE;
  g_ptr_array_add (argv, g_strdup ("rm"));
  g_ptr_array_add (argv, g_strdup ("-rf"));
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_steal_pointer (&socket));
  g_ptr_array_add (argv, g_steal_pointer (&socket_lock));
  while ((name = g_dir_read_name (dir)) != NULL)
    for (guint i = 0; i < G_N_ELEMENTS (leftovers); i++)
      if (g_str_has_prefix (name, leftovers[i]) && g_strcmp0 (name, base_name) != 0 &&
          !(keep_data && g_str_equal (name, "data")))
        g_ptr_array_add (argv, tide_scratch_place_dup_path (place, name));
  g_ptr_array_add (argv, NULL);
  return run_as_owner (place, (const char *const *) argv->pdata, cancellable, error);
}

static const char *
find_locale (void)
{
  locale_t locale = newlocale (LC_ALL_MASK, "C.UTF-8", NULL);

  if (locale == NULL)
    return "--locale=C";
  freelocale (locale);
  return "--locale=C.UTF-8";
}

/* The pristine cluster that every start copies. Under a temporary name until it is whole and on the disk. */
static gboolean
make_base (const TideScratchPlace  *place,
           const TidePgInstall     *install,
           const char              *base,
           GCancellable            *cancellable,
           GError                 **error)
{
  g_autofree char *initdb = g_build_filename (install->bindir, "initdb", NULL);
  g_autofree char *temporary = g_strdup_printf ("%s/initdb-%08x", place->directory, g_random_int ());

  if (!run_as_owner (place,
                     (const char *[]) { initdb, "-D", temporary, "-U", "tidemark", "-A", "trust", "-E", "UTF8",
                                        find_locale (), "--wal-segsize=1", NULL },
                     cancellable, error))
    {
      run_as_owner (place, (const char *[]) { "rm", "-rf", "--", temporary, NULL }, NULL, NULL);
      return FALSE;
    }
  if (g_rename (temporary, base) == 0)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot rename \"%s\": %s", temporary, g_strerror (errno));
  return FALSE;
}

/* A copy that was interrupted must not be taken for data to keep. */
static gboolean
copy_base (const TideScratchPlace  *place,
           const char              *base,
           GCancellable            *cancellable,
           GError                 **error)
{
  g_autofree char *data = tide_scratch_place_dup_path (place, "data");
  g_autofree char *partial = g_strconcat (data, "-partial", NULL);

  return run_as_owner (place, (const char *[]) { "cp", "-a", "--", base, partial, NULL }, cancellable, error) &&
         run_as_owner (place, (const char *[]) { "mv", "-T", "--", partial, data, NULL }, cancellable, error);
}

/* Where it was installed, or in the build tree that this program runs from. */
static char *
find_keeper_program (GError **error)
{
  const char *chosen = g_getenv ("TIDEMARK_LIBEXEC_DIR");
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program ? g_path_get_dirname (program) : g_strdup (".");
  g_autofree char *path = g_build_filename (chosen ? chosen : TIDE_LIBEXEC_DIR, "tidemark-keeper", NULL);

  for (guint level = 0; level < 4 && !g_file_test (path, G_FILE_TEST_IS_EXECUTABLE); level++)
    {
      g_autofree char *parent = g_path_get_dirname (folder);

      g_free (path);
      path = g_build_filename (folder, "src/core/scratch/keeper/tidemark-keeper", NULL);
      g_free (folder);
      folder = g_steal_pointer (&parent);
    }
  if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&path);
  tide_set_error (error, TIDE_ERROR_NOT_FOUND, "install Tidemark again",
                  "the program \"tidemark-keeper\" is not in \"%s\"", TIDE_LIBEXEC_DIR);
  return NULL;
}

static gboolean
start_keeper (const TideScratchPlace  *place,
              const TidePgInstall     *install,
              GCancellable            *cancellable,
              GError                 **error)
{
  g_autofree char *program = find_keeper_program (error);
  g_autofree char *owner = g_strdup_printf ("%u", (guint) place->owner);
  g_autofree char *out = NULL;

  if (program == NULL)
    return FALSE;
  out = tide_tool_run ((const char *[]) { program, install->bindir, place->directory, place->socket_dir, owner, NULL },
                       &(TideToolOptions) { .cwd = "/", .sheds = TRUE }, cancellable, error);
  return out != NULL;
}

static gboolean
start_once (const TideScratchPlace  *place,
            const TidePgInstall     *install,
            gboolean                 anew,
            GCancellable            *cancellable,
            GError                 **error)
{
  g_autofree char *base_name = g_strdup_printf ("base-%d", install->major);
  g_autofree char *base = tide_scratch_place_dup_path (place, base_name);
  gboolean keep_data = !anew && may_keep_data (place, install);

  return clean (place, anew ? NULL : base_name, keep_data, cancellable, error) &&
         (g_file_test (base, G_FILE_TEST_IS_DIR) || make_base (place, install, base, cancellable, error)) &&
         (keep_data || copy_base (place, base, cancellable, error)) &&
         start_keeper (place, install, cancellable, error);
}

/* Explains a failed start as a whole; what the program said stays. */
static void
propagate_start_error (const TideScratchPlace  *place,
                       GError                  *failure,
                       GError                 **error)
{
  TideErrorFields *fields = tide_error_get_fields (failure);

  if (fields != NULL && fields->hint == NULL &&
      (strstr (failure->message, "No space left") != NULL ||
       (fields->detail != NULL && strstr (fields->detail, "No space left") != NULL)))
    fields->hint = g_strdup ("free about 100 MB on the file system of that folder");
  g_propagate_prefixed_error (error, failure, "cannot start the private server in \"%s\": ", place->directory);
}

/* Unless the place keeps its data, every start gets a fresh copy of the pristine cluster (60 ms): databases,
 * roles and settings that an earlier one has left, and data that a crash has torn, need not be found and
 * mended one by one. */
static gboolean
start (const TideScratchPlace  *place,
       GCancellable            *cancellable,
       GError                 **error)
{
  g_autoptr(GPtrArray) installs = tide_tool_list_pg_installs ();
  g_autoptr(GError) first = NULL;
  GError *second = NULL;
  const TidePgInstall *install;

  if (installs->len == 0)
    {
      g_autofree char *how = tide_tool_dup_install_hint (TRUE, 0);
      g_autofree char *hint = g_strdup_printf ("%s, or name a shadow database on a server of yours by its URL", how);

      tide_set_error (error, TIDE_ERROR_NOT_FOUND, hint,
                      "no PostgreSQL server is installed here (\"postgres\" and \"initdb\" were not found)");
      return FALSE;
    }

  install = g_ptr_array_index (installs, 0);
  if (start_once (place, install, FALSE, cancellable, &first))
    return TRUE;
  /* The pristine cluster itself may be damaged: it is a cache, and is made anew. */
  if (!g_cancellable_is_cancelled (cancellable) && start_once (place, install, TRUE, cancellable, &second))
    return TRUE;
  propagate_start_error (place, second ? second : g_steal_pointer (&first), error);
  return FALSE;
}

/* With our lock on "users" held, so that the keeper does not stop it under our hands. */
static gboolean
ensure_running (const TideScratchPlace  *place,
                GCancellable            *cancellable,
                GError                 **error)
{
  g_autoptr(GTimer) timer = g_timer_new ();

  /* A keeper whose server was killed is about to leave. */
  while (find_keeper (place) != 0)
    {
      if (is_ready (place))
        return TRUE;
      if (!wait_a_step (timer, WAIT_SECONDS, "it does not answer", cancellable, error))
        return FALSE;
    }
  return start (place, cancellable, error);
}

/**
 * tide_scratch_server_join:
 * @place: a place that was made
 * @cancellable: (nullable): gives up
 * @error: why there is no server
 *
 * Becomes a user of the server and starts it when it does not run.
 *
 * Returns: a descriptor that keeps the server up until it is closed, or -1
 */
int
tide_scratch_server_join (const TideScratchPlace  *place,
                          GCancellable            *cancellable,
                          GError                 **error)
{
  int users = lock_file (place, "users", LOCK_SH, cancellable, error);
  int turn = users >= 0 ? lock_file (place, "turn", LOCK_EX, cancellable, error) : -1;
  gboolean running = turn >= 0 && ensure_running (place, cancellable, error);

  if (turn >= 0)
    close (turn);
  if (running || users < 0)
    return users;
  close (users);
  return -1;
}

/**
 * tide_scratch_server_stop:
 * @place: a place
 * @cancellable: (nullable): gives up waiting
 * @error: why it runs still
 *
 * Stops the server, whoever uses it, and ends its lingering.
 *
 * Returns: whether it is stopped
 */
gboolean
tide_scratch_server_stop (const TideScratchPlace  *place,
                          GCancellable            *cancellable,
                          GError                 **error)
{
  g_autoptr(GTimer) timer = g_timer_new ();
  g_autofree char *lingering = tide_scratch_place_dup_path (place, "lingering");
  gboolean stopped = TRUE;
  pid_t keeper;
  int turn;

  if (!g_file_test (place->directory, G_FILE_TEST_IS_DIR))
    return TRUE;
  turn = lock_file (place, "turn", LOCK_EX, cancellable, error);
  if (turn < 0)
    return FALSE;
  g_unlink (lingering);
  while (stopped && (keeper = find_keeper (place)) != 0)
    {
      if (keeper > 0)
        kill (keeper, SIGTERM);
      stopped = wait_a_step (timer, STOP_SECONDS, "it does not stop", cancellable, error);
    }
  close (turn);
  return stopped;
}

/**
 * tide_scratch_server_is_running:
 * @place: a place
 *
 * Returns: whether the server runs and answers
 */
gboolean
tide_scratch_server_is_running (const TideScratchPlace *place)
{
  return find_keeper (place) != 0 && is_ready (place);
}

/**
 * tide_scratch_server_dup_bindir:
 * @place: a place
 *
 * Returns: (transfer full) (nullable): the folder of the programs of the server that was started last
 */
char *
tide_scratch_server_dup_bindir (const TideScratchPlace *place)
{
  g_autofree char *path = tide_scratch_place_dup_path (place, "data/postmaster.opts");
  g_autofree char *text = NULL;
  char *end;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  end = strstr (text, "/postgres \"");
  if (end == NULL)
    return NULL;
  *end = '\0';
  return g_steal_pointer (&text);
}
