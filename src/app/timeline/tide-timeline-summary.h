/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-timeline.h"

G_BEGIN_DECLS

/* (transfer full): "1 failed, 2 pending, 40 applied", what needs a look first */
char *tide_timeline_dup_summary (TideTimeline *timeline);

G_END_DECLS
