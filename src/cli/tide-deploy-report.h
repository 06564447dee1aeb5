/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "history/tide-deploy.h"
#include "tide-cli.h"

G_BEGIN_DECLS

/* What came of applying migrations, as every command tells it that applies some */

/* The members "applied" and "failed" */
void     tide_deploy_report_add           (JsonBuilder            *builder,
                                           const TideDeployReport *report);
/* On stderr: the migration that failed, if one did, and why */
void     tide_deploy_report_print_failure (TideCli                *cli,
                                           const TideDeployReport *report);
/* And where that is looked at */
void     tide_deploy_report_print_next    (TideCli                *cli,
                                           const TideDeployReport *report);
TideExit tide_deploy_report_get_exit      (const TideDeployReport *report);

G_END_DECLS
