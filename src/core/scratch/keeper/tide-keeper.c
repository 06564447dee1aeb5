/* SPDX-License-Identifier: GPL-3.0-or-later */

/* tidemark-keeper BINDIR FOLDER SOCKET-FOLDER UID
 *
 * Keeps the private PostgreSQL in FOLDER/data for as long as somebody uses it. It becomes UID, starts
 * the server as its child, returns once the server answers (or prints why it does not), and stays
 * behind in a session of its own.
 *
 * Nothing here polls once the server is up:
 *  - every user holds a shared flock on FOLDER/users; a thread waits for the exclusive one, which the
 *    kernel grants when the last user has left, in whatever way;
 *  - FOLDER/lingering keeps the server up without users; inotify tells when it goes;
 *  - the keeper holds a POSIX lock on FOLDER/keeper (F_GETLK names its process to whoever asks); the
 *    server and all its children hold an flock on FOLDER/server, so that the next server waits until
 *    the last process of this one is gone;
 *  - a keeper that is killed takes the server with it (PR_SET_PDEATHSIG).
 *
 * The data are thrown away at the next start, or recovered from the WAL where they are kept: the server
 * is always stopped at once (SIGQUIT).
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_SECONDS 60
#define DEBRIS_SECONDS 20
#define PROBE_MILLISECONDS 5
#define LOG_TAIL 2048

/* Speed over safety: a crash of the machine may cost the data, which are nobody's; the end of the server costs
 * no commit (synchronous_commit stays on: without fsync it is one write). Statements are not
 * logged, they may hold passwords. wal_level is what lets every migration run as it does elsewhere. */
static const char *const settings[] = {
  "listen_addresses=",
  "unix_socket_permissions=0700",
  "max_connections=100",
  "superuser_reserved_connections=0",
  "max_locks_per_transaction=256",
  "shared_buffers=32MB",
  "dynamic_shared_memory_type=mmap",
  "huge_pages=off",
  "wal_level=logical",
  "fsync=off",
  "full_page_writes=off",
  "autovacuum=off",
  "jit=off",
  "max_logical_replication_workers=0",
  "log_min_messages=fatal",
  "log_min_error_statement=panic",
  "lc_messages=C",
  "timezone=UTC",
  "log_timezone=UTC",
};

#define N_SETTINGS (sizeof settings / sizeof *settings)

static const char *bindir;
static const char *socket_dir;
static char folder[PATH_MAX];
static pid_t server = -1;
static int ready_fd = -1;

static void
die (const char *what,
     const char *subject)
{
  fprintf (stderr, "cannot %s \"%s\": %s\n", what, subject, strerror (errno));
  exit (1);
}

static int
open_file (const char *name,
           int         flags)
{
  int fd = open (name, O_RDWR | O_CREAT | O_NOFOLLOW | flags, 0600);

  if (fd < 0)
    die ("open", name);
  return fd;
}

/* PostgreSQL refuses to run as root. */
static void
become (uid_t uid)
{
  struct passwd *user;

  if (geteuid () == uid)
    return;
  user = getpwuid (uid);
  if (user == NULL || initgroups (user->pw_name, user->pw_gid) != 0 ||
      setresgid (user->pw_gid, user->pw_gid, user->pw_gid) != 0 || setresuid (uid, uid, uid) != 0)
    die ("become the user", user ? user->pw_name : "?");
}

static int
has_prefix_and_suffix (const char *text,
                       const char *prefix,
                       const char *suffix)
{
  size_t length = strlen (text);

  return strncmp (text, prefix, strlen (prefix)) == 0 && length >= strlen (suffix) &&
         strcmp (text + length - strlen (suffix), suffix) == 0;
}

static void
read_link (const char *pid,
           const char *name,
           char       *target)
{
  char path[64];
  ssize_t length;

  snprintf (path, sizeof path, "/proc/%.20s/%s", pid, name);
  length = readlink (path, target, PATH_MAX - 1);
  target[length > 0 ? length : 0] = '\0';
}

/* Backends of a server that was killed may be busy and not have noticed. Each stands in its data folder. */
static void
kill_debris (void)
{
  char inside[PATH_MAX + 1];
  char cwd[PATH_MAX];
  char exe[PATH_MAX];
  DIR *proc = opendir ("/proc");
  struct dirent *entry;

  snprintf (inside, sizeof inside, "%s/", folder);
  while (proc != NULL && (entry = readdir (proc)) != NULL)
    {
      pid_t pid = atoi (entry->d_name);

      if (pid <= 1)
        continue;
      read_link (entry->d_name, "cwd", cwd);
      read_link (entry->d_name, "exe", exe);
      if (has_prefix_and_suffix (cwd, inside, "") &&
          (has_prefix_and_suffix (exe, "", "/postgres") || has_prefix_and_suffix (exe, "", "/postgres (deleted)")))
        kill (pid, SIGKILL);
    }
  if (proc != NULL)
    closedir (proc);
}

/* The eighth line of postmaster.pid is the state, padded with blanks (since PostgreSQL 10). */
static int
server_is_ready (void)
{
  FILE *file = fopen ("data/postmaster.pid", "re");
  char line[PATH_MAX];
  int number = 0;
  int ready = 0;

  while (file != NULL && fgets (line, sizeof line, file) != NULL)
    if (++number == 8)
      ready = strncmp (line, "ready", 5) == 0;
  if (file != NULL)
    fclose (file);
  return ready;
}

static void
report_ready (void)
{
  for (int waited = 0; !server_is_ready (); waited += PROBE_MILLISECONDS)
    {
      if (waited > START_SECONDS * 1000)
        {
          fprintf (stderr, "the server did not answer within %d seconds\n", START_SECONDS);
          kill (server, SIGQUIT);
          return;
        }
      poll (NULL, 0, PROBE_MILLISECONDS);
    }
  if (write (ready_fd, "", 1) < 0)
    perror ("write");
  close (ready_fd);
}

static void
wait_while_lingering (int users)
{
  char events[4096];
  int notify = inotify_init1 (IN_CLOEXEC);

  /* The watch stands before the lock goes: a change between the two is seen. */
  if (notify >= 0 && inotify_add_watch (notify, "lingering", IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF) >= 0)
    {
      flock (users, LOCK_UN);
      while (read (notify, events, sizeof events) < 0 && errno == EINTR)
        ;
    }
  close (notify);
}

/* The exclusive lock is kept until the keeper is gone: whoever comes now waits, and starts another server. */
static void *
wait_for_users (void *unused)
{
  int users = open_file ("users", O_CLOEXEC);

  report_ready ();
  for (;;)
    {
      if (flock (users, LOCK_EX) != 0)
        continue;
      if (access ("lingering", F_OK) != 0)
        break;
      wait_while_lingering (users);
    }
  kill (server, SIGQUIT);
  return NULL;
}

static void
run_server (pid_t           keeper_pid,
            const sigset_t *mask)
{
  char program[PATH_MAX];
  char data[PATH_MAX + 8];
  const char *argv[2 * N_SETTINGS + 16];
  int n = 0;

  snprintf (program, sizeof program, "%s/postgres", bindir);
  snprintf (data, sizeof data, "%s/data", folder);
  argv[n++] = program;
  argv[n++] = "-D";
  argv[n++] = data;
  argv[n++] = "-k";
  argv[n++] = socket_dir;
  argv[n++] = "-p";
  argv[n++] = "5432";
  for (size_t i = 0; i < N_SETTINGS; i++)
    {
      argv[n++] = "-c";
      argv[n++] = settings[i];
    }
  argv[n] = NULL;

  sigprocmask (SIG_SETMASK, mask, NULL);
  prctl (PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid () != keeper_pid)
    _exit (1);
  execv (program, (char **) argv);
  die ("run", program);
}

static void
lock_keeper (void)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

  if (fcntl (open_file ("keeper", O_CLOEXEC), F_SETLK, &lock) != 0)
    die ("be the only keeper of", folder);
}

/* Inherited by the server: not O_CLOEXEC. Once it is ours, no process of an earlier server is left, and what
 * a killed one has left in data that are kept says nothing: its number may be another process's by now. */
static void
lock_server (void)
{
  int fd = open_file ("server", 0);

  kill_debris ();
  alarm (DEBRIS_SECONDS);
  while (flock (fd, LOCK_EX) != 0)
    if (errno != EINTR)
      die ("lock", "server");
  alarm (0);
  unlink ("data/postmaster.pid");
}

static void
redirect_to_log (void)
{
  int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  int log = open_file ("server.log", O_TRUNC | O_APPEND | O_CLOEXEC);

  dup2 (null, STDIN_FILENO);
  dup2 (log, STDOUT_FILENO);
  dup2 (log, STDERR_FILENO);
}

/* Asked to stop, or the server has ended: SIGCHLD and the others are blocked in every thread and taken
 * here one by one. */
static void
wait_for_server (const sigset_t *signals)
{
  for (;;)
    {
      int signal_number = sigwaitinfo (signals, NULL);

      /* Below 0: it was stopped, and goes on. */
      if (signal_number > 0 && signal_number != SIGCHLD)
        kill (server, SIGQUIT);
      if (waitpid (server, NULL, WNOHANG) == server)
        break;
    }
  kill_debris ();
}

static void
keep (void)
{
  sigset_t signals;
  sigset_t before;
  pthread_t thread;
  pid_t self;

  setsid ();
  self = getpid ();
  redirect_to_log ();
  lock_keeper ();
  lock_server ();

  sigemptyset (&signals);
  sigaddset (&signals, SIGCHLD);
  sigaddset (&signals, SIGTERM);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGHUP);
  sigprocmask (SIG_BLOCK, &signals, &before);

  server = fork ();
  if (server < 0)
    die ("start a process for", bindir);
  if (server == 0)
    run_server (self, &before);
  if (pthread_create (&thread, NULL, wait_for_users, NULL) != 0)
    die ("start a thread for", folder);
  wait_for_server (&signals);
}

static void
print_log (void)
{
  char tail[LOG_TAIL];
  FILE *log = fopen ("server.log", "re");
  size_t length;

  if (log == NULL)
    return;
  if (fseek (log, -LOG_TAIL, SEEK_END) != 0)
    rewind (log);
  length = fread (tail, 1, sizeof tail, log);
  fwrite (tail, 1, length, stderr);
  fclose (log);
}

int
main (int    argc,
      char **argv)
{
  int ready[2];
  char byte;
  pid_t pid;

  if (argc != 5)
    {
      fprintf (stderr, "usage: tidemark-keeper BINDIR FOLDER SOCKET-FOLDER UID\n");
      return 64;
    }
  bindir = argv[1];
  socket_dir = argv[3];
  become (strtoul (argv[4], NULL, 10));
  umask (077);
  /* The server lives longer than whoever started it, whose environment may hold secrets. */
  clearenv ();
  setenv ("PATH", "/usr/bin:/bin", 1);
  setenv ("LC_ALL", "C", 1);
  if (chdir (argv[2]) != 0 || getcwd (folder, sizeof folder) == NULL)
    die ("enter", argv[2]);
  if (pipe2 (ready, O_CLOEXEC) != 0)
    die ("make a pipe for", folder);

  pid = fork ();
  if (pid < 0)
    die ("start a process for", folder);
  if (pid == 0)
    {
      close (ready[0]);
      ready_fd = ready[1];
      keep ();
      return 0;
    }

  close (ready[1]);
  if (read (ready[0], &byte, 1) == 1)
    return 0;
  print_log ();
  return 1;
}
