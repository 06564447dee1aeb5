/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-new"

#include "config.h"

#include "history/tide-create.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-input.h"
#include "tide-report.h"

static void
print_path (TideCli    *cli,
            const char *path)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!tide_cli_wants_json (cli))
    {
      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_PLAIN, "%s\n", path);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "path", path);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *file = tide_arguments_get_text (arguments, "sql");
  g_autoptr(TideProject) project = tide_cli_load_project (cli, error);
  g_autofree char *sql = NULL;
  g_autofree char *path = NULL;

  if (project == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (file != NULL)
    {
      sql = tide_input_read_sql (file, tide_cli_get_cancellable (cli), error);
      if (sql == NULL)
        return TIDE_EXIT_NOT_IN_ORDER;
    }
  path = tide_create_migration (project, tide_arguments_get_word (arguments, 0), sql, error);
  if (path == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  print_path (cli, path);
  return TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "sql", 0, 0, G_OPTION_ARG_FILENAME, NULL, "take the SQL from this file; - is standard input",
    "FILE" },
  { NULL }
};

static const TideExample examples[] = {
  { "new \"add vendor ratings\"", "Make an empty migration to be filled." },
  { "new backfill_slugs --sql backfill.sql", "Make one with SQL that is written already." },
  { NULL }
};

const TideCommand tide_command_new = {
  .name = "new",
  .summary = "make a migration",
  .words = "NAME",
  .description =
    "Makes the folder of a migration, named by the time (UTC) and NAME as Prisma spells it, and "
    "migration.sql in it: "
    "empty, or with the SQL of a file. No database is touched. Prints the path of migration.sql.",
  .options = options,
  .examples = examples,
  .n_words_least = 1,
  .n_words_most = 1,
  .run = run,
};
