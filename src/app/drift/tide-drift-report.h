/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drift/tide-drift-comparison.h"

G_BEGIN_DECLS

/* (transfer full): a self-contained HTML page: what differs, side by side, and the SQL both ways with what it endangers */
char *tide_drift_report_dup_html (TideDriftComparison *comparison);

G_END_DECLS
