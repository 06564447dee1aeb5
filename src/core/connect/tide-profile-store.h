/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "connect/tide-profile.h"

G_BEGIN_DECLS

/**
 * TideProfileStore: a #GListModel of #TideProfile over `profiles.json`, written atomically, 0600, at every
 * change; a file that cannot be read is left as it is and told (INVALID), never overwritten.
 */
#define TIDE_TYPE_PROFILE_STORE (tide_profile_store_get_type ())
G_DECLARE_FINAL_TYPE (TideProfileStore, tide_profile_store, TIDE, PROFILE_STORE, GObject)

/* @path: (nullable): NULL for $XDG_CONFIG_HOME/tidemark/profiles.json */
TideProfileStore *tide_profile_store_new    (const char        *path);
gboolean          tide_profile_store_load   (TideProfileStore  *self,
                                             GError           **error);
gboolean          tide_profile_store_save   (TideProfileStore  *self,
                                             TideProfile       *profile, /* new, or one of ours that changed */
                                             GError           **error);
gboolean          tide_profile_store_remove (TideProfileStore  *self,
                                             const char        *id,
                                             GError           **error);
TideProfile      *tide_profile_store_find   (TideProfileStore  *self,
                                             const char        *id_or_name); /* (transfer none) (nullable) */

G_END_DECLS
