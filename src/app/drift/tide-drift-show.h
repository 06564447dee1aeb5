/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "drift/tide-compare-view.h"
#include "drift/tide-drift-comparison.h"

G_BEGIN_DECLS

/* What a comparison says to a person, in the widgets that show it. @comparison: (nullable): there is none yet.
 * @is_old: its database does not answer any more: the answer is one about its moment, and not about now. */

/* How many differences, and when they were found */
void tide_drift_show_summary (TideDriftComparison  *comparison,
                              GtkLabel             *label);
void tide_drift_show_notes   (TideDriftComparison  *comparison,
                              gboolean              is_old,
                              GtkInfoBar           *bar,
                              GtkLabel             *label);
/* That nothing differs */
void tide_drift_show_equal   (TideDriftComparison  *comparison,
                              gboolean              is_old,
                              AdwStatusPage        *page);
/* One difference, side by side */
void tide_drift_show_entry   (TideDriftComparison  *comparison,
                              const TideDriftEntry *entry,
                              TideCompareView      *view);

G_END_DECLS
