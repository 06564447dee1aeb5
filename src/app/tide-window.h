/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tide-application.h"
#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideWindow:
 *
 * The window: a sidebar of databases, and for the chosen one the pages of its project, or the facts
 * of a plain connection. Properties: "workspace", "profiles" and "settings" (construct-only),
 * "profile" (read-only; the plain connection that is shown, nullable).
 */
#define TIDE_TYPE_WINDOW (tide_window_get_type ())
G_DECLARE_FINAL_TYPE (TideWindow, tide_window, TIDE, WINDOW, AdwApplicationWindow)

/* @folder: (nullable): a project to open, which is read while the window is built */
TideWindow    *tide_window_new            (TideApplication *app,
                                           const char      *folder);
/* For a new window: its first frame shows what was opened, if that is read at once */
void           tide_window_present_soon   (TideWindow      *self);
/* What cannot be opened is told in the window */
void           tide_window_open_project   (TideWindow      *self,
                                           const char      *folder);
/* Makes the sample project if need be, starts its PostgreSQL and opens it */
void           tide_window_open_sample    (TideWindow      *self);
void           tide_window_toast          (TideWindow      *self,
                                           const char      *message);

G_END_DECLS
