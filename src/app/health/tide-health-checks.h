/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "health/tide-health.h"

G_BEGIN_DECLS

/**
 * TideHealthChecks:
 *
 * The checks of a report in groups, with what each found. Their buttons activate the action "health.act" with what is to be
 * done and to what. What was unfolded stays so when a later report is shown.
 */
#define TIDE_TYPE_HEALTH_CHECKS (tide_health_checks_get_type ())
G_DECLARE_FINAL_TYPE (TideHealthChecks, tide_health_checks, TIDE, HEALTH_CHECKS, GtkWidget)

/* @health: (nullable) */
void tide_health_checks_set_health (TideHealthChecks *self,
                                    TideHealth       *health);

G_END_DECLS
