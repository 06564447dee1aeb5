/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The preferences, bound to the settings: what is changed there works at once. */
#define TIDE_TYPE_PREFERENCES (tide_preferences_get_type ())
G_DECLARE_FINAL_TYPE (TidePreferences, tide_preferences, TIDE, PREFERENCES, AdwPreferencesWindow)

GtkWindow *tide_preferences_new             (GSettings *settings);
/* In bytes: up to which size the rows of a table are counted, as #TideBackupOptions.exact_rows_below */
gint64     tide_preferences_get_exact_below (void);

G_END_DECLS
