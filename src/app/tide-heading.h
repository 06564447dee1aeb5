/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "connect/tide-profile.h"
#include "project/tide-project.h"

G_BEGIN_DECLS

/**
 * TideHeading:
 *
 * The heading of the header bar: what is open, which database of it, and what that is for. Properties: "workspace"
 * (#TideWorkspace), "profile" (#TideProfile, nullable: shown instead of the project).
 */
#define TIDE_TYPE_HEADING (tide_heading_get_type ())
G_DECLARE_FINAL_TYPE (TideHeading, tide_heading, TIDE, HEADING, GtkWidget)

/* Its first line: (transfer full) (nullable): NULL when nothing is open */
char *tide_heading_format (TideProject *project,
                           TideProfile *profile);

G_END_DECLS
