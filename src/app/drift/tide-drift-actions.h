/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drift/tide-drift-node.h"
#include "drift/tide-drift-page.h"

G_BEGIN_DECLS

/* What can be done about what the page shows; each asks first. */

/* What the database has becomes a new migration, which is marked as applied there */
void tide_drift_adopt          (TideDriftPage *page);
/* Runs the SQL that takes the database back to what its migrations say */
void tide_drift_revert         (TideDriftPage *page);
void tide_drift_save_migration (TideDriftPage *page,
                                const char    *sql);
/* Writes a rule with its reason into tidemark.json, so that the object of @node is not told of again */
void tide_drift_ignore         (TideDriftPage *page,
                                TideDriftNode *node);
/* One self-contained HTML file */
void tide_drift_save_report    (TideDriftPage *page);

G_END_DECLS
