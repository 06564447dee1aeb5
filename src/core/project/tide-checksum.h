/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TIDE_LINE_ENDS_KEPT,
  TIDE_LINE_ENDS_LF,   /* every CR LF as LF */
  TIDE_LINE_ENDS_CRLF, /* every LF as CR LF, also one that a CR stands before */
} TideLineEnds;

/* (transfer full): 64 lower case hex digits */
char     *tide_checksum_compute (const char   *text,
                                 gsize         size,
                                 TideLineEnds  line_ends);
gboolean  tide_checksum_matches (const char   *text,
                                 gsize         size,
                                 const char   *stored);

G_END_DECLS
