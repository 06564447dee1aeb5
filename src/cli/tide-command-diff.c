/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-diff"

#include "config.h"

#include "tide-commands.h"
#include "tide-comparison.h"

static gboolean
is_about_project (const char *word)
{
  return g_str_has_prefix (word, "migrations") || g_str_has_prefix (word, "env:") || g_str_equal (word, "schema");
}

/* Of which tidemark.json may say what is not to be shown */
static gboolean
is_of_project (const char *word)
{
  return g_str_equal (word, "database") || g_str_has_prefix (word, "migrations") || g_str_has_prefix (word, "env:");
}

/* Only what the words are about is looked for: two URLs compare anywhere. */
static gboolean
find_project (TideCli       *cli,
              const char    *from,
              const char    *to,
              TideProject  **project,
              GError       **error)
{
  if (!is_about_project (from) && !is_about_project (to))
    return tide_cli_may_load_project (cli, project, error);
  *project = tide_cli_load_project (cli, error);
  return *project != NULL;
}

/* Of a history the target tells no more than the schema it goes to: it may be missing. */
static gboolean
find_target (TideCli      *cli,
             TideProject  *project,
             const char   *from,
             const char   *to,
             TideTarget  **target,
             GError      **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  gboolean is_needed = g_str_equal (from, "database") || g_str_equal (to, "database")
                       || tide_arguments_get_text (arguments, "url") != NULL || tide_arguments_get_text (arguments, "env") != NULL;

  if (is_needed)
    {
      *target = tide_cli_resolve_target (cli, project, error);
      return *target != NULL;
    }
  if (project != NULL)
    *target = tide_target_resolve (project, NULL, NULL, tide_cli_get_cancellable (cli), NULL);
  return TRUE;
}

static TideSchemaSource *
parse (TideCli      *cli,
       const char   *word,
       TideProject  *project,
       TideTarget   *target,
       GError      **error)
{
  TideSchemaSource *source = tide_schema_source_parse (word, project, target, tide_cli_get_cancellable (cli), error);

  if (source != NULL && g_str_has_prefix (word, "url:"))
    tide_cli_warn_of_password (cli, tide_schema_source_get_conninfo (source));
  return source;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *from = tide_arguments_get_word (arguments, 0);
  const char *to = tide_arguments_get_word (arguments, 1);
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_auto(TideComparison) comparison = { 0 };

  if (!find_project (cli, from, to, &project, error) || !find_target (cli, project, from, to, &target, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  comparison.from = parse (cli, from, project, target, error);
  if (comparison.from == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  comparison.to = parse (cli, to, project, target, error);
  if (project != NULL && is_of_project (from) && is_of_project (to))
    comparison.ignores = tide_schema_ignores_new (tide_project_get_ignores (project));
  if (comparison.to == NULL || !tide_comparison_make (&comparison, cli, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  return tide_comparison_tell (&comparison, cli, tide_arguments_get_flag (arguments, "script"));
}

static const GOptionEntry options[] = {
  { "script", 0, 0, G_OPTION_ARG_NONE, NULL, "print the SQL that turns FROM into TO, and nothing else", NULL },
  TIDE_COMPARISON_OPTIONS,
  { NULL }
};

static const TideExample examples[] = {
  { "diff migrations database", "What is in the database and in no migration, and the other way round." },
  { "diff env:staging env:prod --script", "The SQL that makes staging like production." },
  { "diff migrations@20250301120000_add_users migrations", "What a history has brought since." },
  { "diff empty backup:shop.dump --script", "The SQL that makes what a backup holds." },
  { NULL }
};

const TideCommand tide_command_diff = {
  .name = "diff",
  .summary = "compare two schemas, and write the SQL between them",
  .words = "FROM TO",
  .description =
    "Compares two sources, and tells what turns the first into the second. A source is one of: empty; database (the one that "
    "--env, --url or DATABASE_URL means); migrations (all of the project's, replayed); migrations@NAME (up to that one); env:NAME; "
    "url:URL; backup:FILE (its schema); sql:FILE.\n"
    "\n"
    "Histories, backups and files of SQL are built on the private PostgreSQL, and kept: the second time they are there at once. "
    "Where a migration does not run there, that is told with its file, line and statement, what stands before it is compared, and no "
    "script is written.\n"
    "\n"
    "Between two of database, migrations and env:, what the project's tidemark.json lists under \"drift\", \"ignore\" is counted and not "
    "shown, as drift does it.\n"
    "\n"
    "What looks like a rename shows as something that goes and something that comes, unless --renames or --rename say otherwise: a "
    "guess that is wrong would lose data. --script warns of each statement's hazards on standard error. --prove rebuilds FROM on the private "
    "PostgreSQL, runs the script there, and compares what came of it with TO, also by pg_dump; it takes a few seconds more.",
  .options = options,
  .examples = examples,
  .n_words_least = 2,
  .n_words_most = 2,
  .run = run,
};
