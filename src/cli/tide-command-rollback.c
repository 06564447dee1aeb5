/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-rollback"

#include "config.h"

#include "runbook/tide-rollback.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-pipeline-console.h"

static gboolean
take_options (TideCli              *cli,
              TideRollbackOptions  *options,
              GError              **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  gboolean emergency = tide_arguments_get_flag (arguments, "emergency");
  int wait = tide_arguments_get_number (arguments, "wait");

  options->run = tide_arguments_get_text (arguments, "automatic");
  options->migration = tide_arguments_get_text (arguments, "migration");
  options->backup = tide_arguments_get_text (arguments, "backup");
  options->end_sessions = tide_arguments_get_flag (arguments, "end-sessions");
  options->wait_s = MAX (wait, 0);
  if ((options->run != NULL) + (options->migration != NULL) + (emergency != FALSE) != 1 || (options->backup != NULL && !emergency)
      || wait < 0 || wait > 86400)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "see tidemarkctl rollback --help",
                      "%s", wait < 0 || wait > 86400 ? "--wait must be from 0 to 86400"
                            : options->backup != NULL && !emergency ? "--backup goes with --emergency"
                            : "rollback needs one of --automatic RUN, --migration NAME and --emergency");
      return FALSE;
    }
  options->mode = emergency ? TIDE_ROLLBACK_EMERGENCY : options->migration ? TIDE_ROLLBACK_MIGRATION : TIDE_ROLLBACK_AUTOMATIC;
  if (g_strcmp0 (options->run, "last") == 0)
    options->run = NULL;
  return TRUE;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  TidePipelineAnswers answers = { tide_arguments_get_flag (arguments, "yes"), tide_arguments_get_flag (arguments, "approve-hooks") };
  TideRollbackOptions options = { 0 };
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideRollback) rollback = NULL;

  if (!take_options (cli, &options, error))
    return TIDE_EXIT_USAGE;
  project = tide_cli_load_project (cli, error);
  target = project ? tide_cli_resolve_target (cli, project, error) : NULL;
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  rollback = tide_rollback_new (project, target, &options);
  return tide_pipeline_console_run (cli, TIDE_PIPELINE (rollback), &answers, error);
}

static const GOptionEntry options[] = {
  { "automatic", 0, 0, G_OPTION_ARG_FILENAME, NULL, "swap in the backup that this run has made; \"last\" is the last run", "RUN" },
  { "migration", 0, 0, G_OPTION_ARG_FILENAME, NULL, "mark this migration as rolled back, and write a corrective one", "NAME" },
  { "emergency", 0, 0, G_OPTION_ARG_NONE, NULL, "swap in the newest proved backup of the database", NULL },
  { "backup", 0, 0, G_OPTION_ARG_FILENAME, NULL, "with --emergency: this one", "FILE" },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, NULL, "yes, what was written since may go", NULL },
  { "approve-hooks", 0, 0, G_OPTION_ARG_NONE, NULL, "run the stop and start commands of tidemark.json, now and from now on", NULL },
  { "wait", 0, 0, G_OPTION_ARG_INT, NULL, "wait so long for those who use the database", "SECONDS" },
  { "end-sessions", 0, 0, G_OPTION_ARG_NONE, NULL, "end their sessions", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "--env prod rollback --automatic last", "Back to the backup of the last run; tells first what is lost." },
  { "--env prod rollback --emergency --end-sessions --yes", "Back to the last proved backup, at once." },
  { "--env dev rollback --migration 20251202_add_owner_relation_and_role_permissions --yes", "Take back one migration." },
  { NULL }
};

const TideCommand tide_command_rollback = {
  .name = "rollback",
  .summary = "go back: by a run's backup, by one migration, or by the last proved backup",
  .description =
    "Says first what will be lost, rows written since the backup counted, and asks. Then it stops the application (the \"stop\" command "
    "of tidemark.json, once approved), restores into a new database, swaps the two, compares the rows of every table with the "
    "manifest, and starts the application again. The database as it was is kept under a dated name: restore --back undoes the "
    "roll-back.\n"
    "\n"
    "--migration changes no data: it writes the ledger and a migration folder with the SQL that takes the schema back.",
  .options = options,
  .examples = examples,
  .run = run,
};
