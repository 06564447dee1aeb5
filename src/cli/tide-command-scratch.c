/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-scratch"

#include "config.h"

#include "scratch/tide-scratch.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-report.h"

static void
print_json (TideCli                 *cli,
            const TideScratchStatus *status)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "running");
  json_builder_add_boolean_value (builder, status->running);
  json_builder_set_member_name (builder, "lingering");
  json_builder_add_boolean_value (builder, status->lingering);
  tide_report_add_text (builder, "bindir", status->bindir);
  tide_report_add_text (builder, "version", status->version);
  json_builder_set_member_name (builder, "port");
  json_builder_add_int_value (builder, status->port);
  tide_report_add_text (builder, "socket_dir", status->socket_dir);
  tide_report_add_text (builder, "directory", status->directory);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_human (TideCli                 *cli,
             const TideScratchStatus *status)
{
  TideConsole *console = tide_cli_get_console (cli);

  if (status->bindir == NULL)
    {
      tide_console_print (console, TIDE_STYLE_WARNING,
                          "No PostgreSQL server programs are installed here.\n");
      return;
    }
  tide_console_print (console, TIDE_STYLE_STRONG, "The private PostgreSQL %s %s.\n",
                      status->version ? status->version : "",
                      status->running ? "is running" : "is not running");
  tide_console_print (console, TIDE_STYLE_PLAIN, "  programs  %s\n  files     %s\n", status->bindir,
                      status->directory);
  if (status->running)
    tide_console_print (console, TIDE_STYLE_PLAIN, "  socket    %s, port %d\n  stops     %s\n",
                        status->socket_dir,
                        status->port,
                        status->lingering ? "with: tidemarkctl scratch stop"
                                          : "when nobody uses it");
}

static gboolean
start (TideCli  *cli,
       GError  **error)
{
  g_autoptr(TideScratch) scratch = tide_scratch_acquire (NULL, tide_cli_get_cancellable (cli),
                                                         error);

  return scratch != NULL && tide_scratch_set_lingering (scratch, TRUE, error);
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  const char *word = tide_arguments_get_word (tide_cli_get_arguments (cli), 0);
  g_autoptr(TideScratchStatus) status = NULL;

  if (g_strcmp0 (word, "start") == 0 && !start (cli, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  if (g_strcmp0 (word, "stop") == 0
      && !tide_scratch_stop (NULL, tide_cli_get_cancellable (cli), error))
    return TIDE_EXIT_NOT_IN_ORDER;

  status = tide_scratch_query_status (NULL, error);
  if (status == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (tide_cli_wants_json (cli))
    print_json (cli, status);
  else
    print_human (cli, status);
  return TIDE_EXIT_DONE;
}

static const char *const choices[] = { "status", "start", "stop", NULL };

static const TideExample examples[] = {
  { "scratch", "Say whether it runs, and where." },
  { "scratch stop", "Stop it, whoever uses it." },
  { NULL }
};

const TideCommand tide_command_scratch = {
  .name = "scratch",
  .summary = "look after the private PostgreSQL",
  .words = "status|start|stop",
  .choices = choices,
  .description =
    "The private PostgreSQL is made from the installed server programs when something needs it "
    "(the sample project, "
    "a rehearsal), listens on a socket for you alone, and stops when its last user leaves. start "
    "keeps it until "
    "stop.",
  .examples = examples,
  .n_words_most = 1,
  .run = run,
};
