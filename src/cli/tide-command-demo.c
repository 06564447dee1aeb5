/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-demo"

#include "config.h"

#include "sample/tide-sample.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-report.h"

static TideExit
stop (TideCli  *cli,
      GError  **error)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!tide_sample_stop (NULL, tide_cli_get_cancellable (cli), error))
    return TIDE_EXIT_NOT_IN_ORDER;
  if (!tide_cli_wants_json (cli))
    {
      tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_PLAIN,
                          "Stopped; its files stay, and \"tidemarkctl demo\" starts it again.\n");
      return TIDE_EXIT_DONE;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "stopped");
  json_builder_add_boolean_value (builder, TRUE);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
  return TIDE_EXIT_DONE;
}

static void
print_json (TideCli              *cli,
            const TideSampleInfo *info)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "project", info->project);
  tide_report_add_text (builder, "url", info->url);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

static void
print_human (TideCli              *cli,
             const TideSampleInfo *info)
{
  TideConsole *console = tide_cli_get_console (cli);
  g_autofree char *folder = g_shell_quote (info->project);

  tide_console_print (console, TIDE_STYLE_GOOD, "The sample project is ready.\n");
  tide_console_print (console, TIDE_STYLE_PLAIN, "  project   %s\n  database  %s\n\n",
                      info->project, info->url);
  tide_console_print (console, TIDE_STYLE_STRONG, "next:\n");
  tide_console_print (console, TIDE_STYLE_PLAIN,
                      "  cd %s\n"
                      "  tidemarkctl --env staging status\n"
                      "  tidemarkctl --env staging deploy\n"
                      "  tidemarkctl demo --stop\n",
                      folder);
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  g_autoptr(TideSampleInfo) info = NULL;

  if (tide_arguments_get_flag (tide_cli_get_arguments (cli), "stop"))
    return stop (cli, error);

  info = tide_sample_start (NULL, tide_cli_get_job (cli), error);
  if (info == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (tide_cli_wants_json (cli))
    print_json (cli, info);
  else
    print_human (cli, info);
  return TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "stop", 0, 0, G_OPTION_ARG_NONE, NULL, "stop its PostgreSQL; the files stay", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "demo", "Make the sample project, if it is not there, and start its databases." },
  { "demo --stop", "Stop them." },
  { NULL }
};

const TideCommand tide_command_demo = {
  .name = "demo",
  .summary = "start the sample project",
  .description =
    "Makes the sample project, a marketplace with development, staging and production databases "
    "on a private "
    "PostgreSQL, and says where it is. The server goes on running until demo --stop.",
  .options = options,
  .examples = examples,
  .run = run,
};
