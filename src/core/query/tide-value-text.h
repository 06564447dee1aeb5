/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How one value is shown whole. All (transfer full). */

/* JSON with a member a line; only spaces between its parts change, so that numbers stay as they were written. What is no JSON
 * stays as it is. */
char   *tide_value_lay_out_json (const char *text,
                                 gsize       length);
/* The bytes of a bytea (hex, as servers since 9.0 write it); %NULL: it is none */
GBytes *tide_value_read_bytea   (const char *text,
                                 gsize       length);
/* Sixteen bytes a line: where, as hex, and as letters */
char   *tide_value_dump_bytes   (GBytes     *bytes,
                                 gsize       max_bytes);

G_END_DECLS
