/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-cli"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "connect/tide-url.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-heap.h"
#include "tide-help.h"
#include "tide-report.h"

#define ONE_PRESS_MS 500

/* A command ends soon, and gives everything back then */
#define LARGEST_OF_HEAP (32 << 20)

struct _TideCli
{
  TideArguments     *arguments;
  TideConsole       *console;
  TideJob           *job;
  const TideCommand *command; /* (nullable) borrowed */
  gboolean           json;
  gboolean           interrupted;
  guint              signals[3];
  TideExit           exit;
};

static void
tide_cli_clear (TideCli *self)
{
  g_clear_pointer (&self->arguments, tide_arguments_free);
  g_clear_pointer (&self->console, tide_console_free);
  g_clear_object (&self->job);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideCli, tide_cli_clear)

static gboolean
check_words (TideCli  *self,
             GError  **error)
{
  const TideCommand *command = self->command;
  guint n = tide_arguments_get_n_words (self->arguments);
  g_autofree char *usage = tide_help_dup_usage (command);
  g_autofree char *hint = g_strdup_printf ("usage: %s", usage);

  if (n < command->n_words_least)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, hint, "\"%s\" needs %s", command->name,
                      command->words);
      return FALSE;
    }
  if (n > command->n_words_most)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, hint, "\"%s\" has no use for \"%s\"", command->name,
                      tide_arguments_get_word (self->arguments, command->n_words_most));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_choice (TideCli  *self,
              GError  **error)
{
  const char *const *choices = self->command->choices;
  const char *word = tide_arguments_get_word (self->arguments, 0);
  g_autofree char *all = NULL;
  g_autofree char *hint = NULL;
  const char *nearest;

  if (choices == NULL || self->command->has_own_words || word == NULL || g_strv_contains (choices, word))
    return TRUE;

  nearest = tide_arguments_nearest (word, choices);
  all = g_strjoinv (", ", (char **) choices);
  hint = nearest ? g_strdup_printf ("did you mean %s?", nearest)
                 : g_strdup_printf ("it takes one of %s", all);
  tide_set_error (error, TIDE_ERROR_USAGE, hint, "\"%s\" does not know \"%s\"", self->command->name,
                  word);
  return FALSE;
}

static gboolean
check_globals (TideCli  *self,
               GError  **error)
{
  if (tide_arguments_get_text (self->arguments, "env") != NULL
      && tide_arguments_get_text (self->arguments, "url") != NULL)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "give one of them",
                      "--env and --url name a database each");
      return FALSE;
    }
  return TRUE;
}

static gboolean
parse (TideCli  *self,
       GError  **error)
{
  const GOptionEntry *globals = tide_commands_globals ();
  g_autoptr(GError) local_error = NULL;
  g_autofree char *name = tide_arguments_take_command (self->arguments, globals, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (name != NULL)
    {
      self->command = tide_commands_find (name, error);
      if (self->command == NULL)
        return FALSE;
    }
  return tide_arguments_take (self->arguments, globals,
                              self->command ? self->command->options : NULL, error)
         && check_globals (self, error);
}

static void
print_statement (TideCli      *self,
                 const GError *error)
{
  const TideErrorFields *fields = tide_error_get_fields (error);
  g_autofree char *short_text = NULL;

  if (fields == NULL || fields->statement == NULL || g_utf8_strlen (fields->statement, -1) == 0)
    return;
  short_text = g_utf8_substring (fields->statement, 0,
                                 MIN (g_utf8_strlen (fields->statement, -1), 400));
  tide_console_warn (self->console, TIDE_STYLE_STRONG, "statement", g_strchomp (short_text));
}

static TideExit
report_error (TideCli      *self,
              const GError *error)
{
  if (self->json)
    {
      g_autoptr(JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      tide_report_add_error (builder, error);
      json_builder_end_object (builder);
      tide_cli_print_json (self, builder);
    }
  else
    {
      g_autofree char *text = tide_error_dup_text (error);

      tide_console_warn (self->console, TIDE_STYLE_BAD, "error", text);
      print_statement (self, error);
    }
  return tide_report_exit_for (error);
}

static gpointer
run_command (TideJob   *job,
             gpointer   data,
             GError   **error)
{
  TideCli *self = data;
  g_autoptr(GError) local_error = NULL;

  self->exit = self->command->run (self, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return self;
}

static void
stop_listening (gpointer user_data)
{
  TideCli *self = user_data;

  for (guint i = 0; i < G_N_ELEMENTS (self->signals); i++)
    g_clear_handle_id (&self->signals[i], g_source_remove);
}

/* A later Ctrl-C finds the system's handler again, and ends the program at once. Not one of the same moment: timeout(1) tells
 * the program and its group, and what runs would go unrecorded. */
static gboolean
on_signal (gpointer user_data)
{
  TideCli *self = user_data;

  if (!self->interrupted)
    g_timeout_add_once (ONE_PRESS_MS, stop_listening, self);
  self->interrupted = TRUE;
  tide_job_cancel (self->job);
  return G_SOURCE_CONTINUE;
}

/* Whoever started the program may have had it ignore a signal: nohup, or a shell's background. */
static guint
cancel_on (TideCli *self,
           int      signum)
{
  struct sigaction action;

  if (sigaction (signum, NULL, &action) != 0 || action.sa_handler == SIG_IGN)
    return 0;
  return g_unix_signal_add (signum, on_signal, self);
}

static TideExit
run (TideCli *self)
{
  g_autoptr(GError) error = NULL;

  self->job = tide_job_new (self->command->summary);
  self->signals[0] = cancel_on (self, SIGINT);
  self->signals[1] = cancel_on (self, SIGTERM);
  self->signals[2] = cancel_on (self, SIGHUP); /* the terminal was closed, or its connection lost */
  tide_console_watch (self->console, self->job);
  tide_job_run (self->job, run_command, self, &error);
  tide_console_watch (self->console, NULL);
  return error ? report_error (self, error) : self->exit;
}

static TideExit
dispatch (TideCli *self)
{
  g_autoptr(GError) error = NULL;

  if (!parse (self, &error))
    return report_error (self, error);

  self->json = tide_arguments_get_flag (self->arguments, "json");
  tide_console_set_quiet (self->console, tide_arguments_get_flag (self->arguments, "quiet"));
  if (tide_arguments_get_flag (self->arguments, "version"))
    {
      tide_console_print (self->console, TIDE_STYLE_PLAIN, "tidemarkctl %s\n", PACKAGE_VERSION);
      return TIDE_EXIT_DONE;
    }
  if (tide_arguments_get_flag (self->arguments, "help"))
    {
      tide_help_print (self->console, self->command);
      return TIDE_EXIT_DONE;
    }
  if (self->command == NULL)
    {
      error = tide_error_new (TIDE_ERROR_USAGE, "tidemarkctl --help lists the commands",
                              "no command given");
      return report_error (self, error);
    }
  if (!check_words (self, &error) || !check_choice (self, &error))
    return report_error (self, error);
  return run (self);
}

/* Whoever started the program may have closed them. Then the next socket or file would get the number, and what is
 * meant for a person would be written to a server or into a backup. Opened for reading, the standard output still
 * tells that nothing can be written. */
static void
occupy_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) == -1 && errno == EBADF && open ("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) != fd)
      _exit (TIDE_EXIT_NOT_IN_ORDER);
}

/**
 * tide_cli_main:
 * @argv: (array zero-terminated=1): the program's arguments, its name first
 *
 * Does all the program does. Main thread, once.
 *
 * Returns: the exit status, a #TideExit
 */
int
tide_cli_main (char **argv)
{
  g_auto(TideCli) self = { 0 };
  g_autoptr(GError) error = NULL;
  TideExit code;

  occupy_standard_streams ();
  /* A reader that goes away must not take a running migration with it. */
  signal (SIGPIPE, SIG_IGN);
  tide_heap_prepare (LARGEST_OF_HEAP);
  tide_session_stay_in_calling_thread ();
  self.arguments = tide_arguments_new (argv);
  self.console = tide_console_new ();
  /* A line that cannot be understood is answered as it seems to ask for it. */
  self.json = g_strv_contains ((const char *const *) argv, "--json");

  code = dispatch (&self);
  if (!tide_console_flush (self.console, &error))
    {
      tide_console_warn (self.console, TIDE_STYLE_BAD, "error", error->message);
      return TIDE_EXIT_NOT_IN_ORDER;
    }
  return code;
}

TideArguments *
tide_cli_get_arguments (TideCli *self)
{
  return self->arguments;
}

TideConsole *
tide_cli_get_console (TideCli *self)
{
  return self->console;
}

/**
 * tide_cli_get_job:
 * @self: the invocation
 *
 * Returns: (transfer none): the job that the command runs in
 */
TideJob *
tide_cli_get_job (TideCli *self)
{
  return self->job;
}

GCancellable *
tide_cli_get_cancellable (TideCli *self)
{
  return tide_job_get_cancellable (self->job);
}

gboolean
tide_cli_wants_json (TideCli *self)
{
  return self->json;
}

static void
warn_all (TideCli   *self,
          GPtrArray *errors)
{
  for (guint i = 0; errors != NULL && i < errors->len; i++)
    {
      g_autofree char *text = tide_error_dup_text (g_ptr_array_index (errors, i));

      tide_console_warn (self->console, TIDE_STYLE_WARNING, "warning", text);
    }
}

static TideProject *
load (TideCli     *self,
      const char  *root,
      GError     **error)
{
  g_autoptr(TideProject) project = tide_project_load (root, error);

  if (project == NULL)
    return NULL;
  warn_all (self, tide_project_get_warnings (project));
  return g_steal_pointer (&project);
}

/**
 * tide_cli_load_project:
 * @self: the invocation
 * @error: return location for a %TIDE_ERROR
 *
 * Reads the project that `--project` names, else the nearest one from here upward; tells what
 * was odd.
 *
 * Returns: (transfer full) (nullable): the project
 */
TideProject *
tide_cli_load_project (TideCli  *self,
                       GError  **error)
{
  const char *folder = tide_arguments_get_text (self->arguments, "project");
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *found = NULL;

  if (folder != NULL)
    return load (self, folder, error);

  found = tide_project_find (here, error);
  return found ? load (self, found, error) : NULL;
}

/**
 * tide_cli_may_load_project:
 * @self: the invocation
 * @project: (out) (nullable): the project
 * @error: return location for a %TIDE_ERROR
 *
 * For commands that can do without a project: reads the one that `--project` names; else,
 * unless `--url` says all that is needed, the nearest one from here upward, if there is one.
 *
 * Returns: whether there was nothing wrong
 */
gboolean
tide_cli_may_load_project (TideCli      *self,
                           TideProject **project,
                           GError      **error)
{
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *found = NULL;

  *project = NULL;
  if (tide_arguments_get_text (self->arguments, "project") == NULL)
    {
      if (tide_arguments_get_text (self->arguments, "url") != NULL)
        return TRUE;
      found = tide_project_find (here, NULL);
      if (found == NULL)
        return TRUE;
    }
  *project = tide_cli_load_project (self, error);
  return *project != NULL;
}

/**
 * tide_cli_dup_target_words:
 * @self: the invocation
 *
 * What a command that is told to a person needs so that it means the database of this call.
 *
 * Returns: (transfer full): " --env 'staging'" or " --url 'URL'" without its password, as it was said; else ""
 */
char *
tide_cli_dup_target_words (TideCli *self)
{
  const char *env = tide_arguments_get_text (self->arguments, "env");
  const char *url = tide_arguments_get_text (self->arguments, "url");
  g_autofree char *redacted = url ? tide_url_redact (url) : NULL;
  g_autofree char *quoted = env || url ? g_shell_quote (env ? env : redacted) : NULL;

  return quoted ? g_strdup_printf (" %s %s", env ? "--env" : "--url", quoted) : g_strdup ("");
}

/**
 * tide_cli_warn_of_password:
 * @self: the invocation
 * @conninfo: of a URL that stood on the command line
 *
 * Tells of a password in it, which other users of the machine can see in the list of processes.
 */
void
tide_cli_warn_of_password (TideCli      *self,
                           TideConninfo *conninfo)
{
  if (tide_conninfo_get (conninfo, "password") != NULL)
    tide_console_warn (self->console, TIDE_STYLE_WARNING, "warning",
                       "the password on the command line can be read by other users of this "
                       "machine; "
                       "PGPASSWORD, ~/.pgpass, a service file or the keyring keep it to yourself");
}

/**
 * tide_cli_resolve_target:
 * @self: the invocation
 * @project: (nullable): the project at hand
 * @error: return location for a %TIDE_ERROR
 *
 * Finds the database that is meant; tells what was odd about its URL, and of a password that other
 * users of the machine can see in the list of processes.
 *
 * Returns: (transfer full) (nullable): the target
 */
TideTarget *
tide_cli_resolve_target (TideCli      *self,
                         TideProject  *project,
                         GError      **error)
{
  return tide_cli_resolve_environment (self, project, tide_arguments_get_text (self->arguments, "env"), error);
}

/**
 * tide_cli_resolve_environment:
 * @self: the invocation
 * @project: (nullable): the project at hand
 * @env: (nullable): the name of an environment
 * @error: return location for a %TIDE_ERROR
 *
 * tide_cli_resolve_target() for a command that has the environment's name from elsewhere.
 *
 * Returns: (transfer full) (nullable): the target
 */
TideTarget *
tide_cli_resolve_environment (TideCli      *self,
                              TideProject  *project,
                              const char   *env,
                              GError      **error)
{
  const char *url = tide_arguments_get_text (self->arguments, "url");
  g_autoptr(TideTarget) target = tide_target_resolve (project, env, url,
                                                      tide_cli_get_cancellable (self), error);
  GPtrArray *warnings;

  if (target == NULL)
    return NULL;

  warnings = tide_target_get_warnings (target);
  for (guint i = 0; warnings != NULL && i < warnings->len; i++)
    tide_console_warn (self->console, TIDE_STYLE_WARNING, "warning",
                       g_ptr_array_index (warnings, i));
  if (url != NULL)
    tide_cli_warn_of_password (self, tide_target_get_conninfo (target));
  return g_steal_pointer (&target);
}

/**
 * tide_cli_print_json:
 * @self: the invocation
 * @builder: with one complete document
 *
 * Prints the one document that stdout gets under `--json`.
 */
void
tide_cli_print_json (TideCli     *self,
                     JsonBuilder *builder)
{
  g_autoptr(JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);

  tide_console_write (self->console, text);
  tide_console_write (self->console, "\n");
}
