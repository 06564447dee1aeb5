/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-reset"

#include "config.h"

#include "history/tide-reset.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-deploy-report.h"
#include "tide-error.h"
#include "tide-report.h"

static gboolean
check_consent (TideCli     *cli,
               TideTarget  *target,
               GError     **error)
{
  g_autofree char *label = tide_conninfo_dup_label (tide_target_get_conninfo (target));

  if (!tide_kind_may_reset (tide_target_get_kind (target)))
    {
      tide_set_error (error, TIDE_ERROR_REFUSED,
                      "only an environment of the kind \"development\" (in tidemark.json) may be "
                      "emptied",
                      "reset refused: %s is of the kind \"%s\"", label,
                      tide_kind_to_string (tide_target_get_kind (target)));
      return FALSE;
    }
  if (!tide_arguments_get_flag (tide_cli_get_arguments (cli), "yes"))
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, "add --yes if all its rows may go",
                      "reset refused: it would empty %s", label);
      return FALSE;
    }
  return TRUE;
}

static void
print_report (TideCli                *cli,
              TideProject            *project,
              TideTarget             *target,
              const TideDeployReport *report)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!tide_cli_wants_json (cli))
    {
      tide_deploy_report_print_failure (cli, report);
      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_GOOD, "Emptied, and %u applied.\n",
                          report->applied->len);
      tide_deploy_report_print_next (cli, report);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  tide_report_add_target (builder, project, target);
  tide_deploy_report_add (builder, report);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  g_autoptr(TideProject) project = tide_cli_load_project (cli, error);
  g_autoptr(TideTarget) target = project ? tide_cli_resolve_target (cli, project, error) : NULL;
  g_autoptr(TideDeployReport) report = NULL;

  if (target == NULL || !check_consent (cli, target, error))
    return TIDE_EXIT_NOT_IN_ORDER;

  report = tide_reset_run (project, tide_target_get_conninfo (target), tide_target_get_kind (target),
                           tide_cli_get_job (cli), error);
  if (report == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  print_report (cli, project, target, report);
  return tide_deploy_report_get_exit (report);
}

static const GOptionEntry options[] = {
  { "yes", 'y', 0, G_OPTION_ARG_NONE, NULL, "yes, all rows and tables may go", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "reset --env dev --yes", "Start again from nothing." },
  { NULL }
};

const TideCommand tide_command_reset = {
  .name = "reset",
  .summary = "empty a development database and apply everything",
  .description =
    "Empties the database and applies all migrations again. Refused without --yes, and on "
    "everything but an "
    "environment that tidemark.json calls development.",
  .options = options,
  .examples = examples,
  .run = run,
};
