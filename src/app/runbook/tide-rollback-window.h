/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-rollback.h"
#include "runbook/tide-run-window.h"

G_BEGIN_DECLS

/* The way back: a choice of the three ways, what each would lose, and the steps of the one that is taken. */
#define TIDE_TYPE_ROLLBACK_WINDOW (tide_rollback_window_get_type ())
G_DECLARE_FINAL_TYPE (TideRollbackWindow, tide_rollback_window, TIDE, ROLLBACK_WINDOW, TideRunWindow)

/* @subject: (nullable): the run of AUTOMATIC (NULL: the last one), the migration of MIGRATION (NULL: the one that failed) */
void tide_rollback_window_present (GtkWidget        *parent,
                                   TideWorkspace    *workspace,
                                   TideRollbackMode  mode,
                                   const char       *subject);
/* What became of a roll-back that this program does not run (any more) */
void tide_rollback_window_present_past (GtkWidget      *parent,
                                   TideWorkspace    *workspace,
                                   TideRunOutcome   *outcome);
/* What an outcome offers: on the very database that @from worked on, whatever is selected meanwhile */
void tide_rollback_window_take_way (TideRunWindow   *from,
                                    const char      *id,
                                    const char      *subject);

G_END_DECLS
