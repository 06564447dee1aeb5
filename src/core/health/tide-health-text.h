/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How numbers are told in the texts of checks. All (transfer full). */
char *tide_health_dup_span  (gint64 seconds); /* "12 s", "3 min", "5 h", "3 days" */
char *tide_health_dup_count (gint64 n);       /* "950", "12 thousand", "3.4 million" */

G_END_DECLS
