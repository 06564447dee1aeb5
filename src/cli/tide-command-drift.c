/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-drift"

#include "config.h"

#include "tide-commands.h"
#include "tide-comparison.h"
#include "tide-error.h"

static gboolean
parse_script (const char  *word,
              gboolean    *backward,
              GError     **error)
{
  *backward = g_strcmp0 (word, "revert") == 0;
  if (word == NULL || *backward || g_str_equal (word, "adopt"))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_USAGE, "adopt writes the migration that the database is ahead by, revert the SQL that takes it back",
                  "--script is adopt or revert, not \"%s\"", word);
  return FALSE;
}

static TideSchemaSource *
find_applied (TideCli      *cli,
              TideProject  *project,
              TideTarget   *target,
              GError      **error)
{
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  TideSchemaSource *source = tide_schema_source_new_applied (project, target, notes, tide_cli_get_cancellable (cli), error);

  for (guint i = 0; i < notes->len; i++)
    tide_console_warn (tide_cli_get_console (cli), TIDE_STYLE_WARNING, "warning", g_ptr_array_index (notes, i));
  return source;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  const char *script = tide_arguments_get_text (tide_cli_get_arguments (cli), "script");
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_auto(TideComparison) comparison = { 0 };

  if (!parse_script (script, &comparison.backward, error))
    return TIDE_EXIT_USAGE;
  project = tide_cli_load_project (cli, error);
  target = project != NULL ? tide_cli_resolve_target (cli, project, error) : NULL;
  comparison.from = target != NULL ? find_applied (cli, project, target, error) : NULL;
  if (comparison.from == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  comparison.to = tide_schema_source_parse ("database", project, target, tide_cli_get_cancellable (cli), error);
  comparison.ignores = tide_schema_ignores_new (tide_project_get_ignores (project));
  if (comparison.to == NULL || !tide_comparison_make (&comparison, cli, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  return tide_comparison_tell (&comparison, cli, script != NULL);
}

static const GOptionEntry options[] = {
  { "script", 0, 0, G_OPTION_ARG_FILENAME, NULL,
    "print SQL, and nothing else: adopt, what a migration would have to do; revert, what takes the database back", "adopt|revert" },
  TIDE_COMPARISON_OPTIONS,
  { NULL }
};

static const TideExample examples[] = {
  { "drift --env prod", "What production has that no migration made, or lacks." },
  { "drift --exit-code --json", "For a check that must fail when there is drift." },
  { "drift --script adopt --prove > drift.sql", "The migration that was forgotten, proved." },
  { NULL }
};

const TideCommand tide_command_drift = {
  .name = "drift",
  .summary = "tell what a database has that its migrations did not make",
  .description =
    "Replays the migrations that the ledger says are applied on the private PostgreSQL, and compares what comes of it with the "
    "database: every kind of object, not only what Prisma models. Pending migrations are no drift. The replay is kept: the second time "
    "it is there at once.\n"
    "\n"
    "What tidemark.json lists under \"drift\", \"ignore\" is counted and not shown: [{\"kind\", \"schema\", \"name\", \"reason\"}], with "
    "shell patterns for schema and name. So is a schema with a ledger of its own, of which this history has made nothing: what is in it "
    "is another history's.\n"
    "\n"
    "--script adopt prints the SQL of the migration that would have to be made (mark it as applied here with resolve --applied), revert "
    "the SQL that takes the database back to its history; look at its hazards, which are told on standard error, and take a backup first.",
  .options = options,
  .examples = examples,
  .run = run,
};
