/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drift/tide-drift-comparison.h"
#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideDriftLoader:
 *
 * Compares, and proves the SQL that came of it, as jobs of a workspace; a newer question forgets the one before. Signals:
 * "changed" (a comparison was begun or has ended), "proved" (a proof was begun or has ended).
 */
#define TIDE_TYPE_DRIFT_LOADER (tide_drift_loader_get_type ())
G_DECLARE_FINAL_TYPE (TideDriftLoader, tide_drift_loader, TIDE, DRIFT_LOADER, GObject)

TideDriftLoader       *tide_drift_loader_new             (TideWorkspace     *workspace);
/* @question: (transfer full). Unless @anew, what another page compares or has just compared serves. */
void                   tide_drift_loader_compare         (TideDriftLoader   *self,
                                                          TideDriftQuestion *question,
                                                          gboolean           anew);
/* Tries the SQL of the comparison that is shown; nothing is said to be right that was not tried */
void                   tide_drift_loader_prove           (TideDriftLoader   *self,
                                                          gboolean           revert);
void                   tide_drift_loader_cancel          (TideDriftLoader   *self);
/* Drops the comparison, too: it is of something else */
void                   tide_drift_loader_forget          (TideDriftLoader   *self);
/* Whether the history in the database or the rules of what to ignore are others than those last compared, or another page knows better */
gboolean               tide_drift_loader_is_outdated     (TideDriftLoader   *self);
TideJob               *tide_drift_loader_get_job         (TideDriftLoader   *self); /* (nullable): of the comparison under way */
TideDriftComparison   *tide_drift_loader_get_comparison  (TideDriftLoader   *self); /* (nullable) */
const GError          *tide_drift_loader_get_error       (TideDriftLoader   *self); /* (nullable): why there is none */
const TideSchemaProof *tide_drift_loader_get_proof       (TideDriftLoader   *self); /* (nullable): not yet */
const GError          *tide_drift_loader_get_proof_error (TideDriftLoader   *self); /* (nullable): it could not be tried */

G_END_DECLS
