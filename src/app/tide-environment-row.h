/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-environment.h"

G_BEGIN_DECLS

/**
 * TideEnvironmentRow:
 *
 * An environment in the sidebar: its name, what it is for, and where its history stands: a count of what is
 * pending, a check mark, a warning, or why it could not be read. Property: "environment".
 */
#define TIDE_TYPE_ENVIRONMENT_ROW (tide_environment_row_get_type ())
G_DECLARE_FINAL_TYPE (TideEnvironmentRow, tide_environment_row, TIDE, ENVIRONMENT_ROW, GtkListBoxRow)

GtkWidget       *tide_environment_row_new             (TideEnvironment    *environment);
TideEnvironment *tide_environment_row_get_environment (TideEnvironmentRow *self); /* (transfer none) */

G_END_DECLS
