/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "connect/tide-profile-store.h"

G_BEGIN_DECLS

/**
 * TideApplication:
 *
 * The one instance of the program: its settings, the saved connections, and the window.
 *
 *     tidemark [--sample] [FOLDER]
 */
#define TIDE_TYPE_APPLICATION (tide_application_get_type ())
G_DECLARE_FINAL_TYPE (TideApplication, tide_application, TIDE, APPLICATION, AdwApplication)

GtkApplication   *tide_application_new          (void);
GSettings        *tide_application_get_settings (TideApplication *self); /* (transfer none) */
TideProfileStore *tide_application_get_profiles (TideApplication *self); /* (transfer none) */

G_END_DECLS
