/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "connect/tide-profile-store.h"

G_BEGIN_DECLS

/**
 * TideConnectionEditor:
 *
 * Makes or changes a saved connection. Signal: "saved" (#TideProfile: the one that is in the store now).
 */
#define TIDE_TYPE_CONNECTION_EDITOR (tide_connection_editor_get_type ())
G_DECLARE_FINAL_TYPE (TideConnectionEditor, tide_connection_editor, TIDE, CONNECTION_EDITOR, AdwWindow)

/* @profile: (nullable): what to start from: one of the store's, or a new one; it is not changed itself */
GtkWindow *tide_connection_editor_new (TideProfileStore *store,
                                       TideProfile      *profile);

G_END_DECLS
