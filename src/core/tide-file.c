/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-file"

#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tide-file.h"

char *
tide_file_find_place (const char *path,
                      int        *mode)
{
  struct stat state;
  char *found, *place;

  g_return_val_if_fail (path != NULL, NULL);

  *mode = stat (path, &state) == 0 ? (int) (state.st_mode & 0777) : TIDE_FILE_NEW_MODE;
  found = realpath (path, NULL);
  place = g_strdup (found ? found : path);
  free (found);
  return place;
}

gboolean
tide_file_replace (const char  *path,
                   const char  *data,
                   gsize        length,
                   GError     **error)
{
  int mode;
  g_autofree char *place = tide_file_find_place (path, &mode);

  if (!g_file_set_contents_full (place, data, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, mode, error))
    return FALSE;
  /* The mask of the process took something of it away. */
  if (mode != TIDE_FILE_NEW_MODE)
    g_chmod (place, mode);
  return TRUE;
}
