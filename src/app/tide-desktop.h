/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideDesktop:
 *
 * What the desktop is told of the jobs of a workspace: the session neither ends nor sleeps while one that must not be interrupted
 * runs, and a notification tells how a job ended, or that it waits for an answer, while nobody looks at the program.
 */
#define TIDE_TYPE_DESKTOP (tide_desktop_get_type ())
G_DECLARE_FINAL_TYPE (TideDesktop, tide_desktop, TIDE, DESKTOP, GObject)

TideDesktop *tide_desktop_new  (TideWorkspace *workspace);
/* Where nobody looks: @job needs the person. Withdrawn when the job goes on to tell something else. */
void         tide_desktop_call (TideJob       *job,
                                const char    *question);

G_END_DECLS
