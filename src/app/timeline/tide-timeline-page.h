/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideTimelinePage:
 *
 * The migration history of the selected environment as a timeline with details, or of all environments
 * as a matrix. Property "workspace" (#TideWorkspace, construct). Its actions are the group "timeline".
 */
#define TIDE_TYPE_TIMELINE_PAGE (tide_timeline_page_get_type ())
G_DECLARE_FINAL_TYPE (TideTimelinePage, tide_timeline_page, TIDE, TIMELINE_PAGE, GtkWidget)

G_END_DECLS
