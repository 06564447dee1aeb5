/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "health/tide-health.h"
#include "widgets/tide-pill.h"

G_BEGIN_DECLS

/* How a check looks: a static look */
const TideLook *tide_health_get_look         (TideHealthState  state);
/* The button's word for an action; NULL: this program knows none */
const char     *tide_health_get_action_label (const char      *action);
/* The heading over the checks of a group */
const char     *tide_health_get_group_title  (const char      *group);

G_END_DECLS
