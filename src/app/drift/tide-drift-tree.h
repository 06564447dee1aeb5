/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "drift/tide-drift-node.h"

G_BEGIN_DECLS

/**
 * TideDriftTree:
 *
 * What differs, as a tree by schema and kind, with counts, a search and filters. Property "selected" (#TideDriftNode, read-only,
 * nullable): an object, or a difference in one.
 */
#define TIDE_TYPE_DRIFT_TREE (tide_drift_tree_get_type ())
G_DECLARE_FINAL_TYPE (TideDriftTree, tide_drift_tree, TIDE, DRIFT_TREE, GtkWidget)

/* @outline: (nullable). What was selected stays so when it still differs. */
void           tide_drift_tree_set_outline  (TideDriftTree    *self,
                                             TideDriftOutline *outline);
TideDriftNode *tide_drift_tree_get_selected (TideDriftTree    *self); /* (transfer none) (nullable) */
/* Selects the next (1) or previous (-1) object. %FALSE: there is none that way */
gboolean       tide_drift_tree_step         (TideDriftTree    *self,
                                             int               direction);

G_END_DECLS
