/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-library"

#include "config.h"

#include <dlfcn.h>

#include "tide-error.h"
#include "tide-library.h"

/* Never closed: it is needed until the end. */
static gpointer
load (gpointer data)
{
  const TideLibrary *self = data;
  void *library = dlopen (self->file, RTLD_LAZY | RTLD_LOCAL);

  if (library == NULL)
    return NULL;
  for (const TideLibraryFunction *function = self->functions; function->symbol != NULL; function++)
    {
      gpointer address = dlsym (library, function->symbol);

      if (address == NULL)
        return NULL;
      G_STRUCT_MEMBER (gpointer, self->table, function->offset) = address;
    }
  return self->table;
}

/**
 * tide_library_get:
 * @self: a library, with %G_ONCE_INIT the first time
 * @error: %TIDE_ERROR_NOT_FOUND when it is not there, or not whole
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): its functions: @self's table
 */
gconstpointer
tide_library_get (TideLibrary  *self,
                  GError      **error)
{
  gconstpointer table = g_once (&self->once, load, self);

  if (table == NULL)
    {
      g_autofree char *way = g_strdup_printf ("install %s again", self->package);

      tide_set_error (error, TIDE_ERROR_NOT_FOUND, way, "cannot load the library \"%s\"", self->file);
    }
  return table;
}
