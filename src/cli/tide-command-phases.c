/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-phases"

#include "config.h"

#include "batch/tide-phases.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-json.h"

static const char *const kinds[] = {
  [TIDE_PHASES_ADD_REQUIRED_COLUMN] = "add-column",
  [TIDE_PHASES_CHANGE_TYPE] = "change-type",
  [TIDE_PHASES_RENAME_COLUMN] = "rename-column",
  [TIDE_PHASES_ADD_FOREIGN_KEY] = "add-foreign-key",
  [TIDE_PHASES_ADD_CHECK] = "add-check",
  NULL
};

static gboolean
take_request (TideArguments      *arguments,
              TidePhasesRequest  *request,
              GError            **error)
{
  const char *word = tide_arguments_get_word (arguments, 0);
  guint kind = 0;

  while (kinds[kind] != NULL && !g_str_equal (kinds[kind], word))
    kind++;
  if (kinds[kind] == NULL)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "\"tidemarkctl phases --help\" lists them", "unknown change \"%s\"", word);
      return FALSE;
    }
  request->kind = kind;
  request->table = tide_arguments_get_text (arguments, "table");
  request->name = tide_arguments_get_text (arguments, "name");
  request->new_name = tide_arguments_get_text (arguments, "new-name");
  request->type = tide_arguments_get_text (arguments, "type");
  request->value = tide_arguments_get_text (arguments, "value");
  request->columns = tide_arguments_get_text (arguments, "columns");
  request->target = tide_arguments_get_text (arguments, "references");
  return TRUE;
}

static void
print_json (TideCli   *cli,
            GPtrArray *phases)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "phases");
  json_builder_begin_array (builder);
  for (guint i = 0; i < phases->len; i++)
    {
      const TidePhase *phase = g_ptr_array_index (phases, i);

      json_builder_begin_object (builder);
      tide_json_add_text (builder, "title", phase->title);
      tide_json_add_text (builder, "kind", phase->is_backfill ? "batch" : "migration");
      tide_json_add_text (builder, "sql", phase->sql);
      tide_json_add_text (builder, "explanation", phase->explanation);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_text (TideCli   *cli,
            GPtrArray *phases)
{
  TideConsole *console = tide_cli_get_console (cli);

  for (guint i = 0; i < phases->len; i++)
    {
      const TidePhase *phase = g_ptr_array_index (phases, i);

      tide_console_print (console, TIDE_STYLE_STRONG, "%s-- %u. %s: %s\n", i > 0 ? "\n" : "", i + 1,
                          phase->is_backfill ? "batched job" : "migration", phase->title);
      tide_console_print (console, TIDE_STYLE_DIM, "-- %s\n", phase->explanation);
      tide_console_print (console, TIDE_STYLE_PLAIN, "%s%s", phase->sql, phase->is_backfill ? ";\n" : "");
    }
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TidePhasesRequest request = { 0 };
  g_autoptr(GPtrArray) phases = NULL;

  if (!take_request (tide_cli_get_arguments (cli), &request, error))
    return TIDE_EXIT_USAGE;
  phases = tide_phases_write (&request, error);
  if (phases == NULL)
    return TIDE_EXIT_USAGE;
  if (tide_cli_wants_json (cli))
    print_json (cli, phases);
  else
    print_text (cli, phases);
  return TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "table", 0, 0, G_OPTION_ARG_FILENAME, NULL, "the table, as SQL writes it", "TABLE" },
  { "name", 0, 0, G_OPTION_ARG_FILENAME, NULL, "the column, or the constraint", "NAME" },
  { "new-name", 0, 0, G_OPTION_ARG_FILENAME, NULL, "the column's new name", "NAME" },
  { "type", 0, 0, G_OPTION_ARG_FILENAME, NULL, "the column's type", "TYPE" },
  { "value", 0, 0, G_OPTION_ARG_FILENAME, NULL, "SQL: the value of old rows, how the new comes from the old, or the check's condition", "SQL" },
  { "columns", 0, 0, G_OPTION_ARG_FILENAME, NULL, "the foreign key's columns", "COLUMNS" },
  { "references", 0, 0, G_OPTION_ARG_FILENAME, NULL, "what it points to: teams (id)", "TARGET" },
  { NULL }
};

static const TideExample examples[] = {
  { "phases add-column --table users --name locale --type text --value \"'en'\"", "A NOT NULL column on a table with rows." },
  { "phases rename-column --table users --name mail --new-name email --type text", "A new name, while programs use the old one." },
  { NULL }
};

const TideCommand tide_command_phases = {
  .name = "phases",
  .summary = "write a change in steps that running programs do not notice",
  .words = "CHANGE",
  .choices = kinds,
  .description =
    "Takes one change apart: add what is new, fill it, constrain it, clean up. Prints the SQL of each part, which is a migration of "
    "its own (tidemarkctl new), or a batched job between two of them (tidemarkctl batch), and what has to be deployed in between. "
    "No part holds anybody up for longer than a moment. No database is touched.",
  .options = options,
  .examples = examples,
  .n_words_least = 1,
  .n_words_most = 1,
  .run = run,
};
