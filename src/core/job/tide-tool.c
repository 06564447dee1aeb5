/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-tool"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "job/tide-tool.h"
#include "tide-error.h"

#define MAX_STDOUT (16 * 1024 * 1024)
#define MAX_LINE (1024 * 1024)
#define MAX_GROUPS 64
#define QUOTED_LINES 10
#define KILL_AFTER_SECONDS 2
#define PIPES_AFTER_SECONDS 2

/* What the child does between fork and exec: system calls alone, everything looked up before. */
typedef struct
{
  gboolean drop;
  uid_t    uid;
  gid_t    gid;
  gid_t    groups[MAX_GROUPS];
  int      n_groups;
} ChildSetup;

typedef struct _ToolRun ToolRun;

typedef struct
{
  ToolRun      *run;
  GInputStream *stream;
  GString      *line;      /* its last, unfinished one */
  GQueue       *last;      /* the last QUOTED_LINES of them */
  gboolean      is_stderr;
  gboolean      ended;
} Pipe;

struct _ToolRun
{
  GMainContext     *context;
  GSubprocess      *process;
  pid_t             pid;
  int               status;        /* as waitpid() tells it, once it has exited */
  GCancellable     *pipes_cancellable;
  GString          *out;
  Pipe              pipes[2];
  TideToolLineFunc  line_func;
  gpointer          line_data;
  gboolean          exited;
  int               asked_to_stop; /* atomic: set by whoever cancels */
  gboolean          cancelled;
};

static void
child_setup (gpointer data)
{
  const ChildSetup *setup = data;

  setpgid (0, 0);
  if (setup->drop && (setgroups (setup->n_groups, setup->groups) != 0 ||
                      setresgid (setup->gid, setup->gid, setup->gid) != 0 ||
                      setresuid (setup->uid, setup->uid, setup->uid) != 0))
    {
      static const char text[] = "cannot become the other user\n";

      if (write (STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit (126);
      _exit (126);
    }
  /* After the change of user, which clears it. The thread that forks waits until the child has ended. */
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static gboolean
child_setup_init (ChildSetup  *setup,
                  int          user_id,
                  GError     **error)
{
  g_autofree char *buffer = g_malloc (16384);
  struct passwd entry;
  struct passwd *found = NULL;

  if (user_id == 0 || (uid_t) user_id == geteuid ())
    return TRUE;
  if (getpwuid_r (user_id, &entry, buffer, 16384, &found) != 0 || found == NULL)
    {
      tide_set_error (error, TIDE_ERROR_TOOL, NULL, "there is no user with the number %d", user_id);
      return FALSE;
    }
  setup->drop = TRUE;
  setup->uid = found->pw_uid;
  setup->gid = found->pw_gid;
  setup->n_groups = MAX_GROUPS;
  if (getgrouplist (found->pw_name, found->pw_gid, setup->groups, &setup->n_groups) < 0)
    setup->n_groups = MAX_GROUPS;
  return TRUE;
}

static void
pipe_end_line (Pipe *self)
{
  g_autofree char *line = NULL;

  if (self->line->len > 0 && self->line->str[self->line->len - 1] == '\r')
    g_string_truncate (self->line, self->line->len - 1);
  line = g_utf8_make_valid (self->line->str, self->line->len);
  g_string_truncate (self->line, 0);

  if (self->run->line_func != NULL)
    self->run->line_func (line, self->is_stderr, self->run->line_data);
  g_queue_push_tail (self->last, g_steal_pointer (&line));
  if (self->last->length > QUOTED_LINES)
    g_free (g_queue_pop_head (self->last));
}

static void
pipe_take (Pipe       *self,
           const char *data,
           gsize       length)
{
  const char *end = data + length;

  if (!self->is_stderr)
    g_string_append_len (self->run->out, data, MIN (length, MAX_STDOUT - self->run->out->len));

  while (data < end)
    {
      const char *newline = memchr (data, '\n', end - data);
      const char *stop = newline ? newline : end;

      g_string_append_len (self->line, data, stop - data);
      if (newline != NULL || self->line->len >= MAX_LINE)
        pipe_end_line (self);
      data = newline ? newline + 1 : stop;
    }
}

static void
pipe_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Pipe *self = user_data;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);
  gsize length = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &length) : NULL;

  if (length > 0)
    {
      pipe_take (self, data, length);
      g_input_stream_read_bytes_async (self->stream, 65536, G_PRIORITY_DEFAULT,
                                       self->run->pipes_cancellable, pipe_read_cb, self);
      return;
    }
  if (self->line->len > 0)
    pipe_end_line (self);
  self->ended = TRUE;
}

static void
pipe_start (Pipe         *self,
            ToolRun      *run,
            GInputStream *stream,
            gboolean      is_stderr)
{
  self->run = run;
  self->stream = stream;
  self->line = g_string_new (NULL);
  self->last = g_queue_new ();
  self->is_stderr = is_stderr;
  g_input_stream_read_bytes_async (stream, 65536, G_PRIORITY_DEFAULT, run->pipes_cancellable, pipe_read_cb, self);
}

static void
pipe_clear (Pipe *self)
{
  g_string_free (self->line, TRUE);
  g_queue_free_full (self->last, g_free);
}

/* Its group: what the program has started goes with it. */
static void
kill_group (ToolRun *run,
            int      signal_number)
{
  if (g_subprocess_get_identifier (run->process) != NULL)
    kill (-run->pid, signal_number);
}

static gboolean
kill_cb (gpointer data)
{
  kill_group (data, SIGKILL);
  return G_SOURCE_REMOVE;
}

static gboolean
close_pipes_cb (gpointer data)
{
  ToolRun *run = data;

  g_cancellable_cancel (run->pipes_cancellable);
  return G_SOURCE_REMOVE;
}

static GSource *
add_timeout (ToolRun     *run,
             guint        seconds,
             GSourceFunc  func)
{
  GSource *source = g_timeout_source_new_seconds (seconds);

  g_source_set_callback (source, func, run, NULL);
  g_source_attach (source, run->context);
  return source;
}

/* In the thread that cancels */
static void
cancelled_cb (GCancellable *cancellable,
              ToolRun      *run)
{
  g_atomic_int_set (&run->asked_to_stop, TRUE);
  g_main_context_wakeup (run->context);
}

static void
stop_if_asked (ToolRun *run)
{
  if (run->cancelled || !g_atomic_int_get (&run->asked_to_stop))
    return;
  run->cancelled = TRUE;
  kill_group (run, SIGTERM);
}

/* GLib 2.74 says that a program ended well when it was killed while somebody traced it: it asks too early, and takes no
 * answer for a good one. The program is then still there to be asked about. */
static int
find_status (ToolRun *run)
{
  int status = g_subprocess_get_status (run->process);

  while (status == 0 && run->pid > 0 && waitpid (run->pid, &status, 0) < 0 && errno == EINTR)
    ;
  return status;
}

static void
exited_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ToolRun *run = user_data;

  g_subprocess_wait_finish (run->process, result, NULL);
  run->status = find_status (run);
  run->exited = TRUE;
}

/* Until the program has ended and both its streams have. A grandchild that keeps a stream open (a daemon
 * that a hook started) is not waited for. */
static void
tool_run_wait (ToolRun      *run,
               GCancellable *cancellable)
{
  g_autoptr(GSource) killer = NULL;
  g_autoptr(GSource) closer = NULL;
  /* Not a source: GLib 2.74 loses one that is cancelled while another thread looks at it. */
  gulong handler = cancellable ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), run, NULL) : 0;

  g_subprocess_wait_async (run->process, NULL, exited_cb, run);

  while (!run->exited || !run->pipes[0].ended || !run->pipes[1].ended)
    {
      g_main_context_iteration (run->context, TRUE);
      stop_if_asked (run);
      if (run->cancelled && killer == NULL)
        killer = add_timeout (run, KILL_AFTER_SECONDS, kill_cb);
      if (run->exited && closer == NULL)
        closer = add_timeout (run, PIPES_AFTER_SECONDS, close_pipes_cb);
    }

  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  if (killer != NULL)
    g_source_destroy (killer);
  if (closer != NULL)
    g_source_destroy (closer);
}

static char *
join_lines (GQueue *lines)
{
  GString *text = g_string_new (NULL);

  for (GList *l = lines->head; l != NULL; l = l->next)
    g_string_append_printf (text, "%s%s", text->len ? "\n" : "", (const char *) l->data);
  return g_string_free (text, FALSE);
}

/* The last line that calls itself an error, else the last that says something. */
static const char *
find_telling_line (GQueue *lines)
{
  const char *last = "";
  const char *telling = NULL;

  for (GList *l = lines->head; l != NULL; l = l->next)
    {
      if (*g_strchomp (l->data) != '\0')
        last = l->data;
      if (strstr (l->data, "error:") != NULL || strstr (l->data, "FATAL:") != NULL)
        telling = l->data;
    }
  return telling ? telling : last;
}

/* A program that is silent on stderr may have complained on stdout. */
static void
tool_run_set_error (ToolRun     *run,
                    const char  *program,
                    GError     **error)
{
  GQueue *lines = run->pipes[1].last->length > 0 ? run->pipes[1].last : run->pipes[0].last;
  g_autofree char *name = g_path_get_basename (program);
  g_autofree char *how = NULL;
  const char *last = find_telling_line (lines);
  GError *failure;

  if (WIFEXITED (run->status))
    how = g_strdup_printf ("failed with exit status %d", WEXITSTATUS (run->status));
  else
    how = g_strdup_printf ("was killed by signal %d (%s)", WTERMSIG (run->status), g_strsignal (WTERMSIG (run->status)));

  failure = tide_error_new (TIDE_ERROR_TOOL, NULL, "\"%s\" %s%s%s", name, how, *last ? ": " : "", last);
  if (lines->length > 1)
    tide_error_take_string (&tide_error_get_fields (failure)->detail, join_lines (lines));
  g_propagate_error (error, failure);
}

/* Nothing of our environment that could be a secret */
static void
shed_environment (GSubprocessLauncher *launcher)
{
  static const char *const kept[] = { "PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH" };
  g_auto(GStrv) environment = g_new0 (char *, 1);

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_getenv (kept[i]) != NULL)
      environment = g_environ_setenv (environment, kept[i], g_getenv (kept[i]), TRUE);
  g_subprocess_launcher_set_environ (launcher, environment);
}

/* The launcher closes what it takes, so it gets copies. */
static void
hand_down (GSubprocessLauncher *launcher,
           const int           *descriptors)
{
  for (guint i = 0; descriptors != NULL && descriptors[i] >= 0; i++)
    g_subprocess_launcher_take_fd (launcher, fcntl (descriptors[i], F_DUPFD_CLOEXEC, 3), descriptors[i]);
}

static GSubprocess *
spawn (const char *const     *argv,
       const TideToolOptions *options,
       ChildSetup            *setup,
       GError               **error)
{
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) failure = NULL;

  /* Another user may not be able to stand where we are, and says so on stderr. */
  if (options->cwd != NULL || setup->drop)
    g_subprocess_launcher_set_cwd (launcher, options->cwd ? options->cwd : "/");
  if (options->bare)
    g_subprocess_launcher_set_environ (launcher, (char *[]) { NULL });
  else if (setup->drop || options->sheds)
    shed_environment (launcher);
  hand_down (launcher, options->descriptors);
  if (options->stdin_fd > 0)
    g_subprocess_launcher_take_stdin_fd (launcher, fcntl (options->stdin_fd, F_DUPFD_CLOEXEC, 3));
  for (guint i = 0; options->environment != NULL && options->environment[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (options->environment[i], "=", 2);
      g_subprocess_launcher_setenv (launcher, pair[0], pair[1] ? pair[1] : "", TRUE);
    }
  g_subprocess_launcher_set_child_setup (launcher, child_setup, setup, NULL);

  process = g_subprocess_launcher_spawnv (launcher, argv, &failure);
  if (process == NULL)
    {
      gboolean missing = g_error_matches (failure, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);

      tide_set_error (error, missing ? TIDE_ERROR_NOT_FOUND : TIDE_ERROR_TOOL, NULL,
                      "cannot start \"%s\": %s", argv[0], failure->message);
    }
  return g_steal_pointer (&process);
}

/**
 * tide_tool_run:
 * @argv: (array zero-terminated=1): the program, by path or as `$PATH` finds it, and its arguments
 * @options: (nullable): how to run it
 * @cancellable: (nullable): kills it and what it has started
 * @error: %TIDE_ERROR_TOOL when it failed, %TIDE_ERROR_NOT_FOUND when there is no such program,
 *   %G_IO_ERROR_CANCELLED
 *
 * Runs a program to its end, with nothing on its stdin unless @options say so. Blocks.
 *
 * Returns: (transfer full) (nullable): what it wrote on stdout, its first 16 MiB
 */
char *
tide_tool_run (const char *const      *argv,
               const TideToolOptions  *options,
               GCancellable           *cancellable,
               GError                **error)
{
  static const TideToolOptions no_options;
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GCancellable) pipes_cancellable = g_cancellable_new ();
  ChildSetup setup = { 0 };
  ToolRun run = { 0 };
  const char *identifier;
  char *out = NULL;

  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  options = options ? options : &no_options;
  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !child_setup_init (&setup, options->user_id, error))
    return NULL;
  process = spawn (argv, options, &setup, error);
  if (process == NULL)
    return NULL;

  run.context = context;
  run.process = process;
  identifier = g_subprocess_get_identifier (process);
  run.pid = identifier ? atoi (identifier) : 0; /* 0: it has ended already */
  run.pipes_cancellable = pipes_cancellable;
  run.out = g_string_new (NULL);
  run.line_func = options->line_func;
  run.line_data = options->line_data;

  g_main_context_push_thread_default (context);
  pipe_start (&run.pipes[0], &run, g_subprocess_get_stdout_pipe (process), FALSE);
  pipe_start (&run.pipes[1], &run, g_subprocess_get_stderr_pipe (process), TRUE);
  tool_run_wait (&run, cancellable);
  g_main_context_pop_thread_default (context);

  if (run.status == 0)
    out = g_string_free (g_steal_pointer (&run.out), FALSE);
  else if (!run.cancelled || !g_cancellable_set_error_if_cancelled (cancellable, error))
    tool_run_set_error (&run, argv[0], error);

  if (run.out != NULL)
    g_string_free (run.out, TRUE);
  pipe_clear (&run.pipes[0]);
  pipe_clear (&run.pipes[1]);
  return out;
}

char *
tide_tool_dup_line (const char *const *argv)
{
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();
  g_auto(GStrv) quoted = NULL;

  g_return_val_if_fail (argv != NULL, NULL);

  for (guint i = 0; argv[i] != NULL; i++)
    {
      gboolean plain = *argv[i] != '\0' && argv[i][strspn (argv[i], G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_./:=,@%+-")] == '\0';
      g_autofree char *word = plain ? g_strdup (argv[i]) : g_shell_quote (argv[i]);

      g_strv_builder_add (words, word);
    }
  quoted = g_strv_builder_end (words);
  return g_strjoinv (" ", quoted);
}
