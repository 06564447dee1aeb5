/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-diagnose"

#include "config.h"

#include "health/tide-diagnosis.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

/* (transfer full) (nullable): what to type, about the database of this call */
static char *
dup_command (TideCli       *cli,
             const TideWay *way)
{
  g_autofree char *target = tide_cli_dup_target_words (cli);

  return way->command ? g_strdup_printf ("tidemarkctl%s %s", target, way->command) : NULL;
}

static void
add_way (TideCli       *cli,
         JsonBuilder   *builder,
         const TideWay *way)
{
  g_autofree char *command = dup_command (cli, way);

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "label", way->label);
  tide_report_add_text (builder, "description", way->description);
  tide_report_add_text (builder, "action", way->action);
  tide_report_add_text (builder, "argument", way->argument);
  tide_report_add_text (builder, "command", command);
  json_builder_set_member_name (builder, "destructive");
  json_builder_add_boolean_value (builder, way->destructive);
  json_builder_end_object (builder);
}

static void
print_json (TideCli   *cli,
            GPtrArray *found)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "diagnoses");
  json_builder_begin_array (builder);
  for (guint i = 0; i < found->len; i++)
    {
      const TideDiagnosis *diagnosis = g_ptr_array_index (found, i);

      json_builder_begin_object (builder);
      tide_report_add_text (builder, "id", diagnosis->id);
      tide_report_add_text (builder, "title", diagnosis->title);
      tide_report_add_text (builder, "explanation", diagnosis->explanation);
      tide_report_add_names (builder, "evidence", diagnosis->evidence);
      json_builder_set_member_name (builder, "ways");
      json_builder_begin_array (builder);
      for (guint w = 0; w < diagnosis->ways->len; w++)
        add_way (cli, builder, g_ptr_array_index (diagnosis->ways, w));
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_one (TideCli             *cli,
           const TideDiagnosis *diagnosis)
{
  TideConsole *console = tide_cli_get_console (cli);

  tide_console_print (console, TIDE_STYLE_BAD, "%s\n", diagnosis->title);
  tide_console_print (console, TIDE_STYLE_PLAIN, "%s.\n", diagnosis->explanation);
  for (guint i = 0; i < diagnosis->evidence->len; i++)
    tide_console_print (console, TIDE_STYLE_PLAIN, "  %s\n", (const char *) g_ptr_array_index (diagnosis->evidence, i));
  for (guint i = 0; i < diagnosis->ways->len; i++)
    {
      const TideWay *way = g_ptr_array_index (diagnosis->ways, i);
      g_autofree char *command = dup_command (cli, way);

      tide_console_print (console, TIDE_STYLE_STRONG, "  → %s", way->label);
      tide_console_print (console, TIDE_STYLE_DIM, ": %s\n", way->description);
      if (command != NULL)
        tide_console_print (console, TIDE_STYLE_PLAIN, "      %s\n", command);
    }
  tide_console_print (console, TIDE_STYLE_PLAIN, "\n");
}

static void
print_text (TideCli   *cli,
            GPtrArray *found)
{
  for (guint i = 0; i < found->len; i++)
    print_one (cli, g_ptr_array_index (found, i));
  if (found->len == 0)
    tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_GOOD, "Nothing is wrong that could be found.\n");
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  gboolean quick = tide_arguments_get_flag (tide_cli_get_arguments (cli), "quick");
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(GPtrArray) found = NULL;

  if (!tide_cli_may_load_project (cli, &project, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  target = tide_cli_resolve_target (cli, project, error);
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  found = tide_diagnose (project, target, quick ? TIDE_DIAGNOSE_QUICK : TIDE_DIAGNOSE_DRIFT, tide_cli_get_job (cli), error);
  if (found == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (tide_cli_wants_json (cli))
    print_json (cli, found);
  else
    print_text (cli, found);
  return found->len == 0 ? TIDE_EXIT_DONE : TIDE_EXIT_NOT_IN_ORDER;
}

static const GOptionEntry options[] = {
  { "quick", 0, 0, G_OPTION_ARG_NONE, NULL, "do not look for drift, which replays the migrations", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "diagnose --env prod", "What is wrong there, how one can see that, and the ways out." },
  { "diagnose --quick --json", "The same for a program, without drift." },
  { NULL }
};

const TideCommand tide_command_diagnose = {
  .name = "diagnose",
  .summary = "say what is wrong, and the ways out",
  .description =
    "Looks for what usually goes wrong and says what it goes by: a database that cannot be reached (and at which step), migrations that "
    "failed, wait behind a failed one, are missing or were edited (and whether only line ends or comments changed), duplicate "
    "migrations, drift, a migration lock that somebody holds, a ledger that a newer Prisma left. Each comes with its ways out and what "
    "they do. Changes nothing. Exits with 1 when something was found.",
  .options = options,
  .examples = examples,
  .run = run,
};
