/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-deploy-report"

#include "config.h"

#include "tide-deploy-report.h"
#include "tide-error.h"
#include "tide-report.h"

void
tide_deploy_report_add (JsonBuilder            *builder,
                        const TideDeployReport *report)
{
  tide_report_add_names (builder, "applied", report->applied);
  tide_report_add_failure (builder, "failed", report->failed_name, report->failure);
}

void
tide_deploy_report_print_failure (TideCli                *cli,
                                  const TideDeployReport *report)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  if (report->failed_name == NULL)
    return;
  text = tide_error_dup_text (report->failure);
  line = g_strdup_printf ("migration \"%s\": %s", report->failed_name, text);
  tide_console_warn (tide_cli_get_console (cli), TIDE_STYLE_BAD, "error", line);
}

void
tide_deploy_report_print_next (TideCli                *cli,
                               const TideDeployReport *report)
{
  if (report->failed_name != NULL)
    tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_STRONG, "next: tidemarkctl status shows what it left behind\n");
}

TideExit
tide_deploy_report_get_exit (const TideDeployReport *report)
{
  if (report->failed_name == NULL)
    return TIDE_EXIT_DONE;
  if (g_error_matches (report->failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TIDE_EXIT_INTERRUPTED;
  return TIDE_EXIT_NOT_IN_ORDER;
}
