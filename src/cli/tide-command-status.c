/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-status"

#include "config.h"

#include "tide-commands.h"
#include "tide-status.h"

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  g_auto(TideStatus) status = { 0 };

  if (!tide_status_read (&status, cli, error))
    return TIDE_EXIT_NOT_IN_ORDER;

  if (tide_cli_wants_json (cli))
    tide_status_print_json (&status, cli);
  else
    tide_status_print_text (&status, tide_cli_get_console (cli));
  return tide_status_is_up_to_date (&status) ? TIDE_EXIT_DONE : TIDE_EXIT_NOT_IN_ORDER;
}

static const TideExample examples[] = {
  { "status",
    "Show every migration of the project around here and what DATABASE_URL knows of it." },
  { "status --env staging --json", "The same of an environment of tidemark.json, for a program." },
  { NULL }
};

const TideCommand tide_command_status = {
  .name = "status",
  .summary = "show every migration and its state",
  .description =
    "Shows every migration of the project and its state in the database: applied, pending, "
    "failed, rolled back, "
    "edited (the file has changed since it was applied) or missing (applied, and not in the "
    "folder), and what a "
    "failed one left behind. One that is being applied at this moment is called running; with --json its state is "
    "\"failed\", which is all that the ledger says, and \"running\" is true. Exits with 1 unless everything is applied and unchanged.\n"
    "\n"
    "Nothing is written.",
  .examples = examples,
  .run = run,
};
