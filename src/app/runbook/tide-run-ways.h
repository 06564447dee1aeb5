/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-run-window.h"

G_BEGIN_DECLS

/* Follows a way on that every window knows: report, journal, editor, diagnose, resolve, what-is-wrong, reopen. FALSE: it is none of these */
gboolean tide_run_take_way (TideRunWindow *window,
                            const char    *id,
                            const char    *subject);

G_END_DECLS
