/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideDriftSides:
 *
 * What is compared with what, and what stands beside the two, to be chosen: in words of tide_schema_source_parse(), or "applied".
 * It begins with what drift is. Signal "changed": another one was chosen.
 */
#define TIDE_TYPE_DRIFT_SIDES (tide_drift_sides_get_type ())
G_DECLARE_FINAL_TYPE (TideDriftSides, tide_drift_sides, TIDE, DRIFT_SIDES, GtkWidget)

void           tide_drift_sides_set_workspace (TideDriftSides *self,
                                               TideWorkspace  *workspace);
TideWorkspace *tide_drift_sides_get_workspace (TideDriftSides *self); /* (transfer none) (nullable) */
const char    *tide_drift_sides_get_left      (TideDriftSides *self);
const char    *tide_drift_sides_get_right     (TideDriftSides *self);
const char    *tide_drift_sides_get_third     (TideDriftSides *self); /* (nullable) */
/* Both at once: "changed" is told once, and not when they were chosen already */
void           tide_drift_sides_set           (TideDriftSides *self,
                                               const char     *left,
                                               const char     *right);
/* Whether it is the database against its applied migrations */
gboolean       tide_drift_sides_is_drift      (TideDriftSides *self);
/* Whether any of them is read from the selected database */
gboolean       tide_drift_sides_has_database  (TideDriftSides *self);

G_END_DECLS
