/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-commands"

#include "config.h"

#include "tide-arguments.h"
#include "tide-commands.h"
#include "tide-error.h"

static const TideCommand *const commands[] = {
  &tide_command_status,
  &tide_command_deploy,
  &tide_command_resolve,
  &tide_command_new,
  &tide_command_reset,
  &tide_command_execute,
  &tide_command_query,
  &tide_command_diff,
  &tide_command_drift,
  &tide_command_lint,
  &tide_command_batch,
  &tide_command_phases,
  &tide_command_backup,
  &tide_command_backups,
  &tide_command_verify,
  &tide_command_restore,
  &tide_command_health,
  &tide_command_diagnose,
  &tide_command_maintain,
  &tide_command_run,
  &tide_command_rollback,
  &tide_command_demo,
  &tide_command_scratch,
  &tide_command_help,
  NULL
};

static const GOptionEntry globals[] = {
  { "project", 'p', 0, G_OPTION_ARG_FILENAME, NULL,
    "the project's folder; default: the nearest from here upward", "DIR" },
  { "env", 'e', 0, G_OPTION_ARG_FILENAME, NULL, "the environment of tidemark.json to work on",
    "NAME" },
  { "url", 'u', 0, G_OPTION_ARG_FILENAME, NULL,
    "the database to work on, as Prisma or libpq write it", "URL" },
  { "json", 0, 0, G_OPTION_ARG_NONE, NULL, "print one JSON document, errors too, and nothing else",
    NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, NULL, "do not tell progress", NULL },
  { "help", 'h', 0, G_OPTION_ARG_NONE, NULL, "explain the program or the command", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, "print the version", NULL },
  { NULL }
};

/**
 * tide_commands_list:
 *
 * Returns: (transfer none) (array zero-terminated=1): all commands, in the order of the help
 */
const TideCommand *const *
tide_commands_list (void)
{
  return commands;
}

/**
 * tide_commands_globals:
 *
 * Returns: (transfer none): the options that every command takes
 */
const GOptionEntry *
tide_commands_globals (void)
{
  return globals;
}

/**
 * tide_commands_find:
 * @name: what was typed
 * @error: return location for a %TIDE_ERROR_USAGE that suggests the nearest name
 *
 * Returns: (transfer none) (nullable): the command
 */
const TideCommand *
tide_commands_find (const char  *name,
                    GError     **error)
{
  const char *names[G_N_ELEMENTS (commands)] = { NULL };
  g_autofree char *hint = NULL;
  const char *nearest;

  for (guint i = 0; commands[i] != NULL; i++)
    {
      if (g_str_equal (commands[i]->name, name))
        return commands[i];
      names[i] = commands[i]->name;
    }

  nearest = tide_arguments_nearest (name, names);
  hint = nearest ? g_strdup_printf ("did you mean \"%s\"?", nearest)
                 : g_strdup ("tidemarkctl --help lists the commands");
  tide_set_error (error, TIDE_ERROR_USAGE, hint, "unknown command \"%s\"", name);
  return NULL;
}
