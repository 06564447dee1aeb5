/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-icu"

#include "config.h"

#include <dlfcn.h>

#include "tide-error.h"
#include "tide-icu.h"

#define LIBRARY "libicui18n.so." U_ICU_VERSION_SHORT

/* The stringified name is the versioned one: the macro is expanded before. */
#define FIND(name) { G_STRINGIFY (name), G_STRUCT_OFFSET (TideIcu, name) }

static const struct
{
  const char *symbol;
  glong       offset;
} members[] = {
  FIND (u_errorName),
  FIND (u_strFromUTF8),
  FIND (ucol_close),
  FIND (ucol_getSortKey),
  FIND (ucol_open),
  FIND (ucol_strcollUTF8),
  FIND (utrans_close),
  FIND (utrans_openU),
  FIND (utrans_transUChars),
};

/* Never closed: it is needed until the end. */
static gpointer
load (gpointer data)
{
  static TideIcu icu;
  void *library = dlopen (LIBRARY, RTLD_LAZY | RTLD_LOCAL);

  if (library == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      gpointer function = dlsym (library, members[i].symbol);

      if (function == NULL)
        return NULL;
      G_STRUCT_MEMBER (gpointer, &icu, members[i].offset) = function;
    }
  return &icu;
}

/**
 * tide_icu_get:
 * @error: %TIDE_ERROR_NOT_FOUND when the library is not there
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): ICU
 */
const TideIcu *
tide_icu_get (GError **error)
{
  static GOnce once = G_ONCE_INIT;
  const TideIcu *icu = g_once (&once, load, NULL);

  if (icu == NULL)
    tide_set_error (error, TIDE_ERROR_NOT_FOUND, "install ICU " U_ICU_VERSION_SHORT " again",
                    "cannot load the library \"" LIBRARY "\"");
  return icu;
}
