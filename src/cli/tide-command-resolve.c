/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-resolve"

#include "config.h"

#include "history/tide-resolve.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

static void
print_resolved (TideCli    *cli,
                const char *name,
                const char *as)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!tide_cli_wants_json (cli))
    {
      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_GOOD,
                          "\"%s\" is recorded as %s.\n", name,
                          g_str_equal (as, "applied") ? "applied" : "rolled back");
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "resolved", name);
  tide_report_add_text (builder, "as", as);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  GCancellable *cancellable = tide_cli_get_cancellable (cli);
  const char *applied = tide_arguments_get_text (arguments, "applied");
  const char *rolled_back = tide_arguments_get_text (arguments, "rolled-back");
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  TideConninfo *conninfo;

  if ((applied != NULL) == (rolled_back != NULL))
    {
      tide_set_error (error, TIDE_ERROR_USAGE,
                      "the first for one whose changes are in the database, the second for one "
                      "whose are not",
                      "resolve needs either --applied or --rolled-back");
      return TIDE_EXIT_USAGE;
    }
  project = tide_cli_load_project (cli, error);
  target = project ? tide_cli_resolve_target (cli, project, error) : NULL;
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;

  conninfo = tide_target_get_conninfo (target);
  if (applied != NULL ? !tide_resolve_applied (project, conninfo, applied, cancellable, error)
                      : !tide_resolve_rolled_back (project, conninfo, rolled_back, cancellable,
                                                   error))
    return TIDE_EXIT_NOT_IN_ORDER;
  print_resolved (cli, applied ? applied : rolled_back, applied ? "applied" : "rolled_back");
  return TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "applied", 0, 0, G_OPTION_ARG_FILENAME, NULL, "its changes are in the database", "MIGRATION" },
  { "rolled-back", 0, 0, G_OPTION_ARG_FILENAME, NULL, "its changes are not in the database",
    "MIGRATION" },
  { NULL }
};

static const TideExample examples[] = {
  { "resolve --rolled-back 20251202_add_owner", "Let the next deploy run it again." },
  { "resolve --applied 20240101000000_init",
    "Baseline: take a database that has the tables already." },
  { NULL }
};

const TideCommand tide_command_resolve = {
  .name = "resolve",
  .summary = "tell the ledger what became of a migration",
  .description =
    "Writes the ledger as prisma migrate resolve would: --applied records that a migration's "
    "changes are in the "
    "database, --rolled-back that a failed one's are not, so that deploy runs it again. Only the "
    "ledger changes.",
  .options = options,
  .examples = examples,
  .run = run,
};
