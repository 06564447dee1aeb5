/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-report"

#include "config.h"

#include "runbook/tide-pipeline-private.h"

char *
tide_run_report_dup_html (const char *json)
{
  g_autofree char *escaped = g_markup_escape_text (json, -1);

  return g_strconcat ("<!DOCTYPE html>\n<pre>", escaped, "</pre>\n", NULL);
}
