/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-libarchive"

#include "config.h"

#include "backup/tide-libarchive.h"

static const TideLibraryFunction functions[] = {
  TIDE_LIBRARY_FIND (TideLibarchive, archive_error_string),
  TIDE_LIBRARY_FIND (TideLibarchive, archive_filter_bytes),
  TIDE_LIBRARY_FIND (TideLibarchive, archive_read_data),
  TIDE_LIBRARY_FIND (TideLibarchive, archive_read_free),
  TIDE_LIBRARY_FIND (TideLibarchive, archive_read_new),
  TIDE_LIBRARY_FIND (TideLibarchive, archive_read_next_header),
  TIDE_LIBRARY_FIND (TideLibarchive, archive_read_open_filename),
  TIDE_LIBRARY_FIND (TideLibarchive, archive_read_support_filter_lz4),
  TIDE_LIBRARY_FIND (TideLibarchive, archive_read_support_filter_zstd),
  TIDE_LIBRARY_FIND (TideLibarchive, archive_read_support_format_raw),
  { NULL }
};

/**
 * tide_libarchive_get:
 * @error: as tide_library_get()
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): libarchive
 */
const TideLibarchive *
tide_libarchive_get (GError **error)
{
  static TideLibarchive table;
  static TideLibrary library = { "libarchive.so.13", "libarchive", functions, &table, G_ONCE_INIT };

  return tide_library_get (&library, error);
}
