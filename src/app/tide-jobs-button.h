/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideJobsButton:
 *
 * The header bar's button for what is running: hidden while there is nothing to tell, a spinner while
 * something runs, a warning once something failed; its popover lists the jobs until they are dismissed.
 * Property: "workspace".
 */
#define TIDE_TYPE_JOBS_BUTTON (tide_jobs_button_get_type ())
G_DECLARE_FINAL_TYPE (TideJobsButton, tide_jobs_button, TIDE, JOBS_BUTTON, GtkWidget)

G_END_DECLS
