/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drift/tide-drift-comparison.h"
#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideDriftState:
 *
 * How the selected environment of a workspace differs from its applied migrations, as far as somebody has asked: one for all
 * pages, so that none compares what another compares already. The selected environment changing ends a comparison and forgets
 * what came of the last one. Signal: "changed" (a comparison was begun, has ended or was forgotten).
 */
#define TIDE_TYPE_DRIFT_STATE (tide_drift_state_get_type ())
G_DECLARE_FINAL_TYPE (TideDriftState, tide_drift_state, TIDE, DRIFT_STATE, GObject)

TideDriftState      *tide_drift_state_get            (TideWorkspace  *workspace); /* (transfer none) */
/* Compares as a job of the workspace. Unless @anew, what is under way or was found just now serves. */
void                 tide_drift_state_compare        (TideDriftState *self,
                                                      gboolean        anew);
void                 tide_drift_state_cancel         (TideDriftState *self);
/* Whether the history in the database or the rules of what to ignore are others than those last compared */
gboolean             tide_drift_state_is_outdated    (TideDriftState *self);
TideJob             *tide_drift_state_get_job        (TideDriftState *self); /* (transfer none) (nullable): not comparing */
TideDriftComparison *tide_drift_state_get_comparison (TideDriftState *self); /* (transfer none) (nullable) */
const GError        *tide_drift_state_get_error      (TideDriftState *self); /* (nullable): why there is none */
gint64               tide_drift_state_get_moment     (TideDriftState *self); /* microseconds since the epoch: of the comparison */
/* (transfer full): what a comparison follows from, as far as the window knows it */
char                *tide_drift_state_dup_key        (TideWorkspace  *workspace);

G_END_DECLS
