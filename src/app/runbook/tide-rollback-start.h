/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "runbook/tide-rollback.h"
#include "tide-environment.h"

G_BEGIN_DECLS

/**
 * TideRollbackStart:
 *
 * What stands in the window before a roll-back begins: which of the ways back, and what it would lose, counted. Signals: "start",
 * and "changed": another way was chosen, or it was asked for anew: make a plan of it.
 */
#define TIDE_TYPE_ROLLBACK_START (tide_rollback_start_get_type ())
G_DECLARE_FINAL_TYPE (TideRollbackStart, tide_rollback_start, TIDE, ROLLBACK_START, GtkWidget)

GtkWidget *tide_rollback_start_new         (TideProject         *project,
                                            TideEnvironment     *environment,
                                            TideRollbackMode     mode,
                                            const char          *subject);
/* The strings of @options are borrowed until something is chosen */
void       tide_rollback_start_fill        (TideRollbackStart   *self,
                                            TideRollbackOptions *options);
/* Both NULL: it is being made. One of them: what came of it */
void       tide_rollback_start_set_plan    (TideRollbackStart   *self,
                                            TideRollbackPlan    *plan,
                                            const GError        *error);

G_END_DECLS
