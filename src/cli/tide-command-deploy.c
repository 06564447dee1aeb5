/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-deploy"

#include "config.h"

#include "history/tide-deploy.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-deploy-report.h"
#include "tide-error.h"
#include "tide-report.h"
#include "tide-run-mode.h"

static gboolean
print_plan (TideCli     *cli,
            TideTarget  *target,
            GPtrArray   *plan,
            GError     **error)
{
  TideConsole *console = tide_cli_get_console (cli);
  g_autofree char *label = tide_conninfo_dup_label (tide_target_get_conninfo (target));

  if (plan->len > 0)
    tide_console_print (console, TIDE_STYLE_STRONG, "To apply to %s (%s):\n", label,
                        tide_kind_to_string (tide_target_get_kind (target)));
  for (guint i = 0; i < plan->len; i++)
    {
      const TideDeployStep *step = g_ptr_array_index (plan, i);
      TideSqlRunMode mode = tide_sql_script_get_run_mode (step->script);
      g_autofree char *reason = tide_sql_script_dup_reason (step->script);

      tide_console_print (console, TIDE_STYLE_PLAIN, "  %s\n",
                          tide_migration_get_name (step->migration));
      tide_console_print (console,
                          mode == TIDE_SQL_RUN_ATOMIC ? TIDE_STYLE_DIM : TIDE_STYLE_WARNING,
                          mode == TIDE_SQL_RUN_ATOMIC ? "      %s\n" : "      %s: %s\n",
                          tide_run_mode_phrase (mode), reason);
    }
  return tide_console_flush (console, error);
}

static void
add_plan (JsonBuilder *builder,
          GPtrArray   *plan)
{
  json_builder_set_member_name (builder, "plan");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->len; i++)
    {
      const TideDeployStep *step = g_ptr_array_index (plan, i);
      g_autofree char *reason = tide_sql_script_dup_reason (step->script);

      json_builder_begin_object (builder);
      tide_report_add_text (builder, "name", tide_migration_get_name (step->migration));
      tide_report_add_text (builder, "mode",
                            tide_run_mode_word (tide_sql_script_get_run_mode (step->script)));
      tide_report_add_text (builder, "mode_reason", reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (TideCli                *cli,
            TideProject            *project,
            TideTarget             *target,
            GPtrArray              *plan,
            const TideDeployReport *report)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  tide_report_add_target (builder, project, target);
  add_plan (builder, plan);
  tide_deploy_report_add (builder, report);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static gboolean
parse_lock_timeout (TideCli  *cli,
                    guint    *milliseconds,
                    GError  **error)
{
  int number = tide_arguments_get_number (tide_cli_get_arguments (cli), "lock-timeout");

  if (number < 0)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "0 waits as long as the server allows",
                      "--lock-timeout cannot be \"%d\"", number);
      return FALSE;
    }
  *milliseconds = number;
  return TRUE;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  const char *to = tide_arguments_get_text (tide_cli_get_arguments (cli), "to");
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(GPtrArray) plan = NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(TideDeployReport) report = NULL;
  TideDeployOptions options = { .to = to };

  if (!parse_lock_timeout (cli, &options.lock_timeout_ms, error))
    return TIDE_EXIT_USAGE;
  project = tide_cli_load_project (cli, error);
  target = project ? tide_cli_resolve_target (cli, project, error) : NULL;
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  plan = tide_deploy_plan_for (project, tide_target_get_conninfo (target), to, options.lock_timeout_ms,
                               &session, tide_cli_get_cancellable (cli), error);
  if (plan == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (!tide_cli_wants_json (cli) && !print_plan (cli, target, plan, error))
    return TIDE_EXIT_NOT_IN_ORDER;

  options.plan = plan;
  options.session = session;
  report = tide_deploy_run_full (project, tide_target_get_conninfo (target), &options, tide_cli_get_job (cli), error);
  if (report == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;

  if (tide_cli_wants_json (cli))
    print_json (cli, project, target, plan, report);
  else
    {
      tide_deploy_report_print_failure (cli, report);
      if (report->applied->len > 0)
        tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_GOOD, "%u applied.\n", report->applied->len);
      else if (report->failed_name == NULL)
        tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_GOOD, "Nothing is pending.\n");
      tide_deploy_report_print_next (cli, report);
    }
  return tide_deploy_report_get_exit (report);
}

static const GOptionEntry options[] = {
  { "to", 0, 0, G_OPTION_ARG_FILENAME, NULL, "stop after this migration", "MIGRATION" },
  { "lock-timeout", 0, 0, G_OPTION_ARG_INT, NULL,
    "how long to wait for a lock, of another deploy too; default: 10 s for that, else as the server says", "MS" },
  { NULL }
};

static const TideExample examples[] = {
  { "deploy", "Apply everything that is pending to DATABASE_URL." },
  { "deploy --env staging --to 20251118154530_sync_schema_phase30", "Apply up to one migration." },
  { "deploy --url postgresql:///shop --json", "Apply, and tell a program how it went." },
  { NULL }
};

const TideCommand tide_command_deploy = {
  .name = "deploy",
  .summary = "apply the migrations that are pending",
  .description =
    "Applies what is pending, in Prisma's order, under Prisma's lock, and writes the ledger as "
    "Prisma does. Before "
    "it starts it says which files will run and how: in one transaction; statement by statement "
    "where one of them "
    "refuses a transaction; or in the transactions that the file itself begins and ends.\n"
    "\n"
    "The first migration that fails ends it. What was applied before it stays; what the failed "
    "one left is told by "
    "status. An interrupt (Ctrl-C) stops the running statement on the server and records the "
    "migration as failed.",
  .options = options,
  .examples = examples,
  .run = run,
};
