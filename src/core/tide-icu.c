/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-icu"

#include "config.h"

#include "tide-icu.h"

static const TideLibraryFunction functions[] = {
  TIDE_LIBRARY_FIND (TideIcu, u_errorName),
  TIDE_LIBRARY_FIND (TideIcu, u_strFromUTF8),
  TIDE_LIBRARY_FIND (TideIcu, ucol_close),
  TIDE_LIBRARY_FIND (TideIcu, ucol_getSortKey),
  TIDE_LIBRARY_FIND (TideIcu, ucol_open),
  TIDE_LIBRARY_FIND (TideIcu, ucol_strcollUTF8),
  TIDE_LIBRARY_FIND (TideIcu, utrans_close),
  TIDE_LIBRARY_FIND (TideIcu, utrans_openU),
  TIDE_LIBRARY_FIND (TideIcu, utrans_transUChars),
  { NULL }
};

/**
 * tide_icu_get:
 * @error: as tide_library_get()
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): ICU
 */
const TideIcu *
tide_icu_get (GError **error)
{
  static TideIcu table;
  static TideLibrary library = {
    "libicui18n.so." U_ICU_VERSION_SHORT, "ICU " U_ICU_VERSION_SHORT, functions, &table, G_ONCE_INIT
  };

  return tide_library_get (&library, error);
}
