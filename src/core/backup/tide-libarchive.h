/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <archive.h>

#include "tide-library.h"

G_BEGIN_DECLS

/**
 * TideLibarchive:
 *
 * The functions of libarchive that this program calls. It brings libxml2, ICU and a C++ library, half of what a loader
 * has to do for this program.
 */
typedef struct
{
  TIDE_LIBRARY_MEMBER (archive_error_string);
  TIDE_LIBRARY_MEMBER (archive_filter_bytes);
  TIDE_LIBRARY_MEMBER (archive_read_data);
  TIDE_LIBRARY_MEMBER (archive_read_free);
  TIDE_LIBRARY_MEMBER (archive_read_new);
  TIDE_LIBRARY_MEMBER (archive_read_next_header);
  TIDE_LIBRARY_MEMBER (archive_read_open_filename);
  TIDE_LIBRARY_MEMBER (archive_read_support_filter_lz4);
  TIDE_LIBRARY_MEMBER (archive_read_support_filter_zstd);
  TIDE_LIBRARY_MEMBER (archive_read_support_format_raw);
} TideLibarchive;

const TideLibarchive *tide_libarchive_get (GError **error);

G_END_DECLS
