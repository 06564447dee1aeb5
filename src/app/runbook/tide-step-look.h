/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-run-step.h"
#include "widgets/tide-pill.h"

G_BEGIN_DECLS

/* How the state of a step looks: (transfer none) */
const TideLook *tide_step_get_look  (TideStepState  state);
/* (transfer none): what the step is called in the person's language */
const char     *tide_step_get_title (TideRunStep   *step);
const char     *tide_step_get_title_of (const char *id);

G_END_DECLS
