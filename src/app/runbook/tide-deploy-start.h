/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "runbook/tide-runbook.h"
#include "tide-environment.h"

G_BEGIN_DECLS

/**
 * TideDeployStart:
 *
 * What stands in the window before a deploy begins: what waits, what the person may ask for, and the button that begins. While a
 * migration has failed or is being applied, nothing begins: the ways on stand there then. It follows the ledger.
 * Signals: "start"; "way" (id, subject), as of an outcome.
 */
#define TIDE_TYPE_DEPLOY_START (tide_deploy_start_get_type ())
G_DECLARE_FINAL_TYPE (TideDeployStart, tide_deploy_start, TIDE, DEPLOY_START, GtkWidget)

GtkWidget *tide_deploy_start_new   (TideProject     *project,
                                    TideEnvironment *environment);
/* The strings of @options are borrowed until something is changed */
void       tide_deploy_start_fill  (TideDeployStart *self,
                                    TideRunOptions  *options);
void       tide_deploy_start_focus (TideDeployStart *self);

G_END_DECLS
