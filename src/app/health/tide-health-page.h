/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideHealthPage:
 *
 * How the database of the selected environment is: checks in groups, and its tables. Read in a thread, again every while as long
 * as the page is looked at, and not at all while it is not. Property "workspace" (#TideWorkspace, construct). Its actions
 * are the group "health".
 */
#define TIDE_TYPE_HEALTH_PAGE (tide_health_page_get_type ())
G_DECLARE_FINAL_TYPE (TideHealthPage, tide_health_page, TIDE, HEALTH_PAGE, GtkWidget)

G_END_DECLS
