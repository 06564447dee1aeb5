/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-help"

#include "config.h"

#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-help.h"
#include "tide-manual.h"

static TideExit
print_generated (TideCli *cli,
                 char    *text)
{
  tide_console_write (tide_cli_get_console (cli), text);
  g_free (text);
  return TIDE_EXIT_DONE;
}

static TideExit
list_environments (TideCli     *cli,
                   TideProject *project)
{
  GPtrArray *environments = tide_project_get_environments (project);

  for (guint i = 0; i < environments->len; i++)
    {
      const TideEnvironmentSpec *spec = g_ptr_array_index (environments, i);

      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_PLAIN, "%s\n", spec->name);
    }
  return TIDE_EXIT_DONE;
}

static TideExit
list_migrations (TideCli     *cli,
                 TideProject *project)
{
  GPtrArray *migrations = tide_project_get_migrations (project);

  for (guint i = 0; i < migrations->len; i++)
    tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_PLAIN, "%s\n",
                        tide_migration_get_name (g_ptr_array_index (migrations, i)));
  return TIDE_EXIT_DONE;
}

/* For the completion: names that only the project knows */
static TideExit
list_names (TideCli     *cli,
            const char  *kind,
            GError     **error)
{
  g_autoptr(TideProject) project = tide_cli_load_project (cli, error);

  if (project == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (g_str_equal (kind, "environments"))
    return list_environments (cli, project);
  return list_migrations (cli, project);
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *name = tide_arguments_get_word (arguments, 0);
  const TideCommand *command = NULL;

  if (tide_arguments_get_flag (arguments, "man"))
    return print_generated (cli, tide_manual_dup_man_page ());
  if (tide_arguments_get_flag (arguments, "bash-completion"))
    return print_generated (cli, tide_manual_dup_bash_completion ());
  if (tide_arguments_get_text (arguments, "list") != NULL)
    return list_names (cli, tide_arguments_get_text (arguments, "list"), error);

  if (name != NULL)
    {
      command = tide_commands_find (name, error);
      if (command == NULL)
        return TIDE_EXIT_USAGE;
    }
  tide_help_print (tide_cli_get_console (cli), command);
  return TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "man", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL, "print the manual page", NULL },
  { "bash-completion", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, NULL,
    "print the completion for bash", NULL },
  { "list", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, NULL,
    "print names: environments, migrations", "WHAT" },
  { NULL }
};

static const TideExample examples[] = {
  { "help deploy", "Explain deploy." },
  { NULL }
};

const TideCommand tide_command_help = {
  .name = "help",
  .summary = "explain the program or one of its commands",
  .words = "COMMAND",
  .description = "Explains the program or one of its commands, as --help does.",
  .options = options,
  .examples = examples,
  .n_words_most = 1,
  .run = run,
};
