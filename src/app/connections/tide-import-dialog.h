/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "connect/tide-profile-store.h"

G_BEGIN_DECLS

/**
 * TideImportDialog:
 *
 * Finds connections in a URL, a `.env` file, a service file or a password file, and saves those that the
 * person leaves checked; their passwords go to the keyring.
 */
#define TIDE_TYPE_IMPORT_DIALOG (tide_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TideImportDialog, tide_import_dialog, TIDE, IMPORT_DIALOG, AdwWindow)

/* @root: (nullable): the open project, whose .env is proposed */
GtkWindow *tide_import_dialog_new (TideProfileStore *store,
                                   const char       *root);

G_END_DECLS
