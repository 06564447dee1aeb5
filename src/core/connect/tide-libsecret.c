/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-libsecret"

#include "config.h"

#include "connect/tide-libsecret.h"
#include "connect/tide-secrets-prompt.h"

static const TideLibraryFunction functions[] = {
  TIDE_LIBRARY_FIND (TideLibsecret, secret_error_get_quark),
  TIDE_LIBRARY_FIND (TideLibsecret, secret_password_clear_sync),
  TIDE_LIBRARY_FIND (TideLibsecret, secret_password_lookup_sync),
  TIDE_LIBRARY_FIND (TideLibsecret, secret_password_store_sync),
  TIDE_LIBRARY_FIND (TideLibsecret, secret_prompt_perform),
  TIDE_LIBRARY_FIND (TideLibsecret, secret_prompt_perform_finish),
  TIDE_LIBRARY_FIND (TideLibsecret, secret_service_get_type),
  { NULL }
};

/**
 * tide_libsecret_get:
 * @error: as tide_library_get()
 *
 * Any thread. Its prompt is mended: tide_secrets_mend_prompt()
 *
 * Returns: (transfer none) (nullable): libsecret
 */
const TideLibsecret *
tide_libsecret_get (GError **error)
{
  static TideLibsecret table;
  static TideLibrary library = { "libsecret-1.so.0", "libsecret", functions, &table, G_ONCE_INIT };

  const TideLibsecret *libsecret = tide_library_get (&library, error);

  if (libsecret != NULL)
    tide_secrets_mend_prompt (libsecret);
  return libsecret;
}
