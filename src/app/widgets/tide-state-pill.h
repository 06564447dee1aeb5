/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "history/tide-timeline.h"

G_BEGIN_DECLS

/* The state of a migration as icon, word and colour. Property "state" (#TideMigrationState). */
#define TIDE_TYPE_STATE_PILL (tide_state_pill_get_type ())
G_DECLARE_FINAL_TYPE (TideStatePill, tide_state_pill, TIDE, STATE_PILL, GtkWidget)

/* How a state looks, here and in the rail: (transfer none) */
const char *tide_state_get_word      (TideMigrationState state); /* translated: "Applied" */
const char *tide_state_get_icon_name (TideMigrationState state);
const char *tide_state_get_css_class (TideMigrationState state);

G_END_DECLS
