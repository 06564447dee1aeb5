/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-run"

#include "config.h"

#include "runbook/tide-runbook.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-input.h"
#include "tide-pipeline-console.h"

static const char *const choices[] = { "dev", "staging", "prod", NULL };
static const TideKind kinds[] = { TIDE_KIND_DEVELOPMENT, TIDE_KIND_STAGING, TIDE_KIND_PRODUCTION };

static gboolean
is_of_kind (const TideEnvironmentSpec *environment,
            const char                *word)
{
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    if (g_str_equal (word, choices[k]) && environment->kind == kinds[k])
      return TRUE;
  return FALSE;
}

/* (transfer none) (nullable): the environment that a person means: by its name, else by what it is for, of which --env may
 * choose one */
static const char *
find_environment (TideProject  *project,
                  const char   *word,
                  const char   *chosen, /* (nullable) */
                  GError      **error)
{
  GPtrArray *environments = tide_project_get_environments (project);
  const TideEnvironmentSpec *found = NULL;

  if (tide_project_find_environment (project, word) != NULL)
    return word;
  for (guint i = 0; i < environments->len; i++)
    {
      const TideEnvironmentSpec *environment = g_ptr_array_index (environments, i);

      if (!is_of_kind (environment, word))
        continue;
      if (g_strcmp0 (environment->name, chosen) == 0)
        return chosen;
      if (found != NULL && chosen == NULL)
        {
          tide_set_error (error, TIDE_ERROR_USAGE, "give the environment's own name",
                          "tidemark.json has more than one environment that \"%s\" could be: \"%s\" and \"%s\"", word, found->name,
                          environment->name);
          return NULL;
        }
      found = environment;
    }
  if (found != NULL)
    return found->name;
  tide_set_error (error, g_strv_contains (choices, word) ? TIDE_ERROR_NOT_FOUND : TIDE_ERROR_USAGE,
                  "give dev, staging or prod, or the name of an environment of tidemark.json, which tells its kind",
                  "there is no environment \"%s\", and none of that kind", word);
  return NULL;
}

/* Where tidemark.json tells no environments, or the database is given by its URL, the word says what it is for. */
static TideTarget *
find_target (TideCli      *cli,
             TideProject  *project,
             GError      **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *word = tide_arguments_get_word (arguments, 0);
  const char *chosen = tide_arguments_get_text (arguments, "env");
  GPtrArray *environments = tide_project_get_environments (project);
  const TideEnvironmentSpec *only = environments->len == 1 ? g_ptr_array_index (environments, 0) : NULL;
  gboolean untold = tide_arguments_get_text (arguments, "url") != NULL || environments->len == 0
                    || (only != NULL && only->kind == TIDE_KIND_UNKNOWN);
  g_autoptr(TideTarget) target = NULL;
  const char *environment;

  for (guint i = 0; untold && tide_project_find_environment (project, word) == NULL && choices[i] != NULL; i++)
    if (g_str_equal (word, choices[i]))
      {
        target = tide_cli_resolve_environment (cli, project, NULL, error);
        return target ? tide_target_with_kind (target, kinds[i]) : NULL;
      }
  environment = find_environment (project, word, chosen, error);
  if (environment != NULL && chosen != NULL && !g_str_equal (environment, chosen))
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "leave --env out, or give the same name twice",
                      "--env says \"%s\", and \"run %s\" means \"%s\"", chosen, word, environment);
      return NULL;
    }
  return environment ? tide_cli_resolve_environment (cli, project, environment, error) : NULL;
}

static gboolean
take_options (TideCli         *cli,
              TideRunOptions  *options,
              GError         **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);

  if (!tide_arguments_check_number (arguments, "verify", 1, 4, error)
      || !tide_arguments_check_number (arguments, "lock-timeout", 0, G_MAXINT, error)
      || !tide_arguments_check_number (arguments, "hook-timeout", 1, G_MAXINT, error))
    return FALSE;
  options->to = tide_arguments_get_text (arguments, "to");
  options->skip_backup = tide_arguments_get_text (arguments, "skip-backup-because");
  options->verify_level = tide_arguments_get_number (arguments, "verify");
  options->lock_timeout_ms = tide_arguments_get_number (arguments, "lock-timeout");
  options->hook_timeout_s = tide_arguments_get_number (arguments, "hook-timeout");
  options->create = tide_arguments_get_text (arguments, "create");
  options->seed = tide_arguments_get_flag (arguments, "seed");
  return TRUE;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *sql_file = tide_arguments_get_text (arguments, "sql");
  TidePipelineAnswers answers = { tide_arguments_get_flag (arguments, "yes"), tide_arguments_get_flag (arguments, "approve-hooks") };
  TideRunOptions options = { 0 };
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideRunbook) runbook = NULL;
  g_autofree char *sql = NULL;

  if (!take_options (cli, &options, error))
    return TIDE_EXIT_USAGE;
  project = tide_cli_load_project (cli, error);
  target = project ? find_target (cli, project, error) : NULL;
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (sql_file != NULL)
    {
      sql = tide_input_read_sql (sql_file, tide_cli_get_cancellable (cli), error);
      if (sql == NULL)
        return TIDE_EXIT_NOT_IN_ORDER;
      options.create_sql = sql;
    }
  runbook = tide_runbook_new (project, target, &options);
  return tide_pipeline_console_run (cli, TIDE_PIPELINE (runbook), &answers, error);
}

static const GOptionEntry options[] = {
  { "yes", 'y', 0, G_OPTION_ARG_NONE, NULL, "the checklist is done, and the migrations may be applied", NULL },
  { "approve-hooks", 0, 0, G_OPTION_ARG_NONE, NULL, "run the commands that tidemark.json lists, now and from now on", NULL },
  { "skip-backup-because", 0, 0, G_OPTION_ARG_FILENAME, NULL, "make no backup; on production the reason must say something", "TEXT" },
  { "verify", 0, 0, G_OPTION_ARG_INT, NULL,
    "prove the backup to this level; default: what tidemark.json says, else 4 on production, 2 on staging, 1 on development", "1..4" },
  { "to", 0, 0, G_OPTION_ARG_FILENAME, NULL, "stop after this migration", "MIGRATION" },
  { "lock-timeout", 0, 0, G_OPTION_ARG_INT, NULL, "how long a statement waits for a lock, and the run for another deploy", "MS" },
  { "hook-timeout", 0, 0, G_OPTION_ARG_INT, NULL, "how long each of the project's commands may take; default: as tidemark.json says, else 300", "SECONDS" },
  { "create", 0, 0, G_OPTION_ARG_FILENAME, NULL, "development: make this migration first", "NAME" },
  { "sql", 0, 0, G_OPTION_ARG_FILENAME, NULL, "with --create: what is in it; \"-\" is standard input", "FILE" },
  { "seed", 0, 0, G_OPTION_ARG_NONE, NULL, "development: run the seed command after the migrations", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "run prod", "From the checklist to the way back; asks on the terminal." },
  { "run prod --yes --json", "The same for a script that has done its own asking." },
  { "run staging --to 20251118154530_sync_schema_phase30", "Up to one migration." },
  { "run dev --create \"add invoices\" --sql invoices.sql --seed", "Make a migration, apply it, fill the tables." },
  { NULL }
};

const TideCommand tide_command_run = {
  .name = "run",
  .summary = "take a database through what is pending, from checklist to way back",
  .words = "dev|staging|prod|ENVIRONMENT",
  .choices = choices,
  .has_own_words = TRUE,
  .description =
    "Checklist, connectivity, backup, pending migrations, confirmation, apply, validation, health checks, the way back: each step is "
    "a line, and the first that fails stops the rest, says what state the database is in, and which ways lead on. The word is the name of "
    "an environment, or dev, staging or prod for the one of that kind. On staging less is asked, on development nothing.\n"
    "\n"
    "Everything is written to logs/migration_YYYYMMDD_HHMMSS.log as it happens, and to a report beside it, .html for a person and .json "
    "for a program. A run that is killed is described by the next status.\n"
    "\n"
    "The commands that tidemark.json lists under \"hooks\" are run without a shell, once you have approved them: on the terminal, or by "
    "--approve-hooks. --yes alone does not run what came with a clone.\n"
    "\n"
    "What was not in order before, differences to the migrations among it, is told and does not fail the run; what is new does.",
  .options = options,
  .examples = examples,
  .n_words_least = 1,
  .n_words_most = 1,
  .run = run,
};
