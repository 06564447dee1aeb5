/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "drift/tide-drift-comparison.h"
#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideDriftPage:
 *
 * What differs between two schemas (at first: what the applied migrations say, and what the database is), side by side, with the SQL
 * that mends it. Property "workspace" (#TideWorkspace, construct). Its actions are the group "drift".
 */
#define TIDE_TYPE_DRIFT_PAGE (tide_drift_page_get_type ())
G_DECLARE_FINAL_TYPE (TideDriftPage, tide_drift_page, TIDE, DRIFT_PAGE, GtkWidget)

TideWorkspace       *tide_drift_page_get_workspace  (TideDriftPage *self); /* (transfer none) */
TideDriftComparison *tide_drift_page_get_comparison (TideDriftPage *self); /* (transfer none) (nullable) */
/* What the comparison is of, whatever is selected meanwhile; both (transfer none) (nullable): there is none */
TideEnvironment     *tide_drift_page_get_environment (TideDriftPage *self);
TideTarget          *tide_drift_page_get_target     (TideDriftPage *self);
/* Compares again */
void                 tide_drift_page_compare        (TideDriftPage *self);
/* Reads the project's files again, then compares */
void                 tide_drift_page_reload_project (TideDriftPage *self);
/* Chooses the sides, in words of tide_schema_source_parse() or "applied", and compares */
void                 tide_drift_page_compare_sides  (TideDriftPage *self,
                                                     const char    *left,
                                                     const char    *right);
/* Compares again, and then asks what "adopt" or "revert" asks, where there is something to do */
void                 tide_drift_page_settle         (TideDriftPage *self,
                                                     const char    *action);

G_END_DECLS
