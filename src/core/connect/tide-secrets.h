/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "tide-kind.h"

G_BEGIN_DECLS

/* Passwords live in libsecret and nowhere else, found by profile id. Without a keyring every call says so
 * (UNSUPPORTED with what to do), and lookups answer "none"; the program stays usable by asking every time. */
void      tide_secrets_store_async   (const char           *profile_id,
                                      TideKind              kind,
                                      const char           *label,
                                      const char           *password,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean  tide_secrets_store_finish  (GAsyncResult         *result,
                                      GError              **error);
void      tide_secrets_lookup_async  (const char           *profile_id,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
/* (transfer full) (nullable): free with tide_secrets_free(); NULL without error: none stored */
char     *tide_secrets_lookup_finish (GAsyncResult         *result,
                                      GError              **error);
char     *tide_secrets_lookup        (const char           *profile_id,
                                      GCancellable         *cancellable,
                                      GError              **error);
void      tide_secrets_clear_async   (const char           *profile_id,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean  tide_secrets_clear_finish  (GAsyncResult         *result,
                                      GError              **error);
void      tide_secrets_free          (char                 *password); /* wipes it first */

G_END_DECLS
