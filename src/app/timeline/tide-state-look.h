/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-timeline.h"
#include "widgets/tide-pill.h"

G_BEGIN_DECLS

/* How the state of a migration looks, in a pill and in the rail: (transfer none) */
const TideLook *tide_state_get_look (const TideTimelineEntry *entry);

G_END_DECLS
